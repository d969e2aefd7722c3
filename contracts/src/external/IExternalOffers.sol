// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "./IExternalChainProvider.sol";

/// @title The catalog, the offers, the watchers, the settings, extension of leases, and everything there is to read
interface IExternalOffers is IExternalChainProvider {
    /// @notice Adds a kind or changes it; running leases keep what they were ordered with. Requires `CATALOG_ROLE`.
    function setKind(bytes32 kind, bytes32 network, KindSpec calldata spec) external;

    /// @notice Registers a provider node and publishes offers, at most 32 per call; repeated calls add or change. Owner of the node only.
    /// @return offerIds `keccak256(abi.encode(contract, nodeId, kind, network))`
    function registerProvider(bytes32 nodeId, OfferInput[] calldata offers) external returns (bytes32[] memory offerIds);

    /// @notice Withdraws an offer. Owner of the node only. Its leases go on.
    function withdrawOffer(bytes32 offerId) external;

    /// @notice Extends a lease at its price, paid as at ordering; never beyond 720 hours from now. Consumer only.
    function extendNode(bytes32 orderId, uint32 leaseHours) external;

    /// @notice Voids seconds that watchers found not served; anybody may submit.
    /// @param signatures By at least the quorum of registered watchers, in rising order of their addresses
    /// @param watchers Who signed, in the same order
    function recordProbe(ProbeRecord calldata record, address[] calldata watchers, bytes[] calldata signatures) external;

    /// @notice Changes the settings. Administrator only.
    function setParameters(Parameters calldata parameters) external;

    /// @notice Names the registry whose slots are one count for everybody who sells compute; zero for none. Requires the administrator. Orders return their
    /// slot where they took it.
    function setComputeRegistry(address registry) external;

    /// @notice The registry that counts the slots of compute nodes; zero for none.
    function computeRegistry() external view returns (address);

    /// @notice Registers or removes a watcher, at most 64. Requires `CATALOG_ROLE`.
    function setWatcher(address watcher, bool registered) external;

    /// @notice The settings in force.
    function parameters() external view returns (Parameters memory);

    /// @notice The contracts this one relies on.
    function wiring() external view returns (address providerRegistry, address billing);

    /// @notice A kind on a network; readyDeadline zero when it is not in the catalog.
    function kindSpec(bytes32 kind, bytes32 network) external view returns (KindSpec memory);

    /// @notice A page of the catalog.
    function catalog(uint256 offset, uint256 limit)
        external
        view
        returns (bytes32[] memory kinds, bytes32[] memory networks);

    /// @notice An offer; nodeId zero when unknown.
    function offer(bytes32 offerId) external view returns (Offer memory);

    /// @notice A page of the offers that are not withdrawn, for a kind on a network.
    function offersOfKind(bytes32 kind, bytes32 network, uint256 offset, uint256 limit)
        external
        view
        returns (Offer[] memory);

    /// @notice A page of the offers of a provider node that are not withdrawn.
    function offersOfNode(bytes32 nodeId, uint256 offset, uint256 limit) external view returns (Offer[] memory);

    /// @notice The id of a node's offer.
    function offerIdOf(bytes32 nodeId, bytes32 kind, bytes32 network) external view returns (bytes32);

    /// @notice The latest order of a consumer under a salt; state None and generation 0 when there was none.
    function latestOrder(address consumer, bytes32 salt)
        external
        view
        returns (bytes32 orderId, uint64 generation, OrderState state);

    /// @notice An order as it is now; state None when unknown.
    function order(bytes32 orderId) external view returns (Order memory);

    /// @notice The endpoint of an order's present placement; empty host before readiness.
    function endpointOf(bytes32 orderId) external view returns (Endpoint memory);

    /// @notice One placement of an order, counted from 0.
    function placementOf(bytes32 orderId, uint32 placement) external view returns (Placement memory);

    /// @notice A page of all orders that have not ended.
    function liveOrders(uint256 offset, uint256 limit) external view returns (bytes32[] memory orderIds);

    /// @notice A page of the orders whose present placement is at a provider node and that have not ended.
    function liveOrdersOfNode(bytes32 nodeId, uint256 offset, uint256 limit)
        external
        view
        returns (bytes32[] memory orderIds);

    /// @notice A page of all orders a provider node has ever been asked to serve.
    function ordersOfNode(bytes32 nodeId, uint256 offset, uint256 limit)
        external
        view
        returns (bytes32[] memory orderIds);

    /// @notice A page of all orders of a consumer.
    function ordersOfConsumer(address consumer, uint256 offset, uint256 limit)
        external
        view
        returns (bytes32[] memory orderIds);

    /// @notice Orders a consumer has waiting at a node.
    function pendingOf(address consumer, bytes32 nodeId) external view returns (uint256);

    /// @notice What settlement would pay and return now, in units of the payment token.
    function settleable(bytes32 orderId) external view returns (uint256 payable_, uint256 refundable);

    /// @notice The 32 bytes that the attestation of a ready node has to carry.
    function readinessBinding(bytes32 orderId, Endpoint calldata endpoint) external view returns (bytes32);

    /// @notice The EIP-712 digest that watchers sign.
    function probeDigest(ProbeRecord calldata record) external view returns (bytes32);

    /// @notice Whether an account is a registered watcher.
    function isWatcher(address account) external view returns (bool);
}
