// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPostedOutputs} from "../registry/ISequencerFacts.sol";
import {IDisputeGame, IDisputeGameFactory} from "./IRollupContracts.sol";

/// @title Posted outputs as a factory of dispute games knows them
/// @notice An output is a game of the respected type whose claim is not refuted. Anybody may create games, so no more than a fixed number is looked at:
/// where more were created in the time that is asked for, nobody is convicted by them. Without state, owner or role.
contract DisputeGameFacts is IPostedOutputs {
    /// @notice The factory that is read.
    IDisputeGameFactory public immutable FACTORY;
    /// @notice The type of games whose claims count.
    uint32 public immutable GAME_TYPE;
    /// @notice The most games that are looked at.
    uint256 public constant MAXIMUM_GAMES = 512;

    uint8 private constant REFUTED = 1;

    constructor(address factory, uint32 gameType) {
        if (factory.code.length == 0) revert PostedOutputs_NoContract(factory);
        FACTORY = IDisputeGameFactory(factory);
        GAME_TYPE = gameType;
    }

    /// @inheritdoc IPostedOutputs
    function outputsBetween(uint64 from, uint64 to) external view returns (uint256 count) {
        if (to <= from) return 0;
        uint256 first = _firstSince(from);
        uint256 end = _firstSince(to);
        // More than can be looked at: as good as posted.
        if (end - first > MAXIMUM_GAMES) return end - first;
        for (uint256 i = first; i < end; i++) {
            (bytes32 root,) = outputAt(i);
            if (root != bytes32(0)) count++;
        }
    }

    /// @inheritdoc IPostedOutputs
    function outputAt(uint256 index) public view returns (bytes32 root, uint64 postedAt) {
        if (index >= FACTORY.gameCount()) return (bytes32(0), 0);
        (uint32 gameType, uint64 createdAt, address game) = FACTORY.gameAtIndex(index);
        if (gameType != GAME_TYPE || IDisputeGame(game).status() == REFUTED) return (bytes32(0), 0);
        return (IDisputeGame(game).rootClaim(), createdAt);
    }

    // The index of the first game created at a moment or later.
    function _firstSince(uint64 time) private view returns (uint256 low) {
        uint256 high = FACTORY.gameCount();
        while (low < high) {
            uint256 middle = (low + high) / 2;
            (, uint64 createdAt,) = FACTORY.gameAtIndex(middle);
            if (createdAt < time) low = middle + 1;
            else high = middle;
        }
    }
}
