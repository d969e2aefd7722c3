// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title ITreasury
/// @notice Holds the revenue of the network, split over four buckets per asset, and pays it out within limits.
/// @dev The native coin is the asset `address(0)`. Every amount is in units of the asset's own decimals.
///
/// Must:
/// - the sum of all buckets and of everything owed never exceeds what the contract holds, per asset;
/// - an asset without a spending limit cannot be spent;
/// - split, limits and beneficiaries are the administrator's, who is the timelock: a change is public before it is in force;
/// - an operator is somebody whose attestation was verified, and only until that attestation expires.
///
/// Never:
/// - an operator by presenting bytes that nobody verified;
/// - a payment pushed to a payee who could block the payer.
interface ITreasury {
    /// @notice The purposes that revenue is divided into.
    enum Bucket {
        Protocol,
        Stakers,
        Insurance,
        Operator
    }

    /// @notice How revenue is divided, in basis points that add up to 10,000.
    struct Split {
        uint16 protocolBps;
        uint16 stakersBps;
        uint16 insuranceBps;
        uint16 operatorBps;
    }

    /// @notice What may leave the treasury per window, for one asset.
    /// @param perWindow the sum over all buckets that the spender may commit per window
    /// @param operatorPerWindow what one operator may draw from the operator bucket per window
    struct Limit {
        uint128 perWindow;
        uint128 operatorPerWindow;
    }

    /// @notice Thrown when the basis points of a split do not add up to 10,000.
    error Treasury_SplitSum(uint256 sum);
    /// @notice Thrown when an amount is zero.
    error Treasury_ZeroAmount();
    /// @notice Thrown when a bucket holds less than is asked for.
    error Treasury_BucketTooLow(address asset, Bucket bucket, uint256 asked, uint256 held);
    /// @notice Thrown when a payment would exceed the limit of the current window.
    error Treasury_LimitExceeded(address asset, uint256 wouldBeSpent, uint256 limit);
    /// @notice Thrown when a bucket that has a beneficiary is spent to somebody else.
    error Treasury_NotBeneficiary(Bucket bucket, address payee, address beneficiary);
    /// @notice Thrown when an attestation has a measurement that governance has not allowed.
    error Treasury_MeasurementNotAllowed(bytes32 measurement);
    /// @notice Thrown when an attestation is too old or of the future, in Unix seconds.
    error Treasury_StaleAttestation(uint256 issuedAt, uint256 time);
    /// @notice Thrown when somebody draws who is not an operator, or no longer.
    error Treasury_NotOperator(address caller);
    /// @notice Thrown when nothing is owed to the payee.
    error Treasury_NothingOwed(address payee, address asset);

    /// @notice Emitted when revenue was divided over the buckets.
    event RevenueBooked(
        address indexed asset,
        address indexed from,
        uint256 protocolAmount,
        uint256 stakersAmount,
        uint256 insuranceAmount,
        uint256 operatorAmount
    );
    /// @notice Emitted when money of a bucket was promised to a payee.
    event Spent(address indexed asset, Bucket indexed bucket, address indexed payee, uint256 amount, bytes32 purpose);
    /// @notice Emitted when a payee took what was owed.
    event Withdrawn(address indexed asset, address indexed payee, uint256 amount);
    /// @notice Emitted when a split came into force.
    event SplitChanged(Split split);
    /// @notice Emitted when the limits of an asset came into force.
    event LimitChanged(address indexed asset, Limit limit);
    /// @notice Emitted when a bucket got or lost its only possible payee.
    event BeneficiaryChanged(Bucket indexed bucket, address beneficiary);
    /// @notice Emitted when the judge of attestations changed.
    event VerifierChanged(address verifier);
    /// @notice Emitted when a measurement was allowed or refused.
    event MeasurementSet(bytes32 indexed measurement, bool allowed);
    /// @notice Emitted when an attestation made somebody an operator.
    event OperatorRegistered(address indexed operator, bytes32 indexed measurement, uint256 validUntil);
    /// @notice Emitted when an operator was struck off.
    event OperatorRevoked(address indexed operator);

    /// @notice Stores the administrator.
    function initialize(address admin) external;

    /// @notice Brings in revenue and divides it at once. Rounding dust goes to the protocol bucket.
    function deposit(address asset, uint256 amount) external payable;

    /// @notice Divides whatever arrived by a plain transfer since the last booking. Anybody may call it.
    /// @return booked what was divided
    function bookSurplus(address asset) external returns (uint256 booked);

    /// @notice Promises money of a bucket to a payee, who takes it with {withdraw}. Spender role.
    function spend(address asset, Bucket bucket, address payee, uint256 amount, bytes32 purpose) external;

    /// @notice Pays to the payee what is owed to him. Anybody may call it; the money goes to the payee alone.
    /// @return amount what was paid
    function withdraw(address asset, address payee) external returns (uint256 amount);

    /// @notice Makes the caller an operator for a day: the verifier must accept a quote of an allowed measurement, at most five minutes old.
    /// @dev The quote is bound to {operatorBinding} of the caller: chain, treasury, caller and registration number.
    function registerOperator(bytes calldata quote) external;

    /// @notice Draws from the operator bucket, within the operator's own limit per window.
    function drawAsOperator(address asset, uint256 amount) external;

    /// @notice Strikes an operator off. Guardian role.
    function revokeOperator(address operator) external;

    /// @notice Changes how revenue is divided from now on. Administrator.
    function setSplit(Split calldata split) external;

    /// @notice Changes the limits of an asset. Administrator.
    function setLimit(address asset, Limit calldata limit) external;

    /// @notice Names the only address that a bucket may be spent to; zero frees the bucket. Administrator.
    function setBeneficiary(Bucket bucket, address beneficiary) external;

    /// @notice Names the contract that judges the attestations of operators. Administrator.
    function setVerifier(address verifier) external;

    /// @notice Allows or refuses what an operator may run. Administrator.
    function setMeasurement(bytes32 measurement, bool allowed) external;

    /// @notice What a bucket holds of an asset.
    function bucketBalance(address asset, Bucket bucket) external view returns (uint256);

    /// @notice What is owed to a payee.
    function owed(address asset, address payee) external view returns (uint256);

    /// @notice Buckets and debts together: what the contract must hold of an asset.
    function liabilities(address asset) external view returns (uint256);

    /// @notice The split in force.
    function currentSplit() external view returns (Split memory);

    /// @notice The limits in force for an asset.
    function limitOf(address asset) external view returns (Limit memory);

    /// @notice What was spent of an asset in the current window.
    function spentInWindow(address asset) external view returns (uint256);

    /// @notice The only payee of a bucket, or zero.
    function beneficiaryOf(Bucket bucket) external view returns (address);

    /// @notice Until when (seconds since the epoch) an account is an operator; zero if it never was.
    function operatorValidUntil(address operator) external view returns (uint256);

    /// @notice The value that an operator's quote must carry in its report data.
    function operatorBinding(address operator) external view returns (bytes32);
}
