// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title ERC-3009: transfers by signed authorization
interface IERC3009 {
    /// @notice Emitted when an authorization was used.
    event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);

    /// @notice Emitted when an authorization was cancelled before use.
    event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce);

    /// @notice Executes a transfer that anybody may submit.
    /// @param value In units of the token's decimals
    /// @param validAfter Valid after this time, Unix seconds, exclusive
    /// @param validBefore Valid before this time, Unix seconds, exclusive
    /// @param nonce Unique per authorizer
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Executes a transfer that only its payee may submit, so it cannot be taken out of its context.
    /// @dev Parameters as in `transferWithAuthorization`.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice The same with the signature in three parts.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Cancels an unused authorization.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;

    /// @notice Whether a nonce was used or cancelled.
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);
}
