// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Nodes of external chains and other services, ordered, paid and discovered on chain
/// @notice Governance keeps the catalog of kinds per network. Owners of provider nodes publish offers. A consumer orders from an offer; the contract
/// checks the offer against his policy, takes the price of the whole lease into escrow and emits `NodeRequested`. The provider's agent runs the workload
/// and reports it ready; from then on money streams per second.
///
/// An order id is `keccak256(abi.encode(contract, consumer, salt, generation))`: one live lease per salt; a salt whose last lease has ended starts the
/// next generation. An order is served by placements, one after the other; replacing a node begins the next one and the order keeps its id.
///
/// State is derived from facts and block time:
///
///     Requested -> Ready -> (Degraded <-> Ready) -> Expired -> Ended -> Settled
///     Requested -> Unserved -> Ended            deadline passed without readiness: refunded in full
///     Requested | Ready | Degraded -> Ended     ended by the consumer or given up by the provider
///     Degraded | Unserved -> Requested          replaced by another node
///
/// Forbidden: anything out of Settled; Ended -> anything but Settled; Unserved -> Ready; Expired -> Ready; Ready -> Requested without Degraded.
///
/// Money: a placement earns its price for each second from readiness to its end, less the seconds in which its node was late with heartbeats, less
/// those that watchers voided. Seconds become payable once they are older than the objection window. What is not earned goes back to the
/// consumer's credits. Earnings round down.
///
/// Here are types, errors and events. The functions, all at one address, are in {IExternalLeases} and {IExternalOffers}: together they are larger than
/// one contract may be, so the implementation carries the second half in an extension that it deploys itself.
interface IExternalChainProvider {
    /// @notice What an order is at this moment.
    enum OrderState {
        None,
        Requested, // waiting for the node
        Unserved, // deadline passed; anybody may end or replace it
        Ready, // serving, money streams
        Degraded, // late with heartbeats, or voided and no heartbeat since: may be replaced by policy
        Expired, // paid time is over; anybody may end it
        Ended, // over; the last seconds wait for the objection window
        Settled // over, and all money has left the escrow
    }

    /// @notice Why a placement ended.
    enum EndReason {
        None,
        TerminatedByConsumer,
        ReleasedByProvider,
        NeverReady,
        Expired,
        Replaced
    }

    /// @notice Whether another node may take over.
    enum FailoverPolicy {
        None,
        Automatic, // for kinds without state
        Restore // for stateful kinds: the order names what to restore from
    }

    /// @notice A kind of service on one network, by governance.
    struct KindSpec {
        bool active; // takes new orders
        bool teeRequired;
        bool stateful;
        uint16 cores;
        uint32 memoryMb;
        uint32 diskGb;
        uint32 readyDeadline; // seconds from order to readiness, 10 seconds to 14 days
        uint128 basePricePerHour; // for orientation, in units of the payment token
        bytes32 service; // of the allocation ledger, which a provider node must offer
    }

    /// @notice An offer as its owner gives it.
    struct OfferInput {
        bytes32 kind;
        bytes32 network;
        uint128 pricePerHour; // in units of the payment token
        uint32 capacity; // leases at the same time
        bool tee;
    }

    /// @notice An offer as it is now.
    struct Offer {
        bytes32 offerId;
        bytes32 nodeId;
        bytes32 kind;
        bytes32 network;
        bytes32 region; // of the node
        uint128 pricePerHour;
        uint32 capacity;
        uint32 used;
        bool tee;
        bool active;
        bool available; // active, capacity left, kind active, node available
    }

    /// @notice What a consumer asks for.
    struct OrderRequest {
        bytes32 salt; // the consumer's own name for the order
        bytes32 offerId; // resolved off chain
        bytes32 kind; // must be the offer's
        bytes32 network; // must be the offer's
        uint32 leaseHours; // 1 to 720
        uint128 maxPricePerHour; // cap for this offer and for every replacement
        bytes32 region; // zero for any
        bool tee; // wished even where the kind does not require it
        bool canonicalOnly; // only nodes that governance marked canonical
        FailoverPolicy failover;
        bytes32 restoreFrom; // standby order or backup, for FailoverPolicy.Restore
        bytes32 encryptionKey; // X25519 public key for the credentials
        bytes parameters; // for the workload, at most 1024 bytes
    }

    /// @notice An ERC-3009 payment for an order (x402). Its nonce is DWSBilling's `leaseNonce(this contract, orderId, generation, keccak256(abi.encode(order)))`.
    struct PaymentAuthorization {
        address consumer;
        uint256 validAfter; // Unix seconds
        uint256 validBefore; // Unix seconds
        bytes signature;
    }

    /// @notice Where a ready node answers. No secret is in the clear.
    struct Endpoint {
        string host; // name or address, at most 253 bytes
        uint16[] ports; // in the catalog's order, 1 to 8
        bytes ciphertext; // credentials sealed for the consumer, at most 2048 bytes
    }

