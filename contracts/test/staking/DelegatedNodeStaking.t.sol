// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {FlowTest} from "../base/FlowTest.sol";
import {StakingScene} from "./StakingScene.sol";

/// @title Operators, nodes, delegation, revenue and authority
contract DelegatedNodeStakingTest is StakingScene {
    // ------------------------------------------------------------ registering

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

    function test_RevertWhen_AnnouncedCommissionIsOutOfBounds() external {
        uint16[4] memory announced = [1999, 2000, 4000, 4001];
        for (uint256 i = 0; i < 4; i++) {
            uint16 bps = announced[i];
            if (bps < 2000 || bps > 4000) {
                vm.expectRevert(
                    abi.encodeWithSelector(
                        IDelegatedNodeStaking.DelegatedNodeStaking_CommissionOutOfBounds.selector, bps, 2000, 4000
                    )
                );
            }
            vm.prank(operator);
            staking.announceCommission(bps);
        }
        vm.assertEq(staking.operatorInfo(operator).announcedCommissionBps, 4000);
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

    // ------------------------------------------------------------ delegating

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

    // ------------------------------------------------------------ revenue

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

    // ------------------------------------------------------------ authority

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
