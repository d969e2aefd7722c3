// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Compute capabilities and prices of provider nodes
/// @notice The node itself, its owner, stake, liveness and attestation are DWSProviderRegistry's; this registry adds what can be rented on it. A TEE is
/// claimed here but proven there: it counts as long as the node's attestation has not expired. A node is sold in slots, each with the published capability,
/// and every seller takes them from the one count that is kept here: ComputeRental and DWSServiceProvisioning, which sell what is published here, and
/// ExternalChainProvider, whose offers have a price and a capacity of their own.
///
/// Must: check the owner at every change, so that authority follows the node; need the service "compute" with its locked stake; let a seller return what he
/// took whatever has become of the node, its capability or the seller's role.
/// Never: a TEE status that outlives its attestation; a slot that two sellers sold; a slot returned by a seller who does not hold it.
/// @dev Prices in units of the payment token.
interface IComputeRegistry {
    /// @notice What a slot of a node has.
    /// @param gpuModel ASCII, zero for none
    /// @param slots rentals and deployments at the same time, together, at most 1,000
    struct Capability {
        uint16 cores;
        uint16 gpus;
        uint32 memoryMb;
        uint32 diskGb;
        uint32 bandwidthMbit;
        bytes32 gpuModel;
        uint128 pricePerHour;
        uint16 slots;
        bool tee;
        bool active;
    }

    /// @notice Thrown when the caller does not own the node.
    error ComputeRegistry_NotOwner(bytes32 nodeId, address caller);
    /// @notice Thrown when the node does not offer the service "compute".
    error ComputeRegistry_ServiceNotOffered(bytes32 nodeId);
    /// @notice Thrown when a capability is empty or contradicts itself.
    error ComputeRegistry_InvalidCapability(bytes32 nodeId, bytes32 what);
    /// @notice Thrown when all slots of a node are taken, or it is off the market.
    error ComputeRegistry_NoSlot(bytes32 nodeId, uint256 slots);
    /// @notice Thrown when a seller returns a slot that he does not hold.
    error ComputeRegistry_NoSlotHeld(bytes32 nodeId, address seller);

    /// @notice Emitted when a capability was published or changed.
    event CapabilitySet(bytes32 indexed nodeId, address indexed owner, Capability capability);
    /// @notice Emitted when a node was taken off the market; its rentals go on.
    event CapabilityWithdrawn(bytes32 indexed nodeId);
    /// @notice Emitted when a seller took or returned a slot.
    /// @param held by this seller now
    /// @param taken by all sellers now
    event SlotsChanged(bytes32 indexed nodeId, address indexed seller, uint256 held, uint256 taken);

    /// @notice Stores the addresses.
    function initialize(address admin, address providerRegistry) external;

    /// @notice Publishes or changes what a node has. Owner of the node only. Rentals keep the price they were made at.
    function setCapability(bytes32 nodeId, Capability calldata capability) external;

    /// @notice Takes a node off the market. Owner of the node only; never pausable.
    function withdrawCapability(bytes32 nodeId) external;

    /// @notice Takes a slot of a node for a rental or a deployment. Seller role.
    function takeSlot(bytes32 nodeId) external;

    /// @notice Counts a sale of a seller with offers of its own. Refused when the node has ever published slots and all are taken; a node that never did
    /// is bounded by those offers alone, and what it sold counts when it publishes. Seller role.
    function countSale(bytes32 nodeId) external;

    /// @notice Returns a slot. Whoever took it, with the role or without; never pausable.
    function returnSlot(bytes32 nodeId) external;

    /// @notice What a node has; not active when unknown or withdrawn.
    function capabilityOf(bytes32 nodeId) external view returns (Capability memory);

    /// @notice The slots of a node.
    /// @return taken by all sellers; more than `total` when the owner lowered it meanwhile
    /// @return total as published; 0 when off the market
    function slotsOf(bytes32 nodeId) external view returns (uint256 taken, uint256 total);

    /// @notice Whether a sale would be counted now.
    function hasRoom(bytes32 nodeId) external view returns (bool);

    /// @notice The slots of a node that a seller holds.
    function slotsHeldBy(bytes32 nodeId, address seller) external view returns (uint256);

    /// @notice Whether a node can be rented now: published, offering compute, in time, backed by stake.
    function isRentable(bytes32 nodeId) external view returns (bool);

    /// @notice Whether the node claims a TEE and its attestation has not expired.
    function hasLiveTee(bytes32 nodeId) external view returns (bool);

    /// @notice The number of nodes that ever published.
    function count() external view returns (uint256);

    /// @notice A page of the nodes that ever published.
    function published(uint256 offset, uint256 limit) external view returns (bytes32[] memory nodeIds);

    /// @notice The registry of the nodes.
    function providerRegistry() external view returns (address);
}
