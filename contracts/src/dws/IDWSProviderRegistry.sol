// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Provider nodes of the DWS marketplace
/// @notice A provider node is a machine that serves leases. Its stake is a node of DelegatedNodeStaking, and its owner is always that node's present
/// operator: authority follows the record. Each service it offers locks stake in the allocation ledger until deregistration.
///
/// Liveness is derived from block time: a node is late from `lastHeartbeat + heartbeatTimeout` until its next heartbeat. The seconds it was late are kept
/// as a history, so that settlement can ask for any moment in the past.
///
/// States: Unknown → Active → Draining → Deregistered, and Draining → Active. Nothing leaves Deregistered.
interface IDWSProviderRegistry {
    /// @notice The life of a provider node.
    enum NodeStatus {
        Unknown,
        Active,
        Draining, // takes no new leases
        Deregistered
    }

    /// @notice What the owner gives at registration.
    struct Registration {
        bytes32 salt; // the owner's own name for the node
        bytes32 stakingNodeId; // node of DelegatedNodeStaking, operated by the caller
        address agent; // hot key for heartbeats and readiness; never moves money
        uint256 agentId; // ERC-8004 agent owned by the caller, 0 for none
        bytes32 region; // ASCII, for example "local" or "eu-central-1"; never changes
        string endpoint; // URL of the agent, at most 256 bytes
        bytes32[] services; // at most 16, for each of which stake is locked
    }

    /// @notice A provider node as it is now.
    struct ProviderNode {
        NodeStatus status;
        bool healthy; // registered, in time, not deregistered
        bool backed; // its stake covers its allocations
        bool canonical; // set by governance
        bool attested; // holds an attestation that has not expired
        address owner; // present operator of the staking node
        address agent;
        uint256 agentId; // 0 when the agent's token is no longer the owner's
        bytes32 stakingNodeId;
        bytes32 region;
        string endpoint;
        uint64 registeredAt; // Unix seconds
        uint64 lastHeartbeat; // Unix seconds
        uint64 lateSince; // Unix seconds, 0 when in time
        uint64 attestedUntil; // Unix seconds
        bytes32 measurement; // of the attestation
        uint32 liveLeases; // held by registries; deregistration waits for zero
    }

    /// @notice Bounded settings, in seconds.
    struct Parameters {
        uint32 heartbeatInterval; // how often agents should report; 1 second to 1 day
        uint32 heartbeatTimeout; // late after; from one interval to 7 days
        uint32 attestationValidity; // 1 minute to 30 days
    }

    /// @notice Thrown when no node has this id.
    error DWSProviderRegistry_UnknownNode(bytes32 nodeId);

    /// @notice Thrown when a node id is taken.
    error DWSProviderRegistry_NodeExists(bytes32 nodeId);

    /// @notice Thrown when the caller is not the node's owner.
    error DWSProviderRegistry_NotOwner(bytes32 nodeId, address caller);

    /// @notice Thrown when the caller is not the node's agent.
    error DWSProviderRegistry_NotAgent(bytes32 nodeId, address caller);

    /// @notice Thrown when the caller does not operate the staking node.
    error DWSProviderRegistry_NotStakingOperator(bytes32 stakingNodeId, address caller);

    /// @notice Thrown when the caller does not own the ERC-8004 agent.
    error DWSProviderRegistry_NotAgentOwner(uint256 agentId, address caller);

    /// @notice Thrown when the node's status does not allow the action.
    error DWSProviderRegistry_WrongStatus(bytes32 nodeId, NodeStatus status);

    /// @notice Thrown when a text is longer than allowed, or a list. In bytes or entries.
    error DWSProviderRegistry_TooLong(uint256 length, uint256 maximum);

    /// @notice Thrown when a region is empty.
    error DWSProviderRegistry_EmptyRegion();

    /// @notice Thrown when a service is added twice.
    error DWSProviderRegistry_ServiceExists(bytes32 nodeId, bytes32 service);

    /// @notice Thrown when a node does not offer a service.
    error DWSProviderRegistry_UnknownService(bytes32 nodeId, bytes32 service);

    /// @notice Thrown when a service or a node still has leases.
    error DWSProviderRegistry_LiveLeases(bytes32 nodeId, uint256 leases);

    /// @notice Thrown when no verifier of attestations is set.
    error DWSProviderRegistry_NoVerifier();

    /// @notice Thrown when an attestation has a measurement that governance has not allowed.
    error DWSProviderRegistry_MeasurementNotAllowed(bytes32 measurement);

