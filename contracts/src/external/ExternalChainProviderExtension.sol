// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IDWSBilling} from "../dws/IDWSBilling.sol";
import {Pages} from "../governance/Pages.sol";
import {IExternalOffers} from "./IExternalOffers.sol";
import {OfferBook} from "./OfferBook.sol";
import {ProbeRecords} from "./ProbeRecords.sol";

/// @title The second half of ExternalChainProvider
/// @notice Runs only by delegation from ExternalChainProvider, which deploys it: see {IExternalOffers}.
contract ExternalChainProviderExtension is OfferBook, ProbeRecords, ReentrancyGuardTransient {
    using EnumerableSet for EnumerableSet.Bytes32Set;

    /// @inheritdoc IExternalOffers
    function extendNode(bytes32 orderId, uint32 leaseHours) external whenActive(EXTEND) nonReentrant {
        OrderRecord storage record = _consumersOrder(orderId);
        OrderState state = _stateOf(record);
        if (state != OrderState.Requested && state != OrderState.Ready) {
            revert ExternalChainProvider_WrongState(orderId, state);
        }
        Placement storage placement = _present(record);
        if (!_registry().isAvailable(placement.nodeId)) {
            revert ExternalChainProvider_NodeUnavailable(placement.nodeId);
        }
        uint256 ahead = state == OrderState.Ready ? placement.expiresAt - block.timestamp : record.leaseSeconds;
        uint256 added = uint256(leaseHours) * 1 hours;
        if (leaseHours == 0 || ahead + added > MAXIMUM_LEASE_HOURS * 1 hours) {
            revert ExternalChainProvider_InvalidHours(leaseHours, MAXIMUM_LEASE_HOURS - ahead / 1 hours);
        }
        uint128 amount = placement.pricePerHour * leaseHours;
        record.deposit += amount;
        if (state == OrderState.Ready) placement.expiresAt += SafeCast.toUint64(added);
        else record.leaseSeconds += SafeCast.toUint32(added);
        emit NodeExtended(orderId, leaseHours, amount, placement.expiresAt);
        IDWSBilling(_externalStorage().billing).fundEscrow(orderId, amount);
    }

    /// @inheritdoc IExternalOffers
    function setParameters(Parameters calldata parameters_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("objectionWindow", parameters_.objectionWindow, 10, 7 days);
        _requireWithin("startFeeSeconds", parameters_.startFeeSeconds, 0, 1 hours);
        _requireWithin("maxPendingPerPair", parameters_.maxPendingPerPair, 1, 256);
        _requireWithin("probeQuorum", parameters_.probeQuorum, 0, MAXIMUM_WATCHERS);
        _externalStorage().parameters = parameters_;
        emit ParametersChanged(parameters_);
    }

    /// @inheritdoc IExternalOffers
    function setComputeRegistry(address registry) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _externalStorage().computeRegistry = registry;
        emit ComputeRegistryChanged(registry);
    }

    /// @inheritdoc IExternalOffers
    function computeRegistry() external view returns (address) {
        return _externalStorage().computeRegistry;
    }

    /// @inheritdoc IExternalOffers
    function parameters() external view returns (Parameters memory) {
        return _externalStorage().parameters;
    }

    /// @inheritdoc IExternalOffers
    function wiring() external view returns (address providerRegistry, address billing) {
        return (_externalStorage().providerRegistry, _externalStorage().billing);
    }

    /// @inheritdoc IExternalOffers
    function latestOrder(address consumer, bytes32 salt)
        external
        view
        returns (bytes32 orderId, uint64 generation, OrderState state)
    {
        generation = _externalStorage().generations[consumer][salt];
        if (generation == 0) return (bytes32(0), 0, OrderState.None);
        orderId = _orderIdOf(consumer, salt, generation);
        state = _stateOf(_externalStorage().orders[orderId]);
    }

    /// @inheritdoc IExternalOffers
    function order(bytes32 orderId) external view returns (Order memory info) {
        OrderRecord storage record = _externalStorage().orders[orderId];
        if (record.consumer == address(0)) return info;
        info.orderId = orderId;
        info.state = _stateOf(record);
        info.consumer = record.consumer;
        info.salt = record.salt;
        info.generation = record.generation;
        info.kind = record.kind;
        info.network = record.network;
        info.region = record.region;
        info.tee = record.tee;
        info.canonicalOnly = record.canonicalOnly;
        info.stateful = record.stateful;
        info.failover = record.failover;
        info.restoreFrom = record.restoreFrom;
        info.encryptionKey = record.encryptionKey;
        info.maxPricePerHour = record.maxPricePerHour;
        info.placements = uint32(record.placements.length);
        info.endedAt = record.endedAt;
        info.deposit = record.deposit;
        info.settled = record.settled;
        info.refunded = record.refunded;
        info.parameters = record.parameters;
        Placement storage placement = _present(record);
        info.nodeId = placement.nodeId;
        info.offerId = placement.offerId;
        info.pricePerHour = placement.pricePerHour;
        info.requestedAt = placement.requestedAt;
        info.readyDeadline = placement.readyDeadline;
        info.readyAt = placement.readyAt;
        info.expiresAt = placement.expiresAt;
        info.endReason = placement.endReason;
        for (uint256 i = 0; i < record.placements.length; i++) {
            info.earned += uint128(_earned(record, record.placements[i], i));
        }
    }

    /// @inheritdoc IExternalOffers
    function endpointOf(bytes32 orderId) external view returns (Endpoint memory) {
        return _externalStorage().orders[orderId].endpoint;
    }

    /// @inheritdoc IExternalOffers
    function placementOf(bytes32 orderId, uint32 placement) external view returns (Placement memory info) {
        OrderRecord storage record = _externalStorage().orders[orderId];
        if (placement < record.placements.length) info = record.placements[placement];
    }

    /// @inheritdoc IExternalOffers
    function liveOrders(uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return _pageOf(_externalStorage().live, offset, limit);
    }

    /// @inheritdoc IExternalOffers
    function liveOrdersOfNode(bytes32 nodeId, uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return _pageOf(_externalStorage().liveOfNode[nodeId], offset, limit);
    }

    /// @inheritdoc IExternalOffers
    function ordersOfNode(bytes32 nodeId, uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return Pages.page(_externalStorage().ordersOfNode[nodeId], offset, limit);
    }

    /// @inheritdoc IExternalOffers
    function ordersOfConsumer(address consumer, uint256 offset, uint256 limit)
        external
        view
        returns (bytes32[] memory)
    {
        return Pages.page(_externalStorage().ordersOfConsumer[consumer], offset, limit);
    }

    /// @inheritdoc IExternalOffers
    function pendingOf(address consumer, bytes32 nodeId) external view returns (uint256) {
        return _externalStorage().pending[consumer][nodeId];
    }

    /// @inheritdoc IExternalOffers
    function settleable(bytes32 orderId) external view returns (uint256 payable_, uint256 refundable) {
        OrderRecord storage record = _knownOrder(orderId);
        for (uint32 i = 0; i < record.placements.length; i++) {
            (uint128 amount,) = _due(record, record.placements[i], i);
            payable_ += amount;
        }
        refundable = _refundable(record);
    }

    /// @inheritdoc IExternalOffers
    function readinessBinding(bytes32 orderId, Endpoint calldata endpoint) external view returns (bytes32) {
        return _readinessBinding(orderId, endpoint);
    }

    function _pageOf(EnumerableSet.Bytes32Set storage set, uint256 offset, uint256 limit)
        private
        view
        returns (bytes32[] memory)
    {
        return set.values(offset, offset + Pages.size(set.length(), offset, limit));
    }
}
