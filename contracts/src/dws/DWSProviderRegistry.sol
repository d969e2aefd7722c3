// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {Governed} from "../governance/Governed.sol";
import {IDelegatedNodeStaking} from "../staking/IDelegatedNodeStaking.sol";
import {IMultiServiceStakeManager} from "../staking/IMultiServiceStakeManager.sol";
import {IDWSProviderRegistry} from "./IDWSProviderRegistry.sol";
import {Lateness} from "./Lateness.sol";
import {ProviderRecords} from "./ProviderRecords.sol";

/// @title DWSProviderRegistry
/// @notice See {IDWSProviderRegistry}. Records and views are in {ProviderRecords}.
contract DWSProviderRegistry is ProviderRecords {
    using EnumerableSet for EnumerableSet.Bytes32Set;
    using Lateness for Lateness.History;

    /// @notice May count leases: ExternalChainProvider and other sellers of node time.
    bytes32 public constant LEASE_ROLE = keccak256("LEASE_ROLE");

    /// @notice May set the canonical flag and the allowed measurements.
    bytes32 public constant CURATOR_ROLE = keccak256("CURATOR_ROLE");

    /// @notice Services of one node.
    uint256 public constant MAXIMUM_SERVICES = 16;
    /// @notice Bytes of an endpoint.
    uint256 public constant MAXIMUM_ENDPOINT = 256;

    bytes32 private constant REGISTER = "register";
    bytes32 private constant ATTEST = "attest";

    /// @inheritdoc IDWSProviderRegistry
    function initialize(
        address admin,
        address staking,
        address stakeManager,
        address identityRegistry,
        address verifier
    ) external initializer {
        __Governed_init(admin);
        _requireAddress(staking);
        _requireAddress(stakeManager);
        _requireAddress(identityRegistry);
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        $.staking = staking;
        $.stakeManager = stakeManager;
        $.identityRegistry = identityRegistry;
        $.verifier = verifier;
        $.parameters =
            Parameters({heartbeatInterval: 10 minutes, heartbeatTimeout: 30 minutes, attestationValidity: 1 days});
        emit VerifierChanged(verifier);
        emit ParametersChanged($.parameters);
    }

    // ---------------------------------------------------------------- owners

    /// @inheritdoc IDWSProviderRegistry
    function registerNode(Registration calldata registration) external whenActive(REGISTER) returns (bytes32 nodeId) {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        if (IDelegatedNodeStaking($.staking).operatorOf(registration.stakingNodeId) != msg.sender) {
            revert DWSProviderRegistry_NotStakingOperator(registration.stakingNodeId, msg.sender);
        }
        _requireAddress(registration.agent);
        if (registration.region == bytes32(0)) revert DWSProviderRegistry_EmptyRegion();
        _requireEndpoint(registration.endpoint);
        if (registration.services.length > MAXIMUM_SERVICES) {
            revert DWSProviderRegistry_TooLong(registration.services.length, MAXIMUM_SERVICES);
        }
        _requireAgentOwner($, registration.agentId);

        nodeId = nodeIdOf(msg.sender, registration.salt);
        NodeRecord storage record = $.nodes[nodeId];
        if (record.status != NodeStatus.Unknown) revert DWSProviderRegistry_NodeExists(nodeId);
        record.status = NodeStatus.Active;
        record.registeredAt = uint64(block.timestamp);
        record.agent = registration.agent;
        record.appointedBy = msg.sender;
        record.agentId = registration.agentId;
        record.stakingNodeId = registration.stakingNodeId;
        record.region = registration.region;
        record.endpoint = registration.endpoint;
        record.lateness.begin();
        $.nodeIds.push(nodeId);
        emit ProviderNodeRegistered(
            nodeId,
            msg.sender,
            registration.stakingNodeId,
            registration.salt,
            registration.agent,
            registration.agentId,
            registration.region,
            registration.endpoint
        );
        for (uint256 i = 0; i < registration.services.length; i++) {
            _addService($, nodeId, record, registration.services[i]);
        }
    }

    /// @inheritdoc IDWSProviderRegistry
    function addService(bytes32 nodeId, bytes32 service) external whenActive(REGISTER) {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        NodeRecord storage record = _ownNode($, nodeId);
        if (record.status != NodeStatus.Active) revert DWSProviderRegistry_WrongStatus(nodeId, record.status);
        uint256 count = record.services.length();
        if (count >= MAXIMUM_SERVICES) revert DWSProviderRegistry_TooLong(count + 1, MAXIMUM_SERVICES);
        _addService($, nodeId, record, service);
    }

    /// @inheritdoc IDWSProviderRegistry
    function removeService(bytes32 nodeId, bytes32 service) external {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        NodeRecord storage record = _ownNode($, nodeId);
        _requireEmpty(nodeId, record);
        if (!record.services.remove(service)) revert DWSProviderRegistry_UnknownService(nodeId, service);
        _releaseService($, nodeId, record, service);
    }

    /// @inheritdoc IDWSProviderRegistry
    function setEndpoint(bytes32 nodeId, string calldata endpoint) external {
        NodeRecord storage record = _providerRegistryStorage().nodes[nodeId];
        if (!mayAct(nodeId, msg.sender)) revert DWSProviderRegistry_NotAgent(nodeId, msg.sender);
        _requireEndpoint(endpoint);
        record.endpoint = endpoint;
        emit EndpointChanged(nodeId, endpoint);
    }

    /// @inheritdoc IDWSProviderRegistry
    function setAgent(bytes32 nodeId, address agent) external {
        NodeRecord storage record = _ownNode(_providerRegistryStorage(), nodeId);
        _requireAddress(agent);
        record.agent = agent;
        record.appointedBy = msg.sender;
        emit AgentChanged(nodeId, agent);
    }

    /// @inheritdoc IDWSProviderRegistry
    function setAgentId(bytes32 nodeId, uint256 agentId) external {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        NodeRecord storage record = _ownNode($, nodeId);
        _requireAgentOwner($, agentId);
        record.agentId = agentId;
        emit AgentIdChanged(nodeId, agentId);
    }

    /// @inheritdoc IDWSProviderRegistry
    function setDraining(bytes32 nodeId, bool draining) external {
        NodeRecord storage record = _ownNode(_providerRegistryStorage(), nodeId);
        NodeStatus wanted = draining ? NodeStatus.Draining : NodeStatus.Active;
        if (record.status == wanted) return;
        if (record.status == NodeStatus.Deregistered) revert DWSProviderRegistry_WrongStatus(nodeId, record.status);
        record.status = wanted;
        emit DrainingSet(nodeId, draining);
    }

    /// @inheritdoc IDWSProviderRegistry
    function deregisterNode(bytes32 nodeId) external {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        NodeRecord storage record = _ownNode($, nodeId);
        _requireEmpty(nodeId, record);
        record.status = NodeStatus.Deregistered;
        bytes32[] memory services = record.services.values();
        for (uint256 i = 0; i < services.length; i++) {
            record.services.remove(services[i]);
            _releaseService($, nodeId, record, services[i]);
        }
        emit ProviderNodeDeregistered(nodeId);
    }

    // ---------------------------------------------------------------- agents

    /// @inheritdoc IDWSProviderRegistry
    function heartbeat(bytes32 nodeId) external {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        NodeRecord storage record = $.nodes[nodeId];
        if (record.agent != msg.sender || !_isAppointed(record, ownerOf(nodeId))) {
            revert DWSProviderRegistry_NotAgent(nodeId, msg.sender);
        }
        if (record.status == NodeStatus.Deregistered) revert DWSProviderRegistry_WrongStatus(nodeId, record.status);
        uint64 late = record.lateness.beat($.parameters.heartbeatTimeout);
        emit Heartbeat(nodeId, uint64(block.timestamp), late);
        if (tx.gasprice != 0) return;
        record.forcedHeartbeatAt = uint64(block.timestamp);
        emit HeartbeatForced(nodeId);
    }

    /// @inheritdoc IDWSProviderRegistry
    function attest(bytes32 nodeId, bytes calldata quote) external whenActive(ATTEST) {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        if (!mayAct(nodeId, msg.sender)) revert DWSProviderRegistry_NotAgent(nodeId, msg.sender);
        bytes32 measurement = verifyAttestation(quote, attestationBinding(nodeId));
        NodeRecord storage record = $.nodes[nodeId];
        record.measurement = measurement;
        record.attestedUntil = uint64(block.timestamp + $.parameters.attestationValidity);
        emit NodeAttested(nodeId, measurement, record.attestedUntil);
    }

    // ---------------------------------------------------------------- leases

    /// @inheritdoc IDWSProviderRegistry
    function leaseOpened(bytes32 nodeId) external onlyRole(LEASE_ROLE) {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        NodeRecord storage record = $.nodes[nodeId];
        if (record.status != NodeStatus.Active) revert DWSProviderRegistry_WrongStatus(nodeId, record.status);
        record.liveLeases += 1;
        $.leasesOf[nodeId][msg.sender] += 1;
        emit LiveLeasesChanged(nodeId, msg.sender, record.liveLeases);
    }

    /// @inheritdoc IDWSProviderRegistry
    function leaseClosed(bytes32 nodeId) external {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        // Without the role: what a seller opened he can close, or a role that is taken away would lock in consumers and nodes.
        if ($.leasesOf[nodeId][msg.sender] == 0) revert DWSProviderRegistry_NoLease(nodeId, msg.sender);
        NodeRecord storage record = $.nodes[nodeId];
        $.leasesOf[nodeId][msg.sender] -= 1;
        record.liveLeases -= 1;
        emit LiveLeasesChanged(nodeId, msg.sender, record.liveLeases);
    }

    // ---------------------------------------------------------------- governance

    /// @inheritdoc IDWSProviderRegistry
    function setCanonical(bytes32 nodeId, bool canonical) external onlyRole(CURATOR_ROLE) {
        NodeRecord storage record = _providerRegistryStorage().nodes[nodeId];
        if (record.status == NodeStatus.Unknown) revert DWSProviderRegistry_UnknownNode(nodeId);
        record.canonical = canonical;
        emit CanonicalSet(nodeId, canonical);
    }

    /// @inheritdoc IDWSProviderRegistry
    function setMeasurement(bytes32 measurement, bool allowed) external onlyRole(CURATOR_ROLE) {
        _providerRegistryStorage().measurements[measurement] = allowed;
        emit MeasurementSet(measurement, allowed);
    }

    /// @inheritdoc IDWSProviderRegistry
    function setVerifier(address verifier) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _providerRegistryStorage().verifier = verifier;
        emit VerifierChanged(verifier);
    }

    /// @inheritdoc IDWSProviderRegistry
    function setParameters(Parameters calldata parameters_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("heartbeatInterval", parameters_.heartbeatInterval, 1, 1 days);
        _requireWithin("heartbeatTimeout", parameters_.heartbeatTimeout, parameters_.heartbeatInterval, 7 days);
        _requireWithin("attestationValidity", parameters_.attestationValidity, 1 minutes, 30 days);
        _providerRegistryStorage().parameters = parameters_;
        emit ParametersChanged(parameters_);
    }

    /// @inheritdoc Governed
    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](2);
        actions[0] = REGISTER;
        actions[1] = ATTEST;
    }

    // ---------------------------------------------------------------- internals

    function _addService(ProviderRegistryStorage storage $, bytes32 nodeId, NodeRecord storage record, bytes32 service)
        private
    {
        if (!record.services.add(service)) revert DWSProviderRegistry_ServiceExists(nodeId, service);
        IMultiServiceStakeManager ledger = IMultiServiceStakeManager($.stakeManager);
        uint128 amount = ledger.serviceInfo(service).minimumStake;
        $.lockedStake[nodeId][service] = amount;
        // Reverts for an unknown service: its minimum is zero.
        ledger.lock(record.stakingNodeId, service, amount);
        emit ServiceAdded(nodeId, service, amount);
    }

    function _releaseService(
        ProviderRegistryStorage storage $,
        bytes32 nodeId,
        NodeRecord storage record,
        bytes32 service
    ) private {
        uint128 amount = $.lockedStake[nodeId][service];
        $.lockedStake[nodeId][service] = 0;
        IMultiServiceStakeManager($.stakeManager).release(record.stakingNodeId, service, amount);
        emit ServiceRemoved(nodeId, service, amount);
    }

    function _ownNode(ProviderRegistryStorage storage $, bytes32 nodeId)
        private
        view
        returns (NodeRecord storage record)
    {
        record = $.nodes[nodeId];
        if (record.status == NodeStatus.Unknown) revert DWSProviderRegistry_UnknownNode(nodeId);
        if (IDelegatedNodeStaking($.staking).operatorOf(record.stakingNodeId) != msg.sender) {
            revert DWSProviderRegistry_NotOwner(nodeId, msg.sender);
        }
    }

    function _requireEmpty(bytes32 nodeId, NodeRecord storage record) private view {
        if (record.status != NodeStatus.Draining) revert DWSProviderRegistry_WrongStatus(nodeId, record.status);
        if (record.liveLeases != 0) revert DWSProviderRegistry_LiveLeases(nodeId, record.liveLeases);
    }

    function _requireAgentOwner(ProviderRegistryStorage storage $, uint256 agentId) private view {
        if (agentId != 0 && !_ownsAgent($, agentId, msg.sender)) {
            revert DWSProviderRegistry_NotAgentOwner(agentId, msg.sender);
        }
    }

    function _requireEndpoint(string calldata endpoint) private pure {
        uint256 length = bytes(endpoint).length;
        if (length > MAXIMUM_ENDPOINT) revert DWSProviderRegistry_TooLong(length, MAXIMUM_ENDPOINT);
    }
}
