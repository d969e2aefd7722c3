// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Governed} from "../governance/Governed.sol";
import {IFactSource} from "../staking/IFactSource.sol";
import {Assets} from "../token/Assets.sol";
import {IComputeRental} from "./IComputeRental.sol";
import {RentalStorage} from "./RentalStorage.sol";

/// @title Disputes and ratings of rentals
/// @notice The part of {IComputeRental} in which a consumer says that he was not served: the bond, the ruling, and the fact that slashes.
abstract contract RentalDisputes is RentalStorage, IFactSource, Governed, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @notice May rule on disputes.
    bytes32 public constant ARBITER_ROLE = keccak256("ARBITER_ROLE");
    /// @notice The period of facts, in seconds.
    uint256 public constant FACT_PERIOD = 7 days;

    uint256 private constant BPS = 10_000;
    uint256 private constant HOUR = 3600;
    uint256 private constant MAXIMUM_REASON = 1024;

    /// @inheritdoc IComputeRental
    function openDispute(bytes32 rentalId, string calldata reason) external nonReentrant {
        ComputeRentalStorage storage $ = _rental();
        _requireConsumer(rentalId);
        Rental storage $rental = $.rentals[rentalId];
        Dispute storage $dispute = $.disputes[rentalId];
        if ($dispute.opener != address(0)) {
            revert ComputeRental_WrongDisputeState(rentalId, disputeStateOf(rentalId));
        }
        bool over = block.timestamp > uint256(_servedUntil($rental)) + $.parameters.objectionWindow;
        if ($rental.startedAt == 0 || over) revert ComputeRental_WrongState(rentalId, stateOf(rentalId));
        if (bytes(reason).length > MAXIMUM_REASON) {
            revert ComputeRental_TooLong(bytes(reason).length, MAXIMUM_REASON);
        }
        // Rounded up, against the one who disputes.
        uint256 share = Math.mulDiv($rental.deposit, $.parameters.disputeBondBps, BPS, Math.Rounding.Ceil);
        uint256 bond = Math.max(share, $.parameters.minimumBond);
        $dispute.opener = msg.sender;
        $dispute.bond = bond.toUint128();
        $dispute.openedAt = block.timestamp.toUint64();
        emit DisputeOpened(rentalId, msg.sender, $dispute.bond, reason);
        Assets.takeToken(IERC20($rental.paymentToken), msg.sender, bond);
    }

    /// @inheritdoc IComputeRental
    function rule(bytes32 rentalId, bool upheld, uint64 faultFrom) external onlyRole(ARBITER_ROLE) {
        Rental storage $rental = _rental().rentals[rentalId];
        Dispute storage $dispute = _rental().disputes[rentalId];
        DisputeState state = disputeStateOf(rentalId);
        if (state != DisputeState.Open) revert ComputeRental_WrongDisputeState(rentalId, state);
        if (upheld && (faultFrom < $rental.startedAt || faultFrom > _servedUntil($rental))) {
            revert ComputeRental_OutsideRental(rentalId, faultFrom);
        }
        $dispute.ruled = true;
        $dispute.upheld = upheld;
        $dispute.ruledAt = block.timestamp.toUint64();
        if (upheld) $dispute.faultFrom = faultFrom;
        emit DisputeRuled(rentalId, upheld, faultFrom);
    }

    /// @inheritdoc IComputeRental
    function settleBond(bytes32 rentalId) external {
        ComputeRentalStorage storage $ = _rental();
        Dispute storage $dispute = $.disputes[rentalId];
        DisputeState state = disputeStateOf(rentalId);
        if (state == DisputeState.None || state == DisputeState.Open || $dispute.bondSettled) {
            revert ComputeRental_WrongDisputeState(rentalId, state);
        }
        $dispute.bondSettled = true;
        address to = state == DisputeState.Rejected ? $.treasury : $dispute.opener;
        $.bonds[$.rentals[rentalId].paymentToken][to] += $dispute.bond;
        emit BondSettled(rentalId, to, $dispute.bond);
    }

    /// @inheritdoc IComputeRental
    function claimBonds(address token, address account) external nonReentrant returns (uint256 amount) {
        ComputeRentalStorage storage $ = _rental();
        amount = $.bonds[token][account];
        if (amount == 0) revert ComputeRental_NothingToPay(bytes32(0));
        $.bonds[token][account] = 0;
        emit BondClaimed(token, account, amount);
        IERC20(token).safeTransfer(account, amount);
    }

    /// @inheritdoc IComputeRental
    function rate(bytes32 rentalId, uint8 stars) external {
        _requireConsumer(rentalId);
        Rental storage $rental = _rental().rentals[rentalId];
        if (stars == 0 || stars > 5 || $rental.rating != 0 || $rental.paid == 0 || $rental.endedAt == 0) {
            revert ComputeRental_InvalidRating(rentalId, stars);
        }
        $rental.rating = stars;
        Stars storage $stars = _rental().stars[$rental.nodeId];
        $stars.sum += stars;
        $stars.count++;
        emit RentalRated(rentalId, $rental.nodeId, stars);
    }

    /// @notice A dispute that the arbiter upheld: he has heard both sides, so AutoSlasher treats it as objective.
    function factOf(bytes32 rentalId) external view returns (Fact memory fact) {
        Rental storage $rental = _rental().rentals[rentalId];
        Dispute storage $dispute = _rental().disputes[rentalId];
        if (!$dispute.upheld) revert ComputeRental_NoFact(rentalId);
        fact.nodeId = $rental.stakingNodeId;
        fact.service = "compute";
        fact.offence = Offence.FailedLease;
        fact.objective = true;
        fact.period = (uint256($dispute.ruledAt) / FACT_PERIOD).toUint64();
        fact.provenAt = $dispute.ruledAt;
        fact.harmed = $rental.consumer;
        // What the seconds that were not served cost, rounded down.
        // It is what was ruled on: a rental that runs on adds nothing.
        uint256 until = Math.min(_servedUntil($rental), $dispute.ruledAt);
        fact.price = uint256($rental.pricePerHour) * (until - $dispute.faultFrom) / HOUR;
    }

    /// @inheritdoc IComputeRental
    function disputeOf(bytes32 rentalId) external view returns (Dispute memory) {
        return _rental().disputes[rentalId];
    }

    /// @inheritdoc IComputeRental
    function ratingsOf(bytes32 nodeId) external view returns (uint256 stars, uint256 ratings) {
        Stars storage $stars = _rental().stars[nodeId];
        return ($stars.sum, $stars.count);
    }

    /// @inheritdoc IComputeRental
    function claimableBondsOf(address token, address account) external view returns (uint256) {
        return _rental().bonds[token][account];
    }
}
