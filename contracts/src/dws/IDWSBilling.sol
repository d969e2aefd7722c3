// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Prepaid credits, escrow of leases, revenue and claims of the DWS marketplace
/// @notice One payment token with ERC-3009. All amounts are in units of that token. Nothing is ever pushed to a payee.
///
/// Solvent at all times: credits + escrow + claimable ≤ balance. What is above (donations) can be swept to the treasury.
///
/// A lessor (a contract with `LESSOR_ROLE`, such as ExternalChainProvider) opens an escrow per lease under its own name, pays from it to a node of
/// DelegatedNodeStaking or to an account, refunds from it to its consumer's credits, and can touch no other lessor's escrow.
interface IDWSBilling {
    /// @notice An escrow.
    struct Escrow {
        address consumer;
        uint128 funded; // paid in so far
        uint128 paid; // paid out to providers
        uint128 refunded; // returned to the consumer's credits
    }

    /// @notice A plan that accounts can subscribe to.
    struct Plan {
        address payee; // who receives the price; zero when there is no such plan
        uint128 price; // per period
        uint32 period; // seconds, 1 hour to 366 days
        bool active;
    }

    /// @notice Thrown when an amount is zero.
    error DWSBilling_ZeroAmount();

    /// @notice Thrown when credits do not cover what is asked.
    error DWSBilling_InsufficientCredits(address account, uint256 asked, uint256 available);

    /// @notice Thrown when an escrow id of this lessor is taken.
    error DWSBilling_EscrowExists(address lessor, bytes32 leaseId);

    /// @notice Thrown when a lessor has no escrow of this id.
    error DWSBilling_UnknownEscrow(address lessor, bytes32 leaseId);

    /// @notice Thrown when an escrow does not cover what is asked.
    error DWSBilling_InsufficientEscrow(address lessor, bytes32 leaseId, uint256 asked, uint256 available);

    /// @notice Thrown when the token delivered another amount than was asked for.
    error DWSBilling_UnexpectedTransferAmount(uint256 received, uint256 expected);

    /// @notice Thrown when there is nothing to claim or sweep.
    error DWSBilling_NothingToClaim(address account);

    /// @notice Thrown when a plan is unknown or closed, or the caller is not its payee.
    error DWSBilling_InvalidPlan(bytes32 planId);
    /// @notice Thrown when a plan is given another period than it began with.
    error DWSBilling_PeriodFixed(bytes32 planId, uint32 period);

    /// @notice Thrown when a subscription is paid before it is due. Unix seconds.
    error DWSBilling_NotDue(bytes32 planId, address subscriber, uint64 paidUntil);

    /// @notice Thrown when an account has not subscribed to a plan.
    error DWSBilling_NotSubscribed(bytes32 planId, address subscriber);

    /// @notice Emitted when credits grew by a payment.
    event CreditsDeposited(address indexed account, address indexed payer, uint256 amount);

    /// @notice Emitted when credits were paid back.
    event CreditsWithdrawn(address indexed account, uint256 amount);

    /// @notice Emitted when an escrow was opened or grew. `fromCredits` of the amount came from credits, the rest from the consumer's tokens.
    event EscrowFunded(
        address indexed lessor, bytes32 indexed leaseId, address indexed consumer, uint256 amount, uint256 fromCredits
    );

    /// @notice Emitted when an escrow paid a node of DelegatedNodeStaking.
    event EscrowPaidNode(
        address indexed lessor, bytes32 indexed leaseId, bytes32 indexed stakingNodeId, uint256 amount
    );

    /// @notice Emitted when an escrow paid an account. `amount = fee + payeeAmount`
    event EscrowPaidAccount(
        address indexed lessor, bytes32 indexed leaseId, address indexed payee, uint256 fee, uint256 payeeAmount
    );

    /// @notice Emitted when an escrow returned money to its consumer's credits.
    event EscrowRefunded(address indexed lessor, bytes32 indexed leaseId, address indexed consumer, uint256 amount);

    /// @notice Emitted when claimable money was paid out.
    event Claimed(address indexed account, uint256 amount);

    /// @notice Emitted when a plan was created or changed.
    event PlanSet(bytes32 indexed planId, address indexed payee, uint128 price, uint32 period, bool active);

    /// @notice Emitted when an account subscribed or renewed.
    event SubscriptionPaid(
        bytes32 indexed planId, address indexed subscriber, uint256 fee, uint256 payeeAmount, uint64 paidUntil
    );

    /// @notice Emitted when a subscription was cancelled; what is paid stays valid to its end.
    event SubscriptionCancelled(bytes32 indexed planId, address indexed subscriber);

    /// @notice Emitted when surplus went to the treasury's claimable balance.
    event SurplusSwept(address indexed treasury, uint256 amount);

    /// @notice Emitted when the protocol fee on payments to accounts changed. Basis points.
    event ProtocolFeeChanged(uint16 bps);

    /// @notice Emitted when treasury or staking contract changed.
    event WiringChanged(address indexed treasury, address indexed staking);

