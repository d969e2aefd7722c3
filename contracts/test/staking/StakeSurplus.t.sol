// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DelegatedNodeStaking} from "../../src/staking/DelegatedNodeStaking.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {FlowTest} from "../base/FlowTest.sol";
import {PlainToken, Refuser} from "../support/Tokens.sol";
import {StakingScene} from "./StakingScene.sol";

/// @title What DelegatedNodeStaking holds for nobody goes to the treasury, and nothing else does
contract StakeSurplusTest is StakingScene {
    // The mapping `held` of the contract's storage; layouts/DelegatedNodeStaking.txt has its place.
    uint256 private constant HELD = 0xada8777a40fc20c9f2e91dcc156bace2c0a9ad80bf5757325d02cb91ded67900 + 14;

    function _sweep(address asset) private returns (uint256 amount) {
        vm.prank(stranger);
        return staking.sweepSurplus(asset);
    }

    function _expectNothing(address asset) private {
        vm.expectRevert(
            abi.encodeWithSelector(IDelegatedNodeStaking.DelegatedNodeStaking_NothingToClaim.selector, treasury)
        );
        _sweep(asset);
    }

    // Own bond, delegation, both of them leaving, slashed stake, rewards that vest, that have vested and that were collected.
    function _everyKindOfDebt() private {
        _delegate(delegator, 1003 ether);
        _delegate(second, 507 ether);
        staking.distributeRevenue(nodeId, 1_000_003);
        skipTime(11 hours);
        staking.collectRewards(nodeId, delegator);
        staking.distributeRevenue(nodeId, 77_003);
        skipTime(3 hours);
        vm.prank(second);
        staking.undelegate(nodeId, 203 ether);
        vm.prank(operator);
        staking.unstake(nodeId, 13 ether);
        vm.prank(slasher);
        staking.slash(nodeId, CASE, BOND + 17 ether, consumer, 5 ether);
    }

    // Everybody takes what is his; returns what is left of each asset, without the bond that backs the node's services.
    function _everybodyLeaves() private returns (uint256 stakeLeft, uint256 rewardsLeft) {
        address[2] memory delegators = [delegator, second];
        for (uint256 i = 0; i < 2; i++) {
            (uint256 shares,) = staking.delegationOf(nodeId, delegators[i]);
            if (shares == 0) continue;
            vm.prank(delegators[i]);
            staking.undelegate(nodeId, shares);
        }
        skipTime(14 days);
        address[5] memory all = [operator, delegator, second, treasury, consumer];
        for (uint256 i = 0; i < all.length; i++) {
            if (i < 3) staking.collectRewards(nodeId, all[i]);
            if (i < 3) staking.withdraw(nodeId, all[i]);
        }
        for (uint256 i = 0; i < all.length; i++) {
            if (staking.claimableRewardsOf(all[i]) != 0) staking.claimRewardsFor(all[i]);
            if (staking.stakeCreditOf(all[i]) != 0) staking.claimStakeCreditFor(all[i]);
        }
        stakeLeft = jeju.balanceOf(address(staking)) - staking.node(nodeId).selfStake;
        rewardsLeft = usd.balanceOf(address(staking));
    }

    function test_Surplus_SentByMistake_IsTheTreasurys_ToTheUnit_AndNoDebtIsTouched() external {
        PlainToken other = new PlainToken(18);
        _everyKindOfDebt();
        _expectNothing(address(jeju));
        _expectNothing(address(other));
        _expectNothing(address(0));
        jeju.mint(address(staking), 4711);
        usd.mint(address(staking), 815);
        other.mint(address(staking), 99);
        vm.deal(address(staking), 3);

        vm.expectEmit(address(staking));
        emit IDelegatedNodeStaking.SurplusSwept(address(jeju), treasury, 4711);
        vm.assertEq(_sweep(address(jeju)), 4711);
        vm.assertEq(_sweep(address(usd)), 815);
        vm.assertEq(_sweep(address(other)), 99);
        uint256 before = treasury.balance;
        vm.assertEq(_sweep(address(0)), 3);
        vm.assertEq(jeju.balanceOf(treasury), 4711);
        vm.assertEq(usd.balanceOf(treasury), 815);
        vm.assertEq(other.balanceOf(treasury), 99);
        vm.assertEq(treasury.balance - before, 3);
        _expectNothing(address(jeju));

        (uint256 stakeLeft, uint256 rewardsLeft) = _everybodyLeaves();
        vm.assertEq(stakeLeft, 0, "the last one out had his due");
        vm.assertLe(rewardsLeft, 4, "a part of a unit per collection");
        if (rewardsLeft != 0) vm.assertEq(_sweep(address(usd)), rewardsLeft);
        vm.assertEq(usd.balanceOf(address(staking)), 0, "nothing is stuck");
    }

    // Three delegators at a share each of a revenue that three does not divide.
    function test_RewardDust_IsSweptInWholeUnits_AsSoonAsThereAreAny() external {
        IDelegatedNodeStaking.Parameters memory parameters = staking.parameters();
        parameters.rewardVesting = 0;
        vm.prank(admin);
        staking.setParameters(parameters);
        address[3] memory delegators = [delegator, second, consumer];
        vm.prank(consumer);
        jeju.approve(address(staking), type(uint256).max);
        for (uint256 i = 0; i < 3; i++) {
            _delegate(delegators[i], 1000 ether);
        }
        uint256 dust = 0;
        for (uint256 round = 0; round < 6; round++) {
            uint256 before = usd.balanceOf(address(staking));
            staking.distributeRevenue(nodeId, 1020);
            for (uint256 i = 0; i < 3; i++) {
                staking.collectRewards(nodeId, delegators[i]);
            }
            uint256 owed = staking.claimableRewardsOf(treasury) + staking.claimableRewardsOf(operator);
            for (uint256 i = 0; i < 3; i++) {
                owed += staking.claimableRewardsOf(delegators[i]);
            }
            dust = usd.balanceOf(address(staking)) - owed;
            vm.assertGt(usd.balanceOf(address(staking)), before);
        }
        vm.assertGt(dust, 0, "otherwise this is about nothing");
        vm.assertEq(_sweep(address(usd)), dust);
        _expectNothing(address(usd));
        (, uint256 left) = _everybodyLeaves();
        vm.assertEq(left, 0);
    }

    function testFuzz_Rewards_ArePaidOut_ToTheUnit(uint64[5] calldata revenues, uint96[3] calldata stakes, uint32 pause)
        external
    {
        _delegate(delegator, 100 ether + stakes[0] % 10_000 ether);
        for (uint256 i = 0; i < 5; i++) {
            staking.distributeRevenue(nodeId, 1 + revenues[i] % 1e12);
            skipTime(pause % 2 days + i);
            if (i == 1) _delegate(second, 100 ether + stakes[1] % 10_000 ether);
            if (i == 2) _slash(BOND / 3 + stakes[2] % BOND);
            if (i == 3) staking.collectRewards(nodeId, delegator);
        }
        (uint256 stakeLeft, uint256 rewardsLeft) = _everybodyLeaves();
        vm.assertEq(stakeLeft, 0);
        vm.assertLe(rewardsLeft, 8);
        if (rewardsLeft == 0) return;
        vm.assertEq(_sweep(address(usd)), rewardsLeft);
    }

    // A contract that held money before it counted begins with all that it has.
    function test_Surplus_OfAContractThatHeldMoneyBeforeItCounted_IsOnlyWhatComesLater() external {
        _everyKindOfDebt();
        vm.store(address(staking), keccak256(abi.encode(address(jeju), HELD)), 0);
        vm.store(address(staking), keccak256(abi.encode(address(usd), HELD)), 0);
        jeju.mint(address(staking), 4711);
        _expectNothing(address(jeju));
        _expectNothing(address(usd));
        uint256 snapshot = vm.snapshotState();
        // It begins with what comes in ...
        vm.prank(operator);
        staking.stake(nodeId, 1003 ether);
        staking.distributeRevenue(nodeId, 1009);
        jeju.mint(address(staking), 17);
        vm.assertEq(_sweep(address(jeju)), 17);
        _expectNothing(address(usd));
        (uint256 stakeLeft,) = _everybodyLeaves();
        vm.assertEq(stakeLeft, 4711, "it was there before");
        vm.revertToState(snapshot);
        // ... or with what goes out.
        staking.claimStakeCreditFor(consumer);
        staking.claimRewardsFor(operator);
        jeju.mint(address(staking), 19);
        vm.assertEq(_sweep(address(jeju)), 19);
        _expectNothing(address(usd));
        (stakeLeft,) = _everybodyLeaves();
        vm.assertEq(stakeLeft, 4711, "it was there before");
    }

    function test_Surplus_WhereStakeAndRewardsAreOneAsset_IsBeyondBoth() external {
        DelegatedNodeStaking one = DelegatedNodeStaking(
            payable(deploySuiteContract(
                    "one asset",
                    type(DelegatedNodeStaking).creationCode,
                    abi.encodeCall(
                        DelegatedNodeStaking.initialize,
                        (admin, address(jeju), address(jeju), address(ledger), treasury)
                    )
                ))
        );
        vm.startPrank(admin);
        one.grantRole(one.REVENUE_ROLE(), operator);
        vm.stopPrank();
        vm.startPrank(operator);
        jeju.approve(address(one), type(uint256).max);
        one.registerOperator(2000);
        bytes32 id = one.registerNode("node", true);
        one.stake(id, 1009);
        one.distributeRevenue(id, 503);
        vm.stopPrank();
        jeju.mint(address(one), 31);
        vm.assertEq(one.sweepSurplus(address(jeju)), 31);
        vm.assertEq(jeju.balanceOf(address(one)), 1512);
    }
}

