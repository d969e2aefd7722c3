// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IComputeRegistry} from "../registry/IComputeRegistry.sol";
import {LeaseSettlement} from "./LeaseSettlement.sol";

/// @title Which node takes an order, and for how long the money reaches
abstract contract LeasePlacement is LeaseSettlement {
    using EnumerableSet for EnumerableSet.Bytes32Set;

    // What an order demands of an offer, whether it is new or looks for another node.
    struct Demand {
        bytes32 kind;
        bytes32 network;
        bytes32 region;
        uint128 maxPricePerHour;
        bool tee;
        bool canonicalOnly;
    }

    function _place(bytes32 orderId, OrderRecord storage record, bytes32 offerId) internal {
        ExternalStorage storage $ = _externalStorage();
        OfferRecord storage taken = _takeOffer(
            offerId,
            Demand({
                kind: record.kind,
                network: record.network,
                region: record.region,
                maxPricePerHour: record.maxPricePerHour,
                tee: record.tee,
                canonicalOnly: record.canonicalOnly
            })
        );
        bytes32 nodeId = taken.nodeId;
        uint256 pending = $.pending[record.consumer][nodeId] + 1;
        if (pending > $.parameters.maxPendingPerPair) {
            revert ExternalChainProvider_TooManyPending(record.consumer, nodeId, $.parameters.maxPendingPerPair);
        }
        $.pending[record.consumer][nodeId] = pending;
        Placement storage placement = record.placements.push();
        placement.nodeId = nodeId;
        placement.offerId = offerId;
        placement.stakingNodeId = _registry().stakingNodeOf(nodeId);
        placement.pricePerHour = taken.pricePerHour;
        placement.requestedAt = uint64(block.timestamp);
        placement.readyDeadline = uint64(block.timestamp) + record.readyDeadline;
        $.ordersOfNode[nodeId].push(orderId);
        $.liveOfNode[nodeId].add(orderId);
        _registry().leaseOpened(nodeId);
        _takeSlot(orderId, nodeId, $.kinds[record.kind][record.network].service);
    }

    // Compute is sold by others, too: one count, so that no node is sold twice.
    function _takeSlot(bytes32 orderId, bytes32 nodeId, bytes32 service) private {
        ExternalStorage storage $ = _externalStorage();
        address registry = $.computeRegistry;
        if (service != COMPUTE || registry == address(0)) return;
        $.slotAt[orderId] = registry;
        IComputeRegistry(registry).countSale(nodeId);
    }

    // Checks an offer against what an order demands, and takes one place of its capacity.
    function _takeOffer(bytes32 offerId, Demand memory demand) internal returns (OfferRecord storage record) {
        record = _knownOffer(offerId);
        if (!record.active) revert ExternalChainProvider_OfferClosed(offerId);
        if (record.kind != demand.kind || record.network != demand.network) {
            revert ExternalChainProvider_OfferMismatch(offerId, record.kind, record.network);
        }
        if (record.pricePerHour > demand.maxPricePerHour) {
            revert ExternalChainProvider_PriceTooHigh(offerId, record.pricePerHour, demand.maxPricePerHour);
        }
        if (record.used >= record.capacity) revert ExternalChainProvider_NoCapacity(offerId, record.capacity);
        bytes32 service = _externalStorage().kinds[demand.kind][demand.network].service;
        if (!_registry().offersService(record.nodeId, service)) {
            revert ExternalChainProvider_ServiceNotOffered(record.nodeId, service);
        }
        (bool available, bool attested, bool canonical, bytes32 region) = _registry().leaseFactsOf(record.nodeId);
        if (!available) revert ExternalChainProvider_NodeUnavailable(record.nodeId);
        if (demand.region != bytes32(0) && demand.region != region) {
            revert ExternalChainProvider_WrongRegion(record.nodeId, region, demand.region);
        }
        if (demand.tee && !(record.tee && attested)) revert ExternalChainProvider_TeeRequired(offerId);
        if (demand.canonicalOnly && !canonical) revert ExternalChainProvider_NotCanonical(record.nodeId);
        record.used += 1;
    }

    // The time that was ordered, as far as the money that is left reaches at this placement's price.
    function _affordableSeconds(OrderRecord storage record, Placement storage placement)
        internal
        view
        returns (uint256)
    {
        uint256 left = uint256(record.deposit) - record.refunded;
        for (uint256 i = 0; i + 1 < record.placements.length; i++) {
            Placement storage earlier = record.placements[i];
            uint256 taken =
                earlier.settledInFull ? earlier.settled : Math.max(earlier.settled, _earnable(record, earlier, i));
            left -= Math.min(left, taken);
        }
        return Math.min(record.leaseSeconds, left * 1 hours / placement.pricePerHour);
    }
}
