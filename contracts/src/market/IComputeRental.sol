// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Rentals of compute by the hour
/// @notice A consumer rents a slot of a node of ComputeRegistry, which counts the slots of all sellers together. Price, currency and billing are fixed when he orders; what he pays waits in escrow at
/// DWSBilling. From the provider's confirmation on it is earned per second, less the seconds in which the node missed its heartbeats, and can be paid out
/// once it is older than the objection window.
///
/// States, derived from facts and time:
///
///     Requested → Running → Expired → Ended → Settled
///     Requested → Unserved → Ended      not confirmed in time: refunded in full
///     Requested | Running → Ended       by either side; by the consumer before confirmation it costs five minutes of price
///
/// A dispute of the consumer: None → Open → Upheld | Rejected | Dropped.
///
/// Must:
/// - pay at most what was paid in, at the price of the order;
/// - return the slot at every end of a rental, whoever ended it;
/// - let the consumer end a rental at any time, and anybody end one whose time is over;
/// - a dispute costs a bond, holds back what is not paid out yet, and ends by time alone: without an answer of the arbiter it is dropped and the bond returned.
///
/// Never:
/// - the provider's present price;
/// - a refund in another currency than was paid;
/// - a payee who blocks the other side's money.
/// @dev Amounts in units of the payment token, times in Unix seconds. Rental id = keccak256(abi.encode(contract, consumer, salt)).
interface IComputeRental {
    /// @notice Where a rental stands.
    enum State {
        None,
        Requested,
        Unserved,
        Running,
        Expired,
        Ended,
        Settled
    }

    /// @notice Where a dispute stands.
    enum DisputeState {
        None,
        Open,
        Upheld, // for the consumer
        Rejected, // for the provider
        Dropped // the arbiter did not answer
    }

    /// @notice A rental.
    /// @param billing the billing contract that holds its escrow
    /// @param paymentToken the currency
    /// @param deposit paid in so far
    /// @param paid to the provider so far
    /// @param refunded to the consumer so far
    /// @param startFee owed to the provider because the consumer gave up before the confirmation
    /// @param lateBefore seconds the node had been late in all its life when this rental began, as it was known then; earnings ask anew
    struct Rental {
        address consumer;
        address billing;
        address paymentToken;
        bytes32 nodeId;
        bytes32 stakingNodeId;
        uint128 pricePerHour;
        uint128 deposit;
        uint128 paid;
        uint128 refunded;
        uint128 startFee;
        uint64 orderedAt;
        uint64 readyDeadline;
        uint64 startedAt;
        uint64 expiresAt;
        uint64 endedAt;
        uint64 lateBefore;
        uint8 rating;
    }

    /// @notice A dispute.
    /// @param faultFrom from this moment on the consumer was not served, as the arbiter found
    struct Dispute {
        address opener;
        uint128 bond;
        uint64 openedAt;
        uint64 ruledAt;
        uint64 faultFrom;
        bool ruled;
        bool upheld;
        bool bondSettled;
    }

    /// @notice Bounded settings.
    /// @param readyWindow seconds to confirm, 1 minute to 1 day
    /// @param objectionWindow seconds until what is earned can be paid, 30 seconds to 7 days
    /// @param disputeBondBps of the deposit, 100 to 2,000
    /// @param minimumBond in units of the payment token, at most 1e12
    struct Parameters {
        uint32 readyWindow;
        uint32 objectionWindow;
        uint16 disputeBondBps;
        uint128 minimumBond;
    }

