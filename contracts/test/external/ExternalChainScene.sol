// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {FlowTest} from "../base/FlowTest.sol";

/// @title Two provider nodes with an offer each, and a consumer
abstract contract ExternalChainScene is FlowTest {
    bytes32 internal nodeId;
    bytes32 internal otherNodeId;
    bytes32 internal offerId;
    bytes32 internal otherOfferId;
    address internal otherOperator;

    function setUp() public virtual override {
        super.setUp();
        otherOperator = account("other operator");
        jeju.mint(otherOperator, 1_000_003 ether);
        vm.prank(otherOperator);
        jeju.approve(address(staking), type(uint256).max);
        nodeId = aProviderNode(operator, agent, "node");
        otherNodeId = aProviderNode(otherOperator, agent, "other");
        offerId = anOffer(operator, nodeId, KIND, PRICE, 3);
        otherOfferId = anOffer(otherOperator, otherNodeId, KIND, PRICE + 1001, 3);
    }

    function _expectState(bytes32 orderId, IExternalChainProvider.OrderState state) internal view {
        vm.assertEq(uint256(provider.stateOf(orderId)), uint256(state));
    }

    function _ready(bytes32 salt) internal returns (bytes32 orderId) {
        orderId = placeOrder(offerId, KIND, salt);
        becomeReady(orderId);
    }

    function _failover(bytes32 salt) internal returns (bytes32 orderId) {
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, salt);
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        vm.prank(consumer);
        orderId = provider.provisionNode(request);
        becomeReady(orderId);
    }

    function _expectSettledExactly(bytes32 orderId) internal {
        skipTime(WINDOW);
        provider.settleNode(orderId);
        _expectState(orderId, IExternalChainProvider.OrderState.Settled);
        IExternalChainProvider.Order memory order = offers.order(orderId);
        vm.assertEq(order.settled + order.refunded, order.deposit);
        vm.assertEq(billing.escrowBalance(address(provider), orderId), 0);
    }
}
