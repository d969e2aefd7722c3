// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ArtifactNames} from "../artifacts/ArtifactNames.sol";
import {Namespaces} from "../naming/Namespaces.sol";
import {IDWSBilling} from "./IDWSBilling.sol";
import {IDWSProviderRegistry} from "./IDWSProviderRegistry.sol";
import {IWorkerRegistry} from "./IWorkerRegistry.sol";
import {VoucherChannels} from "./VoucherChannels.sol";

/// @title WorkerRegistry
/// @notice See {IWorkerRegistry}.
contract WorkerRegistry is IWorkerRegistry, VoucherChannels, Namespaces {
    using SafeCast for uint256;

    struct Route {
        bytes32 workerId;
        uint64 epoch;
    }

    /// @custom:storage-location erc7201:jeju.storage.WorkerRegistry
    struct WorkerRegistryStorage {
        address providerRegistry;
        mapping(bytes32 workerId => Worker) workers;
        mapping(bytes32 workerId => mapping(uint32 version => Version)) versions;
        mapping(bytes32 workerId => bytes32[]) nodes;
        mapping(bytes32 workerId => mapping(bytes32 nodeId => uint256)) positions; // in `nodes`, counted from 1
        mapping(bytes32 workerId => mapping(bytes32 nodeId => string)) urls;
        mapping(bytes32 name => Route) routes;
    }

    /// @notice The service of the allocation ledger.
    bytes32 public constant SERVICE = "worker";
    /// @notice The most nodes of a worker.
    uint256 public constant MAXIMUM_NODES = 32;
    /// @notice The pausable action of publishing.
    bytes32 public constant PUBLISH = "publish";

    uint256 private constant MAXIMUM_CONTENT_ID = 128;
    uint256 private constant MAXIMUM_URL = 256;
    bytes32 private constant WORKER_REGISTRY_STORAGE =
        0x0beba2e8257e78b2b46fcdd6997f1aebc596e179e739312634f50b128c32d000;

    /// @inheritdoc IWorkerRegistry
    function initialize(address admin, address registry, address providerRegistry, address billing_)
        external
        initializer
    {
        __Governed_init(admin);
        __EIP712_init("JejuWorkerRegistry", "1");
        _requireAddress(registry);
        _requireAddress(providerRegistry);
        _setNames(registry);
        _setBilling(billing_);
        _workers().providerRegistry = providerRegistry;
    }

    /// @inheritdoc IWorkerRegistry
    function createWorker(bytes32 namespace, string calldata name)
        external
        whenActive(PUBLISH)
        returns (bytes32 workerId)
    {
        _requireNamespaceOwner(namespace);
        if (!ArtifactNames.isName(name)) revert WorkerRegistry_InvalidName(name);
        workerId = workerIdOf(namespace, name);
        Worker storage $worker = _workers().workers[workerId];
        if ($worker.namespace != bytes32(0)) revert WorkerRegistry_Exists(workerId);
        $worker.namespace = namespace;
        $worker.name = name;
        emit WorkerCreated(workerId, namespace, name, msg.sender);
    }

    /// @inheritdoc IWorkerRegistry
    function publishVersion(bytes32 workerId, bytes32 codeHash, string calldata contentId)
        external
        whenActive(PUBLISH)
        returns (uint32 number)
    {
        Worker storage $worker = _requireWorkerOwner(workerId);
        number = $worker.versions + 1;
        if (codeHash == bytes32(0)) revert WorkerRegistry_InvalidVersion(workerId, number);
        if (bytes(contentId).length > MAXIMUM_CONTENT_ID) {
            revert WorkerRegistry_TooLong(bytes(contentId).length, MAXIMUM_CONTENT_ID);
        }
        $worker.versions = number;
        _workers().versions[workerId][number] =
            Version({codeHash: codeHash, contentId: contentId, publishedAt: block.timestamp.toUint64()});
        emit WorkerVersionPublished(workerId, number, codeHash, contentId);
    }

    /// @inheritdoc IWorkerRegistry
    function activate(bytes32 workerId, uint32 number) external {
        Worker storage $worker = _requireWorkerOwner(workerId);
        if (number > $worker.versions) revert WorkerRegistry_InvalidVersion(workerId, number);
        $worker.activeVersion = number;
        emit WorkerVersionActivated(workerId, number);
    }

    /// @inheritdoc IWorkerRegistry
    function setPrice(bytes32 workerId, PaymentMode mode, uint128 pricePerCall) external {
        Worker storage $worker = _requireWorkerOwner(workerId);
        if ((mode == PaymentMode.Free) != (pricePerCall == 0)) revert WorkerRegistry_InvalidPrice(mode, pricePerCall);
        $worker.mode = mode;
        $worker.pricePerCall = pricePerCall;
        emit WorkerPriceChanged(workerId, mode, pricePerCall);
    }

    /// @inheritdoc IWorkerRegistry
    function setRoute(bytes32 name, bytes32 workerId) external {
        _requireNamespaceOwner(name);
        if (workerId != bytes32(0)) _requireWorker(workerId);
        uint64 epoch = _namespaceEpoch(name);
        _workers().routes[name] = Route({workerId: workerId, epoch: epoch});
        emit RouteSet(name, workerId, epoch);
    }

    /// @inheritdoc IWorkerRegistry
    function assignNode(bytes32 workerId, bytes32 nodeId, bool assigned) external {
        WorkerRegistryStorage storage $ = _workers();
        _requireWorkerOwner(workerId);
        bytes32[] storage $nodes = $.nodes[workerId];
        uint256 position = $.positions[workerId][nodeId];
        if (assigned == (position != 0)) revert WorkerRegistry_Assignment(workerId, nodeId);
        if (assigned) {
            if (!_isProvider(nodeId)) revert WorkerRegistry_NotProvider(nodeId);
            if ($nodes.length >= MAXIMUM_NODES) revert WorkerRegistry_Assignment(workerId, nodeId);
            $nodes.push(nodeId);
            $.positions[workerId][nodeId] = $nodes.length;
        } else {
            bytes32 last = $nodes[$nodes.length - 1];
            $nodes[position - 1] = last;
            $.positions[workerId][last] = position;
            $nodes.pop();
            delete $.positions[workerId][nodeId];
            delete $.urls[workerId][nodeId];
        }
        emit NodeAssigned(workerId, nodeId, assigned);
    }

    /// @inheritdoc IWorkerRegistry
    function setEndpoint(bytes32 workerId, bytes32 nodeId, string calldata url) external {
        WorkerRegistryStorage storage $ = _workers();
        if ($.positions[workerId][nodeId] == 0) revert WorkerRegistry_Assignment(workerId, nodeId);
        if (!IDWSProviderRegistry($.providerRegistry).mayAct(nodeId, msg.sender)) {
            revert WorkerRegistry_NotNode(nodeId, msg.sender);
        }
        if (bytes(url).length > MAXIMUM_URL) revert WorkerRegistry_TooLong(bytes(url).length, MAXIMUM_URL);
        $.urls[workerId][nodeId] = url;
        emit EndpointSet(workerId, nodeId, url);
    }

    /// @inheritdoc IWorkerRegistry
    function worker(bytes32 workerId) external view returns (Worker memory) {
        return _workers().workers[workerId];
    }

    /// @inheritdoc IWorkerRegistry
    function workerOwner(bytes32 workerId) public view returns (address) {
        bytes32 namespace = _workers().workers[workerId].namespace;
        return namespace == bytes32(0) ? address(0) : namespaceOwner(namespace);
    }

    /// @inheritdoc IWorkerRegistry
    function version(bytes32 workerId, uint32 number) external view returns (Version memory) {
        return _workers().versions[workerId][number];
    }

    /// @inheritdoc IWorkerRegistry
    function route(bytes32 name) external view returns (bytes32) {
        Route storage $route = _workers().routes[name];
        return $route.epoch == _namespaceEpoch(name) ? $route.workerId : bytes32(0);
    }

    /// @inheritdoc IWorkerRegistry
    function endpointsOf(bytes32 workerId) external view returns (WorkerEndpoint[] memory endpoints) {
        WorkerRegistryStorage storage $ = _workers();
        bytes32[] storage $nodes = $.nodes[workerId];
        endpoints = new WorkerEndpoint[]($nodes.length);
        for (uint256 i = 0; i < endpoints.length; i++) {
            bytes32 nodeId = $nodes[i];
            endpoints[i] = WorkerEndpoint({
                nodeId: nodeId,
                url: $.urls[workerId][nodeId],
                healthy: IDWSProviderRegistry($.providerRegistry).isHealthy(nodeId)
            });
        }
    }

    /// @inheritdoc IWorkerRegistry
    function workerIdOf(bytes32 namespace, string calldata name) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), namespace, name));
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](2);
        actions[0] = OPEN_CHANNEL;
        actions[1] = PUBLISH;
    }

    function _takesChannels(bytes32 workerId) internal view override returns (bool) {
        Worker storage $worker = _workers().workers[workerId];
        return $worker.activeVersion != 0 && $worker.mode != PaymentMode.Free && workerOwner(workerId) != address(0);
    }

    function _speaksFor(bytes32 workerId, address account) internal view override returns (bool) {
        return workerOwner(workerId) == account;
    }

    // From the caller to the owner of the worker.
    function _payFrom(address fromBilling, bytes32 channelId, bytes32 workerId, uint256 amount) internal override {
        address owner = workerOwner(workerId);
        // A worker under a name that nobody owns earns nothing; the payer's money stays in the channel.
        _requireAddress(owner);
        IDWSBilling(fromBilling).payAccount(channelId, owner, amount);
    }

    function _isProvider(bytes32 nodeId) private view returns (bool) {
        IDWSProviderRegistry registry = IDWSProviderRegistry(_workers().providerRegistry);
        return registry.isAvailable(nodeId) && registry.offersService(nodeId, SERVICE);
    }

    function _requireWorker(bytes32 workerId) private view returns (Worker storage $worker) {
        $worker = _workers().workers[workerId];
        if ($worker.namespace == bytes32(0)) revert WorkerRegistry_Unknown(workerId);
    }

    function _requireWorkerOwner(bytes32 workerId) private view returns (Worker storage $worker) {
        $worker = _requireWorker(workerId);
        if (workerOwner(workerId) != msg.sender) revert WorkerRegistry_NotOwner(workerId, msg.sender);
    }

    function _workers() private pure returns (WorkerRegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := WORKER_REGISTRY_STORAGE
        }
    }
}
