// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {AgentOwnership} from "./AgentOwnership.sol";
import {IIdentityRegistry} from "./IIdentityRegistry.sol";

/// @title Tags and endpoints of agents
/// @notice The part of {IIdentityRegistry} by which agents are found. An agent has at most eight tags, so clearing them at a transfer costs the same
/// however many other agents carry them; endpoints are kept per generation, which a transfer ends.
abstract contract AgentProfiles is IIdentityRegistry, AgentOwnership {
    using EnumerableSet for EnumerableSet.Bytes32Set;
    using EnumerableSet for EnumerableSet.UintSet;

    struct Endpoints {
        EnumerableSet.Bytes32Set protocols;
        mapping(bytes32 protocol => string) urls;
    }

    struct Profile {
        uint64 generation;
        EnumerableSet.Bytes32Set tags;
        mapping(uint64 generation => Endpoints) endpoints;
    }

    /// @custom:storage-location erc7201:jeju.storage.AgentProfiles
    struct AgentProfilesStorage {
        mapping(uint256 agentId => Profile) profiles;
        mapping(bytes32 tag => EnumerableSet.UintSet) agentsByTag;
    }

    /// @notice The most tags of an agent.
    uint256 public constant MAXIMUM_TAGS = 8;
    /// @notice The most endpoints of an agent.
    uint256 public constant MAXIMUM_ENDPOINTS = 8;

    uint256 private constant MAXIMUM_ENDPOINT = 256;
    // keccak256(abi.encode(uint256(keccak256("jeju.storage.AgentProfiles")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant AGENT_PROFILES_STORAGE =
        0xb67dd7a74a0cf8115fd876e67db071f870e1887ad02978d21a56424f537b4e00;

    /// @inheritdoc IIdentityRegistry
    function addTag(uint256 agentId, bytes32 tag) external {
        _requireAgentOwner(agentId);
        if (tag == bytes32(0)) revert IdentityRegistry_InvalidTag(agentId, tag);
        AgentProfilesStorage storage $ = _profiles();
        EnumerableSet.Bytes32Set storage $tags = $.profiles[agentId].tags;
        if ($tags.length() >= MAXIMUM_TAGS) revert IdentityRegistry_TooManyEntries($tags.length() + 1, MAXIMUM_TAGS);
        if (!$tags.add(tag)) revert IdentityRegistry_InvalidTag(agentId, tag);
        $.agentsByTag[tag].add(agentId);
        emit TagAdded(agentId, tag);
    }

    /// @inheritdoc IIdentityRegistry
    function removeTag(uint256 agentId, bytes32 tag) external {
        _requireAgentOwner(agentId);
        if (!_profiles().profiles[agentId].tags.contains(tag)) revert IdentityRegistry_InvalidTag(agentId, tag);
        _removeTag(agentId, tag);
    }

    /// @inheritdoc IIdentityRegistry
    function setEndpoint(uint256 agentId, bytes32 protocol, string calldata url) external {
        _requireAgentOwner(agentId);
        if (bytes(url).length > MAXIMUM_ENDPOINT) {
            revert IdentityRegistry_TooLong(bytes(url).length, MAXIMUM_ENDPOINT);
        }
        Profile storage $profile = _profiles().profiles[agentId];
        Endpoints storage $endpoints = $profile.endpoints[$profile.generation];
        if (bytes(url).length == 0) {
            $endpoints.protocols.remove(protocol);
        } else if ($endpoints.protocols.add(protocol) && $endpoints.protocols.length() > MAXIMUM_ENDPOINTS) {
            revert IdentityRegistry_TooManyEntries(MAXIMUM_ENDPOINTS + 1, MAXIMUM_ENDPOINTS);
        }
        $endpoints.urls[protocol] = url;
        emit EndpointSet(agentId, protocol, url);
    }

    /// @inheritdoc IIdentityRegistry
    function tagsOf(uint256 agentId) external view returns (bytes32[] memory) {
        return _profiles().profiles[agentId].tags.values();
    }

    /// @inheritdoc IIdentityRegistry
    function countOfTag(bytes32 tag) external view returns (uint256) {
        return _profiles().agentsByTag[tag].length();
    }

    /// @inheritdoc IIdentityRegistry
    function agentsWithTag(bytes32 tag, uint256 offset, uint256 limit) external view returns (uint256[] memory) {
        EnumerableSet.UintSet storage $agents = _profiles().agentsByTag[tag];
        uint256 count = $agents.length();
        if (offset >= count) return new uint256[](0);
        uint256 end = limit < count - offset ? offset + limit : count;
        return $agents.values(offset, end);
    }

    /// @inheritdoc IIdentityRegistry
    function endpointOf(uint256 agentId, bytes32 protocol) external view returns (string memory) {
        Profile storage $profile = _profiles().profiles[agentId];
        return $profile.endpoints[$profile.generation].urls[protocol];
    }

    /// @inheritdoc IIdentityRegistry
    function endpointsOf(uint256 agentId) external view returns (bytes32[] memory protocols, string[] memory urls) {
        Profile storage $profile = _profiles().profiles[agentId];
        Endpoints storage $endpoints = $profile.endpoints[$profile.generation];
        protocols = $endpoints.protocols.values();
        urls = new string[](protocols.length);
        for (uint256 i = 0; i < protocols.length; i++) {
            urls[i] = $endpoints.urls[protocols[i]];
        }
    }

    // At a transfer. At most eight tags, each in constant time.
    function _clearProfile(uint256 agentId) internal {
        Profile storage $profile = _profiles().profiles[agentId];
        $profile.generation += 1;
        bytes32[] memory tags = $profile.tags.values();
        for (uint256 i = 0; i < tags.length; i++) {
            _removeTag(agentId, tags[i]);
        }
    }

    function _removeTag(uint256 agentId, bytes32 tag) private {
        AgentProfilesStorage storage $ = _profiles();
        $.profiles[agentId].tags.remove(tag);
        $.agentsByTag[tag].remove(agentId);
        emit TagRemoved(agentId, tag);
    }

    function _profiles() private pure returns (AgentProfilesStorage storage $) {
        assembly ("memory-safe") {
            $.slot := AGENT_PROFILES_STORAGE
        }
    }
}
