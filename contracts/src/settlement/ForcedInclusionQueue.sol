// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IForcedInclusions, IPostedOutputs} from "../registry/ISequencerFacts.sol";
import {IForcedInclusionQueue} from "./IForcedInclusionQueue.sol";
import {OutputRoots} from "./OutputRoots.sol";

/// @title ForcedInclusionQueue
/// @notice See {IForcedInclusionQueue}. It holds no money and has no owner: another rollup takes another queue.
contract ForcedInclusionQueue is IForcedInclusionQueue {
    struct Inclusion {
        bool open;
        uint256 output;
        bytes32 root; // zero while none is proven
    }

    /// @notice The adapter that knows the outputs.
    IPostedOutputs public immutable OUTPUTS;
    /// @notice The rollup's predeploy that knows the origin of a block.
    address public constant L1_BLOCK = 0x4200000000000000000000000000000000000015;
    /// @notice The most entries of one proof.
    uint256 public constant MAXIMUM_ENTRIES = 24;

    uint256 private constant HOUR = 3600;
    // Slot 0 of L1Block: the number of the origin in the lowest 64 bits, its timestamp in the next.
    uint256 private constant TIMESTAMP_SHIFT = 64;

    mapping(uint256 entry => Inclusion) private _inclusions;

    constructor(address outputs) {
        if (outputs.code.length == 0) revert ForcedInclusionQueue_NoContract(outputs);
        OUTPUTS = IPostedOutputs(outputs);
    }

    /// @inheritdoc IForcedInclusionQueue
    function enqueue() external returns (uint256 entry) {
        entry = block.timestamp / HOUR;
        if (_inclusions[entry].open) return entry;
        _inclusions[entry].open = true;
        emit Enqueued(entry, msg.sender, _endOf(entry));
    }

    /// @inheritdoc IForcedInclusionQueue
    function proveInclusion(
        uint256[] calldata entries,
        uint256 output,
        OutputRoots.Preimage calldata preimage,
        OutputRoots.SlotProof calldata proof
    ) external {
        if (entries.length == 0 || entries.length > MAXIMUM_ENTRIES) {
            revert ForcedInclusionQueue_Entries(entries.length, MAXIMUM_ENTRIES);
        }
        (bytes32 root, uint64 postedAt) = OUTPUTS.outputAt(output);
        if (root == bytes32(0) || root != OutputRoots.hash(preimage)) {
            revert ForcedInclusionQueue_NotAnOutput(output, root);
        }
        // forge-lint: disable-next-line(unsafe-typecast)
        uint64 origin = uint64(OutputRoots.slotOf(preimage.stateRoot, L1_BLOCK, bytes32(0), proof) >> TIMESTAMP_SHIFT);
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 entry = entries[i];
            (, uint64 includedAt) = entryTimes(entry);
            if (origin < _endOf(entry)) revert ForcedInclusionQueue_OriginTooOld(entry, origin);
            if (includedAt != 0 && postedAt >= includedAt) revert ForcedInclusionQueue_NotEarlier(entry, postedAt);
            _inclusions[entry].output = output;
            _inclusions[entry].root = root;
            emit InclusionProven(entry, output, postedAt, origin);
        }
    }

    /// @inheritdoc IForcedInclusions
    function entryTimes(uint256 entry) public view returns (uint64 queuedAt, uint64 includedAt) {
        Inclusion storage $inclusion = _inclusions[entry];
        if (!$inclusion.open) revert ForcedInclusionQueue_Unknown(entry);
        queuedAt = _endOf(entry);
        bytes32 proven = $inclusion.root;
        if (proven == bytes32(0)) return (queuedAt, 0);
        // Asked each time: an output that was refuted or deleted since includes nothing.
        (bytes32 root, uint64 postedAt) = OUTPUTS.outputAt($inclusion.output);
        if (root == proven) includedAt = postedAt;
    }

    /// @inheritdoc IForcedInclusionQueue
    function isOpen(uint256 entry) external view returns (bool) {
        return _inclusions[entry].open;
    }

    // Everything of the hour lies before it: in favour of the sequencer.
    function _endOf(uint256 entry) private pure returns (uint64) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint64((entry + 1) * HOUR);
    }
}
