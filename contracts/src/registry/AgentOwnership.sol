// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title What profiles and stake of agents ask about ownership
abstract contract AgentOwnership {
    /// Reverts unless the caller owns the agent now. Approvals do not count.
    function _requireAgentOwner(uint256 agentId) internal view virtual;
}
