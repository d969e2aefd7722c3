// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServiceNodes} from "./IServiceNodes.sol";

/// @title CDN: edge nodes per region, sites, invalidations
/// @notice See {IServiceNodes}: the place is a region, usage is a channel that the site's payer opens with an edge node. A site lives in a namespace (an
/// account or a JNS name) and belongs to its owner. Id = keccak256(abi.encode(contract, namespace, host)).
///
/// Must: let only the site's owner of now change it or invalidate it.
interface ICDNRegistry is IServiceNodes {
    /// @notice A site.
    /// @param origin URL, at most 256 bytes
    /// @param invalidations how many there were
    struct Site {
        bytes32 namespace;
        string host;
        string origin;
        bytes32 contentHash;
        uint64 invalidations;
        bool active;
    }

    /// @notice Thrown when a site is unknown.
    error CDNRegistry_UnknownSite(bytes32 siteId);
    /// @notice Thrown when a text is empty or longer than allowed, in bytes.
    error CDNRegistry_InvalidLength(uint256 length, uint256 maximum);

    /// @notice Emitted when a site was published or changed.
    event SiteSet(
        bytes32 indexed siteId, bytes32 indexed namespace, string host, string origin, bytes32 contentHash, bool active
    );
    /// @notice Emitted when edge nodes are to forget what they hold of a site.
    /// @param number counted from 1
    event SiteInvalidated(bytes32 indexed siteId, uint64 number, string path);

    /// @notice Stores the registry of names. Administrator, at deployment.
    function setNames(address names) external;

    /// @notice Publishes a site or changes it. Owner of the namespace.
    /// @param host at most 253 bytes
    /// @param contentHash root of what is served; zero for whatever the origin says
    function setSite(bytes32 namespace, string calldata host, string calldata origin, bytes32 contentHash, bool active)
        external
        returns (bytes32 siteId);

    /// @notice Asks edge nodes to forget. Owner of the site.
    /// @param path prefix of what to forget, at most 256 bytes; "/" for all
    function invalidate(bytes32 siteId, string calldata path) external;

    /// @notice A site.
    function site(bytes32 siteId) external view returns (Site memory);

    /// @notice Who owns it now.
    function siteOwner(bytes32 siteId) external view returns (address);

    /// @notice The id of a site.
    function siteIdOf(bytes32 namespace, string calldata host) external view returns (bytes32);
}