/// @title The same where the native coin is staked
contract NativeStakeSurplusTest is FlowTest {
    function stakeAsset() internal pure override returns (address) {
        return address(0);
    }

    function fundStake(address who, uint256 amount) internal override {
        vm.deal(who, amount);
    }

    function test_NativeSurplus_IsTheTreasurys_AndATreasuryThatRefusesItHurtsNobody() external {
        vm.startPrank(operator);
        staking.registerOperator(2000);
        bytes32 nodeId = staking.registerNode("node", true);
        staking.stake{value: 20_000 ether}(nodeId, 20_000 ether);
        vm.stopPrank();
        vm.prank(delegator);
        staking.delegate{value: 1003 ether}(nodeId);
        vm.deal(address(staking), address(staking).balance + 5);
        uint256 before = treasury.balance;
        uint256 snapshot = vm.snapshotState();
        vm.assertEq(staking.sweepSurplus(address(0)), 5);
        vm.assertEq(treasury.balance - before, 5);
        vm.revertToState(snapshot);

        Refuser refuser = new Refuser();
        vm.prank(admin);
        staking.setWiring(address(refuser), address(ledger));
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_NativeTransferFailed.selector);
        staking.sweepSurplus(address(0));
        vm.prank(delegator);
        staking.undelegate(nodeId, type(uint256).max);
        skipTime(14 days);
        vm.assertEq(staking.withdraw(nodeId, delegator), 1003 ether);
    }
}
