// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Verifies TEE attestations
interface IAttestationVerifier {
    /// @notice Checks a quote and returns what it says. Reverts when the quote is not authentic.
    /// @param quote The attestation in the verifier's format
    /// @param binding 32 bytes that the quote must carry as report data
    /// @return measurement What runs inside
    /// @return issuedAt Unix seconds
    function verify(bytes calldata quote, bytes32 binding) external view returns (bytes32 measurement, uint64 issuedAt);
}
