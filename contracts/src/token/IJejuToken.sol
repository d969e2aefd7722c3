// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title JEJU, the stake asset: ERC-20 with permit and capped minting by role. 18 decimals.
interface IJejuToken is IERC20, IERC20Permit {
    /// @notice Thrown when minting would exceed the cap.
    /// @param supply The supply that would result, in 1e-18 JEJU
    /// @param cap The cap, in 1e-18 JEJU
    error JejuToken_CapExceeded(uint256 supply, uint256 cap);

    /// @notice Stores the administrator.
    function initialize(address admin) external;

    /// @notice Mints new tokens. Requires `MINTER_ROLE`.
    /// @param to Receiver
    /// @param amount In 1e-18 JEJU
    function mint(address to, uint256 amount) external;

    /// @notice Destroys the caller's own tokens.
    /// @param amount In 1e-18 JEJU
    function burn(uint256 amount) external;

    /// @notice The largest supply ever, in 1e-18 JEJU.
    function cap() external view returns (uint256);
}
