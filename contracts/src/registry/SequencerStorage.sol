// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IFactSource} from "../staking/IFactSource.sol";
import {Holdings} from "../token/Holdings.sol";
import {ISequencerRegistry} from "./ISequencerRegistry.sol";

/// @title What SequencerRegistry stores
/// @notice Its parts share one ERC-7201 struct.
abstract contract SequencerStorage is ISequencerRegistry, IFactSource {
    struct Epoch {
        uint64 from;
        uint64 to;
        bytes32 onDuty;
        uint256 revenue;
        uint256 accumulatedAfter; // revenue per weight since the beginning, after this epoch
    }

    struct Earnings {
        uint256 accumulatedPaid;
        uint256 unpaid;
        uint256 remainder; // what divisions left over, in parts of a unit: 1 / UNIT
    }

    /// @custom:storage-location erc7201:jeju.storage.SequencerRegistry
    struct SequencerRegistryStorage {
        address staking;
        address stakeManager;
        address rewardAsset;
        address treasury;
        address postedOutputs;
        address forcedInclusions;
        Parameters parameters;
        mapping(bytes32 nodeId => Sequencer) sequencers;
        mapping(bytes32 nodeId => Earnings) earnings;
        mapping(bytes32 nodeId => uint256) positions; // in `active`, counted from 1
        bytes32[] active;
        mapping(address key => bytes32 nodeId) nodeOfKey;
        uint64 epoch;
        mapping(uint64 epoch => Epoch) epochs;
        uint256 accumulated;
        uint256 totalWeight;
        uint256 nextIncrease;
        uint256 unpaidTreasury;
        mapping(bytes32 factId => Fact) facts;
        uint256 carried; // what divisions left over for the next epoch, in parts of a unit: 1 / UNIT
        mapping(address key => uint64) keyRetiredAt; // Unix seconds, 0 for a key in use
        Holdings.Holding held; // of the reward asset
    }

    bytes32 private constant SEQUENCER_REGISTRY_STORAGE =
        0x2e2cd0953b0e1d1449ba5f3c3e6ac1d97d3db2f71d97b6d6c387367268400b00;

    function _registry() internal pure returns (SequencerRegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := SEQUENCER_REGISTRY_STORAGE
        }
    }
}
