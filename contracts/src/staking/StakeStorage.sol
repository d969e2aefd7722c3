// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Governed} from "../governance/Governed.sol";
import {Holdings} from "../token/Holdings.sol";
import {IDelegatedNodeStaking} from "./IDelegatedNodeStaking.sol";
import {NodeRewards} from "./NodeRewards.sol";
import {SharePool} from "./SharePool.sol";

/// @title Where DelegatedNodeStaking keeps its records, and what its parts have in common
abstract contract StakeStorage is IDelegatedNodeStaking, Governed {
    using NodeRewards for NodeRewards.Stream;

    struct OperatorRecord {
        bool registered;
        uint16 commissionBps;
        uint16 announcedCommissionBps;
        uint64 commissionChangesAt;
    }

    struct NodeRecord {
        address operator;
        bool acceptsDelegations;
        address proposedOperator;
        uint64 proposedAt; // Unix seconds
        uint128 selfStake;
        uint128 frozen;
        SharePool.Pool delegated;
        SharePool.Pool unbondingSelf;
        SharePool.Pool unbondingDelegated;
        NodeRewards.Stream rewards;
    }

    struct Position {
        uint128 shares;
        uint32 era;
        uint256 rewardsPerSharePaid;
    }

    struct Request {
        uint128 shares;
        uint64 withdrawableAt;
        uint32 era;
        bool own;
    }

    struct FreezeCase {
        uint128 amount;
        uint64 until;
    }

    /// @custom:storage-location erc7201:jeju.storage.DelegatedNodeStaking
    struct StakingStorage {
        address stakeAsset;
        address rewardAsset;
        address stakeManager;
        address treasury;
        Parameters parameters;
        mapping(address operator => OperatorRecord) operators;
        mapping(bytes32 nodeId => NodeRecord) nodes;
        bytes32[] nodeIds;
        mapping(bytes32 nodeId => mapping(address delegator => Position)) positions;
        mapping(bytes32 nodeId => mapping(address owner => Request[])) requests;
        mapping(bytes32 nodeId => mapping(bytes32 caseId => FreezeCase)) cases;
        mapping(address account => uint256) claimableRewards;
        mapping(address account => uint256) stakeCredit;
        mapping(address asset => Holdings.Holding) held;
        uint256 rewardDust; // what divisions of rewards left over, in parts of a unit: 1 / NodeRewards.SCALE
    }

    uint256 internal constant BPS = 10_000;

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.DelegatedNodeStaking")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STAKING_STORAGE = 0xada8777a40fc20c9f2e91dcc156bace2c0a9ad80bf5757325d02cb91ded67900;

    // Brings a node's rewards up to now. What vests while nobody delegates is the operator's.
    function _advance(StakingStorage storage $, bytes32 nodeId, NodeRecord storage record) internal {
        (uint256 unclaimed, uint256 dust) = record.rewards.advance(record.delegated.shares);
        if (dust != 0) $.rewardDust += dust;
        if (unclaimed == 0) return;
        $.claimableRewards[record.operator] += unclaimed;
        emit RewardsCollected(nodeId, record.operator, unclaimed);
    }

    function _knownNode(bytes32 nodeId) internal view returns (NodeRecord storage record) {
        record = _stakingStorage().nodes[nodeId];
        if (record.operator == address(0)) revert DelegatedNodeStaking_UnknownNode(nodeId);
    }

    function _commissionOf(OperatorRecord storage operator) internal view returns (uint16) {
        uint64 changesAt = operator.commissionChangesAt;
        return changesAt != 0 && changesAt <= block.timestamp ? operator.announcedCommissionBps : operator.commissionBps;
    }

    function _activeStake(NodeRecord storage record) internal view returns (uint256) {
        return uint256(record.selfStake) + record.delegated.assets;
    }

    function _slashableStake(NodeRecord storage record) internal view returns (uint256) {
        return _activeStake(record) + record.unbondingSelf.assets + record.unbondingDelegated.assets;
    }

    function _unbondingPool(NodeRecord storage record, bool own) internal view returns (SharePool.Pool storage) {
        return own ? record.unbondingSelf : record.unbondingDelegated;
    }

    function _stakingStorage() internal pure returns (StakingStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STAKING_STORAGE
        }
    }
}
