// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Governed} from "../governance/Governed.sol";
import {Pages} from "../governance/Pages.sol";
import {IDelegatedNodeStaking} from "./IDelegatedNodeStaking.sol";
import {IMultiServiceStakeManager} from "./IMultiServiceStakeManager.sol";

/// @title MultiServiceStakeManager
/// @notice See {IMultiServiceStakeManager}.
contract MultiServiceStakeManager is IMultiServiceStakeManager, Governed {
    struct Totals {
        uint128 allocated;
        uint128 leaving;
        uint128 locked;
    }

    /// @custom:storage-location erc7201:jeju.storage.MultiServiceStakeManager
    struct StakeManagerStorage {
        address staking;
        uint32 unbondingPeriod;
        mapping(bytes32 service => Service) services;
        bytes32[] serviceNames;
        mapping(bytes32 nodeId => mapping(bytes32 service => Allocation)) allocations;
        mapping(bytes32 nodeId => Totals) totals;
        mapping(address locker => mapping(bytes32 nodeId => mapping(bytes32 service => uint128))) locks;
    }

    /// @notice May lock and release: the registries.
    bytes32 public constant LOCKER_ROLE = keccak256("LOCKER_ROLE");

    bytes32 private constant ALLOCATE = "allocate";
    bytes32 private constant LOCK = "lock";

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.MultiServiceStakeManager")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STAKE_MANAGER_STORAGE = 0x97871ff5602d7d3e7a73c10d079495bbf1d0436d5c7746c6da6b7d453476d300;

    /// @inheritdoc IMultiServiceStakeManager
    function initialize(address admin, address staking_) external initializer {
        __Governed_init(admin);
        _requireAddress(staking_);
        StakeManagerStorage storage $ = _stakeManagerStorage();
        $.staking = staking_;
        $.unbondingPeriod = 14 days;
        emit UnbondingPeriodChanged(14 days);
    }

    /// @inheritdoc IMultiServiceStakeManager
    function setService(bytes32 service, uint128 minimumStake) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("minimumStake", minimumStake, 1, 10_000_000 ether);
        StakeManagerStorage storage $ = _stakeManagerStorage();
        if (!$.services[service].exists) $.serviceNames.push(service);
        $.services[service] = Service({exists: true, minimumStake: minimumStake});
        emit ServiceSet(service, minimumStake);
    }

    /// @inheritdoc IMultiServiceStakeManager
    function setUnbondingPeriod(uint32 unbondingPeriod_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        // Short periods exist for the localnet alone.
        _requireWithin("unbondingPeriod", unbondingPeriod_, block.chainid == 31_337 ? 10 : 1 days, 60 days);
        _stakeManagerStorage().unbondingPeriod = unbondingPeriod_;
        emit UnbondingPeriodChanged(unbondingPeriod_);
    }

    /// @inheritdoc IMultiServiceStakeManager
    function allocate(bytes32 nodeId, bytes32 service, uint128 amount) external whenActive(ALLOCATE) {
        StakeManagerStorage storage $ = _stakeManagerStorage();
        _requireOperator($, nodeId);
        if (amount == 0) revert MultiServiceStakeManager_ZeroAmount();
        Service storage known = _knownService($, service);
        Allocation storage allocation = $.allocations[nodeId][service];
        Totals storage totals = $.totals[nodeId];
        allocation.amount += amount;
        totals.allocated += amount;
        uint128 staying = allocation.amount - allocation.leaving;
        if (staying < known.minimumStake) {
            revert MultiServiceStakeManager_BelowMinimum(service, staying, known.minimumStake);
        }
        // What is leaving still backs its service, so it counts as well.
        uint256 active = IDelegatedNodeStaking($.staking).activeStakeOf(nodeId);
        if (totals.allocated > active) {
            revert MultiServiceStakeManager_InsufficientStake(nodeId, totals.allocated, active);
        }
        emit StakeAllocated(nodeId, service, amount, allocation.amount);
    }

    /// @inheritdoc IMultiServiceStakeManager
    function deallocate(bytes32 nodeId, bytes32 service, uint128 amount) external {
        StakeManagerStorage storage $ = _stakeManagerStorage();
        _requireOperator($, nodeId);
        if (amount == 0) revert MultiServiceStakeManager_ZeroAmount();
        Allocation storage allocation = $.allocations[nodeId][service];
        if (allocation.leaving != 0) revert MultiServiceStakeManager_AlreadyLeaving(nodeId, service);
        uint128 free = allocation.amount - allocation.locked;
        if (amount > free) revert MultiServiceStakeManager_InsufficientAllocation(nodeId, service, amount, free);
        uint128 rest = allocation.amount - amount;
        uint128 minimum = $.services[service].minimumStake;
        if (rest != 0 && rest < minimum) revert MultiServiceStakeManager_BelowMinimum(service, rest, minimum);
        allocation.leaving = amount;
        allocation.leavesAt = uint64(block.timestamp + $.unbondingPeriod);
        $.totals[nodeId].leaving += amount;
        emit DeallocationStarted(nodeId, service, amount, allocation.leavesAt);
    }

    /// @inheritdoc IMultiServiceStakeManager
    function completeDeallocation(bytes32 nodeId, bytes32 service) external {
        StakeManagerStorage storage $ = _stakeManagerStorage();
        Allocation storage allocation = $.allocations[nodeId][service];
        uint128 amount = allocation.leaving;
        if (amount == 0 || allocation.leavesAt > block.timestamp) {
            revert MultiServiceStakeManager_NotYet(nodeId, service, allocation.leavesAt);
        }
        Totals storage totals = $.totals[nodeId];
        allocation.leaving = 0;
        allocation.leavesAt = 0;
        allocation.amount -= amount;
        totals.leaving -= amount;
        totals.allocated -= amount;
        emit DeallocationCompleted(nodeId, service, amount, allocation.amount);
    }

    /// @inheritdoc IMultiServiceStakeManager
    function lock(bytes32 nodeId, bytes32 service, uint128 amount) external onlyRole(LOCKER_ROLE) whenActive(LOCK) {
        StakeManagerStorage storage $ = _stakeManagerStorage();
        if (amount == 0) revert MultiServiceStakeManager_ZeroAmount();
        Allocation storage allocation = $.allocations[nodeId][service];
        uint128 free = allocation.amount - allocation.locked - allocation.leaving;
        if (amount > free) revert MultiServiceStakeManager_InsufficientAllocation(nodeId, service, amount, free);
        if (!isBacked(nodeId)) {
            revert MultiServiceStakeManager_InsufficientStake(
                nodeId, requiredStakeOf(nodeId), IDelegatedNodeStaking($.staking).activeStakeOf(nodeId)
            );
        }
        allocation.locked += amount;
        $.totals[nodeId].locked += amount;
        $.locks[msg.sender][nodeId][service] += amount;
        emit StakeLocked(nodeId, service, msg.sender, amount);
    }

    /// @inheritdoc IMultiServiceStakeManager
    function release(bytes32 nodeId, bytes32 service, uint128 amount) external {
        StakeManagerStorage storage $ = _stakeManagerStorage();
        // Without the role: nobody releases more than he locked, and a role that is taken away must not lock stake for ever.
        uint128 held = $.locks[msg.sender][nodeId][service];
        if (amount > held) revert MultiServiceStakeManager_NotLocked(msg.sender, nodeId, service, amount);
        $.locks[msg.sender][nodeId][service] = held - amount;
        $.allocations[nodeId][service].locked -= amount;
        $.totals[nodeId].locked -= amount;
        emit StakeReleased(nodeId, service, msg.sender, amount);
    }

    /// @inheritdoc IMultiServiceStakeManager
    function staking() external view returns (address) {
        return _stakeManagerStorage().staking;
    }

    /// @inheritdoc IMultiServiceStakeManager
    function unbondingPeriod() external view returns (uint32) {
        return _stakeManagerStorage().unbondingPeriod;
    }

    /// @inheritdoc IMultiServiceStakeManager
    function serviceInfo(bytes32 service) external view returns (Service memory) {
        return _stakeManagerStorage().services[service];
    }

    /// @inheritdoc IMultiServiceStakeManager
    function services(uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return Pages.page(_stakeManagerStorage().serviceNames, offset, limit);
    }

    /// @inheritdoc IMultiServiceStakeManager
    function allocationOf(bytes32 nodeId, bytes32 service) external view returns (Allocation memory) {
        return _stakeManagerStorage().allocations[nodeId][service];
    }

    /// @inheritdoc IMultiServiceStakeManager
    function totalAllocatedOf(bytes32 nodeId) external view returns (uint256) {
        return _stakeManagerStorage().totals[nodeId].allocated;
    }

    /// @inheritdoc IMultiServiceStakeManager
    function totalLockedOf(bytes32 nodeId) external view returns (uint256) {
        return _stakeManagerStorage().totals[nodeId].locked;
    }

    /// @inheritdoc IMultiServiceStakeManager
    function lockedBy(address locker, bytes32 nodeId, bytes32 service) external view returns (uint256) {
        return _stakeManagerStorage().locks[locker][nodeId][service];
    }

    /// @inheritdoc IMultiServiceStakeManager
    function requiredStakeOf(bytes32 nodeId) public view returns (uint256) {
        Totals storage totals = _stakeManagerStorage().totals[nodeId];
        return totals.allocated - totals.leaving;
    }

    /// @inheritdoc IMultiServiceStakeManager
    function isBacked(bytes32 nodeId) public view returns (bool) {
        return IDelegatedNodeStaking(_stakeManagerStorage().staking).activeStakeOf(nodeId) >= requiredStakeOf(nodeId);
    }

    /// @inheritdoc Governed
    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](2);
        actions[0] = ALLOCATE;
        actions[1] = LOCK;
    }

    function _requireOperator(StakeManagerStorage storage $, bytes32 nodeId) private view {
        if (IDelegatedNodeStaking($.staking).operatorOf(nodeId) != msg.sender) {
            revert MultiServiceStakeManager_NotOperator(nodeId, msg.sender);
        }
    }

    function _knownService(StakeManagerStorage storage $, bytes32 service)
        private
        view
        returns (Service storage known)
    {
        known = $.services[service];
        if (!known.exists) revert MultiServiceStakeManager_UnknownService(service);
    }

    function _stakeManagerStorage() private pure returns (StakeManagerStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STAKE_MANAGER_STORAGE
        }
    }
}
