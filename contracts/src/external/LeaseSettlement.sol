// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IDWSBilling} from "../dws/IDWSBilling.sol";
import {IDWSProviderRegistry} from "../dws/IDWSProviderRegistry.sol";
import {IComputeRegistry} from "../registry/IComputeRegistry.sol";
import {ExternalChainStorage} from "./ExternalChainStorage.sol";

/// @title What placements earn, how orders end, and what leaves the escrow
/// @notice Of an order's deposit, at any time: settled + refunded + what placements may still be paid ≤ deposit. Everything is computed from the history of
/// heartbeats and voided slots, so nothing has to be called in time.
abstract contract LeaseSettlement is ExternalChainStorage {
    using EnumerableSet for EnumerableSet.Bytes32Set;

    // Ends the present placement and with it the order, and returns at once what can no longer be earned.
    function _endOrder(bytes32 orderId, OrderRecord storage record, EndReason reason, uint64 endedAt) internal {
        _endPlacement(orderId, record, reason, endedAt);
        record.endedAt = endedAt;
        _externalStorage().live.remove(orderId);
        _settle(orderId, record);
    }

    function _endPlacement(bytes32 orderId, OrderRecord storage record, EndReason reason, uint64 endedAt) internal {
        ExternalStorage storage $ = _externalStorage();
        Placement storage placement = _present(record);
        if (placement.readyAt == 0) $.pending[record.consumer][placement.nodeId] -= 1;
        placement.endedAt = endedAt;
        placement.endReason = reason;
        $.offers[placement.offerId].used -= 1;
        $.liveOfNode[placement.nodeId].remove(orderId);
        emit NodeEnded(orderId, placement.nodeId, uint32(record.placements.length - 1), reason, endedAt);
        IDWSProviderRegistry($.providerRegistry).leaseClosed(placement.nodeId);
        address slotAt = $.slotAt[orderId];
        if (slotAt == address(0)) return;
        delete $.slotAt[orderId];
        IComputeRegistry(slotAt).returnSlot(placement.nodeId);
    }

    // Pays out what is due of every open placement and refunds what is left over. At most MAXIMUM_PLACEMENTS turns.
    function _settle(bytes32 orderId, OrderRecord storage record) internal returns (uint256 paid, uint256 refunded) {
        IDWSBilling billing = IDWSBilling(_externalStorage().billing);
        uint32 count = uint32(record.placements.length);
        uint32 unsettled = record.unsettled;
        for (uint32 i = unsettled; i < count; i++) {
            Placement storage placement = record.placements[i];
            (uint128 amount, bool inFull) = _due(record, placement, i);
            if (amount == 0 && !inFull) continue;
            // What cannot be paid now, because a role was taken away, stays due: a consumer leaves and is refunded all the same.
            if (amount != 0 && !_pays(billing, orderId, placement.stakingNodeId, amount)) continue;
            if (inFull) {
                placement.settledInFull = true;
                if (unsettled == i) unsettled = i + 1;
            }
            placement.settled += amount;
            record.settled += amount;
            paid += amount;
            emit NodeSettled(orderId, placement.nodeId, i, amount, inFull);
        }
        record.unsettled = unsettled;

        uint128 refund = _refundable(record);
        if (refund != 0) {
            record.refunded += refund;
            refunded = refund;
            emit NodeRefunded(orderId, record.consumer, refund);
            billing.refundEscrow(orderId, refund);
        }
    }

    // Billing and the staking contract are of the suite and call nobody back; those who settle are guarded against being entered again.
    function _pays(IDWSBilling billing, bytes32 orderId, bytes32 stakingNodeId, uint128 amount) private returns (bool) {
        try billing.payNode(orderId, stakingNodeId, amount) {
            return true;
        } catch {
            return false;
        }
    }

    // What a placement is to be paid now, and whether that is the last of it.
    function _due(OrderRecord storage record, Placement storage placement, uint32 index)
        internal
        view
        returns (uint128 amount, bool inFull)
    {
        if (placement.settledInFull) return (0, true);
        uint256 window = _externalStorage().parameters.objectionWindow;
        uint256 payableUntil = block.timestamp - window;
        inFull = placement.endedAt != 0 && placement.endedAt <= payableUntil;
        uint256 earned = inFull
            ? _earned(record, placement, index)
            : _cost(placement.pricePerHour, _servedSeconds(placement, payableUntil));
        if (earned <= placement.settled) return (0, inFull);
        // The bound holds even when a changed setting makes a past second worth more than it was when it was refunded.
        uint256 left = uint256(record.deposit) - record.settled - record.refunded;
        return (SafeCast.toUint128(Math.min(earned - placement.settled, left)), inFull);
    }

    // What can no longer be earned by anybody.
    function _refundable(OrderRecord storage record) internal view returns (uint128) {
        uint256 reserved = 0;
        uint256 count = record.placements.length;
        for (uint256 i = 0; i < count; i++) {
            Placement storage placement = record.placements[i];
            if (placement.settledInFull) reserved += placement.settled;
            else reserved += Math.max(placement.settled, _earnable(record, placement, i));
        }
        uint256 spent = reserved + record.refunded;
        return spent < record.deposit ? SafeCast.toUint128(record.deposit - spent) : 0;
    }

    // The most a placement can have earned in the end, as far as is known now.
    function _earnable(OrderRecord storage record, Placement storage placement, uint256 index)
        internal
        view
        returns (uint256)
    {
        if (placement.endedAt != 0) return _earned(record, placement, index);
        if (placement.readyAt == 0) return record.deposit; // all that is left is held for it
        uint256 lost = _lateSeconds(placement, Math.min(block.timestamp, placement.expiresAt)) + placement.voidedSeconds;
        uint256 whole = placement.expiresAt - placement.readyAt;
        return _cost(placement.pricePerHour, whole > lost ? whole - lost : 0);
    }

    // What a placement has earned up to now, disputed seconds included.
    function _earned(OrderRecord storage record, Placement storage placement, uint256 index)
        internal
        view
        returns (uint256)
    {
        if (placement.readyAt != 0) {
            return _cost(placement.pricePerHour, _servedSeconds(placement, block.timestamp));
        }
        // The consumer chose the first node himself and pays for its start; a replacement he did not choose.
        bool startFee = index == 0 && placement.endReason == EndReason.TerminatedByConsumer;
        return startFee ? _cost(placement.pricePerHour, record.startFeeSeconds) : 0;
    }

    // Seconds that are paid: from readiness up to `until`, less late and voided ones.
    function _servedSeconds(Placement storage placement, uint256 until) internal view returns (uint256) {
        if (placement.readyAt == 0) return 0;
        until = Math.min(until, placement.endedAt != 0 ? placement.endedAt : placement.expiresAt);
        if (until <= placement.readyAt) return 0;
        uint256 lost = _lateSeconds(placement, until) + placement.voidedSeconds;
        uint256 elapsed = until - placement.readyAt;
        return elapsed > lost ? elapsed - lost : 0;
    }

    function _lateSeconds(Placement storage placement, uint256 until) internal view returns (uint256) {
        if (until <= placement.readyAt) return 0;
        IDWSProviderRegistry registry = _registry();
        return registry.lateSecondsAt(placement.nodeId, SafeCast.toUint64(until))
            - registry.lateSecondsAt(placement.nodeId, placement.readyAt);
    }

    // Down: never more than was paid in.
    function _cost(uint256 pricePerHour, uint256 time) internal pure returns (uint256) {
        return pricePerHour * time / 1 hours;
    }
}
