// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {Governed} from "../governance/Governed.sol";
import {Pages} from "../governance/Pages.sol";
import {IIdentityRegistry} from "../registry/IIdentityRegistry.sol";
import {IDelegatedNodeStaking} from "../staking/IDelegatedNodeStaking.sol";
import {IMultiServiceStakeManager} from "../staking/IMultiServiceStakeManager.sol";
import {IAttestationVerifier} from "./IAttestationVerifier.sol";
import {IDWSProviderRegistry} from "./IDWSProviderRegistry.sol";
import {Lateness} from "./Lateness.sol";

/// @title Provider nodes as they are at this moment: records, and what is derived from them
abstract contract ProviderRecords is IDWSProviderRegistry, Governed {
    using EnumerableSet for EnumerableSet.Bytes32Set;
    using Lateness for Lateness.History;

    struct NodeRecord {
        NodeStatus status;
        bool canonical;
        uint32 liveLeases;
        uint64 registeredAt;
        uint64 attestedUntil;
        address agent;
        uint256 agentId;
        bytes32 stakingNodeId;
        bytes32 region;
        bytes32 measurement;
        string endpoint;
        EnumerableSet.Bytes32Set services;
        Lateness.History lateness;
        address appointedBy; // the owner who named the agent; zero in records from before it was kept
        uint64 forcedHeartbeatAt; // Unix seconds
    }

    /// @custom:storage-location erc7201:jeju.storage.DWSProviderRegistry
    struct ProviderRegistryStorage {
        address staking;
        address stakeManager;
        address identityRegistry;
        address verifier;
        Parameters parameters;
        mapping(bytes32 nodeId => NodeRecord) nodes;
        bytes32[] nodeIds;
        mapping(bytes32 nodeId => mapping(bytes32 service => uint128)) lockedStake;
        mapping(bytes32 nodeId => mapping(address holder => uint32)) leasesOf;
        mapping(bytes32 measurement => bool) measurements;
    }

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.DWSProviderRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant PROVIDER_REGISTRY_STORAGE =
        0xb01bacdb3b24c4f22956755a4a2bef30868a9a797661784ae17b58cba04b2800;

    /// @inheritdoc IDWSProviderRegistry
    function parameters() external view returns (Parameters memory) {
        return _providerRegistryStorage().parameters;
    }

    /// @inheritdoc IDWSProviderRegistry
    function wiring()
        external
        view
        returns (address staking, address stakeManager, address identityRegistry, address verifier)
    {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        return ($.staking, $.stakeManager, $.identityRegistry, $.verifier);
    }

    /// @inheritdoc IDWSProviderRegistry
    function node(bytes32 nodeId) external view returns (ProviderNode memory info) {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        NodeRecord storage record = $.nodes[nodeId];
        if (record.status == NodeStatus.Unknown) return info;
        info.status = record.status;
        info.healthy = isHealthy(nodeId);
        info.backed = IMultiServiceStakeManager($.stakeManager).isBacked(record.stakingNodeId);
        info.canonical = record.canonical;
        info.attested = _isAttested($, record);
        info.owner = ownerOf(nodeId);
        info.agent = _isAppointed(record, info.owner) ? record.agent : address(0);
        info.agentId = _ownsAgent($, record.agentId, info.owner) ? record.agentId : 0;
        info.stakingNodeId = record.stakingNodeId;
        info.region = record.region;
        info.endpoint = record.endpoint;
        info.registeredAt = record.registeredAt;
        info.lastHeartbeat = record.lateness.lastBeat;
        info.lateSince = lateSince(nodeId);
        info.attestedUntil = record.attestedUntil;
        info.measurement = record.measurement;
        info.liveLeases = record.liveLeases;
    }

    /// @inheritdoc IDWSProviderRegistry
    function servicesOf(bytes32 nodeId) external view returns (bytes32[] memory) {
        return _providerRegistryStorage().nodes[nodeId].services.values();
    }

    /// @inheritdoc IDWSProviderRegistry
    function offersService(bytes32 nodeId, bytes32 service) external view returns (bool) {
        return _providerRegistryStorage().nodes[nodeId].services.contains(service);
    }

    /// @inheritdoc IDWSProviderRegistry
    function isMeasurementAllowed(bytes32 measurement) external view returns (bool) {
        return _providerRegistryStorage().measurements[measurement];
    }

    /// @inheritdoc IDWSProviderRegistry
    function stakingNodeOf(bytes32 nodeId) external view returns (bytes32) {
        return _providerRegistryStorage().nodes[nodeId].stakingNodeId;
    }

    /// @inheritdoc IDWSProviderRegistry
    function leaseFactsOf(bytes32 nodeId)
        external
        view
        returns (bool available, bool attested, bool canonical, bytes32 region)
    {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        NodeRecord storage record = $.nodes[nodeId];
        return (isAvailable(nodeId), _isAttested($, record), record.canonical, record.region);
    }

    /// @inheritdoc IDWSProviderRegistry
    function lastHeartbeatOf(bytes32 nodeId) external view returns (uint64) {
        return _providerRegistryStorage().nodes[nodeId].lateness.lastBeat;
    }

    /// @inheritdoc IDWSProviderRegistry
    function isAvailable(bytes32 nodeId) public view returns (bool) {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        NodeRecord storage record = $.nodes[nodeId];
        return record.status == NodeStatus.Active && isHealthy(nodeId)
            && IMultiServiceStakeManager($.stakeManager).isBacked(record.stakingNodeId);
    }

    /// @inheritdoc IDWSProviderRegistry
    function forcedHeartbeatAt(bytes32 nodeId) external view returns (uint64) {
        return _providerRegistryStorage().nodes[nodeId].forcedHeartbeatAt;
    }

    /// @inheritdoc IDWSProviderRegistry
    function lateSecondsAt(bytes32 nodeId, uint64 time) external view returns (uint64) {
        if (time > block.timestamp) revert DWSProviderRegistry_FutureTime(time, block.timestamp);
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        return $.nodes[nodeId].lateness.secondsAt(time, $.parameters.heartbeatTimeout);
    }

    /// @inheritdoc IDWSProviderRegistry
    function nodeCount() external view returns (uint256) {
        return _providerRegistryStorage().nodeIds.length;
    }

    /// @inheritdoc IDWSProviderRegistry
    function nodes(uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return Pages.page(_providerRegistryStorage().nodeIds, offset, limit);
    }

    /// @inheritdoc IDWSProviderRegistry
    function ownerOf(bytes32 nodeId) public view returns (address) {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        NodeRecord storage record = $.nodes[nodeId];
        if (record.status == NodeStatus.Unknown) return address(0);
        return IDelegatedNodeStaking($.staking).operatorOf(record.stakingNodeId);
    }

    /// @inheritdoc IDWSProviderRegistry
    function mayAct(bytes32 nodeId, address account) public view returns (bool) {
        NodeRecord storage record = _providerRegistryStorage().nodes[nodeId];
        if (record.status == NodeStatus.Unknown || record.status == NodeStatus.Deregistered) return false;
        address owner = ownerOf(nodeId);
        // An agent speaks for who named him; with the node's owner goes his agent.
        return account == owner || (account == record.agent && _isAppointed(record, owner));
    }

    /// @inheritdoc IDWSProviderRegistry
    function isHealthy(bytes32 nodeId) public view returns (bool) {
        NodeStatus status = _providerRegistryStorage().nodes[nodeId].status;
        if (status == NodeStatus.Unknown || status == NodeStatus.Deregistered) return false;
        return lateSince(nodeId) == 0;
    }

    /// @inheritdoc IDWSProviderRegistry
    function lateSince(bytes32 nodeId) public view returns (uint64) {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        return $.nodes[nodeId].lateness.since($.parameters.heartbeatTimeout);
    }

    /// @inheritdoc IDWSProviderRegistry
    function verifyAttestation(bytes calldata quote, bytes32 binding) public view returns (bytes32 measurement) {
        ProviderRegistryStorage storage $ = _providerRegistryStorage();
        if ($.verifier == address(0)) revert DWSProviderRegistry_NoVerifier();
        uint64 issuedAt;
        (measurement, issuedAt) = IAttestationVerifier($.verifier).verify(quote, binding);
        if (!$.measurements[measurement]) revert DWSProviderRegistry_MeasurementNotAllowed(measurement);
        if (issuedAt > block.timestamp || block.timestamp - issuedAt > $.parameters.attestationValidity) {
            revert DWSProviderRegistry_StaleAttestation(issuedAt, block.timestamp);
        }
    }

    /// @inheritdoc IDWSProviderRegistry
    function attestationBinding(bytes32 nodeId) public view returns (bytes32) {
        return keccak256(abi.encode("jeju/node-attestation/v1", block.chainid, address(this), nodeId));
    }

    /// @inheritdoc IDWSProviderRegistry
    function nodeIdOf(address owner, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), owner, salt));
    }

    function _ownsAgent(ProviderRegistryStorage storage $, uint256 agentId, address account)
        internal
        view
        returns (bool)
    {
        if (agentId == 0) return false;
        // A burnt or unknown token has no owner, which ERC-721 answers with a revert.
        try IIdentityRegistry($.identityRegistry).ownerOf(agentId) returns (address owner) {
            return owner == account;
        } catch {
            return false;
        }
    }

    function _isAppointed(NodeRecord storage record, address owner) internal view returns (bool) {
        return record.appointedBy == owner || record.appointedBy == address(0);
    }

    function _isAttested(ProviderRegistryStorage storage $, NodeRecord storage record) internal view returns (bool) {
        return record.attestedUntil >= block.timestamp && $.measurements[record.measurement];
    }

    function _providerRegistryStorage() internal pure returns (ProviderRegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := PROVIDER_REGISTRY_STORAGE
        }
    }
}
