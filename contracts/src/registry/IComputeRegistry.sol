// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Compute capabilities and prices of provider nodes
/// @notice The node itself, its owner, stake, liveness and attestation are DWSProviderRegistry's; this registry adds what can be rented on it. A TEE is
/// claimed here but proven there: it counts as long as the node's attestation has not expired.
///
/// Must: check the owner at every change, so that authority follows the node; need the service "compute" with its locked stake.
/// Never: a TEE status that outlives its attestation.
/// @dev Prices in units of the payment token.
interface IComputeRegistry {
    /// @notice What a node has.
    /// @param gpuModel ASCII, zero for none
    /// @param slots rentals at the same time, at most 1,000
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

    /// @notice Emitted when a capability was published or changed.
    event CapabilitySet(bytes32 indexed nodeId, address indexed owner, Capability capability);
    /// @notice Emitted when a node was taken off the market; its rentals go on.
    event CapabilityWithdrawn(bytes32 indexed nodeId);

    /// @notice Stores the addresses.
    function initialize(address admin, address providerRegistry) external;

    /// @notice Publishes or changes what a node has. Owner of the node only. Rentals keep the price they were made at.
    function setCapability(bytes32 nodeId, Capability calldata capability) external;

    /// @notice Takes a node off the market. Owner of the node only; never pausable.
    function withdrawCapability(bytes32 nodeId) external;

    /// @notice What a node has; not active when unknown or withdrawn.
    function capabilityOf(bytes32 nodeId) external view returns (Capability memory);

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
