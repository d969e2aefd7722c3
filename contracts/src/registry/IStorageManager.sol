// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Storage: uploads, pins, proofs of possession
/// @notice An upload names its content, the Merkle root over its chunks and its size; uploads of the same content by different accounts do not exclude one
/// another, so nobody can squat one. A pin is paid into escrow at DWSBilling for a time at one provider node; it is earned window by window, each by a
/// proof: the chunk that the chain drew for the hour, with its path to the root. Windows are the hours of Unix time; the first is the next one. Windows without proof are the consumer's.
///
/// Pin, derived: None → Active → Ended. Upload id = keccak256(abi.encode(contract, owner, salt)); pin id = keccak256(abi.encode(contract, "pin", consumer,
/// salt)), so that who orders again what he has ordered already does not pay twice.
///
/// Must: expire pins; pay proven windows only; check the path against the root of the upload.
/// Never: pay a window twice, or from another pin's escrow; a proof for a chunk of the prover's choice; a node that one cheap pin keeps from leaving.
/// @dev Prices in units of the payment token per GiB and hour, rounded up to a unit per window; times in Unix seconds.
interface IStorageManager {
    /// @notice What is stored.
    /// @param root Merkle root in order: leaf `keccak256(0x00, chunk)`, node `keccak256(0x01, left, right)`, an odd last node moves up alone
    /// @param chunks how many; a chunk has at most 1,024 bytes
    struct Upload {
        address owner;
        bytes32 contentHash;
        bytes32 root;
        uint64 size;
        uint32 chunks;
        uint64 createdAt;
    }

    /// @notice A pin of an upload at a node.
    /// @param pricePerWindow fixed when ordered
    /// @param windows how many were paid for
    /// @param proven how many were proven
    struct Pin {
        address consumer;
        address billing;
        bytes32 uploadId;
        bytes32 nodeId;
        bytes32 stakingNodeId;
        uint128 pricePerWindow;
        uint64 startsAt;
        uint32 windows;
        uint32 proven;
        uint64 endedAt;
        bool refunded;
    }

    /// @notice Thrown when an upload is malformed, an upload or a pin exists, or an upload is unknown.
    error StorageManager_InvalidUpload(bytes32 what);
    error StorageManager_Exists(bytes32 id);
    error StorageManager_UnknownUpload(bytes32 uploadId);
    /// @notice Thrown when the caller does not own the node.
    error StorageManager_NotOwner(bytes32 nodeId, address caller);
    /// @notice Thrown when a node does not take pins now.
    error StorageManager_NodeUnavailable(bytes32 nodeId);
    /// @notice Thrown when a price is above what the consumer accepts, or zero.
    error StorageManager_PriceTooHigh(uint256 price, uint256 maximum);
    /// @notice Thrown when windows are out of bounds.
    error StorageManager_InvalidWindows(uint256 windows, uint256 maximum);
    /// @notice Thrown when a pin is unknown, over, or not over.
    error StorageManager_WrongPin(bytes32 pinId);
    /// @notice Thrown when the caller is not the consumer.
    error StorageManager_NotConsumer(bytes32 pinId, address caller);
    /// @notice Thrown when a window is not open for proof: not begun, over, or proven.
    error StorageManager_WrongWindow(bytes32 pinId, uint256 window, uint256 present);
    /// @notice Thrown when the caller does not speak for the pin's node.
    error StorageManager_NotProvider(bytes32 pinId, address caller);
    /// @notice Thrown when the challenge of an hour was drawn already, or cannot be drawn yet: its block is not over.
    error StorageManager_Challenge(uint256 hour);
    /// @notice Thrown when a chunk is too large or its path does not lead to the root.
    error StorageManager_InvalidProof(bytes32 pinId, uint256 chunk);

