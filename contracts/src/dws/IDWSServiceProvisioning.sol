// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Code services and their deployments on provider nodes
/// @notice A service lives in a namespace and belongs to its owner. Id = keccak256(abi.encode(contract, namespace, name)). The owner assigns capable nodes of
/// ComputeRegistry, each for one of its slots, and pays each into escrow at DWSBilling, at the node's price of that moment. A node earns per second from its own report that the
/// service runs there, less the seconds it was late or found unhealthy, once they are older than the objection window.
///
/// Deployment, derived: None → Assigned → Live ↔ Unhealthy → Ended; Assigned → Unserved → Ended.
/// Service: active as long as at least the minimum number of instances of its version is live. After an update the old version's instances serve on
/// until the new one is active (drain), and no longer.
///
/// Must: deploy only where the owner assigned and the node is capable; hear about health only from the owner or a monitor.
/// Never: an extension paid by another than who asks for it; an endpoint under another's id; an endpoint of a deployment that is not live; a node marked failed by a stranger.
/// @dev Amounts in units of the payment token, times in Unix seconds.
interface IDWSServiceProvisioning {
    /// @notice What runs it.
    enum Runtime {
        Workerd,
        Container
    }

    /// @notice Where a deployment stands.
    enum DeploymentState {
        None,
        Assigned,
        Unserved,
        Live,
        Unhealthy,
        Expired,
        Ended
    }

    /// @notice What is to run.
    /// @param codeHash digest of the code or image
    /// @param contentId where it is, at most 128 bytes
    /// @param maximumPricePerHour for one instance
    /// @param minimumInstances 1 to 16
    struct Definition {
        Runtime runtime;
        bool tee;
        uint16 cores;
        uint32 memoryMb;
        uint8 minimumInstances;
        uint128 maximumPricePerHour;
        bytes32 codeHash;
        string contentId;
    }

    /// @notice A deployment of a service on a node.
    /// @param unhealthySeconds summed up so far; more since `unhealthySince` when that is not 0
    /// @param lateBefore seconds the node had been late before it went live, as it was known then; earnings ask anew
    /// @param startFee owed to the node because the owner gave up before it was live
    struct Deployment {
        address billing;
        bytes32 escrowId;
        bytes32 stakingNodeId;
        uint32 version;
        uint128 pricePerHour;
        uint128 deposit;
        uint128 paid;
        uint128 refunded;
        uint64 deadline;
        uint64 liveAt;
        uint64 paidUntil;
        uint64 endedAt;
        uint64 unhealthySince;
        uint64 unhealthySeconds;
        uint64 lateBefore;
        string url;
        uint128 startFee;
    }

    /// @notice A live endpoint.
    struct ServiceEndpoint {
        bytes32 nodeId;
        uint32 version;
        string url;
    }

    /// @notice Thrown when a name or definition is malformed.
    error DWSServiceProvisioning_InvalidName(string name);
    error DWSServiceProvisioning_InvalidDefinition(bytes32 what);
    /// @notice Thrown when a service exists, or is unknown.
    error DWSServiceProvisioning_Exists(bytes32 serviceId);
    error DWSServiceProvisioning_Unknown(bytes32 serviceId);
    /// @notice Thrown when the caller does not own the service.
    error DWSServiceProvisioning_NotOwner(bytes32 serviceId, address caller);
    /// @notice Thrown when a deployment is extended by another than the account that pays for it.
    error DWSServiceProvisioning_NotPayer(bytes32 serviceId, bytes32 nodeId, address payer);
    /// @notice Thrown when the caller may not act for the node.
    error DWSServiceProvisioning_NotNode(bytes32 nodeId, address caller);
    /// @notice Thrown when the caller is neither owner nor monitor.
    error DWSServiceProvisioning_NotMonitor(bytes32 serviceId, address caller);
    /// @notice Thrown when a node cannot run the service.
    error DWSServiceProvisioning_NotCapable(bytes32 nodeId, bytes32 what);
    /// @notice Thrown when the most nodes are assigned.
    error DWSServiceProvisioning_TooManyNodes(bytes32 serviceId, uint256 maximum);
    /// @notice Thrown when a deployment is not where the action needs it to be.
    error DWSServiceProvisioning_WrongState(bytes32 serviceId, bytes32 nodeId, DeploymentState state);
    /// @notice Thrown when a node reports another version than the present one.
    error DWSServiceProvisioning_WrongVersion(bytes32 serviceId, uint32 version, uint32 present);
    /// @notice Thrown when hours are out of bounds.
    error DWSServiceProvisioning_InvalidHours(uint256 asked, uint256 maximum);
    /// @notice Thrown when there is nothing to pay or return.
    error DWSServiceProvisioning_NothingToPay(bytes32 serviceId, bytes32 nodeId);
    /// @notice Thrown when a text is longer than allowed, in bytes.
    error DWSServiceProvisioning_TooLong(uint256 length, uint256 maximum);

