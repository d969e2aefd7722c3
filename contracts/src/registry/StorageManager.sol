// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IDWSBilling} from "../dws/IDWSBilling.sol";
import {IDWSProviderRegistry} from "../dws/IDWSProviderRegistry.sol";
import {Governed} from "../governance/Governed.sol";
import {Pages} from "../governance/Pages.sol";
import {IStorageManager} from "./IStorageManager.sol";

/// @title StorageManager
/// @notice See {IStorageManager}.
contract StorageManager is IStorageManager, Governed, ReentrancyGuardTransient {
    using SafeCast for uint256;

    struct Seed {
        bytes32 value; // zero until the hash of the block is known and taken
        uint64 drawnInBlock; // whose hash it is
    }

    /// @custom:storage-location erc7201:jeju.storage.StorageManager
    struct StorageManagerStorage {
        address providerRegistry;
        address billing;
        mapping(bytes32 uploadId => Upload) uploads;
        mapping(bytes32 nodeId => uint128) prices;
        mapping(bytes32 pinId => Pin) pins;
        mapping(bytes32 uploadId => bytes32[]) pinsOf;
        mapping(bytes32 pinId => mapping(uint256 word => uint256 bits)) proven;
        mapping(uint256 hour => Seed) seeds;
    }

    /// @notice The service of the allocation ledger.
    bytes32 public constant SERVICE = "storage";
    /// @notice The length of a window, in seconds.
    uint256 public constant WINDOW = 1 hours;
    /// @notice The longest pin, in windows: a year.
    uint256 public constant MAXIMUM_WINDOWS = 8760;
    /// @notice The largest chunk, in bytes.
    uint256 public constant MAXIMUM_CHUNK = 1024;
    /// @notice The pausable actions.
    bytes32 public constant PIN = "pin";

    uint256 private constant GIB = 1 << 30;
    bytes32 private constant STORAGE_MANAGER_STORAGE =
        0xd74af0305a07a54daaeadc5e2b755e7af6be0fad6da9ae35ea2e9a7fec7f0a00;

    /// @inheritdoc IStorageManager
    function initialize(address admin, address providerRegistry, address billing) external initializer {
        __Governed_init(admin);
        _requireAddress(providerRegistry);
        _requireAddress(billing);
        _storage().providerRegistry = providerRegistry;
        _storage().billing = billing;
    }

    /// @inheritdoc IStorageManager
    function registerUpload(bytes32 salt, bytes32 contentHash, bytes32 root, uint64 size, uint32 chunks)
        external
        returns (bytes32 uploadId)
    {
        if (contentHash == bytes32(0)) revert StorageManager_InvalidUpload("contentHash");
        if (root == bytes32(0)) revert StorageManager_InvalidUpload("root");
        if (chunks == 0 || chunks != Math.ceilDiv(size, MAXIMUM_CHUNK)) revert StorageManager_InvalidUpload("chunks");
        uploadId = keccak256(abi.encode(address(this), msg.sender, salt));
        Upload storage $upload = _storage().uploads[uploadId];
        if ($upload.owner != address(0)) revert StorageManager_Exists(uploadId);
        $upload.owner = msg.sender;
        $upload.contentHash = contentHash;
        $upload.root = root;
        $upload.size = size;
        $upload.chunks = chunks;
        $upload.createdAt = block.timestamp.toUint64();
        emit UploadRegistered(uploadId, msg.sender, contentHash, root, size, chunks);
    }

    /// @inheritdoc IStorageManager
    function setPrice(bytes32 nodeId, uint128 pricePerGibHour) external {
        if (IDWSProviderRegistry(_storage().providerRegistry).ownerOf(nodeId) != msg.sender) {
            revert StorageManager_NotOwner(nodeId, msg.sender);
        }
        _storage().prices[nodeId] = pricePerGibHour;
        emit StoragePriceSet(nodeId, pricePerGibHour);
    }

    /// @inheritdoc IStorageManager
    function pin(bytes32 uploadId, bytes32 nodeId, bytes32 salt, uint32 windows, uint128 maximumPricePerGibHour)
        external
        whenActive(PIN)
        nonReentrant
        returns (bytes32 pinId)
    {
        StorageManagerStorage storage $ = _storage();
        if ($.uploads[uploadId].owner == address(0)) revert StorageManager_UnknownUpload(uploadId);
        if (windows == 0 || windows > MAXIMUM_WINDOWS) revert StorageManager_InvalidWindows(windows, MAXIMUM_WINDOWS);
        _requireTakesPins(nodeId);
        uint256 price = $.prices[nodeId];
        if (price == 0 || price > maximumPricePerGibHour) {
            revert StorageManager_PriceTooHigh(price, maximumPricePerGibHour);
        }
        pinId = pinIdOf(msg.sender, salt);
        Pin storage $pin = $.pins[pinId];
        if ($pin.consumer != address(0)) revert StorageManager_Exists(pinId);
        $.pinsOf[uploadId].push(pinId);
        $pin.consumer = msg.sender;
        $pin.billing = $.billing;
        $pin.uploadId = uploadId;
        $pin.nodeId = nodeId;
        $pin.stakingNodeId = IDWSProviderRegistry($.providerRegistry).stakingNodeOf(nodeId);
        // Rounded up: no window is free.
        $pin.pricePerWindow = Math.mulDiv($.uploads[uploadId].size, price, GIB, Math.Rounding.Ceil).toUint128();
        $pin.startsAt = ((block.timestamp / WINDOW + 1) * WINDOW).toUint64();
        $pin.windows = windows;
        emit Pinned(pinId, uploadId, nodeId, msg.sender, $pin.pricePerWindow, $pin.startsAt, windows);
        IDWSBilling($.billing).openEscrow(pinId, msg.sender, uint256($pin.pricePerWindow) * windows);
        IDWSProviderRegistry($.providerRegistry).leaseOpened(nodeId);
    }

    /// @inheritdoc IStorageManager
    function openWindow() external {
        uint256 hour = block.timestamp / WINDOW;
        Seed storage $seed = _storage().seeds[hour];
        if ($seed.value != bytes32(0)) revert StorageManager_Challenge(hour);
        if ($seed.drawnInBlock != 0 && _seedOf(hour) != bytes32(0)) {
            _draw(hour);
            return;
        }
        // A block's own hash is known to nobody who acts in it; with anything that is, whoever opens could try block by block until he likes the chunk.
        if ($seed.drawnInBlock == block.number) revert StorageManager_Challenge(hour);
        $seed.drawnInBlock = block.number.toUint64();
        emit WindowOpened(hour, block.number);
    }

    /// @inheritdoc IStorageManager
    function prove(bytes32 pinId, uint32 window, bytes calldata chunk, bytes32[] calldata path) external nonReentrant {
        StorageManagerStorage storage $ = _storage();
        Pin storage $pin = $.pins[pinId];
        // 1. Only the running window of a pin that runs, once.
        if (!isPinned(pinId) || block.timestamp < $pin.startsAt) revert StorageManager_WrongPin(pinId);
        uint32 present = windowOf(pinId);
        if (window != present || isProven(pinId, window)) revert StorageManager_WrongWindow(pinId, window, present);

        // 2. The chunk that was drawn, and no other, on a path to the root.
        uint32 asked = challengeOf(pinId, window);
        if ($.seeds[block.timestamp / WINDOW].value == bytes32(0)) _draw(block.timestamp / WINDOW);
        Upload storage $upload = $.uploads[$pin.uploadId];
        if (chunk.length > MAXIMUM_CHUNK || !_leadsToRoot($upload, asked, chunk, path)) {
            revert StorageManager_InvalidProof(pinId, asked);
        }

        // 3. Pay for the window.
        $.proven[pinId][window >> 8] |= _bit(window);
        $pin.proven++;
        emit PossessionProven(pinId, window, asked, $pin.pricePerWindow);
        IDWSBilling($pin.billing).payNode(pinId, $pin.stakingNodeId, $pin.pricePerWindow);
    }

    /// @inheritdoc IStorageManager
    function unpin(bytes32 pinId) external {
        if (_storage().pins[pinId].consumer != msg.sender) revert StorageManager_NotConsumer(pinId, msg.sender);
        _endPin(pinId);
    }

    /// @inheritdoc IStorageManager
    function releasePin(bytes32 pinId) external {
        bytes32 nodeId = _storage().pins[pinId].nodeId;
        bool acts = nodeId != bytes32(0) && IDWSProviderRegistry(_storage().providerRegistry).mayAct(nodeId, msg.sender);
        if (!acts) revert StorageManager_NotProvider(pinId, msg.sender);
        _endPin(pinId);
    }

    /// @inheritdoc IStorageManager
    function refund(bytes32 pinId) external nonReentrant returns (uint256 amount) {
        StorageManagerStorage storage $ = _storage();
        Pin storage $pin = $.pins[pinId];
        if ($pin.consumer == address(0) || isPinned(pinId) || $pin.refunded) revert StorageManager_WrongPin(pinId);
        $pin.refunded = true;
        amount = uint256($pin.pricePerWindow) * ($pin.windows - $pin.proven);
        emit PinRefunded(pinId, $pin.consumer, amount);
        if (amount != 0) IDWSBilling($pin.billing).refundEscrow(pinId, amount);
        IDWSProviderRegistry($.providerRegistry).leaseClosed($pin.nodeId);
    }

    /// @inheritdoc IStorageManager
    function challengeOf(bytes32 pinId, uint32 window) public view returns (uint32 chunk) {
        StorageManagerStorage storage $ = _storage();
        Pin storage $pin = $.pins[pinId];
        uint256 hour = $pin.startsAt / WINDOW + window;
        bytes32 seed = _seedOf(hour);
        if (seed == bytes32(0)) revert StorageManager_Challenge(hour);
        uint256 draw = uint256(keccak256(abi.encode(seed, pinId)));
        return (draw % $.uploads[$pin.uploadId].chunks).toUint32();
    }

    /// @inheritdoc IStorageManager
    function windowOf(bytes32 pinId) public view returns (uint32) {
        uint64 startsAt = _storage().pins[pinId].startsAt;
        return block.timestamp < startsAt ? 0 : ((block.timestamp - startsAt) / WINDOW).toUint32();
    }

    /// @inheritdoc IStorageManager
    function upload(bytes32 uploadId) external view returns (Upload memory) {
        return _storage().uploads[uploadId];
    }

    /// @inheritdoc IStorageManager
    function pinInfo(bytes32 pinId) external view returns (Pin memory) {
        return _storage().pins[pinId];
    }

    /// @inheritdoc IStorageManager
    function pinIdOf(address consumer, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), "pin", consumer, salt));
    }

    /// @inheritdoc IStorageManager
    function isProven(bytes32 pinId, uint32 window) public view returns (bool) {
        return _storage().proven[pinId][window >> 8] & _bit(window) != 0;
    }

    /// @inheritdoc IStorageManager
    function isPinned(bytes32 pinId) public view returns (bool) {
        Pin storage $pin = _storage().pins[pinId];
        if ($pin.consumer == address(0)) return false;
        if ($pin.endedAt != 0 && block.timestamp >= $pin.endedAt) return false;
        return block.timestamp < $pin.startsAt + $pin.windows * WINDOW;
    }

    /// @inheritdoc IStorageManager
    function priceOf(bytes32 nodeId) external view returns (uint128) {
        return _storage().prices[nodeId];
    }

    /// @inheritdoc IStorageManager
    function pinsOf(bytes32 uploadId, uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return Pages.page(_storage().pinsOf[uploadId], offset, limit);
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = PIN;
    }

    // The position decides at each level on which side the neighbour stands, so a path proves this chunk at this place. An odd last node moves up alone.
    function _leadsToRoot(Upload storage $upload, uint256 index, bytes calldata chunk, bytes32[] calldata path)
        private
        view
        returns (bool)
    {
        bytes32 hash = keccak256(abi.encodePacked(uint8(0), chunk));
        uint256 width = $upload.chunks;
        uint256 used;
        while (width > 1) {
            bool isAlone = index == width - 1 && index & 1 == 0;
            if (!isAlone) {
                if (used == path.length) return false;
                bytes32 neighbour = path[used++];
                hash = index & 1 == 0
                    ? keccak256(abi.encodePacked(uint8(1), hash, neighbour))
                    : keccak256(abi.encodePacked(uint8(1), neighbour, hash));
            }
            index >>= 1;
            width = (width + 1) >> 1;
        }
        return used == path.length && hash == $upload.root;
    }

    function _endPin(bytes32 pinId) private {
        Pin storage $pin = _storage().pins[pinId];
        if (!isPinned(pinId) || $pin.endedAt != 0) revert StorageManager_WrongPin(pinId);
        // The running window can still be proven.
        uint256 endsAt = Math.max((block.timestamp / WINDOW + 1) * WINDOW, $pin.startsAt);
        $pin.endedAt = endsAt.toUint64();
        emit Unpinned(pinId, $pin.endedAt);
    }

    function _draw(uint256 hour) private {
        bytes32 seed = _seedOf(hour);
        _storage().seeds[hour].value = seed;
        emit WindowDrawn(hour, seed);
    }

    // What was taken, or what can be taken now: for 256 blocks from the next one on. Zero when neither.
    function _seedOf(uint256 hour) private view returns (bytes32) {
        Seed storage $seed = _storage().seeds[hour];
        if ($seed.value != bytes32(0)) return $seed.value;
        bytes32 hash = $seed.drawnInBlock == 0 ? bytes32(0) : blockhash($seed.drawnInBlock);
        return hash == bytes32(0) ? hash : keccak256(abi.encode(hash, hour));
    }

    function _bit(uint32 window) private pure returns (uint256) {
        return 2 ** (window & 0xff);
    }

    function _requireTakesPins(bytes32 nodeId) private view {
        IDWSProviderRegistry registry = IDWSProviderRegistry(_storage().providerRegistry);
        if (!registry.isAvailable(nodeId) || !registry.offersService(nodeId, SERVICE)) {
            revert StorageManager_NodeUnavailable(nodeId);
        }
    }

    function _storage() private pure returns (StorageManagerStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_MANAGER_STORAGE
        }
    }
}
