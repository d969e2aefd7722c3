// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Pages of lists, so that no view reads a list of unbounded length
library Pages {
    /// @notice The longest page.
    uint256 internal constant MAXIMUM = 256;

    function page(bytes32[] storage list, uint256 offset, uint256 limit) internal view returns (bytes32[] memory part) {
        uint256 length = size(list.length, offset, limit);
        part = new bytes32[](length);
        for (uint256 i = 0; i < length; i++) {
            part[i] = list[offset + i];
        }
    }

    /// @notice How many entries the page has: none beyond the end, never more than {MAXIMUM}.
    function size(uint256 total, uint256 offset, uint256 limit) internal pure returns (uint256) {
        if (offset >= total) return 0;
        uint256 left = total - offset;
        if (limit > MAXIMUM) limit = MAXIMUM;
        return limit < left ? limit : left;
    }
}
