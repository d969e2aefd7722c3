// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDelegatedNodeStaking} from "./IDelegatedNodeStaking.sol";
import {StakeViews} from "./StakeViews.sol";

/// @title Operators with their commission, and the nodes that they own
abstract contract StakeOperators is StakeViews {
    /// @notice Bounds of the commission, in basis points.
    uint16 public constant MINIMUM_COMMISSION_BPS = 2000;
    /// @notice Bounds of the commission, in basis points.
    uint16 public constant MAXIMUM_COMMISSION_BPS = 4000;

    bytes32 internal constant REGISTER = "register";

    /// @inheritdoc IDelegatedNodeStaking
    function registerOperator(uint16 commissionBps) external whenActive(REGISTER) {
        OperatorRecord storage operator = _stakingStorage().operators[msg.sender];
        if (operator.registered) revert DelegatedNodeStaking_OperatorExists(msg.sender);
        _requireCommission(commissionBps);
        operator.registered = true;
        operator.commissionBps = commissionBps;
        emit OperatorRegistered(msg.sender, commissionBps);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function announceCommission(uint16 commissionBps) external {
        StakingStorage storage $ = _stakingStorage();
        OperatorRecord storage operator = $.operators[msg.sender];
        if (!operator.registered) revert DelegatedNodeStaking_UnknownOperator(msg.sender);
        _requireCommission(commissionBps);
        operator.commissionBps = _commissionOf(operator);
        operator.announcedCommissionBps = commissionBps;
        operator.commissionChangesAt = uint64(block.timestamp + $.parameters.commissionDelay);
        emit CommissionAnnounced(msg.sender, commissionBps, operator.commissionChangesAt);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function registerNode(bytes32 salt, bool acceptsDelegations)
        external
        whenActive(REGISTER)
        returns (bytes32 nodeId)
    {
        StakingStorage storage $ = _stakingStorage();
        if (!$.operators[msg.sender].registered) revert DelegatedNodeStaking_UnknownOperator(msg.sender);
        nodeId = nodeIdOf(msg.sender, salt);
        NodeRecord storage record = $.nodes[nodeId];
        if (record.operator != address(0)) revert DelegatedNodeStaking_NodeExists(nodeId);
        record.operator = msg.sender;
        record.acceptsDelegations = acceptsDelegations;
        $.nodeIds.push(nodeId);
        emit NodeRegistered(nodeId, msg.sender, salt, acceptsDelegations);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function proposeNodeOperator(bytes32 nodeId, address newOperator) external {
        NodeRecord storage record = _ownNode(nodeId);
        record.proposedOperator = newOperator;
        record.proposedAt = uint64(block.timestamp);
        emit NodeOperatorProposed(nodeId, msg.sender, newOperator);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function acceptNodeOperator(bytes32 nodeId) external {
        StakingStorage storage $ = _stakingStorage();
        NodeRecord storage record = _knownNode(nodeId);
        if (record.proposedOperator != msg.sender) revert DelegatedNodeStaking_NotOperator(nodeId, msg.sender);
        if (!$.operators[msg.sender].registered) revert DelegatedNodeStaking_UnknownOperator(msg.sender);
        address previous = record.operator;
        _requireCommissionAnnounced($, nodeId, record);
        record.operator = msg.sender;
        record.proposedOperator = address(0);
        emit NodeOperatorChanged(nodeId, previous, msg.sender);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function setAcceptsDelegations(bytes32 nodeId, bool accepts) external {
        NodeRecord storage record = _ownNode(nodeId);
        if (record.acceptsDelegations == accepts) return;
        record.acceptsDelegations = accepts;
        emit AcceptsDelegationsChanged(nodeId, accepts);
    }

    function _ownNode(bytes32 nodeId) internal view returns (NodeRecord storage record) {
        record = _knownNode(nodeId);
        if (record.operator != msg.sender) revert DelegatedNodeStaking_NotOperator(nodeId, msg.sender);
    }

    // Handing a node to an account of one's own with a higher commission is a change of commission, and delegators hear of it as early.
    function _requireCommissionAnnounced(StakingStorage storage $, bytes32 nodeId, NodeRecord storage record)
        private
        view
    {
        OperatorRecord storage next = $.operators[msg.sender];
        uint256 highest = Math.max(_commissionOf(next), next.announcedCommissionBps);
        uint256 notBefore = uint256(record.proposedAt) + $.parameters.commissionDelay;
        bool raises = record.delegated.shares != 0 && highest > _commissionOf($.operators[record.operator]);
        if (raises && block.timestamp < notBefore) {
            revert DelegatedNodeStaking_CommissionNotAnnounced(nodeId, highest, notBefore);
        }
    }

    function _requireCommission(uint16 bps) private pure {
        if (bps < MINIMUM_COMMISSION_BPS || bps > MAXIMUM_COMMISSION_BPS) {
            revert DelegatedNodeStaking_CommissionOutOfBounds(bps, MINIMUM_COMMISSION_BPS, MAXIMUM_COMMISSION_BPS);
        }
    }
}
