// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMultiServiceStakeManager} from "../../src/staking/IMultiServiceStakeManager.sol";
import {FlowTest} from "../base/FlowTest.sol";

contract MultiServiceStakeManagerTest is FlowTest {
    bytes32 private nodeId;

    function setUp() public override {
        super.setUp();
        nodeId = aStakingNode(operator, "node", 2 * MINIMUM_STAKE);
        bytes32 role = ledger.LOCKER_ROLE();
        vm.prank(admin);
        ledger.grantRole(role, address(this));
    }

    function test_RevertWhen_AllocationsExceedTheStake() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                IMultiServiceStakeManager.MultiServiceStakeManager_InsufficientStake.selector,
                nodeId,
                2 * uint256(MINIMUM_STAKE) + 1,
                2 * uint256(MINIMUM_STAKE)
            )
        );
        vm.prank(operator);
        ledger.allocate(nodeId, SERVICE, MINIMUM_STAKE + 1);
    }

    function test_RevertWhen_AllocationIsBelowTheMinimumOrTheServiceUnknown() external {
        vm.prank(admin);
        ledger.setService("other", 5 ether);
        vm.startPrank(operator);
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_BelowMinimum.selector);
        ledger.allocate(nodeId, "other", 5 ether - 1);
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_UnknownService.selector);
        ledger.allocate(nodeId, "unknown", 5 ether);
        vm.stopPrank();
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_NotOperator.selector);
        vm.prank(stranger);
        ledger.allocate(nodeId, "other", 5 ether);
    }

    function test_RevertWhen_ADeallocationLeavesLessThanTheMinimumButNotNothing() external {
        vm.startPrank(operator);
        vm.expectRevert(
            abi.encodeWithSelector(
                IMultiServiceStakeManager.MultiServiceStakeManager_BelowMinimum.selector,
                SERVICE,
                MINIMUM_STAKE - 1,
                MINIMUM_STAKE
            )
        );
        ledger.deallocate(nodeId, SERVICE, 1);
        ledger.deallocate(nodeId, SERVICE, MINIMUM_STAKE);
        vm.stopPrank();
    }

    function test_Locks_AddUpAndHoldTheAllocation() external {
        vm.prank(operator);
        ledger.allocate(nodeId, SERVICE, MINIMUM_STAKE);
        ledger.lock(nodeId, SERVICE, MINIMUM_STAKE);
        ledger.lock(nodeId, SERVICE, MINIMUM_STAKE - 1);
        vm.assertEq(ledger.totalLockedOf(nodeId), 2 * uint256(MINIMUM_STAKE) - 1);
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_InsufficientAllocation.selector);
        ledger.lock(nodeId, SERVICE, 2);
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_InsufficientAllocation.selector);
        vm.prank(operator);
        ledger.deallocate(nodeId, SERVICE, 2);
    }

    function test_RevertWhen_ALockerReleasesWhatAnotherLocked() external {
        ledger.lock(nodeId, SERVICE, 7);
        bytes32 role = ledger.LOCKER_ROLE();
        vm.prank(admin);
        ledger.grantRole(role, stranger);
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_NotLocked.selector);
        vm.prank(stranger);
        ledger.release(nodeId, SERVICE, 7);
        ledger.release(nodeId, SERVICE, 7);
        vm.assertEq(ledger.totalLockedOf(nodeId), 0);
    }

    function test_Deallocation_CountsUntilItEnds() external {
        vm.startPrank(operator);
        ledger.deallocate(nodeId, SERVICE, MINIMUM_STAKE);
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_AlreadyLeaving.selector);
        ledger.deallocate(nodeId, SERVICE, 1);
        vm.stopPrank();
        vm.assertEq(ledger.allocationOf(nodeId, SERVICE).amount, MINIMUM_STAKE);
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_InsufficientAllocation.selector);
        ledger.lock(nodeId, SERVICE, 1);
        skipTime(14 days);
        vm.prank(stranger);
        ledger.completeDeallocation(nodeId, SERVICE);
        vm.assertEq(ledger.allocationOf(nodeId, SERVICE).amount, 0);
    }

    // predecessor: rewards were paid from other users' principal. The ledger holds no money at all.
    function test_Ledger_HoldsNoMoney() external view {
        vm.assertEq(jeju.balanceOf(address(ledger)), 0);
        vm.assertEq(usd.balanceOf(address(ledger)), 0);
    }

    function test_Backed_EndsWhenDelegatorsLeaveAndTheyAlwaysMay() external {
        vm.prank(delegator);
        staking.delegate(nodeId, 1000 ether);
        vm.prank(operator);
        ledger.allocate(nodeId, SERVICE, MINIMUM_STAKE + 1000 ether);
        vm.assertTrue(ledger.isBacked(nodeId));
        vm.prank(delegator);
        staking.undelegate(nodeId, type(uint256).max);
        vm.assertFalse(ledger.isBacked(nodeId));
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_InsufficientStake.selector);
        ledger.lock(nodeId, SERVICE, 1);
    }

    function testFuzz_Allocation_TotalsAreSums(uint96[4] memory amounts) external {
        uint256 left = 2 * uint256(MINIMUM_STAKE) - MINIMUM_STAKE;
        uint256 total = MINIMUM_STAKE;
        for (uint256 i = 0; i < 4; i++) {
            bytes32 service = bytes32(i + 1);
            vm.prank(admin);
            ledger.setService(service, 1);
            uint128 amount = uint128(within(amounts[i], 1, left - (3 - i)));
            vm.prank(operator);
            ledger.allocate(nodeId, service, amount);
            left -= amount;
            total += amount;
        }
        vm.assertEq(ledger.totalAllocatedOf(nodeId), total);
        vm.assertLe(total, staking.activeStakeOf(nodeId));
    }
}
