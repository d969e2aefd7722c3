// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAttestationVerifier} from "../dws/IAttestationVerifier.sol";
import {Assets} from "../token/Assets.sol";
import {Governed} from "./Governed.sol";
import {ITreasury} from "./ITreasury.sol";

/// @title Treasury
/// @notice See {ITreasury}.
contract Treasury is ITreasury, Governed, ReentrancyGuardTransient {
    using SafeCast for uint256;

    /// @custom:storage-location erc7201:jeju.storage.Treasury
    struct TreasuryStorage {
        Split split;
        address verifier;
        mapping(address asset => mapping(Bucket bucket => uint256)) buckets;
        mapping(address asset => mapping(address payee => uint256)) owed;
        mapping(address asset => uint256) liabilities;
        mapping(address asset => Limit) limits;
        mapping(address asset => mapping(uint256 window => uint256)) spent;
        mapping(address asset => mapping(address operator => mapping(uint256 window => uint256))) drawn;
        mapping(Bucket bucket => address) beneficiaries;
        mapping(bytes32 measurement => bool) measurements;
        mapping(address operator => uint64) validUntil;
        mapping(address operator => uint256) registrations;
    }

    /// @notice May promise money of the buckets, within the limits.
    bytes32 public constant SPENDER_ROLE = keccak256("SPENDER_ROLE");
    /// @notice The length of a spending window, in seconds.
    uint256 public constant WINDOW = 1 days;
    /// @notice How old an operator's quote may be, in seconds.
    uint256 public constant QUOTE_MAXIMUM_AGE = 5 minutes;
    /// @notice How long a quote makes an operator, in seconds.
    uint256 public constant OPERATOR_VALIDITY = 1 days;
    /// @notice The pausable actions: promising money, and the operators' draws.
    bytes32 public constant SPEND = "spend";
    bytes32 public constant DRAW = "draw";

    uint256 private constant BPS = 10_000;
    bytes32 private constant TREASURY_STORAGE = 0xd3bc0e4d25ec8ab7c5435c353502d375f0dc5fd83183fccbc03a6f85b430eb00;

    receive() external payable {}

    /// @inheritdoc ITreasury
    function initialize(address admin) external initializer {
        __Governed_init(admin);
        _treasury().split = Split({protocolBps: 10_000, stakersBps: 0, insuranceBps: 0, operatorBps: 0});
        emit SplitChanged(_treasury().split);
    }

    /// @inheritdoc ITreasury
    function deposit(address asset, uint256 amount) external payable nonReentrant {
        if (amount == 0) revert Treasury_ZeroAmount();
        Assets.take(asset, msg.sender, amount);
        _book(asset, msg.sender, amount);
    }

    /// @inheritdoc ITreasury
    function bookSurplus(address asset) external nonReentrant returns (uint256 booked) {
        booked = Assets.heldBy(asset, address(this)) - _treasury().liabilities[asset];
        if (booked != 0) _book(asset, address(0), booked);
    }

    /// @inheritdoc ITreasury
    function spend(address asset, Bucket bucket, address payee, uint256 amount, bytes32 purpose)
        external
        onlyRole(SPENDER_ROLE)
        whenActive(SPEND)
    {
        TreasuryStorage storage $ = _treasury();
        _requireAddress(payee);
        address beneficiary = $.beneficiaries[bucket];
        if (beneficiary != address(0) && beneficiary != payee) {
            revert Treasury_NotBeneficiary(bucket, payee, beneficiary);
        }
        uint256 window = block.timestamp / WINDOW;
        uint256 spent = $.spent[asset][window] + amount;
        uint256 limit = $.limits[asset].perWindow;
        if (spent > limit) revert Treasury_LimitExceeded(asset, spent, limit);
        $.spent[asset][window] = spent;
        _promise(asset, bucket, payee, amount, purpose);
    }

    /// @inheritdoc ITreasury
    function withdraw(address asset, address payee) external nonReentrant returns (uint256 amount) {
        TreasuryStorage storage $ = _treasury();
        amount = $.owed[asset][payee];
        if (amount == 0) revert Treasury_NothingOwed(payee, asset);
        $.owed[asset][payee] = 0;
        $.liabilities[asset] -= amount;
        emit Withdrawn(asset, payee, amount);
        Assets.give(asset, payee, amount);
    }

    /// @inheritdoc ITreasury
    function registerOperator(bytes calldata quote) external {
        TreasuryStorage storage $ = _treasury();
        bytes32 binding = operatorBinding(msg.sender);
        // The number of the registration is part of the binding: a quote makes an operator once.
        $.registrations[msg.sender]++;
        _requireAddress($.verifier);
        (bytes32 measurement, uint64 issuedAt) = IAttestationVerifier($.verifier).verify(quote, binding);
        if (!$.measurements[measurement]) revert Treasury_MeasurementNotAllowed(measurement);
        if (issuedAt > block.timestamp || block.timestamp - issuedAt > QUOTE_MAXIMUM_AGE) {
            revert Treasury_StaleAttestation(issuedAt, block.timestamp);
        }
        uint64 validUntil = (block.timestamp + OPERATOR_VALIDITY).toUint64();
        $.validUntil[msg.sender] = validUntil;
        emit OperatorRegistered(msg.sender, measurement, validUntil);
    }

    /// @inheritdoc ITreasury
    function drawAsOperator(address asset, uint256 amount) external whenActive(DRAW) {
        TreasuryStorage storage $ = _treasury();
        if ($.validUntil[msg.sender] <= block.timestamp) revert Treasury_NotOperator(msg.sender);
        uint256 window = block.timestamp / WINDOW;
        uint256 drawn = $.drawn[asset][msg.sender][window] + amount;
        uint256 limit = $.limits[asset].operatorPerWindow;
        if (drawn > limit) revert Treasury_LimitExceeded(asset, drawn, limit);
        $.drawn[asset][msg.sender][window] = drawn;
        // What operators draw counts against the asset's own limit too.
        uint256 spent = $.spent[asset][window] + amount;
        if (spent > $.limits[asset].perWindow) {
            revert Treasury_LimitExceeded(asset, spent, $.limits[asset].perWindow);
        }
        $.spent[asset][window] = spent;
        _promise(asset, Bucket.Operator, msg.sender, amount, "operator");
    }

    /// @inheritdoc ITreasury
    function revokeOperator(address operator) external {
        if (!hasRole(DEFAULT_ADMIN_ROLE, msg.sender)) _checkRole(PAUSER_ROLE, msg.sender);
        _treasury().validUntil[operator] = 0;
        emit OperatorRevoked(operator);
    }

    /// @inheritdoc ITreasury
    function setSplit(Split calldata split) external onlyRole(DEFAULT_ADMIN_ROLE) {
        uint256 sum = uint256(split.protocolBps) + split.stakersBps + split.insuranceBps + split.operatorBps;
        if (sum != BPS) revert Treasury_SplitSum(sum);
        _treasury().split = split;
        emit SplitChanged(split);
    }

    /// @inheritdoc ITreasury
    function setLimit(address asset, Limit calldata limit) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("operatorPerWindow", limit.operatorPerWindow, 0, limit.perWindow);
        _treasury().limits[asset] = limit;
        emit LimitChanged(asset, limit);
    }

    /// @inheritdoc ITreasury
    function setBeneficiary(Bucket bucket, address beneficiary) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _treasury().beneficiaries[bucket] = beneficiary;
        emit BeneficiaryChanged(bucket, beneficiary);
    }

    /// @inheritdoc ITreasury
    function setVerifier(address verifier) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _treasury().verifier = verifier;
        emit VerifierChanged(verifier);
    }

    /// @inheritdoc ITreasury
    function setMeasurement(bytes32 measurement, bool allowed) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _treasury().measurements[measurement] = allowed;
        emit MeasurementSet(measurement, allowed);
    }

    /// @inheritdoc ITreasury
    function bucketBalance(address asset, Bucket bucket) external view returns (uint256) {
        return _treasury().buckets[asset][bucket];
    }

    /// @inheritdoc ITreasury
    function owed(address asset, address payee) external view returns (uint256) {
        return _treasury().owed[asset][payee];
    }

    /// @inheritdoc ITreasury
    function liabilities(address asset) external view returns (uint256) {
        return _treasury().liabilities[asset];
    }

    /// @inheritdoc ITreasury
    function currentSplit() external view returns (Split memory) {
        return _treasury().split;
    }

    /// @inheritdoc ITreasury
    function limitOf(address asset) external view returns (Limit memory) {
        return _treasury().limits[asset];
    }

    /// @inheritdoc ITreasury
    function spentInWindow(address asset) external view returns (uint256) {
        return _treasury().spent[asset][block.timestamp / WINDOW];
    }

    /// @inheritdoc ITreasury
    function beneficiaryOf(Bucket bucket) external view returns (address) {
        return _treasury().beneficiaries[bucket];
    }

    /// @inheritdoc ITreasury
    function operatorValidUntil(address operator) external view returns (uint256) {
        return _treasury().validUntil[operator];
    }

    /// @inheritdoc ITreasury
    function operatorBinding(address operator) public view returns (bytes32) {
        return keccak256(
            abi.encode(
                "jeju.treasury.operator", block.chainid, address(this), operator, _treasury().registrations[operator]
            )
        );
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](2);
        actions[0] = SPEND;
        actions[1] = DRAW;
    }

    function _book(address asset, address from, uint256 amount) private {
        TreasuryStorage storage $ = _treasury();
        Split memory split = $.split;
        // Each share is rounded down; what the division leaves over stays with the protocol, so the parts add up to the whole.
        uint256 stakersAmount = amount * split.stakersBps / BPS;
        uint256 insuranceAmount = amount * split.insuranceBps / BPS;
        uint256 operatorAmount = amount * split.operatorBps / BPS;
        uint256 protocolAmount = amount - stakersAmount - insuranceAmount - operatorAmount;
        $.buckets[asset][Bucket.Protocol] += protocolAmount;
        $.buckets[asset][Bucket.Stakers] += stakersAmount;
        $.buckets[asset][Bucket.Insurance] += insuranceAmount;
        $.buckets[asset][Bucket.Operator] += operatorAmount;
        $.liabilities[asset] += amount;
        emit RevenueBooked(asset, from, protocolAmount, stakersAmount, insuranceAmount, operatorAmount);
    }

    function _promise(address asset, Bucket bucket, address payee, uint256 amount, bytes32 purpose) private {
        TreasuryStorage storage $ = _treasury();
        if (amount == 0) revert Treasury_ZeroAmount();
        uint256 held = $.buckets[asset][bucket];
        if (amount > held) revert Treasury_BucketTooLow(asset, bucket, amount, held);
        $.buckets[asset][bucket] = held - amount;
        $.owed[asset][payee] += amount;
        emit Spent(asset, bucket, payee, amount, purpose);
    }

    function _treasury() private pure returns (TreasuryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := TREASURY_STORAGE
        }
    }
}