    /// @notice An order as it is now. Amounts in units of the payment token, times in Unix seconds.
    struct Order {
        bytes32 orderId;
        OrderState state;
        address consumer;
        bytes32 salt;
        uint64 generation;
        bytes32 kind;
        bytes32 network;
        bytes32 region;
        bool tee; // effective: required by the kind or wished
        bool canonicalOnly;
        bool stateful;
        FailoverPolicy failover;
        bytes32 restoreFrom;
        bytes32 encryptionKey;
        uint128 maxPricePerHour;
        uint32 placements; // how many nodes have served it, the present one included
        bytes32 nodeId; // present or last provider node
        bytes32 offerId; // present or last offer
        uint128 pricePerHour; // of the present or last placement
        uint64 requestedAt; // of the present or last placement
        uint64 readyDeadline; // of the present or last placement
        uint64 readyAt; // 0 before
        uint64 expiresAt; // 0 before readiness
        uint64 endedAt; // 0 while it lives
        EndReason endReason;
        uint128 deposit; // paid in by the consumer
        uint128 earned; // by all placements up to now, disputed seconds included
        uint128 settled; // paid out
        uint128 refunded; // returned
        bytes parameters;
    }

    /// @notice One node's service of an order. Times in Unix seconds.
    struct Placement {
        bytes32 nodeId;
        bytes32 offerId;
        bytes32 stakingNodeId; // whose stakers are paid
        uint128 pricePerHour;
        uint128 settled; // paid out
        uint64 requestedAt;
        uint64 readyDeadline;
        uint64 readyAt;
        uint64 expiresAt;
        uint64 endedAt;
        uint64 voidedSeconds; // by watchers, late seconds not counted again
        uint64 voidedAt; // when watchers last voided
        EndReason endReason;
        bool settledInFull;
        bytes32 measurement; // attested at readiness, where a TEE was required
    }

    /// @notice What watchers sign (EIP-712): these slots of ten seconds, counted from readiness, were not served.
    struct ProbeRecord {
        bytes32 orderId;
        uint32 placement;
        uint32 firstSlot;
        uint32 slots; // 1 to 64
    }

    /// @notice Bounded settings. Seconds.
    struct Parameters {
        uint32 objectionWindow; // 10 seconds to 7 days
        uint32 startFeeSeconds; // of price, for ending before readiness; 0 to 1 hour
        uint16 maxPendingPerPair; // orders that one consumer may have waiting at one node; 1 to 256
        uint16 probeQuorum; // watchers that must sign; 0 switches probes off
    }

    // ---------------------------------------------------------------- errors

    /// @notice Thrown when a kind is not in the catalog for a network, or takes no orders.
    error ExternalChainProvider_UnknownKind(bytes32 kind, bytes32 network);

    /// @notice Thrown when the caller does not own the provider node.
    error ExternalChainProvider_NotNodeOwner(bytes32 nodeId, address caller);

    /// @notice Thrown when the caller may not act for the order's provider node.
    error ExternalChainProvider_NotProvider(bytes32 orderId, address caller);

    /// @notice Thrown when the caller is not the order's consumer.
    error ExternalChainProvider_NotConsumer(bytes32 orderId, address caller);

    /// @notice Thrown when a node does not offer the service that a kind belongs to.
    error ExternalChainProvider_ServiceNotOffered(bytes32 nodeId, bytes32 service);

    /// @notice Thrown when no offer has this id.
    error ExternalChainProvider_UnknownOffer(bytes32 offerId);

    /// @notice Thrown when an offer is withdrawn.
    error ExternalChainProvider_OfferClosed(bytes32 offerId);

    /// @notice Thrown when an offer is not for the kind and network that were asked for.
    error ExternalChainProvider_OfferMismatch(bytes32 offerId, bytes32 kind, bytes32 network);

    /// @notice Thrown when an offer has no capacity left.
    error ExternalChainProvider_NoCapacity(bytes32 offerId, uint32 capacity);

    /// @notice Thrown when a price is zero or above what the consumer allows.
    error ExternalChainProvider_PriceTooHigh(bytes32 offerId, uint128 pricePerHour, uint128 maxPricePerHour);

    /// @notice Thrown when a price is zero or beyond all reason.
    error ExternalChainProvider_InvalidPrice(uint128 pricePerHour);

    /// @notice Thrown when a node is in another region than asked for.
    error ExternalChainProvider_WrongRegion(bytes32 nodeId, bytes32 region, bytes32 wanted);

    /// @notice Thrown when a TEE is needed and the offer or its node has none.
    error ExternalChainProvider_TeeRequired(bytes32 offerId);

    /// @notice Thrown when only canonical nodes are wanted and this one is not.
    error ExternalChainProvider_NotCanonical(bytes32 nodeId);

    /// @notice Thrown when a node takes no leases: late, draining, or not backed by stake.
    error ExternalChainProvider_NodeUnavailable(bytes32 nodeId);

    /// @notice Thrown when a failover policy does not fit the kind.
    error ExternalChainProvider_InvalidFailover(FailoverPolicy failover, bool stateful, bytes32 restoreFrom);

    /// @notice Thrown when a number of hours is out of bounds.
    error ExternalChainProvider_InvalidHours(uint256 leaseHours, uint256 maximum);

