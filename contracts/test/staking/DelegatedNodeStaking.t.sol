// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {FlowTest} from "../base/FlowTest.sol";

contract DelegatedNodeStakingTest is FlowTest {
    bytes32 private constant CASE = "case";
    uint256 private constant BOND = 2 * uint256(MINIMUM_STAKE);

    bytes32 private nodeId;
    address private second;

    function setUp() public override {
        super.setUp();
        nodeId = aStakingNode(operator, "node", BOND);
        second = account("second delegator");
        jeju.mint(second, 1_000_003 ether);
        vm.prank(second);
        jeju.approve(address(staking), type(uint256).max);
        vm.startPrank(admin);
        staking.grantRole(staking.REVENUE_ROLE(), address(this));
        vm.stopPrank();
        usd.mint(address(this), 1e18);
        usd.approve(address(staking), type(uint256).max);
    }

    function _delegate(address who, uint256 amount) private {
        vm.prank(who);
        staking.delegate(nodeId, amount);
    }

    function _slash(uint256 amount) private returns (uint256 own, uint256 delegated) {
        vm.prank(slasher);
        return staking.slash(nodeId, CASE, amount, address(0), 0);
    }

    // ---------------------------------------------------------------- registering

    function test_RevertWhen_CommissionIsOutOfBounds() external {
        for (uint256 i = 0; i < 2; i++) {
            uint16 bps = i == 0 ? 1999 : 4001;
            vm.expectRevert(
                abi.encodeWithSelector(
                    IDelegatedNodeStaking.DelegatedNodeStaking_CommissionOutOfBounds.selector, bps, 2000, 4000
                )
            );
            vm.prank(stranger);
            staking.registerOperator(bps);
        }
    }

    function test_RevertGiven_OperatorExists() external {
        vm.expectRevert(
            abi.encodeWithSelector(IDelegatedNodeStaking.DelegatedNodeStaking_OperatorExists.selector, operator)
        );
        vm.prank(operator);
        staking.registerOperator(2000);
    }

    function test_RevertWhen_NodeSaltIsUsedAgain() external {
        vm.expectRevert(abi.encodeWithSelector(IDelegatedNodeStaking.DelegatedNodeStaking_NodeExists.selector, nodeId));
        vm.prank(operator);
        staking.registerNode("node", true);
    }

    function test_RevertGiven_CallerIsNoOperator_NodeCannotBeRegistered() external {
        vm.expectRevert(
            abi.encodeWithSelector(IDelegatedNodeStaking.DelegatedNodeStaking_UnknownOperator.selector, stranger)
        );
        vm.prank(stranger);
        staking.registerNode("node", true);
    }

    function test_Commission_ChangeDelayed() external {
        vm.prank(operator);
        staking.announceCommission(3500);
        skipTime(7 days - 1);
        vm.assertEq(staking.operatorInfo(operator).commissionBps, 2000);
        vm.assertEq(staking.operatorInfo(operator).announcedCommissionBps, 3500);
        skipTime(1);
        vm.assertEq(staking.operatorInfo(operator).commissionBps, 3500);
        vm.assertEq(staking.operatorInfo(operator).commissionChangesAt, 0);
    }

    // ---------------------------------------------------------------- delegating

    function test_Delegate_IssuesSharesOneToOne() external {
        _delegate(delegator, 7001 ether);
        (uint256 shares, uint256 amount) = staking.delegationOf(nodeId, delegator);
        vm.assertEq(shares, 7001 ether);
        vm.assertEq(amount, 7001 ether);
        vm.assertEq(staking.activeStakeOf(nodeId), BOND + 7001 ether);
    }

    function test_RevertGiven_NodeDoesNotAcceptDelegations() external {
        vm.prank(operator);
        staking.setAcceptsDelegations(nodeId, false);
        vm.expectRevert(
            abi.encodeWithSelector(IDelegatedNodeStaking.DelegatedNodeStaking_DelegationsClosed.selector, nodeId)
        );
        _delegate(delegator, 7001 ether);
    }

    function test_RevertWhen_OperatorDelegatesToHimself() external {
        vm.expectRevert(
            abi.encodeWithSelector(IDelegatedNodeStaking.DelegatedNodeStaking_OperatorCannotDelegate.selector, nodeId)
        );
        _delegate(operator, 7001 ether);
    }

    function test_RevertWhen_DelegationIsBelowMinimum() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegatedNodeStaking.DelegatedNodeStaking_AmountTooSmall.selector, 100 ether - 1, 100 ether
            )
        );
        _delegate(delegator, 100 ether - 1);
    }

    function test_RevertWhen_OwnBondWouldBeTooSmallAPart() external {
        uint256 tooMuch = 9 * BOND + 10;
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_SelfBondTooSmall.selector);
        _delegate(delegator, tooMuch);
        _delegate(delegator, 9 * BOND);
    }

    function test_RevertWhen_CapWouldBeExceeded() external {
        IDelegatedNodeStaking.Parameters memory parameters = staking.parameters();
        parameters.nodeCap = uint128(BOND + 500 ether);
        vm.prank(admin);
        staking.setParameters(parameters);
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_CapExceeded.selector);
        _delegate(delegator, 501 ether);
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_CapExceeded.selector);
        vm.prank(operator);
        staking.stake(nodeId, 501 ether);
    }

    function test_RevertWhen_ValueIsSentAlongWithAToken() external {
        vm.deal(operator, 1 ether);
        vm.prank(operator);
        (bool sent,) = address(staking).call{value: 1}(abi.encodeCall(staking.stake, (nodeId, 1 ether)));
        vm.assertFalse(sent);
        vm.deal(delegator, 1 ether);
        vm.prank(delegator);
        (sent,) = address(staking).call{value: 1 ether}(abi.encodeWithSignature("delegate(bytes32)", nodeId));
        vm.assertFalse(sent);
    }

    // threats 5.1.2, and: the assets of a pool are a ledger, so a donation raises no price
    function test_FirstDepositor_CannotStealOrBlock() external {
        _delegate(delegator, 100 ether);
        vm.prank(delegator);
        jeju.transfer(address(staking), 500_000 ether);
        _delegate(second, 150 ether);
        (, uint256 amount) = staking.delegationOf(nodeId, second);
        vm.assertGe(amount, 150 ether - 1);
    }

    // predecessor: re-delegating erased rewards and counted the delegator twice
    function test_Redelegate_NeitherErasesNorDoublesRewards() external {
        _delegate(delegator, 1000 ether);
        _delegate(second, 1000 ether);
        staking.distributeRevenue(nodeId, 1_000_003);
        skipTime(1 days);
        _delegate(delegator, 1000 ether);
        staking.distributeRevenue(nodeId, 0);
        staking.collectRewards(nodeId, delegator);
        staking.collectRewards(nodeId, second);
        vm.assertEq(staking.claimableRewardsOf(delegator), staking.claimableRewardsOf(second));
        vm.assertGt(staking.claimableRewardsOf(delegator), 0);
        vm.assertEq(staking.collectRewards(nodeId, delegator), 0);
    }

    // ---------------------------------------------------------------- leaving

    // predecessor: self-stake could not be withdrawn
    function test_Unstake_WhatBacksNoServiceComesBack() external {
        uint256 before = jeju.balanceOf(operator);
        vm.prank(operator);
        staking.unstake(nodeId, BOND - MINIMUM_STAKE);
        skipTime(14 days);
        vm.assertEq(staking.withdraw(nodeId, operator), BOND - MINIMUM_STAKE);
        vm.assertEq(jeju.balanceOf(operator), before + BOND - MINIMUM_STAKE);
    }

    function test_RevertGiven_StakeBacksServices() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegatedNodeStaking.DelegatedNodeStaking_StakeAllocated.selector,
                nodeId,
                MINIMUM_STAKE - 1,
                MINIMUM_STAKE
            )
        );
        vm.prank(operator);
        staking.unstake(nodeId, BOND - MINIMUM_STAKE + 1);
    }

    function test_Undelegate_InPartAndInWhole() external {
        _delegate(delegator, 1000 ether);
        vm.startPrank(delegator);
        staking.undelegate(nodeId, 300 ether);
        (uint256 shares,) = staking.delegationOf(nodeId, delegator);
        vm.assertEq(shares, 700 ether);
        staking.undelegate(nodeId, type(uint256).max);
        vm.stopPrank();
        vm.assertEq(staking.unbondingRequestsOf(nodeId, delegator).length, 2);
        skipTime(14 days);
        vm.assertEq(staking.withdraw(nodeId, delegator), 1000 ether);
        vm.assertEq(staking.unbondingRequestsOf(nodeId, delegator).length, 0);
    }

    function test_RevertWhen_RestWouldBeBelowMinimum() external {
        _delegate(delegator, 1000 ether);
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_AmountTooSmall.selector);
        vm.prank(delegator);
        staking.undelegate(nodeId, 950 ether);
    }

    function test_Withdraw_BeforeUnbondingIsOver_PaysNothing() external {
        _delegate(delegator, 1000 ether);
        vm.prank(delegator);
        staking.undelegate(nodeId, type(uint256).max);
        skipTime(14 days - 1);
        vm.assertEq(staking.withdraw(nodeId, delegator), 0);
    }

    // threats 5.2.17: only the owner makes requests of his, and there is a bound
    function test_ThawGrief_RequestsAreBoundedAndTheOwnersAlone() external {
        _delegate(delegator, 10_000 ether);
        vm.startPrank(delegator);
        for (uint256 i = 0; i < 32; i++) {
            staking.undelegate(nodeId, 100 ether);
        }
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegatedNodeStaking.DelegatedNodeStaking_TooManyRequests.selector, nodeId, delegator, 32
            )
        );
        staking.undelegate(nodeId, 100 ether);
        vm.stopPrank();
        skipTime(14 days);
        vm.assertEq(staking.withdraw(nodeId, delegator), 3200 ether);
    }

    function test_Pause_ExitsStayOpen() external {
        _delegate(delegator, 1000 ether);
        vm.startPrank(admin);
        bytes32[] memory actions = staking.pausableActions();
        for (uint256 i = 0; i < actions.length; i++) {
            staking.pauseAction(actions[i]);
        }
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("delegate")));
        _delegate(delegator, 1000 ether);
        vm.prank(delegator);
        staking.undelegate(nodeId, type(uint256).max);
        vm.prank(operator);
        staking.unstake(nodeId, BOND - MINIMUM_STAKE);
        skipTime(14 days);
        vm.assertEq(staking.withdraw(nodeId, delegator), 1000 ether);
        vm.assertEq(staking.withdraw(nodeId, operator), BOND - MINIMUM_STAKE);
    }

    function test_Freeze_HoldsBackItsAmountAndEndsByItself() external {
        vm.prank(operator);
        staking.unstake(nodeId, 5000 ether);
        uint256 slashable = staking.slashableStakeOf(nodeId);
        vm.prank(slasher);
        staking.freezeExit(nodeId, CASE, slashable - 2000 ether, uint64(block.timestamp + 14 days));
        skipTime(14 days);
        vm.assertEq(staking.withdraw(nodeId, operator), 2000 ether);
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_InvalidCase.selector);
        vm.prank(stranger);
        staking.unfreezeExit(nodeId, CASE);
        skipTime(1);
        vm.prank(stranger);
        staking.unfreezeExit(nodeId, CASE);
        vm.assertEq(staking.withdraw(nodeId, operator), 3000 ether);
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_InvalidCase.selector);
        vm.prank(slasher);
        staking.freezeExit(nodeId, CASE, 1, uint64(block.timestamp + 1));
    }

    // ---------------------------------------------------------------- slashing

    // predecessor: stake being withdrawn escaped slashing
    function test_SlashAfterExit_StillBites() external {
        vm.prank(operator);
        staking.unstake(nodeId, BOND - MINIMUM_STAKE);
        skipTime(14 days);
        (uint256 own,) = _slash(BOND);
        vm.assertEq(own, BOND);
        vm.assertEq(staking.withdraw(nodeId, operator), 0);
        vm.assertEq(staking.stakeCreditOf(treasury), BOND);
    }

    function test_Slash_TakesOwnBondFirst() external {
        _delegate(delegator, 1000 ether);
        (uint256 own, uint256 delegated) = _slash(BOND);
        vm.assertEq(own, BOND);
        vm.assertEq(delegated, 0);
        (, uint256 amount) = staking.delegationOf(nodeId, delegator);
        vm.assertEq(amount, 1000 ether);
    }

    function test_Slash_DelegatorsPayProRata_LeavingOrNot() external {
        _delegate(delegator, 1000 ether);
        _delegate(second, 3000 ether);
        vm.prank(second);
        staking.undelegate(nodeId, type(uint256).max);
        (, uint256 delegated) = _slash(BOND + 400 ether);
        vm.assertEq(delegated, 400 ether);
        (, uint256 amount) = staking.delegationOf(nodeId, delegator);
        vm.assertEq(amount, 900 ether);
        vm.assertEq(staking.unbondingRequestsOf(nodeId, second)[0].amount, 2700 ether);
    }

    function test_Slash_TakesAtMostWhatIsThere() external {
        _delegate(delegator, 1000 ether);
        (uint256 own, uint256 delegated) = _slash(type(uint128).max);
        vm.assertEq(own + delegated, BOND + 1000 ether);
        vm.assertEq(staking.slashableStakeOf(nodeId), 0);
        (own, delegated) = _slash(1 ether);
        vm.assertEq(own + delegated, 0);
    }

    function test_Slash_CompensatesFromOwnBondAlone() external {
        _delegate(delegator, 1000 ether);
        vm.prank(slasher);
        staking.slash(nodeId, CASE, BOND + 1000 ether, consumer, BOND + 700 ether);
        vm.assertEq(staking.stakeCreditOf(consumer), BOND);
        vm.assertEq(staking.stakeCreditOf(treasury), 1000 ether);
        vm.prank(consumer);
        vm.assertEq(staking.claimStakeCredit(), BOND);
    }

    // threats 5.1.3 and 5.1.4
    function test_RepeatedSlash_PoolStaysUsable() external {
        for (uint256 i = 0; i < 20; i++) {
            _delegate(delegator, 500 ether);
            (, uint256 held) = staking.delegationOf(nodeId, delegator);
            _slash(staking.node(nodeId).selfStake + held - 1);
            vm.prank(operator);
            staking.stake(nodeId, MINIMUM_STAKE);
        }
        _delegate(second, 500 ether);
        (, uint256 amount) = staking.delegationOf(nodeId, second);
        vm.assertEq(amount, 500 ether);
        vm.prank(second);
        staking.undelegate(nodeId, type(uint256).max);
        skipTime(14 days);
        vm.assertEq(staking.withdraw(nodeId, second), 500 ether);
    }

    function test_EmptyPool_AllEntryPointsSafe() external {
        _delegate(delegator, 500 ether);
        staking.distributeRevenue(nodeId, 1_000_003);
        _slash(type(uint128).max);
        skipTime(1 days);
        staking.distributeRevenue(nodeId, 1_000_003);
        staking.collectRewards(nodeId, delegator);
        vm.assertEq(staking.pendingRewardsOf(nodeId, delegator), 0);
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_AmountTooSmall.selector);
        vm.prank(delegator);
        staking.undelegate(nodeId, type(uint256).max);
        vm.prank(operator);
        staking.stake(nodeId, BOND);
        _delegate(delegator, 500 ether);
        vm.assertEq(staking.activeStakeOf(nodeId), BOND + 500 ether);
    }

    // predecessor: loops over all delegators
    function test_Slash_GasIndependentOfDelegators() external {
        _delegate(delegator, 500 ether);
        uint256 before = vm.snapshotState();
        uint256 few = gasleft();
        _slash(BOND + 100 ether);
        few -= gasleft();
        vm.revertToState(before);
        for (uint256 i = 0; i < 500; i++) {
            address one = address(uint160(0x10000 + i));
            jeju.mint(one, 100 ether);
            vm.startPrank(one);
            jeju.approve(address(staking), 100 ether);
            staking.delegate(nodeId, 100 ether);
            vm.stopPrank();
        }
        uint256 many = gasleft();
        _slash(BOND + 100 ether);
        many -= gasleft();
        vm.assertApproxEqAbs(many, few, 10_000);
    }

    function test_RevertWhen_StrangerSlashesOrFreezesOrDistributes() external {
        bytes32 role = staking.SLASHER_ROLE();
        expectMissingRole(stranger, role);
        vm.prank(stranger);
        staking.slash(nodeId, CASE, 1, stranger, 1);
        expectMissingRole(stranger, role);
        vm.prank(stranger);
        staking.freezeExit(nodeId, CASE, 1, uint64(block.timestamp + 1));
        role = staking.REVENUE_ROLE();
        expectMissingRole(stranger, role);
        vm.prank(stranger);
        staking.distributeRevenue(nodeId, 1);
    }

    // ---------------------------------------------------------------- revenue

    function testFuzz_Revenue_PartsAddUpToTheUnit(uint96 gross, uint96 delegated) external {
        delegated = uint96(within(delegated, 100 ether, 9 * BOND));
        _delegate(delegator, delegated);
        usd.mint(address(this), gross);
        uint256 before = usd.balanceOf(address(staking));
        staking.distributeRevenue(nodeId, gross);
        vm.assertEq(usd.balanceOf(address(staking)) - before, gross);
        skipTime(1 days);
        staking.collectRewards(nodeId, delegator);
        uint256 fee = staking.claimableRewardsOf(treasury);
        uint256 parts = fee + staking.claimableRewardsOf(operator) + staking.claimableRewardsOf(delegator);
        vm.assertLe(parts, gross);
        vm.assertGe(parts + 1, gross);
        vm.assertEq(fee, (uint256(gross) * 500 + 9999) / 10_000);
        vm.assertGe(staking.claimableRewardsOf(operator), (uint256(gross) - fee) * 2000 / 10_000);
    }

    // predecessor: without delegators the pool was stuck
    function test_Revenue_WithoutDelegatorsAllButTheFeeIsTheOperators() external {
        staking.distributeRevenue(nodeId, 1_000_003);
        vm.assertEq(staking.claimableRewardsOf(treasury), 50_001);
        vm.assertEq(staking.claimableRewardsOf(operator), 950_002);
        vm.prank(operator);
        vm.assertEq(staking.claimRewards(), 950_002);
    }

    // threats 5.1.9
    function test_JustInTimeDelegation_NoGain() external {
        _delegate(delegator, 1000 ether);
        _delegate(second, 1000 ether);
        staking.distributeRevenue(nodeId, 86_400_000_000);
        vm.prank(second);
        staking.undelegate(nodeId, type(uint256).max);
        vm.assertEq(staking.claimableRewardsOf(second), 0);
        skipTime(1 days);
        staking.collectRewards(nodeId, delegator);
        vm.assertGt(staking.claimableRewardsOf(delegator), 0);
    }

    function test_Revenue_VestingOfLeaversGoesToTheOperator() external {
        _delegate(delegator, 1000 ether);
        staking.distributeRevenue(nodeId, 1_000_003);
        uint256 before = staking.claimableRewardsOf(operator);
        vm.prank(delegator);
        staking.undelegate(nodeId, type(uint256).max);
        skipTime(2 days);
        staking.collectRewards(nodeId, delegator);
        uint256 all = staking.claimableRewardsOf(operator) + staking.claimableRewardsOf(treasury)
            + staking.claimableRewardsOf(delegator);
        vm.assertEq(all, 1_000_003);
        vm.assertGt(staking.claimableRewardsOf(operator), before);
    }

    function test_RevertGiven_NothingToClaim() external {
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_NothingToClaim.selector);
        vm.prank(stranger);
        staking.claimRewards();
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_NothingToClaim.selector);
        vm.prank(stranger);
        staking.claimStakeCredit();
    }

    // ---------------------------------------------------------------- authority

    function test_Node_AuthorityFollowsTheOperatorRecord() external {
        vm.prank(operator);
        staking.proposeNodeOperator(nodeId, second);
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_NotOperator.selector);
        vm.prank(stranger);
        staking.acceptNodeOperator(nodeId);
        vm.startPrank(second);
        staking.registerOperator(2500);
        staking.acceptNodeOperator(nodeId);
        staking.unstake(nodeId, 1 ether);
        vm.stopPrank();
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_NotOperator.selector);
        vm.prank(operator);
        staking.unstake(nodeId, 1 ether);
        vm.assertEq(staking.operatorOf(nodeId), second);
    }

    function test_RevertWhen_ParameterIsOutOfBounds() external {
        IDelegatedNodeStaking.Parameters memory parameters = staking.parameters();
        parameters.protocolFeeBps = 1001;
        vm.expectRevert(
            abi.encodeWithSelector(
                IGoverned.Governed_ParameterOutOfBounds.selector, bytes32("protocolFeeBps"), 1001, 0, 1000
            )
        );
        vm.prank(admin);
        staking.setParameters(parameters);
        // threats 5.2.15: no instant exit, and 5.2.20: none that never ends
        vm.chainId(8453);
        parameters = staking.parameters();
        parameters.unbondingPeriod = 1 days - 1;
        vm.expectPartialRevert(IGoverned.Governed_ParameterOutOfBounds.selector);
        vm.prank(admin);
        staking.setParameters(parameters);
        parameters.unbondingPeriod = 60 days + 1;
        vm.expectPartialRevert(IGoverned.Governed_ParameterOutOfBounds.selector);
        vm.prank(admin);
        staking.setParameters(parameters);
    }

    function testFuzz_Slash_NeverTakesMoreThanThereIsAndNeverReverts(uint128 amount, uint96 delegated, uint64 leaving)
        external
    {
        delegated = uint96(within(delegated, 100 ether, 9 * BOND));
        _delegate(delegator, delegated);
        uint256 part = within(leaving, 0, delegated);
        if (part != 0 && (part == delegated || delegated - part >= 100 ether)) {
            vm.prank(delegator);
            staking.undelegate(nodeId, part);
        }
        uint256 before = staking.slashableStakeOf(nodeId);
        (uint256 own, uint256 fromDelegation) = _slash(amount);
        vm.assertEq(staking.slashableStakeOf(nodeId), before - own - fromDelegation);
        vm.assertEq(staking.stakeCreditOf(treasury), own + fromDelegation);
        // At most a billionth of the pool more, where the rest is too small to carry shares.
        vm.assertLe(own + fromDelegation, uint256(amount) + before / 1e9 + 1);
    }
}

