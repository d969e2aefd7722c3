// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {StakingScene} from "./StakingScene.sol";

/// @title Leaving: what comes back, when, and to whom
contract StakeLeavingTest is StakingScene {
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

    // Delegations are no stake of the operator's, however much of them is there.
    function test_RevertWhen_MoreThanOwnBondIsUnstaked() external {
        _delegate(delegator, BOND);
        vm.startPrank(operator);
        ledger.deallocate(nodeId, SERVICE, MINIMUM_STAKE);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegatedNodeStaking.DelegatedNodeStaking_InsufficientStake.selector, nodeId, BOND + 1, BOND
            )
        );
        staking.unstake(nodeId, BOND + 1);
        staking.unstake(nodeId, BOND);
        vm.stopPrank();
        vm.assertEq(staking.node(nodeId).selfStake, 0);
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
}
