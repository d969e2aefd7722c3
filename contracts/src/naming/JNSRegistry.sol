// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Governed} from "../governance/Governed.sol";
import {IJNSRegistry} from "./IJNSRegistry.sol";

/// @title JNSRegistry
/// @notice See {IJNSRegistry}.
contract JNSRegistry is IJNSRegistry, Governed {
    struct NameRecord {
        address owner;
        uint64 epoch;
        address resolver;
        uint64 ttl;
    }

    /// @custom:storage-location erc7201:jeju.storage.JNSRegistry
    struct RegistryStorage {
        mapping(bytes32 node => NameRecord) names;
        mapping(address owner => mapping(address operator => bool)) operators;
    }

    bytes32 private constant SET_OWNER = "setOwner";

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.JNSRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant REGISTRY_STORAGE = 0xadb763743ebbdd5136ecb7974029c6037e4ab3bb9149f1ece719be2a19dcc600;

    modifier authorized(bytes32 node) {
        if (!isAuthorized(node, msg.sender)) revert JNSRegistry_NotAuthorized(node, msg.sender);
        _;
    }

    /// @inheritdoc IJNSRegistry
    function initialize(address admin) external initializer {
        __Governed_init(admin);
        _setOwner(bytes32(0), admin);
        emit Transfer(bytes32(0), admin);
    }

    /// @inheritdoc IJNSRegistry
    function setOwner(bytes32 node, address owner_) external whenActive(SET_OWNER) authorized(node) {
        _setOwner(node, owner_);
        emit Transfer(node, owner_);
    }

    /// @inheritdoc IJNSRegistry
    function setSubnodeOwner(bytes32 node, bytes32 label, address owner_)
        external
        whenActive(SET_OWNER)
        authorized(node)
        returns (bytes32 subnode)
    {
        return _setSubnodeOwner(node, label, owner_);
    }

    /// @inheritdoc IJNSRegistry
    function setSubnodeRecord(bytes32 node, bytes32 label, address owner_, address resolver_, uint64 ttl_)
        external
        whenActive(SET_OWNER)
        authorized(node)
        returns (bytes32 subnode)
    {
        subnode = _setSubnodeOwner(node, label, owner_);
        _setResolver(subnode, resolver_);
        _setTTL(subnode, ttl_);
    }

    /// @inheritdoc IJNSRegistry
    function setResolver(bytes32 node, address resolver_) external authorized(node) {
        _setResolver(node, resolver_);
    }

    /// @inheritdoc IJNSRegistry
    function setTTL(bytes32 node, uint64 ttl_) external authorized(node) {
        _setTTL(node, ttl_);
    }

    /// @inheritdoc IJNSRegistry
    function setApprovalForAll(address operator, bool approved) external {
        _registryStorage().operators[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    /// @inheritdoc IJNSRegistry
    function owner(bytes32 node) external view returns (address) {
        return _registryStorage().names[node].owner;
    }

    /// @inheritdoc IJNSRegistry
    function resolver(bytes32 node) external view returns (address) {
        return _registryStorage().names[node].resolver;
    }

    /// @inheritdoc IJNSRegistry
    function ttl(bytes32 node) external view returns (uint64) {
        return _registryStorage().names[node].ttl;
    }

    /// @inheritdoc IJNSRegistry
    function epoch(bytes32 node) external view returns (uint64) {
        return _registryStorage().names[node].epoch;
    }

    /// @inheritdoc IJNSRegistry
    function recordExists(bytes32 node) external view returns (bool) {
        return _registryStorage().names[node].owner != address(0);
    }

    /// @inheritdoc IJNSRegistry
    function isApprovedForAll(address owner_, address operator) external view returns (bool) {
        return _registryStorage().operators[owner_][operator];
    }

    /// @inheritdoc IJNSRegistry
    function isAuthorized(bytes32 node, address account) public view returns (bool) {
        RegistryStorage storage $ = _registryStorage();
        address owner_ = $.names[node].owner;
        return owner_ != address(0) && (account == owner_ || $.operators[owner_][account]);
    }

    /// @inheritdoc Governed
    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = SET_OWNER;
    }

    function _setSubnodeOwner(bytes32 node, bytes32 label, address owner_) private returns (bytes32 subnode) {
        subnode = keccak256(abi.encodePacked(node, label));
        _setOwner(subnode, owner_);
        emit NewOwner(node, label, owner_);
    }

    // A new owner begins with no resolver of the old one, and with a new epoch, under which resolvers know no records.
    function _setOwner(bytes32 node, address owner_) private {
        NameRecord storage record = _registryStorage().names[node];
        if (record.owner == owner_) return;
        record.owner = owner_;
        record.epoch += 1;
        if (record.resolver != address(0)) _setResolver(node, address(0));
    }

    function _setResolver(bytes32 node, address resolver_) private {
        _registryStorage().names[node].resolver = resolver_;
        emit NewResolver(node, resolver_);
    }

    function _setTTL(bytes32 node, uint64 ttl_) private {
        _registryStorage().names[node].ttl = ttl_;
        emit NewTTL(node, ttl_);
    }

    function _registryStorage() private pure returns (RegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := REGISTRY_STORAGE
        }
    }
}
