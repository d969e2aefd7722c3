// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "./IExternalChainProvider.sol";

/// @title Orders: placing, serving, ending and settling them
interface IExternalLeases is IExternalChainProvider {
    /// @notice Stores addresses and the default settings; nothing is called.
    function initialize(address admin, address providerRegistry, address billing) external;

    /// @notice Orders a node and pays the whole lease into escrow, from the caller's credits first, then his allowance to DWSBilling.
    /// @return orderId The order
    function provisionNode(OrderRequest calldata order) external returns (bytes32 orderId);

    /// @notice Orders a node for a consumer who pays by ERC-3009; anybody may submit, nothing about the order can be altered.
    function provisionNodeWithAuthorization(OrderRequest calldata order, PaymentAuthorization calldata payment)
        external
        returns (bytes32 orderId);

    /// @notice Reports a requested node ready. The node's agent or owner only, before the deadline.
    /// @param attestation Where a TEE is required: a quote bound to `readinessBinding(orderId, endpoint)`; else empty
    function reportNodeReady(bytes32 orderId, Endpoint calldata endpoint, bytes calldata attestation) external;

    /// @notice Changes the endpoint of a ready node. The node's agent or owner only.
    function updateEndpoint(bytes32 orderId, Endpoint calldata endpoint) external;

    /// @notice Ends an order at once. Consumer only. Before readiness it costs the start fee.
    function terminateNode(bytes32 orderId) external;

    /// @notice Gives an order up. The node's agent or owner only. Costs the consumer nothing. After the deadline for readiness it ends as never served,
    /// whoever ends it.
    function releaseNode(bytes32 orderId) external;

    /// @notice Ends an order whose time is over or that was never served; anybody may call. While an unserved order may still be replaced, others
    /// than its consumer have to leave time for that: as long again as the node had to become ready.
    function expireNode(bytes32 orderId) external;

    /// @notice Puts another node in the place of one that is degraded or never came, within the order's policy; anybody may call.
    function replaceNode(bytes32 orderId, bytes32 offerId) external;

    /// @notice Pays out what is older than the objection window, and returns what can no longer be earned; anybody may call.
    /// @return paid To provider nodes, in units of the payment token
    /// @return refunded To the consumer's credits, in units of the payment token
    function settleNode(bytes32 orderId) external returns (uint256 paid, uint256 refunded);

    /// @notice The id of an order.
    /// @param generation Counted from 1
    function orderIdOf(address consumer, bytes32 salt, uint64 generation) external view returns (bytes32);

    /// @notice The state of an order alone.
    function stateOf(bytes32 orderId) external view returns (OrderState);
}
