// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {ExternalChainScene} from "./ExternalChainScene.sol";

/// @title Degraded nodes and their replacement
contract ExternalChainFailoverTest is ExternalChainScene {
    function test_Degraded_IsNotPaidAndReturnsAtTheNextHeartbeat() external {
        bytes32 orderId = _ready("a");
        skipTime(HEARTBEAT_TIMEOUT);
        _expectState(orderId, IExternalChainProvider.OrderState.Ready);
        skipTime(1000);
        _expectState(orderId, IExternalChainProvider.OrderState.Degraded);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        _expectState(orderId, IExternalChainProvider.OrderState.Ready);
        vm.prank(consumer);
        provider.terminateNode(orderId);
        vm.assertEq(offers.order(orderId).earned, uint256(PRICE) * HEARTBEAT_TIMEOUT / 3600);
    }

    function test_Replace_KeepsTheOrderAndPaysEachNodeItsOwnSeconds() external {
        bytes32 orderId = _failover("a");
        passWithHeartbeats(nodeId, 1 hours);
        skipTime(HEARTBEAT_TIMEOUT + 100);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        vm.prank(stranger);
        provider.replaceNode(orderId, otherOfferId);
        _expectState(orderId, IExternalChainProvider.OrderState.Requested);
        vm.assertEq(offers.order(orderId).nodeId, otherNodeId);
        vm.assertEq(offers.liveOrdersOfNode(nodeId, 0, 10).length, 0);
        vm.assertEq(bytes(offers.endpointOf(orderId).host).length, 0);
        skipTime(7);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        becomeReady(orderId);
        passWithHeartbeats(otherNodeId, 2 hours);
        vm.prank(consumer);
        provider.terminateNode(orderId);
        _expectSettledExactly(orderId);
        vm.assertEq(offers.placementOf(orderId, 0).settled, uint256(PRICE) * (1 hours + HEARTBEAT_TIMEOUT) / 3600);
        vm.assertEq(offers.placementOf(orderId, 1).settled, uint256(PRICE + 1001) * 2 hours / 3600);
    }

    function test_Replace_DearerNodeNeverCostsMoreThanTheDeposit() external {
        anOffer(otherOperator, otherNodeId, KIND, 2 * PRICE, 3);
        bytes32 orderId = _failover("a");
        skipTime(HEARTBEAT_TIMEOUT + 1);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        provider.replaceNode(orderId, otherOfferId);
        becomeReady(orderId);
        uint64 until = offers.order(orderId).expiresAt;
        vm.assertLe(until, block.timestamp + 12 hours);
        passWithHeartbeats(otherNodeId, 13 hours);
        provider.expireNode(orderId);
        _expectSettledExactly(orderId);
    }

    function test_RevertWhen_ReplacementIsOutsideThePolicy() external {
        bytes32 plain = _ready("plain");
        bytes32 orderId = _failover("a");
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_WrongState.selector);
        provider.replaceNode(orderId, otherOfferId);
        skipTime(HEARTBEAT_TIMEOUT + 1);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_FailoverNotAllowed.selector);
        provider.replaceNode(plain, otherOfferId);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_SameNode.selector);
        provider.replaceNode(orderId, offerId);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_NodeUnavailable.selector);
        provider.replaceNode(orderId, otherOfferId);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        anOffer(otherOperator, otherNodeId, KIND, 2 * PRICE + 1, 3);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_PriceTooHigh.selector);
        provider.replaceNode(orderId, otherOfferId);
    }

    function test_Replace_UnservedOrderMovesOnAndOthersLeaveTimeForIt() external {
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, "a");
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        vm.prank(consumer);
        bytes32 orderId = provider.provisionNode(request);
        skipTime(DEADLINE + 1);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_WrongState.selector);
        vm.prank(stranger);
        provider.expireNode(orderId);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        provider.replaceNode(orderId, otherOfferId);
        vm.prank(consumer);
        provider.terminateNode(orderId);
        // The start fee is for the node that the consumer chose; a replacement he did not choose.
        vm.assertEq(billing.creditsOf(consumer), 24 * uint256(PRICE));
    }

    // never an empty store under a living name
    function test_Replace_StatefulKindWithoutBackupIsNeverReplaced() external {
        bytes32 stateful = anOffer(operator, nodeId, STATEFUL_KIND, PRICE, 3);
        bytes32 other = anOffer(otherOperator, otherNodeId, STATEFUL_KIND, PRICE, 3);
        bytes32 orderId = placeOrder(stateful, STATEFUL_KIND, "db");
        becomeReady(orderId);
        skipTime(HEARTBEAT_TIMEOUT + 1);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_FailoverNotAllowed.selector);
        provider.replaceNode(orderId, other);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        _expectState(orderId, IExternalChainProvider.OrderState.Ready);
    }
}
