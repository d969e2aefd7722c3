// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title The allocation ledger: how much of a node's stake backs which service
/// @notice The stake itself stays in DelegatedNodeStaking and is slashable there. A node's operator allocates active stake to services; registries lock
/// parts of an allocation while somebody relies on it. Requirements add up: the sum of all locks is locked, never the maximum. Deallocation unbonds and
/// counts as backing until it ends. Delegators may always leave; when that brings a node below its allocations it is not `isBacked`, and registries
/// give it nothing new.
interface IMultiServiceStakeManager {
    /// @notice A service that stake can back.
    struct Service {
        bool exists;
        uint128 minimumStake; // smallest allocation, in units of the stake asset
    }

    /// @notice What one node has for one service. In units of the stake asset.
    struct Allocation {
        uint128 amount; // backs the service, what is leaving included
        uint128 locked; // relied on by registries
        uint128 leaving; // being deallocated
        uint64 leavesAt; // Unix seconds, 0 when nothing leaves
    }

    /// @notice Thrown when no service has this name.
    error MultiServiceStakeManager_UnknownService(bytes32 service);

    /// @notice Thrown when the caller is not the node's operator.
    error MultiServiceStakeManager_NotOperator(bytes32 nodeId, address caller);

    /// @notice Thrown when an amount is zero.
    error MultiServiceStakeManager_ZeroAmount();

    /// @notice Thrown when an allocation would be below the service's minimum.
    error MultiServiceStakeManager_BelowMinimum(bytes32 service, uint256 amount, uint256 minimum);

    /// @notice Thrown when active stake does not cover all allocations.
    error MultiServiceStakeManager_InsufficientStake(bytes32 nodeId, uint256 needed, uint256 active);

    /// @notice Thrown when an allocation does not cover what is to be locked or leave.
    error MultiServiceStakeManager_InsufficientAllocation(
        bytes32 nodeId, bytes32 service, uint256 asked, uint256 available
    );

    /// @notice Thrown when a deallocation has not ended, or there is none. Unix seconds.
    error MultiServiceStakeManager_NotYet(bytes32 nodeId, bytes32 service, uint64 leavesAt);

    /// @notice Thrown when a deallocation is already under way.
    error MultiServiceStakeManager_AlreadyLeaving(bytes32 nodeId, bytes32 service);

    /// @notice Thrown when a lock is released that the registry does not hold.
    error MultiServiceStakeManager_NotLocked(address locker, bytes32 nodeId, bytes32 service, uint256 asked);

    /// @notice Emitted when a service was added or its minimum changed.
    event ServiceSet(bytes32 indexed service, uint128 minimumStake);

    /// @notice Emitted when stake was allocated.
    event StakeAllocated(bytes32 indexed nodeId, bytes32 indexed service, uint256 amount, uint256 total);

    /// @notice Emitted when stake began to leave a service.
    event DeallocationStarted(bytes32 indexed nodeId, bytes32 indexed service, uint256 amount, uint64 leavesAt);

    /// @notice Emitted when stake left a service.
    event DeallocationCompleted(bytes32 indexed nodeId, bytes32 indexed service, uint256 amount, uint256 total);

    /// @notice Emitted when a registry locked stake.
    event StakeLocked(bytes32 indexed nodeId, bytes32 indexed service, address indexed locker, uint256 amount);

    /// @notice Emitted when a registry released stake.
    event StakeReleased(bytes32 indexed nodeId, bytes32 indexed service, address indexed locker, uint256 amount);

    /// @notice Emitted when the unbonding of allocations changed. Seconds.
    event UnbondingPeriodChanged(uint32 unbondingPeriod);

    /// @notice Stores addresses and the default settings; nothing is called.
    function initialize(address admin, address staking) external;

    /// @notice Adds a service or changes its minimum. Administrator only.
    /// @param service ASCII name in a bytes32
    function setService(bytes32 service, uint128 minimumStake) external;

    /// @notice Changes the unbonding of allocations: 1 day to 60 days, on the localnet from 10 seconds. Administrator only.
    function setUnbondingPeriod(uint32 unbondingPeriod) external;

    /// @notice Allocates active stake. Operator only.
    function allocate(bytes32 nodeId, bytes32 service, uint128 amount) external;

    /// @notice Starts deallocation of stake that is not locked. Operator only.
    function deallocate(bytes32 nodeId, bytes32 service, uint128 amount) external;

    /// @notice Ends a deallocation whose time has passed; anybody may call.
    function completeDeallocation(bytes32 nodeId, bytes32 service) external;

    /// @notice Locks a part of an allocation. Requires `LOCKER_ROLE`.
    function lock(bytes32 nodeId, bytes32 service, uint128 amount) external;

    /// @notice Releases what the caller locked, with the role or without.
    function release(bytes32 nodeId, bytes32 service, uint128 amount) external;

    /// @notice The staking contract.
    function staking() external view returns (address);

    /// @notice Seconds that a deallocation takes.
    function unbondingPeriod() external view returns (uint32);

    /// @notice A service.
    function serviceInfo(bytes32 service) external view returns (Service memory);

    /// @notice A page of the services' names.
    function services(uint256 offset, uint256 limit) external view returns (bytes32[] memory names);

    /// @notice What a node has for a service.
    function allocationOf(bytes32 nodeId, bytes32 service) external view returns (Allocation memory);

    /// @notice Sum of a node's allocations, what is leaving included. In units of the stake asset.
    function totalAllocatedOf(bytes32 nodeId) external view returns (uint256);

    /// @notice Sum of a node's locks. In units of the stake asset.
    function totalLockedOf(bytes32 nodeId) external view returns (uint256);

    /// @notice What a registry has locked. In units of the stake asset.
    function lockedBy(address locker, bytes32 nodeId, bytes32 service) external view returns (uint256);

    /// @notice Stake the operator may not take out: everything allocated that is not leaving. In units of the stake asset.
    function requiredStakeOf(bytes32 nodeId) external view returns (uint256);

    /// @notice Whether active stake covers all allocations that are not leaving.
    function isBacked(bytes32 nodeId) external view returns (bool);
}