    /// @notice Emitted when a service was defined, or updated to the next version.
    event ServiceDefined(
        bytes32 indexed serviceId, uint32 version, bytes32 namespace, string name, Definition definition
    );
    /// @notice Emitted when a node was assigned and paid into escrow.
    event NodeAssigned(
        bytes32 indexed serviceId,
        bytes32 indexed nodeId,
        bytes32 escrowId,
        uint128 pricePerHour,
        uint128 deposit,
        uint64 deadline
    );
    /// @notice Emitted when a node reported that it runs a version.
    event DeploymentLive(
        bytes32 indexed serviceId, bytes32 indexed nodeId, uint32 version, string url, uint64 paidUntil
    );
    /// @notice Emitted when a deployment was found unhealthy, or healthy again.
    event HealthReported(bytes32 indexed serviceId, bytes32 indexed nodeId, bool healthy, address indexed by);
    /// @notice Emitted when a deployment was extended.
    event DeploymentExtended(bytes32 indexed serviceId, bytes32 indexed nodeId, uint128 amount, uint64 paidUntil);
    /// @notice Emitted when a deployment ended.
    event DeploymentEnded(bytes32 indexed serviceId, bytes32 indexed nodeId, uint64 endedAt, address indexed by);
    /// @notice Emitted when a node was paid.
    event DeploymentPaid(bytes32 indexed serviceId, bytes32 indexed nodeId, uint256 amount);
    /// @notice Emitted when the owner was refunded.
    event DeploymentRefunded(bytes32 indexed serviceId, bytes32 indexed nodeId, uint256 amount);

    /// @notice Stores the addresses.
    function initialize(
        address admin,
        address names,
        address providerRegistry,
        address computeRegistry,
        address billing
    ) external;

    /// @notice Defines a service. Owner of the namespace.
    function defineService(bytes32 namespace, string calldata name, Definition calldata definition)
        external
        returns (bytes32 serviceId);

    /// @notice Updates a service to the next version. Owner.
    function update(bytes32 serviceId, Definition calldata definition) external returns (uint32 version);

    /// @notice Assigns a capable node and pays it for some hours. Owner of the service; again after it has ended and its money has left.
    /// @param leaseHours 1 to 720
    function assign(bytes32 serviceId, bytes32 nodeId, uint32 leaseHours) external;

    /// @notice Reports that the present version runs, first or after an update. Agent or owner of the node.
    function reportLive(bytes32 serviceId, bytes32 nodeId, uint32 version, string calldata url) external;

    /// @notice Reports health. Owner of the service or monitor role.
    function reportHealth(bytes32 serviceId, bytes32 nodeId, bool healthy) external;

    /// @notice Extends a deployment at its price. Owner of the service.
    function extend(bytes32 serviceId, bytes32 nodeId, uint32 leaseHours) external;

    /// @notice Ends a deployment and returns its slot: owner or node at any time, anybody when its time is over or it was not served in time.
    /// Before it is live, and in time, it costs the owner five minutes of price.
    function end(bytes32 serviceId, bytes32 nodeId) external;

    /// @notice Pays what is earned and older than the objection window. Anybody.
    function settle(bytes32 serviceId, bytes32 nodeId) external returns (uint256 amount);

    /// @notice Returns what cannot be earned any more, after the end. Anybody.
    function refund(bytes32 serviceId, bytes32 nodeId) external returns (uint256 amount);

    /// @notice Where a deployment stands.
    function stateOf(bytes32 serviceId, bytes32 nodeId) external view returns (DeploymentState);

    /// @notice The last deployment of a service on a node.
    function deployment(bytes32 serviceId, bytes32 nodeId) external view returns (Deployment memory);

    /// @notice The definition and version of a service.
    function definitionOf(bytes32 serviceId) external view returns (uint32 version, Definition memory definition);

    /// @notice Who owns it now.
    function serviceOwner(bytes32 serviceId) external view returns (address);

    /// @notice Whether enough instances of the present version are live.
    function isActive(bytes32 serviceId) external view returns (bool);

    /// @notice The endpoints that serve now; at most 16.
    function endpointsOf(bytes32 serviceId) external view returns (ServiceEndpoint[] memory);

    /// @notice What settlement would pay and return now.
    function settleable(bytes32 serviceId, bytes32 nodeId)
        external
        view
        returns (uint256 payableNow, uint256 refundable);

    /// @notice The id of a service.
    function serviceIdOf(bytes32 namespace, string calldata name) external view returns (bytes32);
}
