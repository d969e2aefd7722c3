// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title The history of a node's missed heartbeats
/// @notice A gap begins when a heartbeat is overdue and ends with the next heartbeat. Gaps are kept in order, each with the sum of those before it, so
/// the late seconds up to any moment are found by binary search: gas grows with the logarithm of the number of gaps.
library Lateness {
    struct Gap {
        uint64 start; // Unix seconds
        uint64 end; // Unix seconds
        uint64 before; // late seconds of all earlier gaps
    }

    struct History {
        uint64 lastBeat; // Unix seconds
        Gap[] gaps;
    }

    /// @notice Starts the history with a first heartbeat.
    function begin(History storage history) internal {
        history.lastBeat = uint64(block.timestamp);
    }

    /// @notice Notes a heartbeat.
    /// @return late Seconds of the gap that this heartbeat ended
    function beat(History storage history, uint32 timeout) internal returns (uint64 late) {
        uint64 start = since(history, timeout);
        if (start != 0) {
            late = uint64(block.timestamp) - start;
            history.gaps.push(Gap({start: start, end: uint64(block.timestamp), before: _sum(history)}));
        }
        history.lastBeat = uint64(block.timestamp);
    }

    /// @notice When the present gap began, 0 when there is none.
    function since(History storage history, uint32 timeout) internal view returns (uint64) {
        uint64 due = history.lastBeat + timeout;
        return history.lastBeat != 0 && due < block.timestamp ? due : 0;
    }

    /// @notice Late seconds up to a moment that is not in the future.
    function secondsAt(History storage history, uint64 time, uint32 timeout) internal view returns (uint64) {
        uint64 present = since(history, timeout);
        if (present != 0 && present < time) return _sum(history) + time - present;
        uint256 low = 0;
        uint256 high = history.gaps.length;
        // The first gap that begins after `time`.
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (history.gaps[middle].start > time) high = middle;
            else low = middle + 1;
        }
        if (low == 0) return 0;
        Gap storage gap = history.gaps[low - 1];
        return gap.before + (time < gap.end ? time : gap.end) - gap.start;
    }

    function _sum(History storage history) private view returns (uint64) {
        uint256 count = history.gaps.length;
        if (count == 0) return 0;
        Gap storage last = history.gaps[count - 1];
        return last.before + last.end - last.start;
    }
}
