// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {StakingScene} from "./StakingScene.sol";

/// @title What a slash takes
contract StakeSlashingTest is StakingScene {
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

    function test_RevertWhen_FreezeIsOverOrTooFarAhead() external {
        uint64[4] memory ends = [
            uint64(block.timestamp - 1),
            uint64(block.timestamp),
            uint64(block.timestamp + 14 days),
            uint64(block.timestamp + 14 days + 1)
        ];
        for (uint256 i = 0; i < 4; i++) {
            if (i == 0 || i == 3) {
                vm.expectRevert(
                    abi.encodeWithSelector(
                        IGoverned.Governed_ParameterOutOfBounds.selector,
                        bytes32("until"),
                        ends[i],
                        block.timestamp,
                        block.timestamp + 14 days
                    )
                );
            }
            vm.prank(slasher);
            staking.freezeExit(nodeId, bytes32(i + 1), 1, ends[i]);
        }
        vm.assertEq(staking.node(nodeId).frozen, 2);
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
}