    /// @notice Thrown when a value is longer than allowed, or empty. In bytes or entries.
    error ExternalChainProvider_InvalidLength(bytes32 what, uint256 length, uint256 maximum);

    /// @notice Thrown when no encryption key is given.
    error ExternalChainProvider_NoEncryptionKey();

    /// @notice Thrown when a live lease has this salt already; its id says which.
    error ExternalChainProvider_OrderLives(bytes32 orderId);

    /// @notice Thrown when a consumer has too many orders waiting at a node.
    error ExternalChainProvider_TooManyPending(address consumer, bytes32 nodeId, uint256 maximum);

    /// @notice Thrown when no order has this id.
    error ExternalChainProvider_UnknownOrder(bytes32 orderId);

    /// @notice Thrown when the order's state does not allow the action.
    error ExternalChainProvider_WrongState(bytes32 orderId, OrderState state);

    /// @notice Thrown when the order's policy does not allow a replacement.
    error ExternalChainProvider_FailoverNotAllowed(bytes32 orderId, FailoverPolicy failover);

    /// @notice Thrown when a replacement is the node that failed.
    error ExternalChainProvider_SameNode(bytes32 nodeId);

    /// @notice Thrown when an order has had the most placements allowed.
    error ExternalChainProvider_TooManyPlacements(bytes32 orderId, uint256 maximum);

    /// @notice Thrown when a probe record's slots are none, too many, in the future, or older than the objection window.
    error ExternalChainProvider_InvalidProbe(bytes32 orderId, uint64 from, uint64 to);

    /// @notice Thrown when signatures are too few, by no watcher, or not in rising order of address.
    error ExternalChainProvider_InvalidQuorum(uint256 signatures, uint256 quorum);

    /// @notice Thrown when the most watchers are registered.
    error ExternalChainProvider_TooManyWatchers(uint256 maximum);

    // ---------------------------------------------------------------- events

    /// @notice Emitted when governance set a kind.
    event KindSet(bytes32 indexed kind, bytes32 indexed network, KindSpec spec);

    /// @notice Emitted when a node was registered as provider.
    event ProviderRegistered(bytes32 indexed nodeId, address indexed owner);

    /// @notice Emitted when an offer was published or changed.
    event OfferSet(
        bytes32 indexed offerId,
        bytes32 indexed nodeId,
        bytes32 indexed kind,
        bytes32 network,
        uint128 pricePerHour,
        uint32 capacity,
        bool tee
    );

    /// @notice Emitted when an offer was withdrawn. Its leases go on.
    event OfferWithdrawn(bytes32 indexed offerId, bytes32 indexed nodeId);

    /// @notice Emitted when an order was accepted into escrow.
    event NodeRequested(
        bytes32 indexed orderId,
        address indexed consumer,
        bytes32 indexed nodeId,
        uint64 generation,
        bool tee,
        bool stateful,
        uint128 pricePerHour,
        uint128 deposit,
        uint64 readyDeadline,
        OrderRequest request
    );

    /// @notice Emitted when a node was reported ready.
    event NodeReady(
        bytes32 indexed orderId,
        bytes32 indexed nodeId,
        uint32 placement,
        uint64 readyAt,
        uint64 expiresAt,
        bytes32 measurement,
        Endpoint endpoint
    );

    /// @notice Emitted when a ready node's endpoint changed.
    event EndpointUpdated(bytes32 indexed orderId, bytes32 indexed nodeId, Endpoint endpoint);

    /// @notice Emitted when a lease was extended.
    event NodeExtended(bytes32 indexed orderId, uint32 leaseHours, uint128 amount, uint64 expiresAt);

    /// @notice Emitted when a placement ended; unless replaced, the order ended with it.
    event NodeEnded(
        bytes32 indexed orderId, bytes32 indexed nodeId, uint32 placement, EndReason reason, uint64 endedAt
    );

    /// @notice Emitted when another node was asked to take over.
    event NodeReplaced(
        bytes32 indexed orderId,
        bytes32 indexed previousNodeId,
        bytes32 indexed nodeId,
        bytes32 offerId,
        uint32 placement,
        uint128 pricePerHour,
        uint64 readyDeadline
    );

    /// @notice Emitted when earnings left the escrow for a provider node and its stakers.
    event NodeSettled(bytes32 indexed orderId, bytes32 indexed nodeId, uint32 placement, uint128 amount, bool inFull);

    /// @notice Emitted when money returned from the escrow to the consumer's credits.
    event NodeRefunded(bytes32 indexed orderId, address indexed consumer, uint128 amount);

    /// @notice Emitted when watchers voided seconds.
    event ProbeRecorded(
        bytes32 indexed orderId, bytes32 indexed nodeId, uint32 placement, uint32 firstSlot, uint32 slots, uint64 voided
    );

    /// @notice Emitted when a watcher was registered or removed.
    event WatcherSet(address indexed watcher, bool registered);

    /// @notice Emitted when the settings changed.
    event ParametersChanged(Parameters parameters);

    /// @notice Emitted when another registry counts the slots of compute nodes.
    event ComputeRegistryChanged(address registry);
}
