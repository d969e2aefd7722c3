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

    // What the node has earned stays due; what is the consumer's comes back all the same.
    function test_SellerWhoMayNotPay_StillLetsTheConsumerOut_AndTheNodeIsPaidLater() external {
        passWithHeartbeats(nodeId, 1 hours + WINDOW);
        bytes32 role = billing.LESSOR_ROLE();
        vm.prank(admin);
        billing.revokeRole(role, address(provider));
        (uint256 due,) = offers.settleable(orderId);
        vm.assertGt(due, 0, "there is something to pay");
        vm.prank(consumer);
        provider.terminateNode(orderId);
        IExternalChainProvider.Order memory order = offers.order(orderId);
        vm.assertEq(order.settled, 0);
        vm.assertEq(order.refunded, order.deposit - order.earned, "all that the node did not earn");
        skipTime(WINDOW);
        (uint256 paid,) = provider.settleNode(orderId);
        vm.assertEq(paid, 0);
        vm.assertTrue(provider.stateOf(orderId) == IExternalChainProvider.OrderState.Ended);

        vm.prank(admin);
        billing.grantRole(role, address(provider));
        (paid,) = provider.settleNode(orderId);
        vm.assertEq(paid, order.earned, "and what it did");
        vm.assertTrue(provider.stateOf(orderId) == IExternalChainProvider.OrderState.Settled);
        vm.assertEq(billing.escrowBalance(address(provider), orderId), 0);
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
