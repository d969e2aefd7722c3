// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IDWSBilling} from "../dws/IDWSBilling.sol";
import {IDWSProviderRegistry} from "../dws/IDWSProviderRegistry.sol";
import {Pages} from "../governance/Pages.sol";
import {IComputeRegistry} from "../registry/IComputeRegistry.sol";
import {IComputeRental} from "./IComputeRental.sol";
import {RentalDisputes} from "./RentalDisputes.sol";

/// @title ComputeRental
/// @notice See {IComputeRental}.
contract ComputeRental is RentalDisputes {
    using SafeCast for uint256;

    /// @notice The longest time ahead that a rental can be paid for, in hours.
    uint256 public constant MAXIMUM_HOURS = 720;
    /// @notice What giving up before the confirmation costs the consumer, in seconds of price.
    uint256 public constant START_FEE_SECONDS = 300;
    /// @notice The pausable actions.
    bytes32 public constant RENT = "rent";

    uint256 private constant HOUR = 3600;
    uint256 private constant MAXIMUM_ACCESS = 512;
    uint256 private constant MAXIMUM_CIPHERTEXT = 2048;

    /// @inheritdoc IComputeRental
    function initialize(
        address admin,
        address computeRegistry,
        address providerRegistry,
        address billing,
        address treasury
    ) external initializer {
        __Governed_init(admin);
        _requireAddress(computeRegistry);
        _requireAddress(providerRegistry);
        _requireAddress(billing);
        _requireAddress(treasury);
        ComputeRentalStorage storage $ = _rental();
        $.computeRegistry = computeRegistry;
        $.providerRegistry = providerRegistry;
        $.billing = billing;
        $.treasury = treasury;
        $.parameters =
            Parameters({readyWindow: 15 minutes, objectionWindow: 1 hours, disputeBondBps: 500, minimumBond: 1e6});
    }

    // ------------------------------------------------------------ life of a rental

    /// @inheritdoc IComputeRental
    function rent(
        bytes32 nodeId,
        bytes32 salt,
        uint32 leaseHours,
        uint128 maximumPricePerHour,
        bool tee,
        bytes calldata access
    ) external whenActive(RENT) nonReentrant returns (bytes32 rentalId) {
        ComputeRentalStorage storage $ = _rental();
        rentalId = rentalIdOf(msg.sender, salt);
        Rental storage $rental = $.rentals[rentalId];
        if ($rental.consumer != address(0)) revert ComputeRental_Exists(rentalId);
        if (leaseHours == 0 || leaseHours > MAXIMUM_HOURS) {
            revert ComputeRental_InvalidHours(leaseHours, MAXIMUM_HOURS);
        }
        if (access.length > MAXIMUM_ACCESS) revert ComputeRental_TooLong(access.length, MAXIMUM_ACCESS);
        uint128 price = _takeSlot(nodeId, maximumPricePerHour, tee);

        $rental.consumer = msg.sender;
        $rental.billing = $.billing;
        $rental.paymentToken = IDWSBilling($.billing).paymentToken();
        $rental.nodeId = nodeId;
        $rental.stakingNodeId = IDWSProviderRegistry($.providerRegistry).stakingNodeOf(nodeId);
        $rental.pricePerHour = price;
        $rental.deposit = price * leaseHours;
        $rental.orderedAt = block.timestamp.toUint64();
        $rental.readyDeadline = (block.timestamp + $.parameters.readyWindow).toUint64();
        $.rentalsOf[msg.sender].push(rentalId);
        _emitOrdered(rentalId, access);
        IDWSBilling($.billing).openEscrow(rentalId, msg.sender, $rental.deposit);
        IDWSProviderRegistry($.providerRegistry).leaseOpened(nodeId);
    }

    /// @inheritdoc IComputeRental
    function confirm(bytes32 rentalId, bytes calldata ciphertext) external {
        Rental storage $rental = _requireState(rentalId, State.Requested);
        _requireProvider(rentalId);
        if (ciphertext.length > MAXIMUM_CIPHERTEXT) {
            revert ComputeRental_TooLong(ciphertext.length, MAXIMUM_CIPHERTEXT);
        }
        $rental.startedAt = block.timestamp.toUint64();
        // Rounded down: the last second is one that was paid for in full.
        $rental.expiresAt = (block.timestamp + uint256($rental.deposit) * HOUR / $rental.pricePerHour).toUint64();
        $rental.lateBefore = _lateSeconds($rental.nodeId, block.timestamp);
        emit RentalStarted(rentalId, $rental.startedAt, $rental.expiresAt, ciphertext);
    }

    /// @inheritdoc IComputeRental
    function extend(bytes32 rentalId, uint32 leaseHours) external whenActive(RENT) nonReentrant {
        Rental storage $rental = _requireState(rentalId, State.Running);
        _requireConsumer(rentalId);
        uint256 expiresAt = $rental.expiresAt + leaseHours * HOUR;
        if (leaseHours == 0 || expiresAt > block.timestamp + MAXIMUM_HOURS * HOUR) {
            revert ComputeRental_InvalidHours(leaseHours, MAXIMUM_HOURS);
        }
        uint128 amount = $rental.pricePerHour * leaseHours;
        $rental.expiresAt = expiresAt.toUint64();
        $rental.deposit += amount;
        emit RentalExtended(rentalId, amount, $rental.expiresAt);
        IDWSBilling($rental.billing).fundEscrow(rentalId, amount);
    }

    /// @inheritdoc IComputeRental
    function close(bytes32 rentalId) external nonReentrant {
        _requireConsumer(rentalId);
        State state = stateOf(rentalId);
        if (state >= State.Ended) revert ComputeRental_WrongState(rentalId, state);
        if (state == State.Requested) {
            // Otherwise slots could be held, and given up again, for nothing. Rounded up, against the one who gives up.
            Rental storage $rental = _rental().rentals[rentalId];
            uint256 fee = Math.ceilDiv($rental.pricePerHour * START_FEE_SECONDS, HOUR);
            $rental.startFee = Math.min(fee, $rental.deposit).toUint128();
        }
        _end(rentalId);
    }

    /// @inheritdoc IComputeRental
    function release(bytes32 rentalId) external nonReentrant {
        _requireProvider(rentalId);
        State state = stateOf(rentalId);
        if (state >= State.Ended) revert ComputeRental_WrongState(rentalId, state);
        _end(rentalId);
    }

    /// @inheritdoc IComputeRental
    function expire(bytes32 rentalId) external nonReentrant {
        State state = stateOf(rentalId);
        if (state != State.Expired && state != State.Unserved) revert ComputeRental_WrongState(rentalId, state);
        _end(rentalId);
    }

    // ------------------------------------------------------------ money

    /// @inheritdoc IComputeRental
    function settle(bytes32 rentalId) external nonReentrant returns (uint256 amount) {
        Rental storage $rental = _rental().rentals[rentalId];
        amount = _payable(rentalId);
        if (amount == 0) revert ComputeRental_NothingToPay(rentalId);
        $rental.paid += amount.toUint128();
        emit RentalPaid(rentalId, $rental.stakingNodeId, amount);
        IDWSBilling($rental.billing).payNode(rentalId, $rental.stakingNodeId, amount);
    }

    /// @inheritdoc IComputeRental
    function refund(bytes32 rentalId) external nonReentrant returns (uint256 amount) {
        Rental storage $rental = _rental().rentals[rentalId];
        amount = _refundable(rentalId);
        if (amount == 0) revert ComputeRental_NothingToPay(rentalId);
        $rental.refunded += amount.toUint128();
        emit RentalRefunded(rentalId, $rental.consumer, amount);
        IDWSBilling($rental.billing).refundEscrow(rentalId, amount);
    }

    // ------------------------------------------------------------ settings

    /// @inheritdoc IComputeRental
    function setParameters(Parameters calldata changed) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("readyWindow", changed.readyWindow, 1 minutes, 1 days);
        _requireWithin("objectionWindow", changed.objectionWindow, 30 seconds, 7 days);
        _requireWithin("disputeBondBps", changed.disputeBondBps, 100, 2000);
        _requireWithin("minimumBond", changed.minimumBond, 0, 1e12);
        _rental().parameters = changed;
        emit ParametersChanged(changed);
    }

    /// @inheritdoc IComputeRental
    function setWiring(address billing, address treasury) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireAddress(billing);
        _requireAddress(treasury);
        _rental().billing = billing;
        _rental().treasury = treasury;
        emit WiringChanged(billing, treasury);
    }

    // ------------------------------------------------------------ views

    /// @inheritdoc IComputeRental
    function rental(bytes32 rentalId) external view returns (Rental memory) {
        return _rental().rentals[rentalId];
    }

    /// @inheritdoc IComputeRental
    function settleable(bytes32 rentalId) external view returns (uint256 payableNow, uint256 refundable) {
        return (_payable(rentalId), _refundable(rentalId));
    }

    /// @inheritdoc IComputeRental
    function liveRentalsOf(bytes32 nodeId) external view returns (uint256) {
        return _rental().live[nodeId];
    }

    /// @inheritdoc IComputeRental
    function rentalIdOf(address consumer, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), consumer, salt));
    }

    /// @inheritdoc IComputeRental
    function rentalsOf(address consumer, uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return Pages.page(_rental().rentalsOf[consumer], offset, limit);
    }

    /// @inheritdoc IComputeRental
    function parameters() external view returns (Parameters memory) {
        return _rental().parameters;
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = RENT;
    }

    // ------------------------------------------------------------ internal

    function _takeSlot(bytes32 nodeId, uint128 maximumPricePerHour, bool tee) private returns (uint128 price) {
        ComputeRentalStorage storage $ = _rental();
        IComputeRegistry registry = IComputeRegistry($.computeRegistry);
        if (!registry.isRentable(nodeId)) revert ComputeRental_NotRentable(nodeId);
        IComputeRegistry.Capability memory capability = registry.capabilityOf(nodeId);
        price = capability.pricePerHour;
        if (price > maximumPricePerHour) revert ComputeRental_PriceTooHigh(price, maximumPricePerHour);
        if (tee && !registry.hasLiveTee(nodeId)) revert ComputeRental_TeeRequired(nodeId);
        $.live[nodeId]++;
        registry.takeSlot(nodeId);
    }

    function _emitOrdered(bytes32 rentalId, bytes calldata access) private {
        Rental storage $rental = _rental().rentals[rentalId];
        emit RentalOrdered(
            rentalId,
            $rental.consumer,
            $rental.nodeId,
            $rental.pricePerHour,
            $rental.deposit,
            $rental.readyDeadline,
            $rental.paymentToken,
            access
        );
    }

    function _end(bytes32 rentalId) private {
        ComputeRentalStorage storage $ = _rental();
        Rental storage $rental = $.rentals[rentalId];
        // An expired rental ended when its money did, whoever noticed and when.
        $rental.endedAt = _servedUntil($rental);
        $.live[$rental.nodeId]--;
        emit RentalEnded(rentalId, msg.sender, $rental.endedAt);
        IComputeRegistry($.computeRegistry).returnSlot($rental.nodeId);
        IDWSProviderRegistry($.providerRegistry).leaseClosed($rental.nodeId);
    }

    // What the provider has earned up to a moment, paid out or not. Rounded down.
    function _earnedUntil(bytes32 rentalId, uint256 until) private view returns (uint256) {
        Rental storage $rental = _rental().rentals[rentalId];
        if ($rental.startedAt == 0) return $rental.startFee;
        if (until <= $rental.startedAt) return 0;
        uint256 served = until - $rental.startedAt;
        // Both asked now, so that a changed heartbeat timeout cannot put one before the other.
        uint256 late = _lateSeconds($rental.nodeId, until) - _lateSeconds($rental.nodeId, $rental.startedAt);
        served = served > late ? served - late : 0;
        return $rental.pricePerHour * served / HOUR;
    }

    // The last moment that can count for the provider, as far as disputes have been decided.
    function _countsUntil(bytes32 rentalId) private view returns (uint256 until) {
        until = _servedUntil(_rental().rentals[rentalId]);
        Dispute storage $dispute = _rental().disputes[rentalId];
        if ($dispute.upheld && $dispute.faultFrom < until) until = $dispute.faultFrom;
    }

    function _payable(bytes32 rentalId) private view returns (uint256) {
        ComputeRentalStorage storage $ = _rental();
        Rental storage $rental = $.rentals[rentalId];
        if ($rental.consumer == address(0) || disputeStateOf(rentalId) == DisputeState.Open) return 0;
        uint256 until = Math.min(_countsUntil(rentalId), block.timestamp - $.parameters.objectionWindow);
        uint256 earned = _earnedUntil(rentalId, until);
        if (earned <= $rental.paid) return 0;
        // The bound holds even when a changed setting makes a past second worth more than it was when it was refunded.
        return Math.min(earned - $rental.paid, uint256($rental.deposit) - $rental.paid - $rental.refunded);
    }

    // Whatever the provider can still earn stays; the rest is the consumer's.
    function _refundable(bytes32 rentalId) private view returns (uint256) {
        Rental storage $rental = _rental().rentals[rentalId];
        if ($rental.endedAt == 0) return 0;
        uint256 earned = Math.max(_earnedUntil(rentalId, _countsUntil(rentalId)), $rental.paid);
        uint256 spent = earned + $rental.refunded;
        return $rental.deposit > spent ? $rental.deposit - spent : 0;
    }

    function _lateSeconds(bytes32 nodeId, uint256 time) private view returns (uint64) {
        return IDWSProviderRegistry(_rental().providerRegistry).lateSecondsAt(nodeId, time.toUint64());
    }

    function _requireState(bytes32 rentalId, State expected) private view returns (Rental storage $rental) {
        $rental = _rental().rentals[rentalId];
        State state = stateOf(rentalId);
        if (state != expected) revert ComputeRental_WrongState(rentalId, state);
    }

    function _requireProvider(bytes32 rentalId) private view {
        bytes32 nodeId = _rental().rentals[rentalId].nodeId;
        if (nodeId == bytes32(0) || !IDWSProviderRegistry(_rental().providerRegistry).mayAct(nodeId, msg.sender)) {
            revert ComputeRental_NotProvider(rentalId, msg.sender);
        }
    }
}
