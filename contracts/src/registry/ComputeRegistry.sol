// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Governed} from "../governance/Governed.sol";
import {Pages} from "../governance/Pages.sol";
import {IDWSProviderRegistry} from "../dws/IDWSProviderRegistry.sol";
import {IComputeRegistry} from "./IComputeRegistry.sol";

/// @title ComputeRegistry
/// @notice See {IComputeRegistry}.
contract ComputeRegistry is IComputeRegistry, Governed {
    /// @custom:storage-location erc7201:jeju.storage.ComputeRegistry
    struct ComputeRegistryStorage {
        address providerRegistry;
        mapping(bytes32 nodeId => Capability) capabilities;
        mapping(bytes32 nodeId => bool) known;
        bytes32[] nodeIds;
        mapping(bytes32 nodeId => uint256) slotsTaken;
        mapping(bytes32 nodeId => mapping(address seller => uint256)) slotsHeld;
    }

    /// @notice May take slots: ComputeRental, DWSServiceProvisioning and other sellers of compute.
    bytes32 public constant SELLER_ROLE = keccak256("SELLER_ROLE");

    /// @notice The service of the allocation ledger.
    bytes32 public constant SERVICE = "compute";
    /// @notice The most slots of one node.
    uint256 public constant MAXIMUM_SLOTS = 1000;
    /// @notice The pausable actions.
    bytes32 public constant PUBLISH = "publish";

    bytes32 private constant COMPUTE_REGISTRY_STORAGE =
        0xed5d6bcc4655ef0bac12e98195c1162e4b0fe1aca801bd0ada08c6eb0f365200;

    /// @inheritdoc IComputeRegistry
    function initialize(address admin, address registry) external initializer {
        __Governed_init(admin);
        _requireAddress(registry);
        _compute().providerRegistry = registry;
    }

    /// @inheritdoc IComputeRegistry
    function setCapability(bytes32 nodeId, Capability calldata capability) external whenActive(PUBLISH) {
        ComputeRegistryStorage storage $ = _compute();
        _requireOwner(nodeId);
        if (!IDWSProviderRegistry($.providerRegistry).offersService(nodeId, SERVICE)) {
            revert ComputeRegistry_ServiceNotOffered(nodeId);
        }
        if (capability.cores == 0) revert ComputeRegistry_InvalidCapability(nodeId, "cores");
        if (capability.memoryMb == 0) revert ComputeRegistry_InvalidCapability(nodeId, "memoryMb");
        if (capability.pricePerHour == 0) revert ComputeRegistry_InvalidCapability(nodeId, "pricePerHour");
        if (capability.slots == 0 || capability.slots > MAXIMUM_SLOTS) {
            revert ComputeRegistry_InvalidCapability(nodeId, "slots");
        }
        if ((capability.gpus == 0) != (capability.gpuModel == bytes32(0))) {
            revert ComputeRegistry_InvalidCapability(nodeId, "gpuModel");
        }
        if (!capability.active) revert ComputeRegistry_InvalidCapability(nodeId, "active");
        $.capabilities[nodeId] = capability;
        if (!$.known[nodeId]) {
            $.known[nodeId] = true;
            $.nodeIds.push(nodeId);
        }
        emit CapabilitySet(nodeId, msg.sender, capability);
    }

    /// @inheritdoc IComputeRegistry
    function withdrawCapability(bytes32 nodeId) external {
        _requireOwner(nodeId);
        _compute().capabilities[nodeId].active = false;
        emit CapabilityWithdrawn(nodeId);
    }

    // ------------------------------------------------------------ slots

    /// @inheritdoc IComputeRegistry
    function takeSlot(bytes32 nodeId) external onlyRole(SELLER_ROLE) {
        ComputeRegistryStorage storage $ = _compute();
        (uint256 taken, uint256 total) = slotsOf(nodeId);
        if (taken >= total) revert ComputeRegistry_NoSlot(nodeId, total);
        _take($, nodeId);
    }

    /// @inheritdoc IComputeRegistry
    function countSale(bytes32 nodeId) external onlyRole(SELLER_ROLE) {
        ComputeRegistryStorage storage $ = _compute();
        // What was published is what the node has, on the market or off it.
        if (!hasRoom(nodeId)) revert ComputeRegistry_NoSlot(nodeId, $.capabilities[nodeId].slots);
        _take($, nodeId);
    }

    /// @inheritdoc IComputeRegistry
    function returnSlot(bytes32 nodeId) external {
        ComputeRegistryStorage storage $ = _compute();
        if ($.slotsHeld[nodeId][msg.sender] == 0) revert ComputeRegistry_NoSlotHeld(nodeId, msg.sender);
        uint256 held = --$.slotsHeld[nodeId][msg.sender];
        uint256 taken = --$.slotsTaken[nodeId];
        emit SlotsChanged(nodeId, msg.sender, held, taken);
    }

    // ------------------------------------------------------------ views

    /// @inheritdoc IComputeRegistry
    function capabilityOf(bytes32 nodeId) external view returns (Capability memory) {
        return _compute().capabilities[nodeId];
    }

    /// @inheritdoc IComputeRegistry
    function slotsOf(bytes32 nodeId) public view returns (uint256 taken, uint256 total) {
        ComputeRegistryStorage storage $ = _compute();
        Capability storage $capability = $.capabilities[nodeId];
        return ($.slotsTaken[nodeId], $capability.active ? $capability.slots : 0);
    }

    /// @inheritdoc IComputeRegistry
    function hasRoom(bytes32 nodeId) public view returns (bool) {
        ComputeRegistryStorage storage $ = _compute();
        return !$.known[nodeId] || $.slotsTaken[nodeId] < $.capabilities[nodeId].slots;
    }

    /// @inheritdoc IComputeRegistry
    function slotsHeldBy(bytes32 nodeId, address seller) external view returns (uint256) {
        return _compute().slotsHeld[nodeId][seller];
    }

    /// @inheritdoc IComputeRegistry
    function isRentable(bytes32 nodeId) external view returns (bool) {
        IDWSProviderRegistry registry = IDWSProviderRegistry(_compute().providerRegistry);
        return _compute().capabilities[nodeId].active && registry.isAvailable(nodeId)
            && registry.offersService(nodeId, SERVICE);
    }

    /// @inheritdoc IComputeRegistry
    function hasLiveTee(bytes32 nodeId) external view returns (bool) {
        return
            _compute().capabilities[nodeId].tee
                && IDWSProviderRegistry(_compute().providerRegistry).node(nodeId).attested;
    }

    /// @inheritdoc IComputeRegistry
    function count() external view returns (uint256) {
        return _compute().nodeIds.length;
    }

    /// @inheritdoc IComputeRegistry
    function published(uint256 offset, uint256 limit) external view returns (bytes32[] memory nodeIds) {
        return Pages.page(_compute().nodeIds, offset, limit);
    }

    /// @inheritdoc IComputeRegistry
    function providerRegistry() external view returns (address) {
        return _compute().providerRegistry;
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = PUBLISH;
    }

    function _take(ComputeRegistryStorage storage $, bytes32 nodeId) private {
        uint256 taken = ++$.slotsTaken[nodeId];
        uint256 held = ++$.slotsHeld[nodeId][msg.sender];
        emit SlotsChanged(nodeId, msg.sender, held, taken);
    }

    function _requireOwner(bytes32 nodeId) private view {
        if (IDWSProviderRegistry(_compute().providerRegistry).ownerOf(nodeId) != msg.sender) {
            revert ComputeRegistry_NotOwner(nodeId, msg.sender);
        }
    }

    function _compute() private pure returns (ComputeRegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := COMPUTE_REGISTRY_STORAGE
        }
    }
}
