// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IDelegatedNodeStaking} from "../staking/IDelegatedNodeStaking.sol";
import {Assets} from "../token/Assets.sol";
import {Holdings} from "../token/Holdings.sol";
import {ISequencerRegistry} from "./ISequencerRegistry.sol";
import {SequencerStorage} from "./SequencerStorage.sol";

/// @title Weight and revenue of sequencers
/// @notice The part of {ISequencerRegistry} that divides. What a division leaves over is kept in parts of a unit and counted with the next one: a node's own
/// with its next earnings, an epoch's and a leaver's with the next epoch. So every unit that came in is paid out in the end.
abstract contract SequencerRevenue is SequencerStorage, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using Holdings for Holdings.Holding;

    uint256 private constant BPS = 10_000;
    uint256 private constant UNIT = 1e36; // revenue has few decimals, weight many

    /// @inheritdoc ISequencerRegistry
    function depositRevenue(uint256 amount) external nonReentrant {
        SequencerRegistryStorage storage $ = _registry();
        if (amount == 0) revert SequencerRegistry_ZeroAmount();
        Assets.takeToken(IERC20($.rewardAsset), msg.sender, amount);
        $.held.enter($.rewardAsset, amount);
        $.epochs[$.epoch].revenue += amount;
        emit RevenueReceived($.epoch, msg.sender, amount);
    }

    /// @inheritdoc ISequencerRegistry
    function closeEpoch() external {
        SequencerRegistryStorage storage $ = _registry();
        uint64 closing = $.epoch;
        Epoch storage $closing = $.epochs[closing];
        uint256 endsAt = $closing.from + $.parameters.epochLength;
        if (block.timestamp < endsAt) revert SequencerRegistry_TooEarly(block.timestamp, endsAt);

        // 1. Divide. The share per weight is rounded down, so what the sequencers can draw never exceeds what is set aside for them. The rest is carried.
        uint256 toSequencers;
        uint256 toTreasury = $closing.revenue;
        if ($.totalWeight != 0) {
            toSequencers = $closing.revenue * $.parameters.revenueShareBps / BPS;
            toTreasury -= toSequencers;
            uint256 rest = mulmod(toSequencers, UNIT, $.totalWeight) + $.carried;
            $.accumulated += Math.mulDiv(toSequencers, UNIT, $.totalWeight) + rest / $.totalWeight;
            $.carried = rest % $.totalWeight;
        } else {
            // Nobody is left to divide it among: whole units are the treasury's.
            toTreasury += $.carried / UNIT;
            $.carried %= UNIT;
        }
        $.unpaidTreasury += toTreasury;
        $closing.accumulatedAfter = $.accumulated;
        $closing.to = block.timestamp.toUint64();

        // 2. Let the increases of this epoch count.
        $.totalWeight += $.nextIncrease;
        $.nextIncrease = 0;
        $.epoch = closing + 1;
        $.epochs[closing + 1].from = block.timestamp.toUint64();

        // 3. Draw who is on duty.
        bytes32 nodeId = _draw(uint256(keccak256(abi.encode(block.prevrandao, closing))));
        $.epochs[closing + 1].onDuty = nodeId;
        emit EpochClosed(closing, toSequencers, toTreasury, nodeId);
    }

    /// @inheritdoc ISequencerRegistry
    function payRevenue(bytes32 nodeId) external nonReentrant returns (uint256 amount) {
        SequencerRegistryStorage storage $ = _registry();
        _settle(nodeId);
        amount = $.earnings[nodeId].unpaid;
        if (amount == 0) revert SequencerRegistry_NothingToPay(nodeId);
        $.earnings[nodeId].unpaid = 0;
        $.held.leave($.rewardAsset, amount);
        emit RevenuePaid(nodeId, amount);
        IERC20($.rewardAsset).forceApprove($.staking, amount);
        IDelegatedNodeStaking($.staking).distributeRevenue(nodeId, amount);
    }

    /// @inheritdoc ISequencerRegistry
    function payTreasury() external nonReentrant returns (uint256 amount) {
        SequencerRegistryStorage storage $ = _registry();
        amount = $.unpaidTreasury;
        if (amount == 0) revert SequencerRegistry_NothingToPay(bytes32(0));
        $.unpaidTreasury = 0;
        $.held.leave($.rewardAsset, amount);
        emit TreasuryPaid($.treasury, amount);
        IERC20($.rewardAsset).safeTransfer($.treasury, amount);
    }

    /// @inheritdoc ISequencerRegistry
    function sweepSurplus(address asset) external nonReentrant returns (uint256 amount) {
        SequencerRegistryStorage storage $ = _registry();
        // Of another asset nothing is anybody's here.
        amount = asset == $.rewardAsset ? $.held.surplus(asset) : Assets.heldBy(asset, address(this));
        if (amount == 0) revert SequencerRegistry_NothingToPay(bytes32(0));
        emit SurplusSwept(asset, $.treasury, amount);
        Assets.give(asset, $.treasury, amount);
    }

    /// @inheritdoc ISequencerRegistry
    function currentEpoch() external view returns (uint64 epoch, uint64 startedAt, uint256 revenue) {
        SequencerRegistryStorage storage $ = _registry();
        epoch = $.epoch;
        return (epoch, $.epochs[epoch].from, $.epochs[epoch].revenue);
    }

    /// @inheritdoc ISequencerRegistry
    function epochBounds(uint64 epoch) external view returns (uint64 from, uint64 to) {
        return (_registry().epochs[epoch].from, _registry().epochs[epoch].to);
    }

    /// @inheritdoc ISequencerRegistry
    function onDuty(uint64 epoch) external view returns (bytes32 nodeId) {
        return _registry().epochs[epoch].onDuty;
    }

    /// @inheritdoc ISequencerRegistry
    function totalWeight() external view returns (uint256) {
        return _registry().totalWeight;
    }

    /// @inheritdoc ISequencerRegistry
    function unpaidRevenueOf(bytes32 nodeId) external view returns (uint256) {
        (uint256 earned,,) = _earned(nodeId);
        return _registry().earnings[nodeId].unpaid + earned;
    }

    /// @inheritdoc ISequencerRegistry
    function unpaidTreasury() external view returns (uint256) {
        return _registry().unpaidTreasury;
    }

    function _raiseTo(bytes32 nodeId, uint128 weight) internal {
        SequencerRegistryStorage storage $ = _registry();
        Sequencer storage $sequencer = $.sequencers[nodeId];
        if (weight > $sequencer.weight) {
            $sequencer.nextWeight = weight;
            $sequencer.nextFrom = $.epoch + 1;
            $.nextIncrease += weight - $sequencer.weight;
        }
        emit WeightChanged(nodeId, $sequencer.weight, $sequencer.nextWeight, $sequencer.nextFrom);
    }

    // The caller has settled.
    function _lowerTo(bytes32 nodeId, uint128 weight) internal {
        SequencerRegistryStorage storage $ = _registry();
        Sequencer storage $sequencer = $.sequencers[nodeId];
        _cancelIncrease(nodeId);
        $.totalWeight -= $sequencer.weight - weight;
        $sequencer.weight = weight;
        emit WeightChanged(nodeId, weight, weight, 0);
    }

    // The caller has settled, so an increase that is still there has not begun to count.
    function _cancelIncrease(bytes32 nodeId) internal {
        SequencerRegistryStorage storage $ = _registry();
        Sequencer storage $sequencer = $.sequencers[nodeId];
        if ($sequencer.nextFrom == 0) return;
        $.nextIncrease -= $sequencer.nextWeight - $sequencer.weight;
        $sequencer.nextFrom = 0;
        $sequencer.nextWeight = 0;
    }

    function _weightNext(Sequencer storage $sequencer) internal view returns (uint128) {
        return $sequencer.nextFrom == 0 ? $sequencer.weight : $sequencer.nextWeight;
    }

    function _removeFromDuty(bytes32 nodeId) internal {
        SequencerRegistryStorage storage $ = _registry();
        _settle(nodeId);
        // Its part of a unit would be nobody's for ever.
        $.carried += $.earnings[nodeId].remainder;
        $.earnings[nodeId].remainder = 0;
        _lowerTo(nodeId, 0);
        uint256 position = $.positions[nodeId];
        bytes32 last = $.active[$.active.length - 1];
        $.active[position - 1] = last;
        $.positions[last] = position;
        $.active.pop();
        delete $.positions[nodeId];
    }

    // Books what a node has earned, and lets an increase count whose epoch has come.
    function _settle(bytes32 nodeId) internal {
        SequencerRegistryStorage storage $ = _registry();
        Earnings storage $earnings = $.earnings[nodeId];
        (uint256 earned, uint256 remainder, bool increased) = _earned(nodeId);
        $earnings.unpaid += earned;
        $earnings.remainder = remainder;
        $earnings.accumulatedPaid = $.accumulated;
        if (increased) {
            Sequencer storage $sequencer = $.sequencers[nodeId];
            $sequencer.weight = $sequencer.nextWeight;
            $sequencer.nextWeight = 0;
            $sequencer.nextFrom = 0;
        }
    }

    // Rounded down, so that the sum over all nodes never exceeds what was set aside for them; the remainder counts the next time.
    function _earned(bytes32 nodeId) private view returns (uint256 earned, uint256 remainder, bool increased) {
        SequencerRegistryStorage storage $ = _registry();
        Sequencer storage $sequencer = $.sequencers[nodeId];
        uint256 paid = $.earnings[nodeId].accumulatedPaid;
        uint256 weight = $sequencer.weight;
        uint64 nextFrom = $sequencer.nextFrom;
        remainder = $.earnings[nodeId].remainder;
        if (nextFrom != 0 && nextFrom <= $.epoch) {
            uint256 until = $.epochs[nextFrom - 1].accumulatedAfter;
            (earned, remainder) = _product(weight, until - paid, remainder);
            paid = until;
            weight = $sequencer.nextWeight;
            increased = true;
        }
        uint256 more;
        (more, remainder) = _product(weight, $.accumulated - paid, remainder);
        earned += more;
    }

    // What a weight earns, in whole units and parts of one.
    function _product(uint256 weight, uint256 perWeight, uint256 before)
        private
        pure
        returns (uint256 whole, uint256 remainder)
    {
        whole = Math.mulDiv(weight, perWeight, UNIT);
        remainder = mulmod(weight, perWeight, UNIT) + before;
        whole += remainder / UNIT;
        remainder %= UNIT;
    }

    // By weight; the list has at most a hundred entries.
    function _draw(uint256 seed) private view returns (bytes32) {
        SequencerRegistryStorage storage $ = _registry();
        uint256 total = $.totalWeight;
        if (total == 0) return bytes32(0);
        uint256 ticket = seed % total;
        uint256 count = $.active.length;
        for (uint256 i = 0; i < count; i++) {
            bytes32 nodeId = $.active[i];
            Sequencer storage $sequencer = $.sequencers[nodeId];
            uint256 weight =
                $sequencer.nextFrom != 0 && $sequencer.nextFrom <= $.epoch ? $sequencer.nextWeight : $sequencer.weight;
            if (ticket < weight) return nodeId;
            ticket -= weight;
        }
        return bytes32(0);
    }
}
