// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IDelegatedNodeStaking} from "./IDelegatedNodeStaking.sol";
import {NodeRewards} from "./NodeRewards.sol";
import {SharePool} from "./SharePool.sol";
import {StakeStorage} from "./StakeStorage.sol";

/// @title What a slash takes, from whom, and who receives it
/// @notice The own bond first, then the delegators, those who leave included; nothing here grows with their number.
abstract contract StakeSlashing is StakeStorage, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SharePool for SharePool.Pool;
    using NodeRewards for NodeRewards.Stream;

    // In memory, so that the compiler's stack is enough.
    struct SlashedParts {
        uint256 fromSelf;
        uint256 fromUnbondingSelf;
        uint256 fromDelegated;
        uint256 fromUnbondingDelegated;
    }

    /// @notice May slash and hold back stake: AutoSlasher.
    bytes32 public constant SLASHER_ROLE = keccak256("SLASHER_ROLE");

    /// @notice How far ahead a case may hold stake back, in seconds.
    uint256 public constant MAXIMUM_FREEZE = 14 days;

    /// @inheritdoc IDelegatedNodeStaking
    function slash(bytes32 nodeId, bytes32 caseId, uint256 amount, address compensated, uint256 compensation)
        external
        onlyRole(SLASHER_ROLE)
        nonReentrant
        returns (uint256 fromOwnBond, uint256 fromDelegation)
    {
        StakingStorage storage $ = _stakingStorage();
        NodeRecord storage record = _knownNode(nodeId);
        _advance($, nodeId, record);

        SlashedParts memory parts;
        parts.fromSelf = Math.min(amount, record.selfStake);
        record.selfStake -= parts.fromSelf.toUint128();
        uint256 open = amount - parts.fromSelf;
        (parts.fromUnbondingSelf,) = record.unbondingSelf.slash(open);
        open -= Math.min(open, parts.fromUnbondingSelf);
        (parts.fromDelegated, parts.fromUnbondingDelegated) = _slashDelegators(record, open);
        fromOwnBond = parts.fromSelf + parts.fromUnbondingSelf;
        fromDelegation = parts.fromDelegated + parts.fromUnbondingDelegated;
        emit Slashed(
            nodeId, caseId, parts.fromSelf, parts.fromUnbondingSelf, parts.fromDelegated, parts.fromUnbondingDelegated
        );

        // Only own bond compensates; otherwise an operator could order from himself, fail, and take his delegators' stake.
        uint256 compensationPaid = compensated == address(0) ? 0 : Math.min(compensation, fromOwnBond);
        _creditSlashed($, nodeId, caseId, compensated, compensationPaid);
        _creditSlashed($, nodeId, caseId, $.treasury, fromOwnBond + fromDelegation - compensationPaid);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function freezeExit(bytes32 nodeId, bytes32 caseId, uint256 amount, uint64 until) external onlyRole(SLASHER_ROLE) {
        NodeRecord storage record = _knownNode(nodeId);
        FreezeCase storage freeze = _stakingStorage().cases[nodeId][caseId];
        if (freeze.until != 0 || amount == 0) revert DelegatedNodeStaking_InvalidCase(nodeId, caseId);
        _requireWithin("until", until, block.timestamp, block.timestamp + MAXIMUM_FREEZE);
        freeze.amount = amount.toUint128();
        freeze.until = until;
        record.frozen = (record.frozen + amount).toUint128();
        emit ExitFrozen(nodeId, caseId, amount, until);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function unfreezeExit(bytes32 nodeId, bytes32 caseId) external {
        FreezeCase storage freeze = _stakingStorage().cases[nodeId][caseId];
        uint256 amount = freeze.amount;
        bool over = freeze.until < block.timestamp || hasRole(SLASHER_ROLE, msg.sender);
        if (amount == 0 || !over) revert DelegatedNodeStaking_InvalidCase(nodeId, caseId);
        freeze.amount = 0; // `until` stays: a case is opened once
        _stakingStorage().nodes[nodeId].frozen -= amount.toUint128();
        emit ExitUnfrozen(nodeId, caseId, amount);
    }

    function _slashDelegators(NodeRecord storage record, uint256 amount)
        private
        returns (uint256 fromActive, uint256 fromUnbonding)
    {
        uint256 active = record.delegated.assets;
        uint256 total = active + record.unbondingDelegated.assets;
        amount = Math.min(amount, total);
        if (amount == 0) return (0, 0);
        // Who leaves pays the same part as who stays; the odd unit is the stayers'.
        uint256 activePart = Math.mulDiv(amount, active, total, Math.Rounding.Ceil);
        uint32 era = record.delegated.era;
        bool depleted;
        (fromActive, depleted) = record.delegated.slash(activePart);
        if (depleted) record.rewards.closeEra(era);
        (fromUnbonding,) = record.unbondingDelegated.slash(amount - activePart);
    }

    function _creditSlashed(StakingStorage storage $, bytes32 nodeId, bytes32 caseId, address to, uint256 amount)
        private
    {
        if (amount == 0) return;
        $.stakeCredit[to] += amount;
        emit SlashedStakeCredited(nodeId, caseId, to, amount);
    }
}
