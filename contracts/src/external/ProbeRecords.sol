// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {GovernedState} from "../governance/GovernedState.sol";
import {IDWSProviderRegistry} from "../dws/IDWSProviderRegistry.sol";
import {IExternalOffers} from "./IExternalOffers.sol";
import {LeaseSettlement} from "./LeaseSettlement.sol";
import {Signatures} from "../token/Signatures.sol";

/// @title Watchers and their records of seconds that were not served
/// @notice Slots are kept as bits, so records may overlap and come in any order: a second is voided once. Seconds in which the node was late with
/// heartbeats are not paid anyway and are not counted again.
abstract contract ProbeRecords is IExternalOffers, LeaseSettlement, EIP712Upgradeable, GovernedState {
    using EnumerableSet for EnumerableSet.AddressSet;

    /// @notice Slots of one record.
    uint256 public constant MAXIMUM_SLOTS = 64;
    /// @notice Registered watchers.
    uint256 public constant MAXIMUM_WATCHERS = 64;

    /// @notice EIP-712 type of a probe record.
    bytes32 public constant PROBE_TYPEHASH =
        keccak256("ProbeRecord(bytes32 orderId,uint32 placement,uint32 firstSlot,uint32 slots)");

    /// @inheritdoc IExternalOffers
    function setWatcher(address watcher, bool registered) external onlyRole(CATALOG_ROLE) {
        EnumerableSet.AddressSet storage watchers = _externalStorage().watchers;
        _requireAddress(watcher);
        if (registered ? !watchers.add(watcher) : !watchers.remove(watcher)) return;
        if (watchers.length() > MAXIMUM_WATCHERS) revert ExternalChainProvider_TooManyWatchers(MAXIMUM_WATCHERS);
        emit WatcherSet(watcher, registered);
    }

    /// @inheritdoc IExternalOffers
    function recordProbe(ProbeRecord calldata record, address[] calldata watchers, bytes[] calldata signatures)
        external
        whenActive(RECORD_PROBE)
    {
        OrderRecord storage order = _knownOrder(record.orderId);
        if (record.placement >= order.placements.length) {
            revert ExternalChainProvider_InvalidProbe(record.orderId, 0, 0);
        }
        _requireQuorum(record, watchers, signatures);
        Placement storage placement = order.placements[record.placement];
        uint64 voided = _voidSlots(placement, record, _requireOpen(placement, record));
        if (voided != 0) {
            placement.voidedSeconds += voided;
            // Only by what is new: a record that is brought again would make a node late that has come back, and take its lease from it.
            placement.voidedAt = uint64(block.timestamp);
        }
        emit ProbeRecorded(record.orderId, placement.nodeId, record.placement, record.firstSlot, record.slots, voided);
    }

    /// @inheritdoc IExternalOffers
    function isWatcher(address account) external view returns (bool) {
        return _externalStorage().watchers.contains(account);
    }

    /// @inheritdoc IExternalOffers
    function probeDigest(ProbeRecord calldata record) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(PROBE_TYPEHASH, record.orderId, record.placement, record.firstSlot, record.slots))
        );
    }

    // Slots must have passed, lie within the placement, and be too young to be paid.
    function _requireOpen(Placement storage placement, ProbeRecord calldata record) private view returns (uint256 end) {
        uint256 from = placement.readyAt + uint256(record.firstSlot) * PROBE_SLOT;
        uint256 to = from + uint256(record.slots) * PROBE_SLOT;
        end = Math.min(block.timestamp, placement.endedAt != 0 ? placement.endedAt : placement.expiresAt);
        bool valid = placement.readyAt != 0 && record.slots != 0 && record.slots <= MAXIMUM_SLOTS && from < end
            && to < end + PROBE_SLOT && from + _externalStorage().parameters.objectionWindow >= block.timestamp;
        if (!valid) {
            revert ExternalChainProvider_InvalidProbe(record.orderId, SafeCast.toUint64(from), SafeCast.toUint64(to));
        }
    }

    // Marks slots and counts the seconds of those that were not marked before. Runs of new slots are counted at once.
    function _voidSlots(Placement storage placement, ProbeRecord calldata record, uint256 end)
        private
        returns (uint64 voided)
    {
        mapping(uint256 word => uint256) storage marks =
            _externalStorage().voidedSlots[record.orderId][record.placement];
        uint256 run = 0;
        uint256 last = uint256(record.firstSlot) + record.slots;
        for (uint256 slot = record.firstSlot; slot < last; slot++) {
            uint256 bit = 1 << (slot & 0xff);
            uint256 word = marks[slot >> 8];
            if (word & bit == 0) {
                marks[slot >> 8] = word | bit;
                run++;
                continue;
            }
            voided += _secondsOf(placement, slot - run, slot, end);
            run = 0;
        }
        voided += _secondsOf(placement, last - run, last, end);
    }

    // Seconds of the slots [first, last) within the placement in which the node was in time.
    function _secondsOf(Placement storage placement, uint256 first, uint256 last, uint256 end)
        private
        view
        returns (uint64)
    {
        if (first == last) return 0;
        uint256 from = placement.readyAt + first * PROBE_SLOT;
        uint256 to = Math.min(placement.readyAt + last * PROBE_SLOT, end);
        IDWSProviderRegistry registry = _registry();
        uint64 late = registry.lateSecondsAt(placement.nodeId, SafeCast.toUint64(to))
            - registry.lateSecondsAt(placement.nodeId, SafeCast.toUint64(from));
        return SafeCast.toUint64(to - from) - late;
    }

    function _requireQuorum(ProbeRecord calldata record, address[] calldata watchers, bytes[] calldata signatures)
        private
        view
    {
        ExternalStorage storage $ = _externalStorage();
        uint256 quorum = $.parameters.probeQuorum;
        if (
            quorum == 0 || watchers.length < quorum || watchers.length > MAXIMUM_WATCHERS
                || signatures.length != watchers.length
        ) {
            revert ExternalChainProvider_InvalidQuorum(watchers.length, quorum);
        }
        bytes32 digest = probeDigest(record);
        address previous = address(0);
        for (uint256 i = 0; i < watchers.length; i++) {
            bool valid = watchers[i] > previous && $.watchers.contains(watchers[i])
                && Signatures.isBy(watchers[i], digest, signatures[i]);
            if (!valid) revert ExternalChainProvider_InvalidQuorum(i, quorum);
            previous = watchers[i];
        }
    }
}
