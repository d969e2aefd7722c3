// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IVoucherChannels} from "./IVoucherChannels.sol";

/// @title Workers: code that provider nodes run for whoever calls it
/// @notice A worker lives in a namespace and belongs to its owner. Id = keccak256(abi.encode(contract, namespace, name)). Versions count up from 1 and never
/// change; the owner says which one runs. A route is a JNS name, set by the name's owner, and gone when the name changes hands.
///
/// Must: take endpoints only from provider nodes that the owner assigned, for themselves; pay the worker's owner of now.
/// Never: an endpoint by anybody else; money that moves from the owner to the caller.
/// @dev Prices in units of the payment token. Prepaid and x402 calls are paid through channels (see {IVoucherChannels}) with the worker as subject.
interface IWorkerRegistry is IVoucherChannels {
    /// @notice How calls are paid.
    enum PaymentMode {
        Free,
        Prepaid,
        X402
    }

    /// @notice A worker.
    struct Worker {
        bytes32 namespace;
        uint32 versions;
        uint32 activeVersion;
        PaymentMode mode;
        uint128 pricePerCall;
        string name;
    }

    /// @notice A version. The content id has at most 128 bytes.
    struct Version {
        bytes32 codeHash;
        string contentId;
        uint64 publishedAt;
    }

    /// @notice Where an assigned node answers; at most 256 bytes.
    struct WorkerEndpoint {
        bytes32 nodeId;
        string url;
        bool healthy;
    }

    /// @notice Thrown when a name is malformed.
    error WorkerRegistry_InvalidName(string name);
    /// @notice Thrown when a worker exists, or is unknown.
    error WorkerRegistry_Exists(bytes32 workerId);
    error WorkerRegistry_Unknown(bytes32 workerId);
    /// @notice Thrown when the caller does not own the worker, or the name.
    error WorkerRegistry_NotOwner(bytes32 id, address caller);
    /// @notice Thrown when there is no such version, or it is empty.
    error WorkerRegistry_InvalidVersion(bytes32 workerId, uint32 version);
    /// @notice Thrown when a node is not a registered provider of the service "worker".
    error WorkerRegistry_NotProvider(bytes32 nodeId);
    /// @notice Thrown when a node is assigned, is not, or there are too many.
    error WorkerRegistry_Assignment(bytes32 workerId, bytes32 nodeId);
    /// @notice Thrown when the caller may not act for the node.
    error WorkerRegistry_NotNode(bytes32 nodeId, address caller);
    /// @notice Thrown when price and mode contradict each other.
    error WorkerRegistry_InvalidPrice(PaymentMode mode, uint128 pricePerCall);
    /// @notice Thrown when a text is longer than allowed, in bytes.
    error WorkerRegistry_TooLong(uint256 length, uint256 maximum);

    /// @notice Emitted when a worker was created.
    event WorkerCreated(bytes32 indexed workerId, bytes32 indexed namespace, string name, address indexed by);
    /// @notice Emitted when a version was published.
    event WorkerVersionPublished(bytes32 indexed workerId, uint32 version, bytes32 codeHash, string contentId);
    /// @notice Emitted when another version was made the one that runs; 0 for none.
    event WorkerVersionActivated(bytes32 indexed workerId, uint32 version);
    /// @notice Emitted when mode or price changed.
    event WorkerPriceChanged(bytes32 indexed workerId, PaymentMode mode, uint128 pricePerCall);
    /// @notice Emitted when a route was set; zero removes it.
    event RouteSet(bytes32 indexed name, bytes32 indexed workerId, uint64 epoch);
    /// @notice Emitted when a node was assigned or removed.
    event NodeAssigned(bytes32 indexed workerId, bytes32 indexed nodeId, bool assigned);
    /// @notice Emitted when an assigned node said where it answers.
    event EndpointSet(bytes32 indexed workerId, bytes32 indexed nodeId, string url);

    /// @notice Stores the addresses.
    function initialize(address admin, address names, address providerRegistry, address billing) external;

    /// @notice Creates a worker. Owner of the namespace.
    function createWorker(bytes32 namespace, string calldata name) external returns (bytes32 workerId);

    /// @notice Publishes the next version. Owner.
    function publishVersion(bytes32 workerId, bytes32 codeHash, string calldata contentId)
        external
        returns (uint32 version);

    /// @notice Says which version runs; 0 stops the worker. Owner.
    function activate(bytes32 workerId, uint32 version) external;

    /// @notice Changes mode and price; vouchers signed before keep theirs. Owner.
    function setPrice(bytes32 workerId, PaymentMode mode, uint128 pricePerCall) external;

    /// @notice Routes a name to a worker; zero removes the route. Owner of the name.
    function setRoute(bytes32 name, bytes32 workerId) external;

    /// @notice Assigns a provider node, or removes it with its endpoint; at most 32. Owner.
    function assignNode(bytes32 workerId, bytes32 nodeId, bool assigned) external;

    /// @notice Says where an assigned node answers. Agent or owner of that node.
    function setEndpoint(bytes32 workerId, bytes32 nodeId, string calldata url) external;

    /// @notice A worker.
    function worker(bytes32 workerId) external view returns (Worker memory);

    /// @notice Who owns it now.
    function workerOwner(bytes32 workerId) external view returns (address);

    /// @notice A version.
    function version(bytes32 workerId, uint32 number) external view returns (Version memory);

    /// @notice The worker that a name leads to under its present owner; zero for none.
    function route(bytes32 name) external view returns (bytes32 workerId);

    /// @notice The endpoints of the assigned nodes; at most 32.
    function endpointsOf(bytes32 workerId) external view returns (WorkerEndpoint[] memory);

    /// @notice The id of a worker.
    function workerIdOf(bytes32 namespace, string calldata name) external view returns (bytes32);
}