    /// @notice Thrown when a node cannot be rented now.
    error ComputeRental_NotRentable(bytes32 nodeId);
    /// @notice Thrown when the price is above what the consumer accepts.
    error ComputeRental_PriceTooHigh(uint256 pricePerHour, uint256 maximum);
    /// @notice Thrown when a TEE is wanted that the node cannot prove now.
    error ComputeRental_TeeRequired(bytes32 nodeId);
    /// @notice Thrown when hours are out of bounds.
    error ComputeRental_InvalidHours(uint256 asked, uint256 maximum);
    /// @notice Thrown when the consumer has used this salt.
    error ComputeRental_Exists(bytes32 rentalId);
    /// @notice Thrown when a rental is not where the action needs it to be.
    error ComputeRental_WrongState(bytes32 rentalId, State state);
    /// @notice Thrown when the caller is not the consumer.
    error ComputeRental_NotConsumer(bytes32 rentalId, address caller);
    /// @notice Thrown when the caller may not act for the node.
    error ComputeRental_NotProvider(bytes32 rentalId, address caller);
    /// @notice Thrown when a dispute is not where the action needs it to be.
    error ComputeRental_WrongDisputeState(bytes32 rentalId, DisputeState state);
    /// @notice Thrown when a moment lies outside the rental.
    error ComputeRental_OutsideRental(bytes32 rentalId, uint256 time);
    /// @notice Thrown when a rating is not 1 to 5, was given, or nothing was ever paid for the rental.
    error ComputeRental_InvalidRating(bytes32 rentalId, uint256 stars);
    /// @notice Thrown when a text is longer than allowed, in bytes.
    error ComputeRental_TooLong(uint256 length, uint256 maximum);
    /// @notice Thrown when there is nothing to pay, return or claim.
    error ComputeRental_NothingToPay(bytes32 rentalId);
    /// @notice Thrown when the rental is no fact for slashing.
    error ComputeRental_NoFact(bytes32 rentalId);

    /// @notice Emitted when a rental was ordered and paid into escrow.
    event RentalOrdered(
        bytes32 indexed rentalId,
        address indexed consumer,
        bytes32 indexed nodeId,
        uint128 pricePerHour,
        uint128 deposit,
        uint64 readyDeadline,
        address paymentToken,
        bytes access
    );
    /// @notice Emitted when the provider confirmed.
    event RentalStarted(bytes32 indexed rentalId, uint64 startedAt, uint64 expiresAt, bytes ciphertext);
    /// @notice Emitted when a rental was extended.
    event RentalExtended(bytes32 indexed rentalId, uint128 amount, uint64 expiresAt);
    /// @notice Emitted when a rental ended.
    event RentalEnded(bytes32 indexed rentalId, address indexed by, uint64 endedAt);
    /// @notice Emitted when the provider was paid.
    event RentalPaid(bytes32 indexed rentalId, bytes32 indexed stakingNodeId, uint256 amount);
    /// @notice Emitted when the consumer was refunded.
    event RentalRefunded(bytes32 indexed rentalId, address indexed consumer, uint256 amount);
    /// @notice Emitted when a dispute was opened.
    event DisputeOpened(bytes32 indexed rentalId, address indexed opener, uint128 bond, string reason);
    /// @notice Emitted when the arbiter ruled.
    event DisputeRuled(bytes32 indexed rentalId, bool upheld, uint64 faultFrom);
    /// @notice Emitted when a bond found its owner.
    event BondSettled(bytes32 indexed rentalId, address indexed to, uint256 amount);
    /// @notice Emitted when money of bonds was taken.
    event BondClaimed(address indexed token, address indexed account, uint256 amount);
    /// @notice Emitted when a rental was rated, 1 to 5.
    event RentalRated(bytes32 indexed rentalId, bytes32 indexed nodeId, uint8 stars);
    /// @notice Emitted when the settings changed.
    event ParametersChanged(Parameters parameters);
    /// @notice Emitted when billing, for new rentals, or treasury changed.
    event WiringChanged(address billing, address treasury);

    /// @notice Stores the addresses and default settings.
    function initialize(
        address admin,
        address computeRegistry,
        address providerRegistry,
        address billing,
        address treasury
    ) external;

