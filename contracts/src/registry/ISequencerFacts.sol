// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title What the settlement chain knows about posted outputs of the sequenced chain
interface IPostedOutputs {
    /// @notice Thrown when an adapter is made for an address without code.
    error PostedOutputs_NoContract(address account);

    /// @notice The number of outputs posted from one moment (inclusive) to another (exclusive), in Unix seconds.
    function outputsBetween(uint64 from, uint64 to) external view returns (uint256);

    /// @notice An output by its index on the settlement chain.
    /// @return root zero when there is none, or when it was refuted or deleted
    /// @return postedAt Unix seconds
    function outputAt(uint256 index) external view returns (bytes32 root, uint64 postedAt);
}

/// @title The queue of transactions that a sequencer must include
interface IForcedInclusions {
    /// @notice When an entry was queued and when it was included, in Unix seconds; 0 for not yet. Reverts for an entry that is not there.
    function entryTimes(uint256 entry) external view returns (uint64 queuedAt, uint64 includedAt);
}
