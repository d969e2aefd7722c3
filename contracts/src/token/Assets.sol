// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Moves an asset that is either an ERC-20 or the native coin (`address(0)`)
/// @notice Coming in, the balance is measured, so a token that keeps a fee is refused instead of leaving a debt uncovered.
library Assets {
    using SafeERC20 for IERC20;

    /// @notice Thrown when a token moved another amount than it was told to, in units of the token.
    error Assets_AmountMismatch(address asset, uint256 expected, uint256 received);
    /// @notice Thrown when the value sent is not the amount named, or when value comes with a token, in wei.
    error Assets_WrongValue(uint256 expected, uint256 sent);
    /// @notice Thrown when the payee refuses the native coin that was paid out on his account.
    error Assets_NativeTransferFailed(address payee, uint256 amount);

    function take(address asset, address from, uint256 amount) internal {
        if (asset == address(0)) {
            if (msg.value != amount) revert Assets_WrongValue(amount, msg.value);
            return;
        }
        if (msg.value != 0) revert Assets_WrongValue(0, msg.value);
        takeToken(IERC20(asset), from, amount);
    }

    function takeToken(IERC20 token, address from, uint256 amount) internal {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(from, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert Assets_AmountMismatch(address(token), amount, received);
    }

    function give(address asset, address payee, uint256 amount) internal {
        if (asset == address(0)) {
            // The returned bytes are not copied: a payee cannot make the caller pay for a large answer.
            bool delivered;
            assembly ("memory-safe") {
                delivered := call(gas(), payee, amount, 0, 0, 0, 0)
            }
            if (!delivered) revert Assets_NativeTransferFailed(payee, amount);
        } else {
            IERC20(asset).safeTransfer(payee, amount);
        }
    }

    function heldBy(address asset, address holder) internal view returns (uint256) {
        return asset == address(0) ? holder.balance : IERC20(asset).balanceOf(holder);
    }
}
