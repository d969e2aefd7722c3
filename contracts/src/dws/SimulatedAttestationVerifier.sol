// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAttestationVerifier} from "./IAttestationVerifier.sol";

/// @title Accepts simulated quotes, on the localnet alone
/// @notice A simulated quote proves nothing. It lets the localnet walk the same path as a network with TEEs; on any other chain this contract cannot be
/// deployed, and refuses should the chain's id change.
contract SimulatedAttestationVerifier is IAttestationVerifier {
    /// @notice Thrown anywhere but on chain 31337.
    error SimulatedAttestationVerifier_NotALocalnet(uint256 chainId);

    /// @notice Thrown when a quote carries another binding.
    error SimulatedAttestationVerifier_WrongBinding(bytes32 binding, bytes32 expected);

    uint256 private constant LOCALNET = 31_337;

    constructor() {
        _requireLocalnet();
    }

    /// @inheritdoc IAttestationVerifier
    /// @dev The format is `abi.encode(measurement, binding, issuedAt)`.
    function verify(bytes calldata quote, bytes32 binding)
        external
        view
        returns (bytes32 measurement, uint64 issuedAt)
    {
        _requireLocalnet();
        bytes32 carried;
        (measurement, carried, issuedAt) = abi.decode(quote, (bytes32, bytes32, uint64));
        if (carried != binding) revert SimulatedAttestationVerifier_WrongBinding(carried, binding);
    }

    function _requireLocalnet() private view {
        if (block.chainid != LOCALNET) revert SimulatedAttestationVerifier_NotALocalnet(block.chainid);
    }
}
