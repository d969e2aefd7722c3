// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title The contract of an OP-Stack rollup that takes outputs from a proposer, as its ABI is on the settlement chain
interface IL2OutputOracle {
    /// @notice An output.
    /// @param timestamp when it was posted, Unix seconds
    struct OutputProposal {
        bytes32 outputRoot;
        uint128 timestamp;
        uint128 l2BlockNumber;
    }

    /// @notice An output by its index; reverts for one that is not there.
    function getL2Output(uint256 index) external view returns (OutputProposal memory);

    /// @notice The number of outputs that stand. It falls when outputs are deleted.
    function nextOutputIndex() external view returns (uint256);
}

/// @title The contract of an OP-Stack rollup that takes outputs as claims of dispute games
interface IDisputeGameFactory {
    /// @notice The number of games ever created.
    function gameCount() external view returns (uint256);

    /// @notice A game by its index.
    /// @return gameType its kind
    /// @return timestamp when it was created, Unix seconds
    /// @return game where it is
    function gameAtIndex(uint256 index) external view returns (uint32 gameType, uint64 timestamp, address game);
}

/// @title One claim of an output
interface IDisputeGame {
    /// @notice 0 in progress, 1 the claim is refuted, 2 the claim stands.
    function status() external view returns (uint8);

    /// @notice The output root that is claimed.
    function rootClaim() external view returns (bytes32);
}
