// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC3009} from "./IERC3009.sol";

/// @title A dollar for localnet and testnet: ERC-20 with permit and ERC-3009, 6 decimals
/// @notice It stands where USDC stands on mainnet and refuses to be initialized there.
interface ITestUsd is IERC20, IERC20Permit, IERC3009 {
    /// @notice Thrown when the chain is not a test network.
    error TestUsd_NotATestNetwork(uint256 chainId);

    /// @notice Thrown when an authorization is not valid yet. Unix seconds.
    error TestUsd_AuthorizationNotYetValid(uint256 validAfter, uint256 time);

    /// @notice Thrown when an authorization has expired. Unix seconds.
    error TestUsd_AuthorizationExpired(uint256 validBefore, uint256 time);

    /// @notice Thrown when a nonce was used or cancelled before.
    error TestUsd_AuthorizationUsed(address authorizer, bytes32 nonce);

    /// @notice Thrown when a signature is not the authorizer's.
    error TestUsd_InvalidSignature(address authorizer);

    /// @notice Thrown when somebody else than the payee submits a receive authorization.
    error TestUsd_CallerIsNotPayee(address caller, address payee);

    /// @notice Stores the administrator.
    function initialize(address admin) external;

    /// @notice Mints test dollars. Requires `MINTER_ROLE`.
    /// @param amount In 1e-6 dollars
    function mint(address to, uint256 amount) external;
}
