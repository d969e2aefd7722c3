// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {LiveSuiteTest} from "../base/LiveSuiteTest.sol";

/// @title Compute that is sold by the hour and by order is one machine: one count, whoever sells it
contract OneCountTest is LiveSuiteTest {
    bytes32 private constant COMPUTE_KIND = "compute";
    uint256 private constant TOTAL = 4;

    IComputeRegistry private compute;
    IComputeRental private rentals;
    bytes32 private computeOffer;
    bytes32[] private orders;
    bytes32[] private leased;

    function setUp() public override {
        super.setUp();
        compute = IComputeRegistry(memberOf("ComputeRegistry"));
        rentals = IComputeRental(memberOf("ComputeRental"));
        IExternalChainProvider.KindSpec memory spec = kindSpec(false, false);
        spec.service = "compute";
        vm.prank(admin);
        offers.setKind(COMPUTE_KIND, NETWORK, spec);
        // More than the node has slots: what it has is said once, by its capability.
        computeOffer = anOffer(operator, nodeId, COMPUTE_KIND, PRICE, 100);
    }

    function _order(bytes32 salt) private returns (bytes32 id) {
        id = placeOrder(computeOffer, COMPUTE_KIND, salt);
        orders.push(id);
    }

    function _rent(bytes32 salt) private {
        vm.prank(consumer);
        leased.push(rentals.rent(nodeId, salt, 24, PRICE, false, "access"));
    }

    function _expectNoSlot() private {
        vm.expectRevert(abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_NoSlot.selector, nodeId, TOTAL));
    }

    function _taken() private view returns (uint256 taken) {
        (taken,) = compute.slotsOf(nodeId);
    }

    function test_Node_CannotBeOversold_ByOrdersAndRentalsTogether() external {
        vm.assertEq(_taken(), 2, "a rental and a deployment");
        _order("one");
        vm.assertTrue(offers.offer(computeOffer).available);
        _order("two");
        vm.assertEq(compute.slotsHeldBy(nodeId, address(provider)), 2);
        vm.assertTrue(!offers.offer(computeOffer).available, "nobody is sent here");
        IExternalChainProvider.OrderRequest memory request = aRequest(computeOffer, COMPUTE_KIND, "three");
        vm.startPrank(consumer);
        _expectNoSlot();
        provider.provisionNode(request);
        _expectNoSlot();
        rentals.rent(nodeId, "three", 24, PRICE, false, "access");
        // One that ends makes room, for either.
        provider.terminateNode(orders[0]);
        vm.stopPrank();
        _rent("three");
        vm.assertEq(_taken(), TOTAL);
    }

    function test_OtherServicesOfTheNode_TakeNoSlot() external {
        placeOrder(offerId, KIND, "redis");
        vm.assertEq(_taken(), 2);
    }

    function test_NodeWithoutACapability_IsBoundedByItsOffers_AndWhatItSoldCountsLater() external {
        bytes32 other = aProviderNode(operator, agent, "other");
        vm.startPrank(operator);
        bytes32 stakingNode = registry.stakingNodeOf(other);
        staking.stake(stakingNode, MINIMUM_STAKE);
        ledger.allocate(stakingNode, "compute", MINIMUM_STAKE);
        registry.addService(other, "compute");
        vm.stopPrank();
        bytes32 offer = anOffer(operator, other, COMPUTE_KIND, PRICE, 2);
        placeOrder(offer, COMPUTE_KIND, "one");
        bytes32 second = placeOrder(offer, COMPUTE_KIND, "two");
        IComputeRegistry.Capability memory capability = compute.capabilityOf(nodeId);
        capability.slots = 2;
        vm.prank(operator);
        compute.setCapability(other, capability);
        vm.startPrank(consumer);
        vm.expectRevert(abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_NoSlot.selector, other, 2));
        rentals.rent(other, "slot", 24, PRICE, false, "access");
        provider.terminateNode(second);
        rentals.rent(other, "slot", 24, PRICE, false, "access");
        vm.stopPrank();
    }

    function test_Slot_ComesBack_WhateverBecameOfRegistryRoleOrKind() external {
        bytes32 order = _order("one");
        bytes32 role = keccak256("SELLER_ROLE");
        IExternalChainProvider.KindSpec memory spec = kindSpec(false, false);
        vm.startPrank(admin);
        offers.setComputeRegistry(address(0));
        offers.setKind(COMPUTE_KIND, NETWORK, spec);
        IAccessControl(address(compute)).revokeRole(role, address(provider));
        vm.stopPrank();
        vm.prank(operator);
        compute.withdrawCapability(nodeId);
        vm.prank(consumer);
        provider.terminateNode(order);
        vm.assertEq(_taken(), 2);
        vm.assertEq(compute.slotsHeldBy(nodeId, address(provider)), 0);
    }

    function test_Failover_MovesTheSlot() external {
        bytes32 other = aProviderNode(operator, agent, "other");
        vm.startPrank(operator);
        bytes32 stakingNode = registry.stakingNodeOf(other);
        staking.stake(stakingNode, MINIMUM_STAKE);
        ledger.allocate(stakingNode, "compute", MINIMUM_STAKE);
        registry.addService(other, "compute");
        compute.setCapability(other, compute.capabilityOf(nodeId));
        vm.stopPrank();
        bytes32 offer = anOffer(operator, other, COMPUTE_KIND, PRICE, 2);
        IExternalChainProvider.OrderRequest memory request = aRequest(computeOffer, COMPUTE_KIND, "one");
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        vm.prank(consumer);
        bytes32 order = provider.provisionNode(request);
        vm.assertEq(_taken(), 3);
        skipTime(DEADLINE + 1);
        vm.prank(agent);
        registry.heartbeat(other);
        vm.prank(stranger);
        provider.replaceNode(order, offer);
        vm.assertEq(_taken(), 2);
        vm.assertEq(compute.slotsHeldBy(other, address(provider)), 1);
    }

    /// Each two bits of the seed are one step: order, rent, end an order, end a rental. Never more than the node has, and the count is always right.
    function testFuzz_Node_IsNeverSoldBeyondItsSlots(uint256 seed) external {
        uint256 endedOrders;
        uint256 endedRentals;
        for (uint256 step = 0; step < 16; step++) {
            uint256 action = (seed >> (2 * step)) % 4;
            bool full = _taken() == TOTAL;
            if (action == 0 && full) {
                IExternalChainProvider.OrderRequest memory request = aRequest(computeOffer, COMPUTE_KIND, "full");
                _expectNoSlot();
                vm.prank(consumer);
                provider.provisionNode(request);
            } else if (action == 0) {
                _order(bytes32(orders.length));
            } else if (action == 1 && full) {
                _expectNoSlot();
                vm.prank(consumer);
                rentals.rent(nodeId, "full", 1, PRICE, false, "");
            } else if (action == 1) {
                _rent(bytes32(leased.length));
            } else if (action == 2 && endedOrders < orders.length) {
                vm.prank(consumer);
                provider.terminateNode(orders[endedOrders++]);
            } else if (action == 3 && endedRentals < leased.length) {
                vm.prank(consumer);
                rentals.close(leased[endedRentals++]);
            }
            uint256 sold = orders.length - endedOrders + leased.length - endedRentals;
            vm.assertEq(_taken(), 2 + sold, "the count");
            vm.assertLe(_taken(), TOTAL);
            vm.assertEq(compute.slotsHeldBy(nodeId, address(provider)), orders.length - endedOrders);
        }
    }
}
