// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Records that somebody owns, as far as others need to know
interface IOwnedRecords {
    /// @notice Who owns a record now; zero when there is no such record.
    function ownerOf(bytes32 recordId) external view returns (address);
}
