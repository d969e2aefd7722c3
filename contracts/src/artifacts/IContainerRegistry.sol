// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOwnedRecords} from "./IOwnedRecords.sol";

/// @title Container images: repositories, immutable digests, tags with history, verified signatures
/// @notice A repository lives in a namespace and belongs to its owner: whoever creates it there can push to it.
/// Repository id = keccak256(abi.encode(contract, namespace, name)).
///
/// Must: know a digest before a tag points at it; keep every digest a tag ever had; verify a signature before it counts.
/// Never: a repository owned by the registry; a digest that changes; a signature of a key that the owner did not name.
interface IContainerRegistry is IOwnedRecords {
    /// @notice An image.
    /// @param size of the manifest with its layers, in bytes
    struct Image {
        uint64 size;
        uint64 pushedAt;
        address pusher;
        string mediaType;
    }

    /// @notice A tag as it was set.
    struct TagRevision {
        bytes32 digest;
        address by;
        uint64 at; // Unix seconds
    }

    /// @notice Thrown when a name or tag is malformed.
    error ContainerRegistry_InvalidName(string name);
    /// @notice Thrown when a repository exists.
    error ContainerRegistry_Exists(bytes32 repositoryId);
    /// @notice Thrown when the caller may not push here.
    error ContainerRegistry_NotAllowed(bytes32 repositoryId, address caller);
    /// @notice Thrown when a digest is there already; digests are immutable.
    error ContainerRegistry_DigestExists(bytes32 repositoryId, bytes32 digest);
    /// @notice Thrown when a digest is unknown, or zero.
    error ContainerRegistry_UnknownDigest(bytes32 repositoryId, bytes32 digest);
    /// @notice Thrown when a tag points elsewhere than the caller expects.
    error ContainerRegistry_TagMoved(bytes32 repositoryId, string tag, bytes32 actual, bytes32 expected);
    /// @notice Thrown when a signature is not that of a signer named by the owner.
    error ContainerRegistry_InvalidSignature(bytes32 repositoryId, address signer);
    /// @notice Thrown when a text is longer than allowed, in bytes.
    error ContainerRegistry_TooLong(uint256 length, uint256 maximum);

    /// @notice Emitted when a repository was created.
    event RepositoryCreated(bytes32 indexed repositoryId, bytes32 indexed namespace, string name, address indexed by);
    /// @notice Emitted when an image was pushed.
    event ImagePushed(
        bytes32 indexed repositoryId, bytes32 indexed digest, uint64 size, string mediaType, address indexed by
    );
    /// @notice Emitted when a tag was set.
    event TagSet(bytes32 indexed repositoryId, string tag, bytes32 from, bytes32 to, address indexed by);
    /// @notice Emitted when an image was signed by a named signer.
    event ImageSigned(bytes32 indexed repositoryId, bytes32 indexed digest, address indexed signer);
    /// @notice Emitted when an account may push, or may not any more.
    event PusherChanged(bytes32 indexed repositoryId, address indexed account, bool allowed, uint64 epoch);
    /// @notice Emitted when an account's signatures count, or do not any more.
    event SignerChanged(bytes32 indexed repositoryId, address indexed account, bool allowed, uint64 epoch);

    /// @notice Stores the addresses.
    function initialize(address admin, address names) external;

    /// @notice Creates a repository. Owner of the namespace only.
    function create(bytes32 namespace, string calldata name) external returns (bytes32 repositoryId);

    /// @notice Records an image by its SHA-256 digest. Owner or pusher.
    /// @param mediaType at most 128 bytes
    function push(bytes32 repositoryId, bytes32 digest, uint64 size, string calldata mediaType) external;

    /// @notice Points a tag at an image. Owner or pusher.
    /// @param expected where the caller has seen it point; zero if it is new
    function setTag(bytes32 repositoryId, string calldata tag, bytes32 expected, bytes32 digest) external;

    /// @notice Records a signature over an image (EIP-712 or ERC-1271). Anybody may bring it.
    function attachSignature(bytes32 repositoryId, bytes32 digest, address signer, bytes calldata signature) external;

    /// @notice Lets an account push, or no longer. Owner only.
    function setPusher(bytes32 repositoryId, address account, bool allowed) external;

    /// @notice Lets an account's signatures count, or no longer. Owner only.
    function setSigner(bytes32 repositoryId, address account, bool allowed) external;

    /// @notice An image; pusher zero when unknown.
    function imageOf(bytes32 repositoryId, bytes32 digest) external view returns (Image memory);

    /// @notice Where a tag points; zero when there is none.
    function tagOf(bytes32 repositoryId, string calldata tag) external view returns (bytes32 digest);

    /// @notice How often a tag was set.
    function tagHistoryLength(bytes32 repositoryId, string calldata tag) external view returns (uint256);

    /// @notice A page of a tag's history, oldest first.
    function tagHistory(bytes32 repositoryId, string calldata tag, uint256 offset, uint256 limit)
        external
        view
        returns (TagRevision[] memory);

    /// @notice Whether a signer who is named now has signed an image.
    function isSignedBy(bytes32 repositoryId, bytes32 digest, address signer) external view returns (bool);

    /// @notice What a signer signs.
    function imageDigest(bytes32 repositoryId, bytes32 digest) external view returns (bytes32);

    /// @notice Whether an account may push under the present owner.
    function mayPush(bytes32 repositoryId, address account) external view returns (bool);

    /// @notice The id of a repository.
    function repositoryIdOf(bytes32 namespace, string calldata name) external view returns (bytes32);
}