    /// @notice Thrown when an attestation is too old or from the future. Unix seconds.
    error DWSProviderRegistry_StaleAttestation(uint64 issuedAt, uint256 time);

    /// @notice Thrown when a lease counter would fall below zero.
    error DWSProviderRegistry_NoLease(bytes32 nodeId, address holder);

    /// @notice Thrown when a moment lies in the future. Unix seconds.
    error DWSProviderRegistry_FutureTime(uint64 time, uint256 present);

    /// @notice Emitted when a node was registered.
    event ProviderNodeRegistered(
        bytes32 indexed nodeId,
        address indexed owner,
        bytes32 indexed stakingNodeId,
        bytes32 salt,
        address agent,
        uint256 agentId,
        bytes32 region,
        string endpoint
    );

    /// @notice Emitted when a node began to offer a service, with the stake locked for it.
    event ServiceAdded(bytes32 indexed nodeId, bytes32 indexed service, uint256 lockedStake);

    /// @notice Emitted when a node ceased to offer a service, with the stake released.
    event ServiceRemoved(bytes32 indexed nodeId, bytes32 indexed service, uint256 releasedStake);

    /// @notice Emitted when the agent's URL changed.
    event EndpointChanged(bytes32 indexed nodeId, string endpoint);

    /// @notice Emitted when the agent's key changed.
    event AgentChanged(bytes32 indexed nodeId, address indexed agent);

    /// @notice Emitted when the ERC-8004 agent changed.
    event AgentIdChanged(bytes32 indexed nodeId, uint256 indexed agentId);

    /// @notice Emitted at each heartbeat. `lateSeconds` is what this heartbeat added to the history of lateness.
    event Heartbeat(bytes32 indexed nodeId, uint64 at, uint64 lateSeconds);
    /// @notice Emitted beside it when the heartbeat paid no gas price.
    event HeartbeatForced(bytes32 indexed nodeId);

    /// @notice Emitted when a node was attested. Unix seconds.
    event NodeAttested(bytes32 indexed nodeId, bytes32 indexed measurement, uint64 until);

    /// @notice Emitted when governance set the canonical flag.
    event CanonicalSet(bytes32 indexed nodeId, bool canonical);

    /// @notice Emitted when a node began or stopped to drain.
    event DrainingSet(bytes32 indexed nodeId, bool draining);

    /// @notice Emitted when a node was deregistered.
    event ProviderNodeDeregistered(bytes32 indexed nodeId);

    /// @notice Emitted when the number of a node's leases changed.
    event LiveLeasesChanged(bytes32 indexed nodeId, address indexed holder, uint32 liveLeases);

    /// @notice Emitted when a measurement was allowed or refused.
    event MeasurementSet(bytes32 indexed measurement, bool allowed);

    /// @notice Emitted when the verifier of attestations changed.
    event VerifierChanged(address indexed verifier);

    /// @notice Emitted when the settings changed.
    event ParametersChanged(Parameters parameters);

    /// @notice Stores addresses and the default settings; nothing is called.
    /// @param verifier Verifier of attestations, zero for none
    function initialize(
        address admin,
        address staking,
        address stakeManager,
        address identityRegistry,
        address verifier
    ) external;

    /// @notice Registers a provider node and locks the stake of its services. The registration counts as its first heartbeat.
    /// @return nodeId `keccak256(abi.encode(contract, caller, salt))`
    function registerNode(Registration calldata registration) external returns (bytes32 nodeId);

    /// @notice Adds a service and locks its minimum stake. Owner only.
    function addService(bytes32 nodeId, bytes32 service) external;

    /// @notice Removes a service of a draining node without leases and releases its stake. Owner only.
    function removeService(bytes32 nodeId, bytes32 service) external;

    /// @notice Changes the agent's URL. Owner or agent.
    function setEndpoint(bytes32 nodeId, string calldata endpoint) external;

    /// @notice Changes the agent's key. Owner only. An agent speaks for the owner who named him: with another owner of the node he has no rights.
    function setAgent(bytes32 nodeId, address agent) external;

    /// @notice Changes the ERC-8004 agent; 0 for none. Owner only.
    function setAgentId(bytes32 nodeId, uint256 agentId) external;

    /// @notice Reports that the node is alive. Agent only.
    function heartbeat(bytes32 nodeId) external;

    /// @notice Proves the node's TEE. Agent or owner.
    /// @param quote The attestation, bound to chain, this contract and the node id
    function attest(bytes32 nodeId, bytes calldata quote) external;