    /// @notice Rents a slot. The caller pays from credits first, then his allowance to DWSBilling.
    /// @param leaseHours 1 to 720
    /// @param maximumPricePerHour what the consumer accepts
    /// @param tee whether a live TEE is wanted
    /// @param access public key or the like for the provider, at most 512 bytes
    function rent(
        bytes32 nodeId,
        bytes32 salt,
        uint32 leaseHours,
        uint128 maximumPricePerHour,
        bool tee,
        bytes calldata access
    ) external returns (bytes32 rentalId);

    /// @notice Confirms that the rental runs. Agent or owner of the node, before the deadline.
    /// @param ciphertext how to reach it, sealed for the consumer, at most 2,048 bytes
    function confirm(bytes32 rentalId, bytes calldata ciphertext) external;

    /// @notice Extends a running rental at its own price. Consumer.
    function extend(bytes32 rentalId, uint32 leaseHours) external;

    /// @notice Ends a rental at once. Consumer; never pausable.
    function close(bytes32 rentalId) external;

    /// @notice Gives a rental up. Agent or owner of the node.
    function release(bytes32 rentalId) external;

    /// @notice Ends a rental whose time is over or that was not confirmed in time. Anybody.
    function expire(bytes32 rentalId) external;

    /// @notice Pays what is earned and older than the objection window. Anybody.
    function settle(bytes32 rentalId) external returns (uint256 amount);

    /// @notice Returns what cannot be earned any more, after the end. Anybody.
    function refund(bytes32 rentalId) external returns (uint256 amount);

    /// @notice Disputes a rental that was confirmed, with a bond, until an objection window after its end. Consumer, once.
    /// @param reason at most 1,024 bytes
    function openDispute(bytes32 rentalId, string calldata reason) external;

    /// @notice Rules. Arbiter role.
    /// @param faultFrom if upheld, from when on the consumer was not served; what was paid stays paid
    function rule(bytes32 rentalId, bool upheld, uint64 faultFrom) external;

    /// @notice Gives the bond of a decided dispute to its owner, to be claimed: the treasury when rejected, else the consumer. Anybody.
    function settleBond(bytes32 rentalId) external;

    /// @notice Pays out the bonds that belong to an account, to that account. Anybody.
    function claimBonds(address token, address account) external returns (uint256 amount);

    /// @notice Rates an ended rental that was paid for, once. Consumer.
    function rate(bytes32 rentalId, uint8 stars) external;

    /// @notice Changes the settings; orders keep their deadline. Administrator.
    function setParameters(Parameters calldata changed) external;

    /// @notice Changes billing, for new rentals, and the treasury. Administrator.
    function setWiring(address billing, address treasury) external;

    /// @notice Where a rental stands.
    function stateOf(bytes32 rentalId) external view returns (State);

    /// @notice Where its dispute stands.
    function disputeStateOf(bytes32 rentalId) external view returns (DisputeState);

    /// @notice A rental; consumer zero when unknown.
    function rental(bytes32 rentalId) external view returns (Rental memory);

    /// @notice Its dispute; opener zero when there is none.
    function disputeOf(bytes32 rentalId) external view returns (Dispute memory);

    /// @notice What settlement would pay and return now.
    function settleable(bytes32 rentalId) external view returns (uint256 payableNow, uint256 refundable);

    /// @notice Rentals of a node that have not ended.
    function liveRentalsOf(bytes32 nodeId) external view returns (uint256);

    /// @notice Sum of the stars and number of ratings of a node.
    function ratingsOf(bytes32 nodeId) external view returns (uint256 stars, uint256 ratings);

    /// @notice The id of a rental.
    function rentalIdOf(address consumer, bytes32 salt) external view returns (bytes32);

    /// @notice A page of the rentals of a consumer.
    function rentalsOf(address consumer, uint256 offset, uint256 limit) external view returns (bytes32[] memory);

    /// @notice What an account may claim of bonds in a token.
    function claimableBondsOf(address token, address account) external view returns (uint256);

    /// @notice The settings in force.
    function parameters() external view returns (Parameters memory);
}
