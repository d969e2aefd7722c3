// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title What the settlement chain knows about posted outputs of the sequenced chain
interface IPostedOutputs {
    /// @notice The number of outputs posted from one moment (inclusive) to another (exclusive), in Unix seconds.
    function outputsBetween(uint64 from, uint64 to) external view returns (uint256);
}

/// @title The queue of transactions that a sequencer must include
interface IForcedInclusions {
    /// @notice When an entry was queued and when it was included, in Unix seconds; 0 for not yet. Reverts for an entry that is not there.
    function entryTimes(uint256 entry) external view returns (uint64 queuedAt, uint64 includedAt);
}
