// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Names, their owners and epochs as the registry keeps them
contract NameBook {
    error NotOwner(bytes32 node, address caller);

    mapping(bytes32 => address) public owner;
    mapping(bytes32 => address) public resolver;
    mapping(bytes32 => uint64) public epoch;

    constructor(bytes32 parent, address parentOwner) {
        owner[parent] = parentOwner;
    }

    function give(bytes32 parent, address to) external {
        owner[parent] = to;
    }

    function setOwner(bytes32 node, address to) external {
        if (owner[node] != msg.sender) revert NotOwner(node, msg.sender);
        _set(node, to);
    }

    function setSubnodeOwner(bytes32 parent, bytes32 label, address to) public returns (bytes32 node) {
        if (owner[parent] != msg.sender) revert NotOwner(parent, msg.sender);
        node = keccak256(abi.encodePacked(parent, label));
        _set(node, to);
    }

    function setSubnodeRecord(bytes32 parent, bytes32 label, address to, address resolver_, uint64)
        external
        returns (bytes32 node)
    {
        node = setSubnodeOwner(parent, label, to);
        resolver[node] = resolver_;
    }

    function _set(bytes32 node, address to) private {
        if (owner[node] != to) epoch[node]++;
        owner[node] = to;
    }
}