    /// @notice Stores addresses and the default settings; nothing is called.
    function initialize(address admin, address paymentToken, address staking, address treasury) external;

    /// @notice Pays tokens of the caller into an account's credits.
    function deposit(address account, uint256 amount) external;

    /// @notice Pays by ERC-3009 into the payer's own credits; anybody may submit, the money goes nowhere else.
    /// @dev The nonce must be `depositNonce(from, salt)`.
    function depositWithAuthorization(
        address from,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 salt,
        bytes calldata signature
    ) external;

    /// @notice Pays credits back to their owner, the caller.
    function withdraw(uint256 amount) external;

    /// @notice Opens an escrow from the consumer's credits first, then his allowance. Requires `LESSOR_ROLE`.
    function openEscrow(bytes32 leaseId, address consumer, uint256 amount) external;

    /// @notice Opens an escrow by an ERC-3009 authorization of the consumer (x402). Requires `LESSOR_ROLE`.
    /// @dev The nonce must be `leaseNonce(lessor, leaseId, generation, salt)`, so the authorization serves no other lease.
    function openEscrowWithAuthorization(
        bytes32 leaseId,
        address consumer,
        uint256 amount,
        uint64 generation,
        bytes32 salt,
        uint256 validAfter,
        uint256 validBefore,
        bytes calldata signature
    ) external;

    /// @notice Adds to an escrow of the caller, from the consumer's credits first, then his allowance. Requires `LESSOR_ROLE`.
    function fundEscrow(bytes32 leaseId, uint256 amount) external;

    /// @notice Pays from an escrow to a staking node, which splits it. Requires `LESSOR_ROLE`.
    function payNode(bytes32 leaseId, bytes32 stakingNodeId, uint256 amount) external;

    /// @notice Pays from an escrow to an account, less the protocol fee, as claimable. Requires `LESSOR_ROLE`.
    function payAccount(bytes32 leaseId, address payee, uint256 amount) external;

    /// @notice Returns money from an escrow to its consumer's credits. Whoever holds the escrow, with the role or without.
    function refundEscrow(bytes32 leaseId, uint256 amount) external;

    /// @notice Pays out what the caller may claim.
    function claim() external returns (uint256 amount);

    /// @notice Pays out what an account may claim, to that account. Anybody: a payee that is a contract, as the treasury is, need not know how to ask.
    function claimFor(address account) external returns (uint256 amount);

    /// @notice Creates or changes a plan of the caller. The price of a subscription is that of its last payment until it is renewed.
    /// @param salt The caller's own name for the plan
    /// @return planId `keccak256(abi.encode(contract, caller, salt))`
    function setPlan(bytes32 salt, uint128 price, uint32 period, bool active) external returns (bytes32 planId);

    /// @notice Subscribes the caller and pays one period from his credits.
    /// @param maximumPrice What the caller is ready to pay per period, now and at renewals
    function subscribe(bytes32 planId, uint128 maximumPrice) external;

    /// @notice Renews a subscription that is due, from the subscriber's credits; anybody may call.
    function renew(bytes32 planId, address subscriber) external;

    /// @notice Ends renewal of the caller's subscription.
    function cancelSubscription(bytes32 planId) external;

    /// @notice Moves what the contract holds above its debts to the treasury's claimable balance; anybody may call.
    function sweepSurplus() external returns (uint256 amount);

    /// @notice Changes the protocol fee on payments to accounts, at most 1000 basis points. Administrator only.
    function setProtocolFee(uint16 bps) external;

    /// @notice Changes treasury and staking contract. Administrator only.
    function setWiring(address treasury, address staking) external;

    /// @notice The payment token.
    function paymentToken() external view returns (address);

    /// @notice The staking contract that splits node revenue.
    function staking() external view returns (address);

    /// @notice Who receives fees and surplus.
    function treasury() external view returns (address);

    /// @notice The protocol fee on payments to accounts, in basis points.
    function protocolFeeBps() external view returns (uint16);

    /// @notice Credits of an account.
    function creditsOf(address account) external view returns (uint256);

    /// @notice What an account may claim.
    function claimableOf(address account) external view returns (uint256);

    /// @notice An escrow; consumer zero when there is none.
    function escrow(address lessor, bytes32 leaseId) external view returns (Escrow memory);

    /// @notice What an escrow still holds.
    function escrowBalance(address lessor, bytes32 leaseId) external view returns (uint256);

    /// @notice All debts by kind; their sum never exceeds the balance.
    function liabilities() external view returns (uint256 credits, uint256 escrowed, uint256 claimable);

    /// @notice A plan.
    function plan(bytes32 planId) external view returns (Plan memory);

    /// @notice Until when an account has paid for a plan, Unix seconds.
    function paidUntil(bytes32 planId, address subscriber) external view returns (uint64);

    /// @notice The ERC-3009 nonce of a deposit.
    function depositNonce(address from, bytes32 salt) external view returns (bytes32);

    /// @notice The ERC-3009 nonce of a lease.
    function leaseNonce(address lessor, bytes32 leaseId, uint64 generation, bytes32 salt)
        external
        view
        returns (bytes32);
}
