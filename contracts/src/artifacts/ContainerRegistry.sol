// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "../governance/Governed.sol";
import {Pages} from "../governance/Pages.sol";
import {Namespaces} from "../naming/Namespaces.sol";
import {ArtifactNames} from "./ArtifactNames.sol";
import {IContainerRegistry} from "./IContainerRegistry.sol";
import {IOwnedRecords} from "./IOwnedRecords.sol";
import {Signatures} from "../token/Signatures.sol";

/// @title ContainerRegistry
/// @notice See {IContainerRegistry}.
contract ContainerRegistry is IContainerRegistry, Governed, EIP712Upgradeable, Namespaces {
    using SafeCast for uint256;

    struct Repository {
        bytes32 namespace;
        mapping(bytes32 digest => Image) images;
        mapping(bytes32 tagHash => TagRevision[]) tags;
        mapping(bytes32 digest => mapping(address signer => bool)) signatures;
        mapping(uint64 epoch => mapping(address account => bool)) pushers;
        mapping(uint64 epoch => mapping(address account => bool)) signers;
    }

    /// @custom:storage-location erc7201:jeju.storage.ContainerRegistry
    struct ContainerRegistryStorage {
        mapping(bytes32 repositoryId => Repository) repositories;
    }

    /// @notice The pausable actions.
    bytes32 public constant PUSH = "push";

    uint256 private constant MAXIMUM_MEDIA_TYPE = 128;
    bytes32 private constant IMAGE_TYPEHASH = keccak256("Image(bytes32 repositoryId,bytes32 digest)");
    bytes32 private constant CONTAINER_REGISTRY_STORAGE =
        0x0716d04dafa014268afe1989da7f7f67cbac5cec1523cc47639883b773910000;

    /// @inheritdoc IContainerRegistry
    function initialize(address admin, address registry) external initializer {
        __Governed_init(admin);
        __EIP712_init("JejuContainerRegistry", "1");
        _requireAddress(registry);
        _setNames(registry);
    }

    /// @inheritdoc IContainerRegistry
    function create(bytes32 namespace, string calldata name) external whenActive(PUSH) returns (bytes32 repositoryId) {
        _requireNamespaceOwner(namespace);
        if (!ArtifactNames.isName(name)) revert ContainerRegistry_InvalidName(name);
        repositoryId = repositoryIdOf(namespace, name);
        Repository storage $repository = _registry().repositories[repositoryId];
        if ($repository.namespace != bytes32(0)) revert ContainerRegistry_Exists(repositoryId);
        $repository.namespace = namespace;
        emit RepositoryCreated(repositoryId, namespace, name, msg.sender);
    }

    /// @inheritdoc IContainerRegistry
    function push(bytes32 repositoryId, bytes32 digest, uint64 size, string calldata mediaType)
        external
        whenActive(PUSH)
    {
        _requirePusher(repositoryId);
        if (bytes(mediaType).length > MAXIMUM_MEDIA_TYPE) {
            revert ContainerRegistry_TooLong(bytes(mediaType).length, MAXIMUM_MEDIA_TYPE);
        }
        if (digest == bytes32(0)) revert ContainerRegistry_UnknownDigest(repositoryId, digest);
        Image storage $image = _registry().repositories[repositoryId].images[digest];
        if ($image.pusher != address(0)) revert ContainerRegistry_DigestExists(repositoryId, digest);
        $image.size = size;
        $image.pushedAt = block.timestamp.toUint64();
        $image.pusher = msg.sender;
        $image.mediaType = mediaType;
        emit ImagePushed(repositoryId, digest, size, mediaType, msg.sender);
    }

    /// @inheritdoc IContainerRegistry
    function setTag(bytes32 repositoryId, string calldata tag, bytes32 expected, bytes32 digest)
        external
        whenActive(PUSH)
    {
        _requirePusher(repositoryId);
        if (!ArtifactNames.isName(tag)) revert ContainerRegistry_InvalidName(tag);
        _requireImage(repositoryId, digest);
        TagRevision[] storage $history = _registry().repositories[repositoryId].tags[_tagKey(tag)];
        bytes32 actual = $history.length == 0 ? bytes32(0) : $history[$history.length - 1].digest;
        if (actual != expected) revert ContainerRegistry_TagMoved(repositoryId, tag, actual, expected);
        $history.push(TagRevision({digest: digest, by: msg.sender, at: block.timestamp.toUint64()}));
        emit TagSet(repositoryId, tag, actual, digest, msg.sender);
    }

    /// @inheritdoc IContainerRegistry
    function attachSignature(bytes32 repositoryId, bytes32 digest, address signer, bytes calldata signature) external {
        _requireImage(repositoryId, digest);
        Repository storage $repository = _registry().repositories[repositoryId];
        bool valid = $repository.signers[_namespaceEpoch($repository.namespace)][signer]
            && Signatures.isBy(signer, imageDigest(repositoryId, digest), signature);
        if (!valid) revert ContainerRegistry_InvalidSignature(repositoryId, signer);
        $repository.signatures[digest][signer] = true;
        emit ImageSigned(repositoryId, digest, signer);
    }

    /// @inheritdoc IContainerRegistry
    function setPusher(bytes32 repositoryId, address account, bool allowed) external {
        _requireOwner(repositoryId);
        _requireAddress(account);
        Repository storage $repository = _registry().repositories[repositoryId];
        uint64 epoch = _namespaceEpoch($repository.namespace);
        $repository.pushers[epoch][account] = allowed;
        emit PusherChanged(repositoryId, account, allowed, epoch);
    }

    /// @inheritdoc IContainerRegistry
    function setSigner(bytes32 repositoryId, address account, bool allowed) external {
        _requireOwner(repositoryId);
        _requireAddress(account);
        Repository storage $repository = _registry().repositories[repositoryId];
        uint64 epoch = _namespaceEpoch($repository.namespace);
        $repository.signers[epoch][account] = allowed;
        emit SignerChanged(repositoryId, account, allowed, epoch);
    }

    /// @inheritdoc IOwnedRecords
    function ownerOf(bytes32 repositoryId) public view returns (address) {
        bytes32 namespace = _registry().repositories[repositoryId].namespace;
        return namespace == bytes32(0) ? address(0) : namespaceOwner(namespace);
    }

    /// @inheritdoc IContainerRegistry
    function imageOf(bytes32 repositoryId, bytes32 digest) external view returns (Image memory) {
        return _registry().repositories[repositoryId].images[digest];
    }

    /// @inheritdoc IContainerRegistry
    function tagOf(bytes32 repositoryId, string calldata tag) external view returns (bytes32 digest) {
        TagRevision[] storage $history = _registry().repositories[repositoryId].tags[_tagKey(tag)];
        return $history.length == 0 ? bytes32(0) : $history[$history.length - 1].digest;
    }

    /// @inheritdoc IContainerRegistry
    function tagHistoryLength(bytes32 repositoryId, string calldata tag) external view returns (uint256) {
        return _registry().repositories[repositoryId].tags[_tagKey(tag)].length;
    }

    /// @inheritdoc IContainerRegistry
    function tagHistory(bytes32 repositoryId, string calldata tag, uint256 offset, uint256 limit)
        external
        view
        returns (TagRevision[] memory part)
    {
        TagRevision[] storage $history = _registry().repositories[repositoryId].tags[_tagKey(tag)];
        part = new TagRevision[](Pages.size($history.length, offset, limit));
        for (uint256 i = 0; i < part.length; i++) {
            part[i] = $history[offset + i];
        }
    }

    /// @inheritdoc IContainerRegistry
    function isSignedBy(bytes32 repositoryId, bytes32 digest, address signer) external view returns (bool) {
        Repository storage $repository = _registry().repositories[repositoryId];
        if ($repository.namespace == bytes32(0)) return false;
        return
            $repository.signatures[digest][signer]
                && $repository.signers[_namespaceEpoch($repository.namespace)][signer];
    }

    /// @inheritdoc IContainerRegistry
    function imageDigest(bytes32 repositoryId, bytes32 digest) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(IMAGE_TYPEHASH, repositoryId, digest)));
    }

    /// @inheritdoc IContainerRegistry
    function mayPush(bytes32 repositoryId, address account) public view returns (bool) {
        Repository storage $repository = _registry().repositories[repositoryId];
        if ($repository.namespace == bytes32(0) || account == address(0)) return false;
        return namespaceOwner($repository.namespace) == account
            || $repository.pushers[_namespaceEpoch($repository.namespace)][account];
    }

    /// @inheritdoc IContainerRegistry
    function repositoryIdOf(bytes32 namespace, string calldata name) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), namespace, name));
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = PUSH;
    }

    function _requireImage(bytes32 repositoryId, bytes32 digest) private view {
        if (_registry().repositories[repositoryId].images[digest].pusher == address(0)) {
            revert ContainerRegistry_UnknownDigest(repositoryId, digest);
        }
    }

    function _requirePusher(bytes32 repositoryId) private view {
        if (!mayPush(repositoryId, msg.sender)) revert ContainerRegistry_NotAllowed(repositoryId, msg.sender);
    }

    function _requireOwner(bytes32 repositoryId) private view {
        if (ownerOf(repositoryId) != msg.sender) revert ContainerRegistry_NotAllowed(repositoryId, msg.sender);
    }

    function _tagKey(string calldata tag) private pure returns (bytes32) {
        return keccak256(bytes(tag));
    }

    function _registry() private pure returns (ContainerRegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := CONTAINER_REGISTRY_STORAGE
        }
    }
}