    /// @notice Starts or ends draining. Owner only.
    function setDraining(bytes32 nodeId, bool draining) external;

    /// @notice Deregisters a draining node without leases and releases all its stake to the ledger. Owner only. Final.
    function deregisterNode(bytes32 nodeId) external;

    /// @notice Counts a lease on a node. Requires `LEASE_ROLE`.
    function leaseOpened(bytes32 nodeId) external;

    /// @notice Counts a lease off. Whoever counted it on, with the role or without.
    function leaseClosed(bytes32 nodeId) external;

    /// @notice Sets the canonical flag. Requires `CURATOR_ROLE`.
    function setCanonical(bytes32 nodeId, bool canonical) external;

    /// @notice Allows or refuses a measurement. Requires `CURATOR_ROLE`.
    function setMeasurement(bytes32 measurement, bool allowed) external;

    /// @notice Changes the verifier of attestations. Administrator only.
    function setVerifier(address verifier) external;

    /// @notice Changes the settings. Administrator only.
    function setParameters(Parameters calldata parameters) external;

    /// @notice The settings in force.
    function parameters() external view returns (Parameters memory);

    /// @notice The contracts this one relies on.
    function wiring()
        external
        view
        returns (address staking, address stakeManager, address identityRegistry, address verifier);

    /// @notice A node as it is now; status Unknown when there is none.
    function node(bytes32 nodeId) external view returns (ProviderNode memory);

    /// @notice The services of a node, at most 16.
    function servicesOf(bytes32 nodeId) external view returns (bytes32[] memory);

    /// @notice Whether a node offers a service.
    function offersService(bytes32 nodeId, bytes32 service) external view returns (bool);

    /// @notice The present owner, zero when unknown.
    function ownerOf(bytes32 nodeId) external view returns (address);

    /// @notice Whether an account is the node's agent or owner, and the node is not deregistered.
    function mayAct(bytes32 nodeId, address account) external view returns (bool);

    /// @notice The staking node behind a node.
    function stakingNodeOf(bytes32 nodeId) external view returns (bytes32);

    /// @notice Whether a node may take a new lease: active, in time, backed.
    function isAvailable(bytes32 nodeId) external view returns (bool);

    /// @notice What a seller of node time checks before a lease, in one call.
    /// @return available As `isAvailable`
    /// @return attested Whether the node holds an attestation that has not expired
    /// @return canonical Whether governance marked the node
    /// @return region Where the node is
    function leaseFactsOf(bytes32 nodeId)
        external
        view
        returns (bool available, bool attested, bool canonical, bytes32 region);

    /// @notice The last heartbeat of a node, Unix seconds.
    function lastHeartbeatOf(bytes32 nodeId) external view returns (uint64);

    /// @notice Whether a node is registered and in time.
    function isHealthy(bytes32 nodeId) external view returns (bool);

    /// @notice Since when a node is late, Unix seconds; 0 when it is in time.
    function lateSince(bytes32 nodeId) external view returns (uint64);

    /// @notice When a node was last heard by a transaction that pays no gas price, Unix seconds; 0 for never. On a rollup such a transaction was forced
    /// in from the settlement layer, which works while the rollup takes nobody else's: the node was heard, but it is no witness that others could be.
    function forcedHeartbeatAt(bytes32 nodeId) external view returns (uint64);

    /// @notice Seconds a node was late, from its registration up to a moment that is not in the future.
    /// @param time Unix seconds
    function lateSecondsAt(bytes32 nodeId, uint64 time) external view returns (uint64);

    /// @notice Whether a measurement is allowed.
    function isMeasurementAllowed(bytes32 measurement) external view returns (bool);

    /// @notice Checks a quote against verifier, allow-list and age; reverts when it fails.
    /// @param quote The attestation
    /// @param binding 32 bytes that it must carry
    /// @return measurement What runs inside
    function verifyAttestation(bytes calldata quote, bytes32 binding) external view returns (bytes32 measurement);

    /// @notice The 32 bytes that a node's attestation has to carry.
    function attestationBinding(bytes32 nodeId) external view returns (bytes32);

    /// @notice The number of nodes ever registered.
    function nodeCount() external view returns (uint256);

    /// @notice A page of all nodes, in the order of registration.
    function nodes(uint256 offset, uint256 limit) external view returns (bytes32[] memory nodeIds);

    /// @notice The id that `registerNode` gives a node.
    function nodeIdOf(address owner, bytes32 salt) external view returns (bytes32);
}
