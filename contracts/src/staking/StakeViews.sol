// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Pages} from "../governance/Pages.sol";
import {IDelegatedNodeStaking} from "./IDelegatedNodeStaking.sol";
import {NodeRewards} from "./NodeRewards.sol";
import {SharePool} from "./SharePool.sol";
import {StakeStorage} from "./StakeStorage.sol";

/// @title What DelegatedNodeStaking answers
abstract contract StakeViews is StakeStorage {
    using SharePool for SharePool.Pool;
    using NodeRewards for NodeRewards.Stream;

    /// @inheritdoc IDelegatedNodeStaking
    function parameters() external view returns (Parameters memory) {
        return _stakingStorage().parameters;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function stakeAsset() external view returns (address) {
        return _stakingStorage().stakeAsset;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function rewardAsset() external view returns (address) {
        return _stakingStorage().rewardAsset;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function treasury() external view returns (address) {
        return _stakingStorage().treasury;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function stakeManager() external view returns (address) {
        return _stakingStorage().stakeManager;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function operatorInfo(address operator) external view returns (Operator memory info) {
        OperatorRecord storage record = _stakingStorage().operators[operator];
        bool pending = record.commissionChangesAt > block.timestamp;
        info.registered = record.registered;
        info.commissionBps = _commissionOf(record);
        info.announcedCommissionBps = pending ? record.announcedCommissionBps : info.commissionBps;
        info.commissionChangesAt = pending ? record.commissionChangesAt : 0;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function node(bytes32 nodeId) external view returns (Node memory info) {
        NodeRecord storage record = _stakingStorage().nodes[nodeId];
        info.operator = record.operator;
        info.acceptsDelegations = record.acceptsDelegations;
        info.selfStake = record.selfStake;
        info.delegatedStake = record.delegated.assets;
        info.unbondingSelf = record.unbondingSelf.assets;
        info.unbondingDelegated = record.unbondingDelegated.assets;
        info.delegatedShares = record.delegated.shares;
        info.frozen = record.frozen;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function operatorOf(bytes32 nodeId) external view returns (address) {
        return _stakingStorage().nodes[nodeId].operator;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function activeStakeOf(bytes32 nodeId) external view returns (uint256) {
        return _activeStake(_stakingStorage().nodes[nodeId]);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function slashableStakeOf(bytes32 nodeId) external view returns (uint256) {
        return _slashableStake(_stakingStorage().nodes[nodeId]);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function delegationOf(bytes32 nodeId, address delegator) external view returns (uint256 shares, uint256 amount) {
        StakingStorage storage $ = _stakingStorage();
        Position storage position = $.positions[nodeId][delegator];
        SharePool.Pool storage pool = $.nodes[nodeId].delegated;
        if (position.era != pool.era) return (0, 0);
        return (position.shares, pool.worth(position.era, position.shares));
    }

    /// @inheritdoc IDelegatedNodeStaking
    function unbondingRequestsOf(bytes32 nodeId, address owner) external view returns (UnbondingRequest[] memory list) {
        StakingStorage storage $ = _stakingStorage();
        NodeRecord storage record = $.nodes[nodeId];
        Request[] storage requests = $.requests[nodeId][owner];
        list = new UnbondingRequest[](requests.length);
        for (uint256 i = 0; i < list.length; i++) {
            Request storage request = requests[i];
            list[i].shares = request.shares;
            list[i].withdrawableAt = request.withdrawableAt;
            list[i].amount = _unbondingPool(record, request.own).worth(request.era, request.shares);
        }
    }

    /// @inheritdoc IDelegatedNodeStaking
    function pendingRewardsOf(bytes32 nodeId, address delegator) external view returns (uint256) {
        StakingStorage storage $ = _stakingStorage();
        NodeRecord storage record = $.nodes[nodeId];
        Position storage position = $.positions[nodeId][delegator];
        uint256 perShare = record.rewards.perShareOf(position.era, record.delegated.era, record.delegated.shares);
        return NodeRewards.earned(position.shares, perShare, position.rewardsPerSharePaid);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function claimableRewardsOf(address account) external view returns (uint256) {
        return _stakingStorage().claimableRewards[account];
    }

    /// @inheritdoc IDelegatedNodeStaking
    function stakeCreditOf(address account) external view returns (uint256) {
        return _stakingStorage().stakeCredit[account];
    }

    /// @inheritdoc IDelegatedNodeStaking
    function nodeCount() external view returns (uint256) {
        return _stakingStorage().nodeIds.length;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function nodes(uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return Pages.page(_stakingStorage().nodeIds, offset, limit);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function nodeIdOf(address operator, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), operator, salt));
    }
}
