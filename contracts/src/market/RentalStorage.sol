// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IComputeRental} from "./IComputeRental.sol";

/// @title What ComputeRental stores, and where a rental and its dispute stand
/// @notice Its parts share one ERC-7201 struct. States are derived from facts and time.
abstract contract RentalStorage is IComputeRental {
    using SafeCast for uint256;

    struct Stars {
        uint128 sum;
        uint128 count;
    }

    /// @custom:storage-location erc7201:jeju.storage.ComputeRental
    struct ComputeRentalStorage {
        address computeRegistry;
        address providerRegistry;
        address billing;
        address treasury;
        Parameters parameters;
        mapping(bytes32 rentalId => Rental) rentals;
        mapping(bytes32 rentalId => Dispute) disputes;
        mapping(bytes32 nodeId => uint256) live;
        mapping(bytes32 nodeId => Stars) stars;
        mapping(address consumer => bytes32[]) rentalsOf;
        mapping(address token => mapping(address account => uint256)) bonds;
    }

    /// @notice How long the arbiter may rule, in seconds.
    uint256 public constant ARBITER_WINDOW = 2 days;

    bytes32 private constant COMPUTE_RENTAL_STORAGE =
        0x83cafe146d5f3a1e5e2b5077e831eab6415a7715182ff029f5196827dd40bf00;

    /// @inheritdoc IComputeRental
    function stateOf(bytes32 rentalId) public view returns (State) {
        Rental storage $rental = _rental().rentals[rentalId];
        if ($rental.consumer == address(0)) return State.None;
        if ($rental.endedAt != 0) {
            return $rental.paid + $rental.refunded == $rental.deposit ? State.Settled : State.Ended;
        }
        if ($rental.startedAt == 0) {
            return block.timestamp <= $rental.readyDeadline ? State.Requested : State.Unserved;
        }
        return block.timestamp < $rental.expiresAt ? State.Running : State.Expired;
    }

    /// @inheritdoc IComputeRental
    function disputeStateOf(bytes32 rentalId) public view returns (DisputeState) {
        Dispute storage $dispute = _rental().disputes[rentalId];
        if ($dispute.opener == address(0)) return DisputeState.None;
        if ($dispute.ruled) return $dispute.upheld ? DisputeState.Upheld : DisputeState.Rejected;
        return block.timestamp < $dispute.openedAt + ARBITER_WINDOW ? DisputeState.Open : DisputeState.Dropped;
    }

    // The end of what was served: the end if there is one, else now, and never beyond what was paid for.
    function _servedUntil(Rental storage $rental) internal view returns (uint64) {
        if ($rental.endedAt != 0) return $rental.endedAt;
        bool beyond = $rental.startedAt != 0 && block.timestamp >= $rental.expiresAt;
        return beyond ? $rental.expiresAt : block.timestamp.toUint64();
    }

    function _requireConsumer(bytes32 rentalId) internal view {
        if (_rental().rentals[rentalId].consumer != msg.sender) {
            revert ComputeRental_NotConsumer(rentalId, msg.sender);
        }
    }

    function _rental() internal pure returns (ComputeRentalStorage storage $) {
        assembly ("memory-safe") {
            $.slot := COMPUTE_RENTAL_STORAGE
        }
    }
}
