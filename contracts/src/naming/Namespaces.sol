// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IJNSRegistry} from "./IJNSRegistry.sol";

/// @title Namespaces: what belongs to an account or to a JNS name
/// @notice A namespace is 32 bytes: an address, right-aligned, or the node of a JNS name. An account's namespace is its own for ever; a name's belongs to
/// whoever owns the name now, and everything that was granted under an earlier owner is gone with him (the epoch).
abstract contract Namespaces {
    /// @custom:storage-location erc7201:jeju.storage.Namespaces
    struct NamespacesStorage {
        address names;
    }

    /// @notice Thrown when the caller does not own the namespace.
    error Namespaces_NotOwner(bytes32 namespace, address caller);

    bytes32 private constant NAMESPACES_STORAGE = 0xf57a26d1f2ba4661b5bdb15b6c86eff886d11ca0a6a07faecd039854af782a00;

    /// @notice The registry of names.
    function names() external view returns (address) {
        return _namespaces().names;
    }

    /// @notice Who owns a namespace now; zero for a name that nobody owns.
    function namespaceOwner(bytes32 namespace) public view returns (address) {
        if (_isAccount(namespace)) return address(uint160(uint256(namespace)));
        return IJNSRegistry(_namespaces().names).owner(namespace);
    }

    // Rights are granted within an epoch; a name that changes hands begins the next.
    function _namespaceEpoch(bytes32 namespace) internal view returns (uint64) {
        return _isAccount(namespace) ? 0 : IJNSRegistry(_namespaces().names).epoch(namespace);
    }

    function _requireNamespaceOwner(bytes32 namespace) internal view {
        address owner = namespaceOwner(namespace);
        if (owner == address(0) || owner != msg.sender) revert Namespaces_NotOwner(namespace, msg.sender);
    }

    function _setNames(address registry) internal {
        _namespaces().names = registry;
    }

    function _isAccount(bytes32 namespace) private pure returns (bool) {
        return uint256(namespace) >> 160 == 0;
    }

    function _namespaces() private pure returns (NamespacesStorage storage $) {
        assembly ("memory-safe") {
            $.slot := NAMESPACES_STORAGE
        }
    }
}
