// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title JNS registry: who owns a name and which resolver answers for it
/// @notice Names are ENS-shaped: `node = keccak256(parentNode, keccak256(label))`, the root is zero. Every change of owner begins a new epoch of the
/// name; resolvers keep records per epoch, so records never outlive their owner.
interface IJNSRegistry {
    /// @notice Thrown when the caller is neither owner nor operator of a name.
    error JNSRegistry_NotAuthorized(bytes32 node, address caller);

    /// @notice Emitted when the owner of a subname was set.
    event NewOwner(bytes32 indexed node, bytes32 indexed label, address owner);

    /// @notice Emitted when a name changed owner.
    event Transfer(bytes32 indexed node, address owner);

    /// @notice Emitted when a name's resolver changed.
    event NewResolver(bytes32 indexed node, address resolver);

    /// @notice Emitted when a name's time to live changed. Seconds.
    event NewTTL(bytes32 indexed node, uint64 ttl);

    /// @notice Emitted when an owner allowed or refused an operator for all his names.
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);

    /// @notice Stores the administrator, who also owns the root name.
    function initialize(address admin) external;

    /// @notice Gives a name to another owner.
    function setOwner(bytes32 node, address owner) external;

    /// @notice Gives a subname to an owner.
    /// @param label `keccak256` of the label
    /// @return subnode The subname
    function setSubnodeOwner(bytes32 node, bytes32 label, address owner) external returns (bytes32 subnode);

    /// @notice Gives a subname to an owner with resolver and time to live.
    function setSubnodeRecord(bytes32 node, bytes32 label, address owner, address resolver, uint64 ttl)
        external
        returns (bytes32 subnode);

    /// @notice Sets the resolver of a name.
    function setResolver(bytes32 node, address resolver) external;

    /// @notice Sets the time to live of a name, in seconds.
    function setTTL(bytes32 node, uint64 ttl) external;

    /// @notice Allows or refuses an operator for all names of the caller.
    function setApprovalForAll(address operator, bool approved) external;

    /// @notice The owner of a name, zero when there is none.
    function owner(bytes32 node) external view returns (address);

    /// @notice The resolver of a name.
    function resolver(bytes32 node) external view returns (address);

    /// @notice The time to live of a name, in seconds.
    function ttl(bytes32 node) external view returns (uint64);

    /// @notice How often a name changed owner.
    function epoch(bytes32 node) external view returns (uint64);

    /// @notice Whether a name has an owner.
    function recordExists(bytes32 node) external view returns (bool);

    /// @notice Whether an operator may act for all names of an owner.
    function isApprovedForAll(address owner, address operator) external view returns (bool);

    /// @notice Whether an account may change a name.
    function isAuthorized(bytes32 node, address account) external view returns (bool);
}