/// @dev The same contract where JEJU is the chain's own coin.
contract NativeStakingTest is FlowTest {
    function stakeAsset() internal pure override returns (address) {
        return address(0);
    }

    function fundStake(address who, uint256 amount) internal override {
        vm.deal(who, amount);
    }

    function _node() private returns (bytes32 nodeId) {
        vm.startPrank(operator);
        staking.registerOperator(2000);
        nodeId = staking.registerNode("node", true);
        staking.stake{value: 20_000 ether}(nodeId, 20_000 ether);
        vm.stopPrank();
    }

    function test_Delegate_TakesTheValueSent() external {
        bytes32 nodeId = _node();
        vm.prank(delegator);
        staking.delegate{value: 1000 ether}(nodeId);
        vm.assertEq(address(staking).balance, 21_000 ether);
        vm.prank(delegator);
        staking.undelegate(nodeId, type(uint256).max);
        skipTime(14 days);
        uint256 before = delegator.balance;
        staking.withdraw(nodeId, delegator);
        vm.assertEq(delegator.balance, before + 1000 ether);
    }

    function test_RevertWhen_ValueAndAmountDiffer() external {
        bytes32 nodeId = _node();
        vm.expectRevert();
        vm.prank(operator);
        staking.stake{value: 1 ether}(nodeId, 2 ether);
        vm.expectRevert();
        vm.prank(delegator);
        staking.delegate(nodeId, 1000 ether);
    }

    function test_Withdraw_RefusingReceiverHurtsHimselfAlone() external {
        bytes32 nodeId = _node();
        RefusingDelegator refusing = new RefusingDelegator();
        vm.deal(address(refusing), 1000 ether);
        refusing.delegateTo(staking, nodeId);
        vm.prank(delegator);
        staking.delegate{value: 1000 ether}(nodeId);
        vm.prank(delegator);
        staking.undelegate(nodeId, type(uint256).max);
        skipTime(14 days);
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_NativeTransferFailed.selector);
        staking.withdraw(nodeId, address(refusing));
        vm.assertEq(staking.withdraw(nodeId, delegator), 1000 ether);
    }
}

contract RefusingDelegator {
    function delegateTo(IDelegatedNodeStaking staking, bytes32 nodeId) external {
        staking.delegate{value: address(this).balance}(nodeId);
        staking.undelegate(nodeId, type(uint256).max);
    }
}
