// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IForcedInclusions} from "../registry/ISequencerFacts.sol";
import {OutputRoots} from "./OutputRoots.sol";

/// @title The queue of deposits that a sequencer must take from the settlement chain
/// @notice On an OP-Stack rollup a deposit cannot be left out on its own: all deposits of a block of the settlement chain come with the first block that
/// names it as its origin. A sequencer censors by not moving its origin on. So whoever deposited opens the entry of the hour he did it in, and
/// an entry is included by an output whose state says that its origin lies at or after the end of that hour.
///
/// Must: let anybody open the entry of the hour and anybody prove an inclusion, with proofs under an output that stands on the settlement chain; count the
/// earliest output that is proven; forget an inclusion when its output falls.
/// Never: more than one entry an hour, however many open it, so that a queue cannot be filled faster than it can be proven.
/// @dev An entry is the number of its hour: Unix seconds / 3600. Times in Unix seconds.
interface IForcedInclusionQueue is IForcedInclusions {
    /// @notice Thrown when an address has no code.
    error ForcedInclusionQueue_NoContract(address account);
    /// @notice Thrown when an entry was never opened.
    error ForcedInclusionQueue_Unknown(uint256 entry);
    /// @notice Thrown when an output does not stand, or what is given is not what it commits to.
    error ForcedInclusionQueue_NotAnOutput(uint256 index, bytes32 root);
    /// @notice Thrown when the origin of an output lies before the end of the entry's hour.
    error ForcedInclusionQueue_OriginTooOld(uint256 entry, uint256 origin);
    /// @notice Thrown when an output is proven that is no earlier than the one that counts already.
    error ForcedInclusionQueue_NotEarlier(uint256 entry, uint256 postedAt);
    /// @notice Thrown when none or too many entries are given.
    error ForcedInclusionQueue_Entries(uint256 count, uint256 maximum);

    /// @notice Emitted when the entry of an hour was opened.
    event Enqueued(uint256 indexed entry, address indexed by, uint64 dueFrom);
    /// @notice Emitted when an inclusion was proven.
    event InclusionProven(uint256 indexed entry, uint256 indexed output, uint64 includedAt, uint64 origin);

    /// @notice Opens the entry of this hour, for who has deposited in it. Anybody; opening it again changes nothing.
    function enqueue() external returns (uint256 entry);

    /// @notice Proves that entries were included, by one output. Anybody.
    /// @param entries 1 to 24
    /// @param output its index on the settlement chain
    /// @param preimage what its root commits to
    /// @param proof of the origin: slot 0 of the rollup's L1Block
    function proveInclusion(
        uint256[] calldata entries,
        uint256 output,
        OutputRoots.Preimage calldata preimage,
        OutputRoots.SlotProof calldata proof
    ) external;

    /// @notice Whether an entry was opened.
    function isOpen(uint256 entry) external view returns (bool);
}
