// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "../governance/Governed.sol";
import {Pages} from "../governance/Pages.sol";
import {Namespaces} from "../naming/Namespaces.sol";
import {ArtifactNames} from "./ArtifactNames.sol";
import {IOwnedRecords} from "./IOwnedRecords.sol";
import {IPackageRegistry} from "./IPackageRegistry.sol";

/// @title PackageRegistry
/// @notice See {IPackageRegistry}.
contract PackageRegistry is IPackageRegistry, Governed, Namespaces {
    using SafeCast for uint256;

    struct Package {
        bytes32 scope;
        string[] versions;
        mapping(bytes32 versionHash => Version) byVersion;
        mapping(uint64 epoch => mapping(address account => bool)) maintainers;
    }

    /// @custom:storage-location erc7201:jeju.storage.PackageRegistry
    struct PackageRegistryStorage {
        mapping(bytes32 packageId => Package) packages;
    }

    /// @notice The pausable actions.
    bytes32 public constant PUBLISH = "publish";

    uint256 private constant MAXIMUM_CONTENT_ID = 128;
    uint256 private constant MAXIMUM_REASON = 512;
    bytes32 private constant PACKAGE_REGISTRY_STORAGE =
        0xf3e1b27fbc08726d7127163fa0a7ab9cf2543b114c2b610a4b6a1201245ab900;

    /// @inheritdoc IPackageRegistry
    function initialize(address admin, address registry) external initializer {
        __Governed_init(admin);
        _requireAddress(registry);
        _setNames(registry);
    }

    /// @inheritdoc IPackageRegistry
    function publish(
        bytes32 scope,
        string calldata name,
        string calldata version,
        bytes32 digest,
        string calldata contentId
    ) external whenActive(PUBLISH) returns (bytes32 packageId) {
        packageId = packageIdOf(scope, name);
        Package storage $package = _registry().packages[packageId];
        if ($package.scope == bytes32(0)) {
            _requireNamespaceOwner(scope);
            if (!ArtifactNames.isName(name)) revert PackageRegistry_InvalidName(name);
            $package.scope = scope;
            emit PackageCreated(packageId, scope, name);
        } else {
            _requirePublisher(packageId);
        }
        if (!ArtifactNames.isSemanticVersion(version)) revert PackageRegistry_InvalidVersion(version);
        if (digest == bytes32(0)) revert PackageRegistry_NoDigest();
        if (bytes(contentId).length > MAXIMUM_CONTENT_ID) {
            revert PackageRegistry_TooLong(bytes(contentId).length, MAXIMUM_CONTENT_ID);
        }
        Version storage $version = $package.byVersion[_versionKey(version)];
        if ($version.publisher != address(0)) revert PackageRegistry_VersionExists(packageId, version);
        $version.digest = digest;
        $version.contentId = contentId;
        $version.publisher = msg.sender;
        $version.publishedAt = block.timestamp.toUint64();
        $package.versions.push(version);
        emit VersionPublished(packageId, version, digest, contentId, msg.sender);
    }

    /// @inheritdoc IPackageRegistry
    function setDeprecated(bytes32 packageId, string calldata version, bool deprecated, string calldata reason)
        external
    {
        _requirePublisher(packageId);
        if (bytes(reason).length > MAXIMUM_REASON) {
            revert PackageRegistry_TooLong(bytes(reason).length, MAXIMUM_REASON);
        }
        Version storage $version = _registry().packages[packageId].byVersion[_versionKey(version)];
        if ($version.publisher == address(0)) revert PackageRegistry_UnknownVersion(packageId, version);
        $version.deprecated = deprecated;
        emit VersionDeprecated(packageId, version, deprecated, reason);
    }

    /// @inheritdoc IPackageRegistry
    function setMaintainer(bytes32 packageId, address account, bool allowed) external {
        Package storage $package = _registry().packages[packageId];
        if (ownerOf(packageId) != msg.sender) revert PackageRegistry_NotAllowed(packageId, msg.sender);
        _requireAddress(account);
        uint64 epoch = _namespaceEpoch($package.scope);
        $package.maintainers[epoch][account] = allowed;
        emit MaintainerChanged(packageId, account, allowed, epoch);
    }

    /// @inheritdoc IOwnedRecords
    function ownerOf(bytes32 packageId) public view returns (address) {
        bytes32 scope = _registry().packages[packageId].scope;
        return scope == bytes32(0) ? address(0) : namespaceOwner(scope);
    }

    /// @inheritdoc IPackageRegistry
    function versionOf(bytes32 packageId, string calldata version) external view returns (Version memory) {
        return _registry().packages[packageId].byVersion[_versionKey(version)];
    }

    /// @inheritdoc IPackageRegistry
    function versionCount(bytes32 packageId) external view returns (uint256) {
        return _registry().packages[packageId].versions.length;
    }

    /// @inheritdoc IPackageRegistry
    function versions(bytes32 packageId, uint256 offset, uint256 limit) external view returns (string[] memory part) {
        string[] storage $versions = _registry().packages[packageId].versions;
        part = new string[](Pages.size($versions.length, offset, limit));
        for (uint256 i = 0; i < part.length; i++) {
            part[i] = $versions[offset + i];
        }
    }

    /// @inheritdoc IPackageRegistry
    function isMaintainer(bytes32 packageId, address account) public view returns (bool) {
        Package storage $package = _registry().packages[packageId];
        if ($package.scope == bytes32(0)) return false;
        return $package.maintainers[_namespaceEpoch($package.scope)][account];
    }

    /// @inheritdoc IPackageRegistry
    function packageIdOf(bytes32 scope, string calldata name) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), scope, name));
    }

    /// @inheritdoc IPackageRegistry
    function isSemanticVersion(string calldata version) external pure returns (bool) {
        return ArtifactNames.isSemanticVersion(version);
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = PUBLISH;
    }

    function _requirePublisher(bytes32 packageId) private view {
        address owner = ownerOf(packageId);
        bool allowed = (owner != address(0) && owner == msg.sender) || isMaintainer(packageId, msg.sender);
        if (!allowed) revert PackageRegistry_NotAllowed(packageId, msg.sender);
    }

    function _versionKey(string calldata version) private pure returns (bytes32) {
        return keccak256(bytes(version));
    }

    function _registry() private pure returns (PackageRegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := PACKAGE_REGISTRY_STORAGE
        }
    }
}
