// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";

/// @title Provider nodes as other contracts see them, for tests of one contract alone
/// @dev Answers as DWSProviderRegistry; the tests over the whole suite use the real one.
contract ProviderBook {
    struct Late {
        uint64 from;
        uint64 to;
    }

    mapping(bytes32 => IDWSProviderRegistry.ProviderNode) private _nodes;
    mapping(bytes32 => mapping(bytes32 => bool)) private _services;
    mapping(bytes32 => Late) private _late;
    mapping(bytes32 => bool) public unavailable;

    function add(bytes32 nodeId, address owner, address agent, bytes32 region, bytes32 service) external {
        IDWSProviderRegistry.ProviderNode storage node_ = _nodes[nodeId];
        node_.status = IDWSProviderRegistry.NodeStatus.Active;
        node_.healthy = true;
        node_.backed = true;
        node_.owner = owner;
        node_.agent = agent;
        node_.region = region;
        node_.stakingNodeId = keccak256(abi.encode("stake", nodeId));
        node_.endpoint = "https://node.example";
        _services[nodeId][service] = true;
    }

    function setOwner(bytes32 nodeId, address owner) external {
        _nodes[nodeId].owner = owner;
    }

    function setAttested(bytes32 nodeId, bool attested) external {
        _nodes[nodeId].attested = attested;
    }

    function setUnavailable(bytes32 nodeId, bool value) external {
        unavailable[nodeId] = value;
        _nodes[nodeId].healthy = !value;
    }

    function setLate(bytes32 nodeId, uint256 from, uint256 to) external {
        _late[nodeId] = Late(uint64(from), uint64(to));
    }

    function leaseOpened(bytes32 nodeId) external {
        _nodes[nodeId].liveLeases++;
    }

    function leaseClosed(bytes32 nodeId) external {
        _nodes[nodeId].liveLeases--;
    }

    function node(bytes32 nodeId) external view returns (IDWSProviderRegistry.ProviderNode memory) {
        return _nodes[nodeId];
    }

    function offersService(bytes32 nodeId, bytes32 service) external view returns (bool) {
        return _services[nodeId][service];
    }

    function ownerOf(bytes32 nodeId) external view returns (address) {
        return _nodes[nodeId].owner;
    }

    function mayAct(bytes32 nodeId, address account) external view returns (bool) {
        return account != address(0) && (account == _nodes[nodeId].owner || account == _nodes[nodeId].agent);
    }

    function stakingNodeOf(bytes32 nodeId) external view returns (bytes32) {
        return _nodes[nodeId].stakingNodeId;
    }

    function isAvailable(bytes32 nodeId) external view returns (bool) {
        return _nodes[nodeId].owner != address(0) && !unavailable[nodeId];
    }

    function isHealthy(bytes32 nodeId) external view returns (bool) {
        return _nodes[nodeId].healthy;
    }

    function lateSince(bytes32 nodeId) external view returns (uint64) {
        Late storage late = _late[nodeId];
        return late.from != 0 && block.timestamp >= late.from && block.timestamp < late.to ? late.from : 0;
    }

    function lateSecondsAt(bytes32 nodeId, uint64 time) external view returns (uint64) {
        Late storage late = _late[nodeId];
        if (time <= late.from) return 0;
        return (time < late.to ? time : late.to) - late.from;
    }
}
