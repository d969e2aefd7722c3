// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title A contract that establishes failures of nodes as facts of the chain
/// @notice AutoSlasher reads facts from sources that the administrator registered; who carries the message does not matter.
interface IFactSource {
    /// @notice What a node did wrong.
    enum Offence {
        MissedHeartbeats,
        FailedLease,
        LowUptime,
        FalseStatement
    }

    /// @notice One failure.
    /// @param nodeId the node in DelegatedNodeStaking
    /// @param service the service whose allocation is at stake; zero for all slashable stake of the node
    /// @param offence what happened
    /// @param objective whether the chain alone proves it; then it is executed when the arbiter stays silent
    /// @param uptimeBps the measured uptime in basis points, for `LowUptime` only
    /// @param period the number of the period that failed; one punishment per node, offence and period
    /// @param provenAt when it became a fact, in Unix seconds
    /// @param harmed who paid for the failed service, or zero
    /// @param price what he paid for the failed period, in units of the payment asset
    struct Fact {
        bytes32 nodeId;
        bytes32 service;
        Offence offence;
        bool objective;
        uint16 uptimeBps;
        uint64 period;
        uint64 provenAt;
        address harmed;
        uint256 price;
    }

    /// @notice Returns a fact; reverts when it is none.
    /// @param factId the source's own name for it
    function factOf(bytes32 factId) external view returns (Fact memory fact);
}
