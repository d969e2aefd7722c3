// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Namespaces} from "../naming/Namespaces.sol";
import {ICDNRegistry} from "./ICDNRegistry.sol";
import {IServiceNodes} from "./IServiceNodes.sol";
import {ServiceNodes} from "./ServiceNodes.sol";

/// @title CDNRegistry
/// @notice See {ICDNRegistry}.
contract CDNRegistry is ICDNRegistry, ServiceNodes, Namespaces {
    /// @custom:storage-location erc7201:jeju.storage.CDNRegistry
    struct CDNRegistryStorage {
        mapping(bytes32 siteId => Site) sites;
    }

    uint256 private constant MAXIMUM_HOST = 253;
    uint256 private constant MAXIMUM_TEXT = 256;
    bytes32 private constant CDN_REGISTRY_STORAGE = 0x5e20093fae4f723ab000dcf8623ba843cce4904084cf7bbe64f5f0169ab28000;

    /// @inheritdoc IServiceNodes
    function initialize(address admin, address registry, address billing_) external initializer {
        __ServiceNodes_init("JejuCDNRegistry", admin, registry, billing_);
    }

    /// @inheritdoc ICDNRegistry
    function setNames(address registry) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireAddress(registry);
        _setNames(registry);
    }

    /// @inheritdoc ICDNRegistry
    function setSite(bytes32 namespace, string calldata host, string calldata origin, bytes32 contentHash, bool active)
        external
        returns (bytes32 siteId)
    {
        _requireNamespaceOwner(namespace);
        _requireLength(host, MAXIMUM_HOST);
        _requireLength(origin, MAXIMUM_TEXT);
        siteId = siteIdOf(namespace, host);
        Site storage $site = _cdn().sites[siteId];
        $site.namespace = namespace;
        $site.host = host;
        $site.origin = origin;
        $site.contentHash = contentHash;
        $site.active = active;
        emit SiteSet(siteId, namespace, host, origin, contentHash, active);
    }

    /// @inheritdoc ICDNRegistry
    function invalidate(bytes32 siteId, string calldata path) external {
        Site storage $site = _cdn().sites[siteId];
        if ($site.namespace == bytes32(0)) revert CDNRegistry_UnknownSite(siteId);
        _requireNamespaceOwner($site.namespace);
        _requireLength(path, MAXIMUM_TEXT);
        $site.invalidations++;
        emit SiteInvalidated(siteId, $site.invalidations, path);
    }

    /// @inheritdoc ICDNRegistry
    function site(bytes32 siteId) external view returns (Site memory) {
        return _cdn().sites[siteId];
    }

    /// @inheritdoc ICDNRegistry
    function siteOwner(bytes32 siteId) external view returns (address) {
        bytes32 namespace = _cdn().sites[siteId].namespace;
        return namespace == bytes32(0) ? address(0) : namespaceOwner(namespace);
    }

    /// @inheritdoc ICDNRegistry
    function siteIdOf(bytes32 namespace, string calldata host) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), namespace, host));
    }

    function service() public pure override returns (bytes32) {
        return "cdn";
    }

    function _needsKey() internal pure override returns (bool) {
        return false;
    }

    function _requireLength(string calldata text, uint256 maximum) private pure {
        uint256 length = bytes(text).length;
        if (length == 0 || length > maximum) revert CDNRegistry_InvalidLength(length, maximum);
    }

    function _cdn() private pure returns (CDNRegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := CDN_REGISTRY_STORAGE
        }
    }
}
