// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IDWSProviderRegistry} from "../dws/IDWSProviderRegistry.sol";
import {IExternalChainProvider} from "./IExternalChainProvider.sol";

/// @title What ExternalChainProvider keeps, and how the state of an order is derived from it
abstract contract ExternalChainStorage is IExternalChainProvider {
    struct OfferRecord {
        bytes32 nodeId;
        bytes32 kind;
        bytes32 network;
        uint128 pricePerHour;
        uint32 capacity;
        uint32 used;
        bool tee;
        bool active;
    }

    struct OrderRecord {
        address consumer;
        uint64 generation;
        bool tee;
        bool canonicalOnly;
        bool stateful;
        FailoverPolicy failover;
        uint128 maxPricePerHour;
        uint128 deposit;
        uint128 settled;
        uint128 refunded;
        uint64 endedAt;
        uint32 leaseSeconds; // still to be served by the next placement that becomes ready
        uint32 readyDeadline; // seconds, of the kind when it was ordered
        uint32 startFeeSeconds; // when it was ordered
        uint32 unsettled; // index of the first placement that may not be settled in full
        bytes32 salt;
        bytes32 kind;
        bytes32 network;
        bytes32 region;
        bytes32 restoreFrom;
        bytes32 encryptionKey;
        bytes parameters;
        Placement[] placements;
        Endpoint endpoint;
    }

    struct CatalogEntry {
        bytes32 kind;
        bytes32 network;
    }

    /// @custom:storage-location erc7201:jeju.storage.ExternalChainProvider
    struct ExternalStorage {
        address providerRegistry;
        address billing;
        Parameters parameters;
        mapping(bytes32 kind => mapping(bytes32 network => KindSpec)) kinds;
        CatalogEntry[] catalog;
        mapping(bytes32 nodeId => bool) providers;
        mapping(bytes32 offerId => OfferRecord) offers;
        mapping(bytes32 kind => mapping(bytes32 network => EnumerableSet.Bytes32Set)) offersOfKind;
        mapping(bytes32 nodeId => EnumerableSet.Bytes32Set) offersOfNode;
        mapping(bytes32 orderId => OrderRecord) orders;
        mapping(address consumer => mapping(bytes32 salt => uint64)) generations;
        mapping(address consumer => bytes32[]) ordersOfConsumer;
        mapping(bytes32 nodeId => bytes32[]) ordersOfNode;
        mapping(bytes32 nodeId => EnumerableSet.Bytes32Set) liveOfNode;
        EnumerableSet.Bytes32Set live;
        mapping(address consumer => mapping(bytes32 nodeId => uint256)) pending;
        mapping(bytes32 orderId => mapping(uint256 placement => mapping(uint256 word => uint256))) voidedSlots;
        EnumerableSet.AddressSet watchers;
        address computeRegistry;
        mapping(bytes32 orderId => address registry) slotAt; // where the present placement holds a slot; zero where it holds none
    }

    /// @notice May change the catalog and the watchers.
    bytes32 public constant CATALOG_ROLE = keccak256("CATALOG_ROLE");

    /// @notice Hours that a lease may have ahead.
    uint256 public constant MAXIMUM_LEASE_HOURS = 720;
    /// @notice Nodes that may serve one order, one after the other.
    uint256 public constant MAXIMUM_PLACEMENTS = 8;
    /// @notice Seconds of one slot of a probe record.
    uint256 public constant PROBE_SLOT = 10;

    /// @notice The service of the allocation ledger that is sold by others as well, out of ComputeRegistry's count.
    bytes32 internal constant COMPUTE = "compute";
    bytes32 internal constant REGISTER_PROVIDER = "registerProvider";
    bytes32 internal constant EXTEND = "extendNode";
    bytes32 internal constant RECORD_PROBE = "recordProbe";

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.ExternalChainProvider")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant EXTERNAL_STORAGE = 0xbffb9e84407851de09260801f6168baddc157ee6e5b64fa21b384e8fe3026300;

    function _stateOf(OrderRecord storage record) internal view returns (OrderState) {
        if (record.consumer == address(0)) return OrderState.None;
        if (record.endedAt != 0) {
            return record.unsettled == record.placements.length ? OrderState.Settled : OrderState.Ended;
        }
        Placement storage placement = _present(record);
        if (placement.readyAt == 0) {
            return block.timestamp > placement.readyDeadline ? OrderState.Unserved : OrderState.Requested;
        }
        if (block.timestamp >= placement.expiresAt) return OrderState.Expired;
        IDWSProviderRegistry registry = _registry();
        if (!registry.isHealthy(placement.nodeId)) return OrderState.Degraded;
        if (placement.voidedAt != 0 && registry.lastHeartbeatOf(placement.nodeId) <= placement.voidedAt) {
            return OrderState.Degraded;
        }
        return OrderState.Ready;
    }

    function _orderIdOf(address consumer, bytes32 salt, uint64 generation) internal view returns (bytes32) {
        return keccak256(abi.encode(address(this), consumer, salt, generation));
    }

    // What the attestation of a ready node carries, so that it serves no other order, node or endpoint.
    function _readinessBinding(bytes32 orderId, Endpoint calldata endpoint) internal view returns (bytes32) {
        OrderRecord storage record = _knownOrder(orderId);
        return keccak256(
            abi.encode(
                "jeju/readiness/v1",
                block.chainid,
                address(this),
                orderId,
                record.placements.length,
                _present(record).nodeId,
                keccak256(abi.encode(endpoint))
            )
        );
    }

    function _knownOffer(bytes32 offerId) internal view returns (OfferRecord storage record) {
        record = _externalStorage().offers[offerId];
        if (record.nodeId == bytes32(0)) revert ExternalChainProvider_UnknownOffer(offerId);
    }

    function _present(OrderRecord storage record) internal view returns (Placement storage) {
        return record.placements[record.placements.length - 1];
    }

    function _knownOrder(bytes32 orderId) internal view returns (OrderRecord storage record) {
        record = _externalStorage().orders[orderId];
        if (record.consumer == address(0)) revert ExternalChainProvider_UnknownOrder(orderId);
    }

    function _consumersOrder(bytes32 orderId) internal view returns (OrderRecord storage record) {
        record = _knownOrder(orderId);
        if (record.consumer != msg.sender) revert ExternalChainProvider_NotConsumer(orderId, msg.sender);
    }

    function _mayReplace(OrderRecord storage record) internal view returns (bool) {
        return record.failover != FailoverPolicy.None && record.placements.length < MAXIMUM_PLACEMENTS;
    }

    function _registry() internal view returns (IDWSProviderRegistry) {
        return IDWSProviderRegistry(_externalStorage().providerRegistry);
    }

    function _externalStorage() internal pure returns (ExternalStorage storage $) {
        assembly ("memory-safe") {
            $.slot := EXTERNAL_STORAGE
        }
    }
}
