// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ArtifactNames} from "../artifacts/ArtifactNames.sol";
import {Governed} from "../governance/Governed.sol";
import {Namespaces} from "../naming/Namespaces.sol";
import {IComputeRegistry} from "../registry/IComputeRegistry.sol";
import {DeploymentEarnings} from "./DeploymentEarnings.sol";
import {IDWSBilling} from "./IDWSBilling.sol";
import {IDWSProviderRegistry} from "./IDWSProviderRegistry.sol";
import {IDWSServiceProvisioning} from "./IDWSServiceProvisioning.sol";

/// @title DWSServiceProvisioning
/// @notice See {IDWSServiceProvisioning}.
contract DWSServiceProvisioning is DeploymentEarnings, Governed, Namespaces {
    using SafeCast for uint256;

    /// @notice May report health.
    bytes32 public constant MONITOR_ROLE = keccak256("MONITOR_ROLE");
    /// @notice The most nodes of a service.
    uint256 public constant MAXIMUM_NODES = 16;
    /// @notice The longest time ahead that a deployment can be paid for, in hours.
    uint256 public constant MAXIMUM_HOURS = 720;
    /// @notice How long a node may take to go live, in seconds.
    uint256 public constant READY_WINDOW = 1 hours;
    /// @notice What giving up before the node is live costs the owner of the service, in seconds of price.
    uint256 public constant START_FEE_SECONDS = 300;
    /// @notice The pausable actions.
    bytes32 public constant DEFINE = "define";
    bytes32 public constant ASSIGN = "assign";

    uint256 private constant MAXIMUM_TEXT = 256;

    /// @inheritdoc IDWSServiceProvisioning
    function initialize(
        address admin,
        address registry,
        address providerRegistry,
        address computeRegistry,
        address billing
    ) external initializer {
        __Governed_init(admin);
        _requireAddress(registry);
        _requireAddress(providerRegistry);
        _requireAddress(computeRegistry);
        _requireAddress(billing);
        _setNames(registry);
        DWSServiceProvisioningStorage storage $ = _provisioning();
        $.providerRegistry = providerRegistry;
        $.computeRegistry = computeRegistry;
        $.billing = billing;
    }

    // ------------------------------------------------------------ services

    /// @inheritdoc IDWSServiceProvisioning
    function defineService(bytes32 namespace, string calldata name, Definition calldata definition)
        external
        whenActive(DEFINE)
        returns (bytes32 serviceId)
    {
        _requireNamespaceOwner(namespace);
        if (!ArtifactNames.isName(name)) revert DWSServiceProvisioning_InvalidName(name);
        serviceId = serviceIdOf(namespace, name);
        Service storage $service = _provisioning().services[serviceId];
        if ($service.namespace != bytes32(0)) revert DWSServiceProvisioning_Exists(serviceId);
        _requireDefinition(definition);
        $service.namespace = namespace;
        $service.version = 1;
        $service.definition = definition;
        emit ServiceDefined(serviceId, 1, namespace, name, definition);
    }

    /// @inheritdoc IDWSServiceProvisioning
    function update(bytes32 serviceId, Definition calldata definition)
        external
        whenActive(DEFINE)
        returns (uint32 version)
    {
        Service storage $service = _requireServiceOwner(serviceId);
        _requireDefinition(definition);
        version = $service.version + 1;
        $service.version = version;
        $service.definition = definition;
        emit ServiceDefined(serviceId, version, $service.namespace, "", definition);
    }

    // ------------------------------------------------------------ deployments

    /// @inheritdoc IDWSServiceProvisioning
    function assign(bytes32 serviceId, bytes32 nodeId, uint32 leaseHours) external whenActive(ASSIGN) nonReentrant {
        DWSServiceProvisioningStorage storage $ = _provisioning();
        Service storage $service = _requireServiceOwner(serviceId);
        Deployment storage $deployment = $service.byNode[nodeId];
        // The last one must be over, and its money gone to whom it belongs.
        bool settled = $deployment.endedAt != 0 && $deployment.paid + $deployment.refunded == $deployment.deposit;
        if ($deployment.deadline != 0 && !settled) {
            revert DWSServiceProvisioning_WrongState(serviceId, nodeId, stateOf(serviceId, nodeId));
        }
        if (leaseHours == 0 || leaseHours > MAXIMUM_HOURS) {
            revert DWSServiceProvisioning_InvalidHours(leaseHours, MAXIMUM_HOURS);
        }
        if ($service.nodes.length >= MAXIMUM_NODES) {
            revert DWSServiceProvisioning_TooManyNodes(serviceId, MAXIMUM_NODES);
        }
        uint128 price = _requireCapable(nodeId, $service.definition);
        $service.nodes.push(nodeId);
        $service.positions[nodeId] = $service.nodes.length;
        $service.deployments++;
        delete $service.byNode[nodeId];
        $deployment.billing = $.billing;
        $deployment.escrowId = keccak256(abi.encode(serviceId, nodeId, $service.deployments));
        $deployment.stakingNodeId = IDWSProviderRegistry($.providerRegistry).stakingNodeOf(nodeId);
        $deployment.pricePerHour = price;
        $deployment.deposit = price * leaseHours;
        $deployment.deadline = (block.timestamp + READY_WINDOW).toUint64();
        emit NodeAssigned(serviceId, nodeId, $deployment.escrowId, price, $deployment.deposit, $deployment.deadline);
        IComputeRegistry($.computeRegistry).takeSlot(nodeId);
        IDWSBilling($.billing).openEscrow($deployment.escrowId, msg.sender, $deployment.deposit);
        IDWSProviderRegistry($.providerRegistry).leaseOpened(nodeId);
    }

    /// @inheritdoc IDWSServiceProvisioning
    function reportLive(bytes32 serviceId, bytes32 nodeId, uint32 version, string calldata url) external {
        Service storage $service = _provisioning().services[serviceId];
        Deployment storage $deployment = $service.byNode[nodeId];
        _requireNode(nodeId);
        DeploymentState state = stateOf(serviceId, nodeId);
        if (state != DeploymentState.Assigned && state != DeploymentState.Live && state != DeploymentState.Unhealthy) {
            revert DWSServiceProvisioning_WrongState(serviceId, nodeId, state);
        }
        if (version != $service.version) {
            revert DWSServiceProvisioning_WrongVersion(serviceId, version, $service.version);
        }
        if (bytes(url).length > MAXIMUM_TEXT) revert DWSServiceProvisioning_TooLong(bytes(url).length, MAXIMUM_TEXT);
        $deployment.version = version;
        $deployment.url = url;
        if (state == DeploymentState.Assigned) {
            $deployment.liveAt = block.timestamp.toUint64();
            $deployment.paidUntil =
                (block.timestamp + uint256($deployment.deposit) * HOUR / $deployment.pricePerHour).toUint64();
            $deployment.lateBefore = _lateSeconds(nodeId, block.timestamp);
        }
        emit DeploymentLive(serviceId, nodeId, version, url, $deployment.paidUntil);
    }

    /// @inheritdoc IDWSServiceProvisioning
    function reportHealth(bytes32 serviceId, bytes32 nodeId, bool healthy) external {
        if (serviceOwner(serviceId) != msg.sender && !hasRole(MONITOR_ROLE, msg.sender)) {
            revert DWSServiceProvisioning_NotMonitor(serviceId, msg.sender);
        }
        Deployment storage $deployment = _provisioning().services[serviceId].byNode[nodeId];
        DeploymentState state = stateOf(serviceId, nodeId);
        if (state != (healthy ? DeploymentState.Unhealthy : DeploymentState.Live)) {
            revert DWSServiceProvisioning_WrongState(serviceId, nodeId, state);
        }
        if (healthy) {
            $deployment.unhealthySeconds = _unhealthySeconds($deployment, block.timestamp).toUint64();
            $deployment.unhealthySince = 0;
        } else {
            $deployment.unhealthySince = block.timestamp.toUint64();
        }
        emit HealthReported(serviceId, nodeId, healthy, msg.sender);
    }

    /// @inheritdoc IDWSServiceProvisioning
    function extend(bytes32 serviceId, bytes32 nodeId, uint32 leaseHours) external whenActive(ASSIGN) nonReentrant {
        Deployment storage $deployment = _requireServiceOwner(serviceId).byNode[nodeId];
        DeploymentState state = stateOf(serviceId, nodeId);
        if (state != DeploymentState.Live && state != DeploymentState.Unhealthy) {
            revert DWSServiceProvisioning_WrongState(serviceId, nodeId, state);
        }
        uint256 paidUntil = $deployment.paidUntil + leaseHours * HOUR;
        if (leaseHours == 0 || paidUntil > block.timestamp + MAXIMUM_HOURS * HOUR) {
            revert DWSServiceProvisioning_InvalidHours(leaseHours, MAXIMUM_HOURS);
        }
        // The escrow draws on who opened it: whoever owns the name since may not spend that account's money.
        address payer = IDWSBilling($deployment.billing).escrow(address(this), $deployment.escrowId).consumer;
        if (payer != msg.sender) revert DWSServiceProvisioning_NotPayer(serviceId, nodeId, payer);
        uint128 amount = $deployment.pricePerHour * leaseHours;
        $deployment.deposit += amount;
        $deployment.paidUntil = paidUntil.toUint64();
        emit DeploymentExtended(serviceId, nodeId, amount, $deployment.paidUntil);
        IDWSBilling($deployment.billing).fundEscrow($deployment.escrowId, amount);
    }

    /// @inheritdoc IDWSServiceProvisioning
    function end(bytes32 serviceId, bytes32 nodeId) external nonReentrant {
        DWSServiceProvisioningStorage storage $ = _provisioning();
        Service storage $service = $.services[serviceId];
        Deployment storage $deployment = $service.byNode[nodeId];
        DeploymentState state = stateOf(serviceId, nodeId);
        if (state == DeploymentState.None || state == DeploymentState.Ended) {
            revert DWSServiceProvisioning_WrongState(serviceId, nodeId, state);
        }
        bool isOver = state == DeploymentState.Unserved || state == DeploymentState.Expired;
        bool byOwner = serviceOwner(serviceId) == msg.sender;
        if (!isOver && !byOwner) _requireNode(nodeId);
        $deployment.endedAt = _servedUntil($deployment);
        if (byOwner && state == DeploymentState.Assigned) {
            // Otherwise slots could be held, and given up again, for nothing. Rounded up, against the one who gives up.
            uint256 fee = Math.ceilDiv($deployment.pricePerHour * START_FEE_SECONDS, HOUR);
            $deployment.startFee = Math.min(fee, $deployment.deposit).toUint128();
        }
        if ($deployment.unhealthySince != 0) {
            $deployment.unhealthySeconds = _unhealthySeconds($deployment, $deployment.endedAt).toUint64();
            $deployment.unhealthySince = 0;
        }
        bytes32 last = $service.nodes[$service.nodes.length - 1];
        uint256 position = $service.positions[nodeId];
        $service.nodes[position - 1] = last;
        $service.positions[last] = position;
        $service.nodes.pop();
        delete $service.positions[nodeId];
        emit DeploymentEnded(serviceId, nodeId, $deployment.endedAt, msg.sender);
        IComputeRegistry($.computeRegistry).returnSlot(nodeId);
        IDWSProviderRegistry($.providerRegistry).leaseClosed(nodeId);
    }

    // ------------------------------------------------------------ views

    /// @inheritdoc IDWSServiceProvisioning
    function stateOf(bytes32 serviceId, bytes32 nodeId) public view returns (DeploymentState) {
        Deployment storage $deployment = _provisioning().services[serviceId].byNode[nodeId];
        if ($deployment.deadline == 0) return DeploymentState.None;
        if ($deployment.endedAt != 0) return DeploymentState.Ended;
        if ($deployment.liveAt == 0) {
            return block.timestamp <= $deployment.deadline ? DeploymentState.Assigned : DeploymentState.Unserved;
        }
        if (block.timestamp >= $deployment.paidUntil) return DeploymentState.Expired;
        bool isUnhealthy = $deployment.unhealthySince != 0
            || !IDWSProviderRegistry(_provisioning().providerRegistry).isHealthy(nodeId);
        if (isUnhealthy) return DeploymentState.Unhealthy;
        return DeploymentState.Live;
    }

    /// @inheritdoc IDWSServiceProvisioning
    function deployment(bytes32 serviceId, bytes32 nodeId) external view returns (Deployment memory) {
        return _provisioning().services[serviceId].byNode[nodeId];
    }

    /// @inheritdoc IDWSServiceProvisioning
    function definitionOf(bytes32 serviceId) external view returns (uint32 version, Definition memory definition) {
        Service storage $service = _provisioning().services[serviceId];
        return ($service.version, $service.definition);
    }

    /// @inheritdoc IDWSServiceProvisioning
    function serviceOwner(bytes32 serviceId) public view returns (address) {
        bytes32 namespace = _provisioning().services[serviceId].namespace;
        return namespace == bytes32(0) ? address(0) : namespaceOwner(namespace);
    }

    /// @inheritdoc IDWSServiceProvisioning
    function isActive(bytes32 serviceId) public view returns (bool) {
        Service storage $service = _provisioning().services[serviceId];
        if ($service.version == 0) return false;
        uint256 live;
        for (uint256 i = 0; i < $service.nodes.length; i++) {
            bytes32 nodeId = $service.nodes[i];
            bool counts = $service.byNode[nodeId].version == $service.version;
            if (counts && stateOf(serviceId, nodeId) == DeploymentState.Live) live++;
        }
        return live >= $service.definition.minimumInstances;
    }

    /// @inheritdoc IDWSServiceProvisioning
    function endpointsOf(bytes32 serviceId) external view returns (ServiceEndpoint[] memory endpoints) {
        Service storage $service = _provisioning().services[serviceId];
        // As long as the new version is not active, what is live of the old one serves on.
        bool isDraining = !isActive(serviceId);
        ServiceEndpoint[] memory found = new ServiceEndpoint[]($service.nodes.length);
        uint256 count;
        for (uint256 i = 0; i < found.length; i++) {
            bytes32 nodeId = $service.nodes[i];
            Deployment storage $deployment = $service.byNode[nodeId];
            bool isOld = $deployment.version < $service.version;
            if (stateOf(serviceId, nodeId) != DeploymentState.Live || (isOld && !isDraining)) continue;
            // A first version serves nobody before enough instances are there.
            if (isDraining && $service.version == 1) continue;
            found[count++] = ServiceEndpoint({nodeId: nodeId, version: $deployment.version, url: $deployment.url});
        }
        endpoints = new ServiceEndpoint[](count);
        for (uint256 i = 0; i < count; i++) {
            endpoints[i] = found[i];
        }
    }

    /// @inheritdoc IDWSServiceProvisioning
    function serviceIdOf(bytes32 namespace, string calldata name) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), namespace, name));
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](2);
        actions[0] = DEFINE;
        actions[1] = ASSIGN;
    }

    // ------------------------------------------------------------ internal

    function _requireCapable(bytes32 nodeId, Definition storage $definition) private view returns (uint128 price) {
        IComputeRegistry registry = IComputeRegistry(_provisioning().computeRegistry);
        if (!registry.isRentable(nodeId)) revert DWSServiceProvisioning_NotCapable(nodeId, "available");
        IComputeRegistry.Capability memory capability = registry.capabilityOf(nodeId);
        if (capability.cores < $definition.cores) revert DWSServiceProvisioning_NotCapable(nodeId, "cores");
        if (capability.memoryMb < $definition.memoryMb) revert DWSServiceProvisioning_NotCapable(nodeId, "memoryMb");
        if ($definition.tee && !registry.hasLiveTee(nodeId)) revert DWSServiceProvisioning_NotCapable(nodeId, "tee");
        price = capability.pricePerHour;
        if (price > $definition.maximumPricePerHour) revert DWSServiceProvisioning_NotCapable(nodeId, "price");
    }

    function _requireDefinition(Definition calldata definition) private pure {
        if (definition.codeHash == bytes32(0)) revert DWSServiceProvisioning_InvalidDefinition("codeHash");
        if (definition.minimumInstances == 0 || definition.minimumInstances > MAXIMUM_NODES) {
            revert DWSServiceProvisioning_InvalidDefinition("minimumInstances");
        }
        if (definition.maximumPricePerHour == 0) {
            revert DWSServiceProvisioning_InvalidDefinition("maximumPricePerHour");
        }
        if (bytes(definition.contentId).length > MAXIMUM_TEXT / 2) {
            revert DWSServiceProvisioning_TooLong(bytes(definition.contentId).length, MAXIMUM_TEXT / 2);
        }
    }

    function _requireServiceOwner(bytes32 serviceId) private view returns (Service storage $service) {
        $service = _provisioning().services[serviceId];
        if ($service.namespace == bytes32(0)) revert DWSServiceProvisioning_Unknown(serviceId);
        if (serviceOwner(serviceId) != msg.sender) revert DWSServiceProvisioning_NotOwner(serviceId, msg.sender);
    }

    function _requireNode(bytes32 nodeId) private view {
        if (!IDWSProviderRegistry(_provisioning().providerRegistry).mayAct(nodeId, msg.sender)) {
            revert DWSServiceProvisioning_NotNode(nodeId, msg.sender);
        }
    }
}
