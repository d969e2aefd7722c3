// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOwnedRecords} from "./IOwnedRecords.sol";

/// @title Packages: scopes, semantic versions that never change, deprecation, maintainers
/// @notice A scope is a namespace: an account or a JNS name; it belongs to somebody by itself, so there is nothing to squat.
/// Package id = keccak256(abi.encode(contract, scope, name)).
///
/// Must: check every version by semver.org; keep a version as it was published.
/// Never: a scope that nobody owns; a maintainer who promotes himself or others; a maintainer of an earlier owner of the name.
interface IPackageRegistry is IOwnedRecords {
    /// @notice A published version.
    /// @param digest hash of the archive
    /// @param contentId where it is, at most 128 bytes
    struct Version {
        bytes32 digest;
        string contentId;
        address publisher;
        uint64 publishedAt;
        bool deprecated;
    }

    /// @notice Thrown when a name is malformed.
    error PackageRegistry_InvalidName(string name);
    /// @notice Thrown when a version is not one by semver.org.
    error PackageRegistry_InvalidVersion(string version);
    /// @notice Thrown when a digest is zero.
    error PackageRegistry_NoDigest();
    /// @notice Thrown when a version exists; versions are immutable.
    error PackageRegistry_VersionExists(bytes32 packageId, string version);
    /// @notice Thrown when a version does not exist.
    error PackageRegistry_UnknownVersion(bytes32 packageId, string version);
    /// @notice Thrown when the caller is neither owner nor maintainer.
    error PackageRegistry_NotAllowed(bytes32 packageId, address caller);
    /// @notice Thrown when a text is longer than allowed, in bytes.
    error PackageRegistry_TooLong(uint256 length, uint256 maximum);

    /// @notice Emitted when the first version of a package was published.
    event PackageCreated(bytes32 indexed packageId, bytes32 indexed scope, string name);
    /// @notice Emitted when a version was published.
    event VersionPublished(
        bytes32 indexed packageId, string version, bytes32 digest, string contentId, address indexed publisher
    );
    /// @notice Emitted when a version was deprecated, or taken up again (empty reason).
    event VersionDeprecated(bytes32 indexed packageId, string version, bool deprecated, string reason);
    /// @notice Emitted when a maintainer was added or removed.
    event MaintainerChanged(bytes32 indexed packageId, address indexed account, bool allowed, uint64 epoch);

    /// @notice Stores the addresses.
    function initialize(address admin, address names) external;

    /// @notice Publishes a version. Owner of the scope, or a maintainer of a package that exists.
    function publish(
        bytes32 scope,
        string calldata name,
        string calldata version,
        bytes32 digest,
        string calldata contentId
    ) external returns (bytes32 packageId);

    /// @notice Deprecates a version or takes that back. Owner or maintainer; never pausable.
    function setDeprecated(bytes32 packageId, string calldata version, bool deprecated, string calldata reason) external;

    /// @notice Adds or removes a maintainer. Owner of the scope only.
    function setMaintainer(bytes32 packageId, address account, bool allowed) external;

    /// @notice A version; publisher zero when unknown.
    function versionOf(bytes32 packageId, string calldata version) external view returns (Version memory);

    /// @notice The number of versions.
    function versionCount(bytes32 packageId) external view returns (uint256);

    /// @notice A page of the versions, in the order they were published.
    function versions(bytes32 packageId, uint256 offset, uint256 limit) external view returns (string[] memory);

    /// @notice Whether an account is a maintainer under the present owner.
    function isMaintainer(bytes32 packageId, address account) external view returns (bool);

    /// @notice The id of a package.
    function packageIdOf(bytes32 scope, string calldata name) external view returns (bytes32);

    /// @notice Whether a text is a version by semver.org.
    function isSemanticVersion(string calldata version) external pure returns (bool);
}
