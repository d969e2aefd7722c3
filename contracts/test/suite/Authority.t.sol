// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {IStorageManager} from "../../src/registry/IStorageManager.sol";
import {LiveSuiteTest} from "../base/LiveSuiteTest.sol";

/// @title Who loses a right: the seller's agent with the node, a contract with its role, and nobody his way out
contract AuthorityTest is LiveSuiteTest {
    address private buyer;

    function setUp() public override {
        super.setUp();
        buyer = account("buyer");
    }

    function _sellNode() private {
        vm.prank(buyer);
        staking.registerOperator(2000);
        vm.prank(operator);
        staking.proposeNodeOperator(stakingNodeId, buyer);
        vm.prank(buyer);
        staking.acceptNodeOperator(stakingNodeId);
    }

    function test_SellersAgent_LosesHisRightsWithTheNode() external {
        vm.assertTrue(registry.mayAct(nodeId, agent));
        _sellNode();
        vm.assertTrue(!registry.mayAct(nodeId, agent) && !registry.mayAct(nodeId, operator));
        vm.assertEq(registry.node(nodeId).agent, address(0), "the buyer has named nobody");
        bytes memory refusal =
            abi.encodeWithSelector(IDWSProviderRegistry.DWSProviderRegistry_NotAgent.selector, nodeId, agent);
        IExternalChainProvider.Endpoint memory endpoint = anEndpoint();
        vm.startPrank(agent);
        vm.expectRevert(refusal);
        registry.heartbeat(nodeId);
        vm.expectRevert(refusal);
        registry.setEndpoint(nodeId, "https://seller.example");
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_NotProvider.selector);
        provider.reportNodeReady(pendingId, endpoint, "");
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_NotProvider.selector);
        provider.releaseNode(orderId);
        vm.stopPrank();

        address hotKey = account("buyer's agent");
        vm.prank(buyer);
        registry.setAgent(nodeId, hotKey);
        vm.startPrank(hotKey);
        registry.heartbeat(nodeId);
        provider.releaseNode(orderId);
        vm.stopPrank();
        vm.assertEq(registry.node(nodeId).agent, hotKey);
    }

    // A role that is taken away stops a seller; it must not lock in those who bought, nor the node.
    function test_SellersWithoutTheirRoles_StillLetEverybodyOut() external {
        string[4] memory sellers =
            ["ExternalChainProvider", "ComputeRental", "DWSServiceProvisioning", "StorageManager"];
        vm.startPrank(admin);
        for (uint256 i = 0; i < sellers.length; i++) {
            IAccessControl(address(registry)).revokeRole(keccak256("LEASE_ROLE"), memberOf(sellers[i]));
        }
        ledger.revokeRole(keccak256("LOCKER_ROLE"), address(registry));
        vm.stopPrank();

        IStorageManager store = IStorageManager(memberOf("StorageManager"));
        vm.startPrank(consumer);
        provider.terminateNode(orderId);
        provider.terminateNode(pendingId);
        IComputeRental(memberOf("ComputeRental")).close(rentalId);
        IDWSServiceProvisioning(memberOf("DWSServiceProvisioning")).end(serviceId, nodeId);
        store.unpin(pinId);
        vm.stopPrank();
        skipTime(2 hours);
        store.refund(pinId);
        vm.startPrank(operator);
        registry.setDraining(nodeId, true);
        registry.deregisterNode(nodeId);
        vm.stopPrank();
        vm.assertEq(ledger.lockedBy(address(registry), stakingNodeId, "compute"), 0);
    }

    // A seller who does not ask whether a node is available finds out here.
    function test_NodeThatDrains_TakesNoLease_WhoeverSells() external {
        bytes32 role = registry.LEASE_ROLE();
        vm.prank(admin);
        registry.grantRole(role, address(this));
        vm.prank(operator);
        registry.setDraining(nodeId, true);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSProviderRegistry.DWSProviderRegistry_WrongStatus.selector,
                nodeId,
                IDWSProviderRegistry.NodeStatus.Draining
            )
        );
        registry.leaseOpened(nodeId);
        vm.prank(operator);
        registry.setDraining(nodeId, false);
        registry.leaseOpened(nodeId);
        registry.leaseClosed(nodeId);
    }

    function test_LeaseOfAnother_CannotBeClosed() external {
        vm.expectRevert(
            abi.encodeWithSelector(IDWSProviderRegistry.DWSProviderRegistry_NoLease.selector, nodeId, stranger)
        );
        vm.prank(stranger);
        registry.leaseClosed(nodeId);
    }
}