    /// @notice Emitted when an upload was registered.
    event UploadRegistered(
        bytes32 indexed uploadId,
        address indexed owner,
        bytes32 indexed contentHash,
        bytes32 root,
        uint64 size,
        uint32 chunks
    );
    /// @notice Emitted when a node set its price, zero for none.
    event StoragePriceSet(bytes32 indexed nodeId, uint128 pricePerGibHour);
    /// @notice Emitted when a pin was ordered.
    event Pinned(
        bytes32 indexed pinId,
        bytes32 indexed uploadId,
        bytes32 indexed nodeId,
        address consumer,
        uint128 pricePerWindow,
        uint64 startsAt,
        uint32 windows
    );
    /// @notice Emitted when an hour was opened; the hash of that block draws its challenge.
    event WindowOpened(uint256 indexed hour, uint256 blockNumber);
    /// @notice Emitted when the challenge of an hour was drawn.
    event WindowDrawn(uint256 indexed hour, bytes32 seed);
    /// @notice Emitted when possession was proven for a window and the node paid.
    event PossessionProven(bytes32 indexed pinId, uint32 window, uint32 chunk, uint256 paid);
    /// @notice Emitted when a pin was ended early.
    event Unpinned(bytes32 indexed pinId, uint64 endedAt);
    /// @notice Emitted when what was not proven went back.
    event PinRefunded(bytes32 indexed pinId, address indexed consumer, uint256 amount);

    /// @notice Stores the addresses.
    function initialize(address admin, address providerRegistry, address billing) external;

    /// @notice Registers what is to be stored.
    function registerUpload(bytes32 salt, bytes32 contentHash, bytes32 root, uint64 size, uint32 chunks)
        external
        returns (bytes32 uploadId);

    /// @notice Sets the price of a node, zero for no new pins. Owner of the node.
    function setPrice(bytes32 nodeId, uint128 pricePerGibHour) external;

    /// @notice Pins an upload at a node; the caller pays all windows into escrow. Anybody may pin anything.
    /// @param salt the caller's own name for the pin, used once
    /// @param windows 1 to 8,760, an hour each
    function pin(bytes32 uploadId, bytes32 nodeId, bytes32 salt, uint32 windows, uint128 maximumPricePerGibHour)
        external
        returns (bytes32 pinId);

    /// @notice Opens the running hour, for all pins: the hash of this block will be its challenge, so that nobody opens at a moment of his choice and knows
    /// it. From the next block on the first proof, or a second call, fixes it. Anybody; once more only when nobody did so within 256 blocks.
    function openWindow() external;

    /// @notice Proves possession for the running window. Anybody may bring it; the node is paid.
    function prove(bytes32 pinId, uint32 window, bytes calldata chunk, bytes32[] calldata path) external;

    /// @notice Ends a pin after the running window. Consumer; never pausable.
    function unpin(bytes32 pinId) external;

    /// @notice Ends a pin after the running window, so that no pin keeps a node from leaving; what is not proven goes back. Owner or agent of the node;
    /// never pausable.
    function releasePin(bytes32 pinId) external;

    /// @notice Returns what was not proven, when the pin is over. Anybody.
    function refund(bytes32 pinId) external returns (uint256 amount);

    /// @notice The chunk that a window asks for.
    function challengeOf(bytes32 pinId, uint32 window) external view returns (uint32 chunk);

    /// @notice The running window, counted from 0.
    function windowOf(bytes32 pinId) external view returns (uint32);

    /// @notice An upload.
    function upload(bytes32 uploadId) external view returns (Upload memory);

    /// @notice A pin.
    function pinInfo(bytes32 pinId) external view returns (Pin memory);

    /// @notice The id of a pin.
    function pinIdOf(address consumer, bytes32 salt) external view returns (bytes32);

    /// @notice Whether a window was proven.
    function isProven(bytes32 pinId, uint32 window) external view returns (bool);

    /// @notice Whether a pin still runs.
    function isPinned(bytes32 pinId) external view returns (bool);

    /// @notice The price of a node.
    function priceOf(bytes32 nodeId) external view returns (uint128);

    /// @notice A page of the pins of an upload.
    function pinsOf(bytes32 uploadId, uint256 offset, uint256 limit) external view returns (bytes32[] memory);
}
