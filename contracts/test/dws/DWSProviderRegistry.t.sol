// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {IMultiServiceStakeManager} from "../../src/staking/IMultiServiceStakeManager.sol";
import {FlowTest} from "../base/FlowTest.sol";

contract DWSProviderRegistryTest is FlowTest {
    bytes32 private nodeId;
    bytes32 private stakingNodeId;

    function setUp() public override {
        super.setUp();
        nodeId = aProviderNode(operator, agent, "node");
        stakingNodeId = registry.stakingNodeOf(nodeId);
    }

    function _registration(bytes32 salt, bytes32 service)
        private
        view
        returns (IDWSProviderRegistry.Registration memory registration)
    {
        registration.salt = salt;
        registration.stakingNodeId = stakingNodeId;
        registration.agent = agent;
        registration.region = REGION;
        registration.services = new bytes32[](1);
        registration.services[0] = service;
    }

    function test_Register_LocksStakeForEachService() external view {
        vm.assertEq(ledger.totalLockedOf(stakingNodeId), MINIMUM_STAKE);
        vm.assertTrue(registry.offersService(nodeId, SERVICE));
        vm.assertTrue(registry.isAvailable(nodeId));
        vm.assertEq(uint256(registry.node(nodeId).status), uint256(IDWSProviderRegistry.NodeStatus.Active));
        vm.assertEq(registry.nodes(0, 10)[0], nodeId);
    }

    // predecessor: adding a service needed no stake
    function test_RevertWhen_AServiceIsAddedWithoutStakeBehindIt() external {
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_ZeroAmount.selector);
        vm.prank(operator);
        registry.addService(nodeId, "unknown");
        vm.prank(admin);
        ledger.setService("other", MINIMUM_STAKE);
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_InsufficientAllocation.selector);
        vm.prank(operator);
        registry.addService(nodeId, "other");
        vm.startPrank(operator);
        ledger.allocate(stakingNodeId, "other", MINIMUM_STAKE);
        registry.addService(nodeId, "other");
        vm.stopPrank();
        vm.assertEq(ledger.totalLockedOf(stakingNodeId), 2 * uint256(MINIMUM_STAKE));
        // the sum, not the maximum: nothing is left for a second node
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_InsufficientAllocation.selector);
        vm.prank(operator);
        registry.registerNode(_registration("second", SERVICE));
    }

    function test_RevertWhen_CallerDoesNotOperateTheStakingNode() external {
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_NotStakingOperator.selector);
        vm.prank(stranger);
        registry.registerNode(_registration("x", SERVICE));
    }

    // Services that need the least stake there is, so that one node can have many; their stake is allocated.
    function _smallServices(uint256 count) private returns (bytes32[] memory services) {
        services = new bytes32[](count);
        for (uint256 i = 0; i < count; i++) {
            services[i] = bytes32(i + 1);
            vm.prank(admin);
            ledger.setService(services[i], 1);
            vm.prank(operator);
            ledger.allocate(stakingNodeId, services[i], 1);
        }
    }

    function test_RevertWhen_ARegistrationIsTooLong() external {
        bytes32[] memory services = _smallServices(17);
        IDWSProviderRegistry.Registration memory registration = _registration("second", SERVICE);
        registration.services = services;
        bytes memory tooLong = abi.encodeWithSelector(IDWSProviderRegistry.DWSProviderRegistry_TooLong.selector, 17, 16);
        _expectRefused(registration, tooLong);
        registration.services = new bytes32[](16);
        for (uint256 i = 0; i < 16; i++) {
            registration.services[i] = services[i];
        }
        registration.endpoint = string(new bytes(257));
        _expectRefused(
            registration, abi.encodeWithSelector(IDWSProviderRegistry.DWSProviderRegistry_TooLong.selector, 257, 256)
        );
        registration.endpoint = string(new bytes(256));
        vm.prank(operator);
        bytes32 second = registry.registerNode(registration);
        vm.assertEq(registry.servicesOf(second).length, 16);
        vm.expectRevert(tooLong);
        vm.prank(operator);
        registry.addService(second, services[16]);
    }

    function test_RevertWhen_ARegistrationNamesAnothersAgent() external {
        vm.prank(stranger);
        uint256 agentId = identity.register("ipfs://agent");
        IDWSProviderRegistry.Registration memory registration = _registration("second", SERVICE);
        registration.services = new bytes32[](0);
        registration.agentId = agentId;
        _expectRefused(
            registration,
            abi.encodeWithSelector(IDWSProviderRegistry.DWSProviderRegistry_NotAgentOwner.selector, agentId, operator)
        );
        vm.prank(stranger);
        identity.transferFrom(stranger, operator, agentId);
        vm.prank(operator);
        vm.assertEq(registry.node(registry.registerNode(registration)).agentId, agentId);
    }

    function test_RevertGiven_NodeExists_WhateverItsStatus() external {
        IDWSProviderRegistry.Registration memory registration = _registration("node", SERVICE);
        registration.services = new bytes32[](0);
        bytes memory exists =
            abi.encodeWithSelector(IDWSProviderRegistry.DWSProviderRegistry_NodeExists.selector, nodeId);
        _expectRefused(registration, exists);
        vm.prank(operator);
        registry.setDraining(nodeId, true);
        _expectRefused(registration, exists);
        vm.prank(operator);
        registry.deregisterNode(nodeId);
        _expectRefused(registration, exists);
    }

    function _expectRefused(IDWSProviderRegistry.Registration memory registration, bytes memory refusal) private {
        vm.expectRevert(refusal);
        vm.prank(operator);
        registry.registerNode(registration);
    }

    function test_RevertWhen_AServiceIsAddedToADrainingNode() external {
        bytes32 service = _smallServices(1)[0];
        vm.startPrank(operator);
        registry.setDraining(nodeId, true);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSProviderRegistry.DWSProviderRegistry_WrongStatus.selector,
                nodeId,
                IDWSProviderRegistry.NodeStatus.Draining
            )
        );
        registry.addService(nodeId, service);
        registry.setDraining(nodeId, false);
        registry.addService(nodeId, service);
        vm.stopPrank();
        vm.assertTrue(registry.offersService(nodeId, service));
    }

    function test_RevertWhen_AnEndpointIsTooLong() external {
        vm.startPrank(agent);
        vm.expectRevert(abi.encodeWithSelector(IDWSProviderRegistry.DWSProviderRegistry_TooLong.selector, 257, 256));
        registry.setEndpoint(nodeId, string(new bytes(257)));
        registry.setEndpoint(nodeId, string(new bytes(256)));
        vm.stopPrank();
    }

    // predecessor: anybody could reassign a resource
    function test_RevertWhen_StrangerChangesANode() external {
        bytes4 notOwner = IDWSProviderRegistry.DWSProviderRegistry_NotOwner.selector;
        vm.startPrank(stranger);
        vm.expectPartialRevert(notOwner);
        registry.setAgent(nodeId, stranger);
        vm.expectPartialRevert(notOwner);
        registry.addService(nodeId, SERVICE);
        vm.expectPartialRevert(notOwner);
        registry.removeService(nodeId, SERVICE);
        vm.expectPartialRevert(notOwner);
        registry.setDraining(nodeId, true);
        vm.expectPartialRevert(notOwner);
        registry.deregisterNode(nodeId);
        vm.expectPartialRevert(notOwner);
        registry.setAgentId(nodeId, 0);
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_NotAgent.selector);
        registry.setEndpoint(nodeId, "http://evil");
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_NotAgent.selector);
        registry.heartbeat(nodeId);
        vm.stopPrank();
        bytes32 role = registry.CURATOR_ROLE();
        expectMissingRole(stranger, role);
        vm.prank(stranger);
        registry.setCanonical(nodeId, true);
        role = registry.LEASE_ROLE();
        expectMissingRole(stranger, role);
        vm.prank(stranger);
        registry.leaseOpened(nodeId);
    }

    // threats 5.11 I15
    function test_Heartbeat_FromAnotherChangesNothing() external {
        skipTime(HEARTBEAT_TIMEOUT + 1);
        uint64 late = registry.lateSince(nodeId);
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_NotAgent.selector);
        vm.prank(operator);
        registry.heartbeat(nodeId);
        vm.assertEq(registry.lateSince(nodeId), late);
    }

    // predecessor: deregistration paid out at once
    function test_Deregister_WaitsForLeasesAndTheLedgersUnbonding() external {
        bytes32 offerId = anOffer(operator, nodeId, KIND, PRICE, 3);
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        vm.startPrank(operator);
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_WrongStatus.selector);
        registry.deregisterNode(nodeId);
        registry.setDraining(nodeId, true);
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_LiveLeases.selector);
        registry.deregisterNode(nodeId);
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_LiveLeases.selector);
        registry.removeService(nodeId, SERVICE);
        provider.releaseNode(orderId);
        registry.deregisterNode(nodeId);
        vm.assertEq(ledger.totalLockedOf(stakingNodeId), 0);
        // nothing leaves Deregistered
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_WrongStatus.selector);
        registry.setDraining(nodeId, false);
        vm.stopPrank();
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_WrongStatus.selector);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        vm.startPrank(operator);
        ledger.deallocate(stakingNodeId, SERVICE, MINIMUM_STAKE);
        vm.expectPartialRevert(IMultiServiceStakeManager.MultiServiceStakeManager_NotYet.selector);
        ledger.completeDeallocation(stakingNodeId, SERVICE);
        skipTime(14 days);
        ledger.completeDeallocation(stakingNodeId, SERVICE);
        vm.stopPrank();
        vm.assertEq(ledger.totalAllocatedOf(stakingNodeId), 0);
    }

    function test_AgentId_FollowsTheToken() external {
        vm.startPrank(operator);
        uint256 agentId = identity.register("ipfs://agent");
        registry.setAgentId(nodeId, agentId);
        vm.assertEq(registry.node(nodeId).agentId, agentId);
        identity.transferFrom(operator, stranger, agentId);
        vm.assertEq(registry.node(nodeId).agentId, 0);
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_NotAgentOwner.selector);
        registry.setAgentId(nodeId, agentId);
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_NotAgentOwner.selector);
        registry.setAgentId(nodeId, 999);
        vm.stopPrank();
    }

    function test_Available_EndsWhenStakeNoLongerCoversAllocations() external {
        vm.prank(slasher);
        staking.slash(stakingNodeId, "case", 2 * uint256(MINIMUM_STAKE) - 1, address(0), 0);
        vm.assertFalse(registry.node(nodeId).backed);
        vm.assertFalse(registry.isAvailable(nodeId));
        vm.assertTrue(registry.isHealthy(nodeId));
    }

    function test_RevertGiven_NoVerifier_NothingIsAttested() external {
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_NoVerifier.selector);
        vm.prank(agent);
        registry.attest(nodeId, hex"01");
    }

    function test_RevertWhen_TheFutureIsAskedFor() external {
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_FutureTime.selector);
        registry.lateSecondsAt(nodeId, uint64(block.timestamp + 1));
    }

    // The history of lateness equals a second-by-second model, at every moment.
    function testFuzz_Lateness_EqualsTheModel(uint8[12] memory gaps, uint16 probe) external {
        uint256 start = block.timestamp;
        uint256 beat = start;
        uint256[] memory beats = new uint256[](13);
        beats[0] = start;
        for (uint256 i = 0; i < 12; i++) {
            skipTime(gaps[i]);
            beat += gaps[i];
            vm.prank(agent);
            registry.heartbeat(nodeId);
            beats[i + 1] = beat;
        }
        skipTime(100);
        uint256 until = start + probe % (vm.getBlockTimestamp() - start + 1);
        uint256 expected = 0;
        for (uint256 i = 0; i < 13; i++) {
            uint256 from = beats[i] + HEARTBEAT_TIMEOUT;
            uint256 to = i == 12 ? vm.getBlockTimestamp() : beats[i + 1];
            if (to > until) to = until;
            if (to > from) expected += to - from;
        }
        vm.assertEq(registry.lateSecondsAt(nodeId, uint64(until)), expected);
    }
}
