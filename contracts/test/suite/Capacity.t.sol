// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {IStorageManager} from "../../src/registry/IStorageManager.sol";
import {LiveSuiteTest} from "../base/LiveSuiteTest.sol";

/// @title One machine behind rentals and deployments, with the roles that the deployment grants
contract CapacityTest is LiveSuiteTest {
    function test_Node_LeavesWhenAllItsSlotsAreBack() external {
        IComputeRegistry compute = IComputeRegistry(memberOf("ComputeRegistry"));
        IComputeRental rentals = IComputeRental(memberOf("ComputeRental"));
        IDWSServiceProvisioning provisioning = IDWSServiceProvisioning(memberOf("DWSServiceProvisioning"));
        (uint256 taken, uint256 total) = compute.slotsOf(nodeId);
        vm.assertEq(taken, 2, "a rental and a deployment");
        vm.startPrank(consumer);
        for (uint256 i = taken; i < total; i++) {
            rentals.rent(nodeId, bytes32(i), 24, PRICE, false, "access");
        }
        vm.expectRevert(abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_NoSlot.selector, nodeId, total));
        rentals.rent(nodeId, "one more", 24, PRICE, false, "access");
        vm.stopPrank();

        vm.prank(operator);
        registry.setDraining(nodeId, true);
        skipTime(25 hours);
        vm.startPrank(stranger);
        provider.expireNode(orderId);
        provider.expireNode(pendingId);
        IStorageManager(memberOf("StorageManager")).refund(pinId);
        rentals.expire(rentalId);
        for (uint256 i = taken; i < total; i++) {
            rentals.expire(rentals.rentalIdOf(consumer, bytes32(i)));
        }
        vm.stopPrank();
        (taken,) = compute.slotsOf(nodeId);
        vm.assertEq(taken, 1, "the deployment");
        vm.assertEq(compute.slotsHeldBy(nodeId, address(rentals)), 0);
        vm.prank(operator);
        vm.expectRevert(abi.encodeWithSelector(IDWSProviderRegistry.DWSProviderRegistry_LiveLeases.selector, nodeId, 1));
        registry.deregisterNode(nodeId);
        vm.prank(stranger);
        provisioning.end(serviceId, nodeId);
        (taken,) = compute.slotsOf(nodeId);
        vm.assertEq(taken, 0, "all back");
        vm.prank(operator);
        registry.deregisterNode(nodeId);
    }
}
