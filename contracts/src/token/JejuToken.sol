// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {
    ERC20PermitUpgradeable
} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Governed} from "../governance/Governed.sol";
import {IJejuToken} from "./IJejuToken.sol";

/// @title JejuToken
/// @notice See {IJejuToken}.
contract JejuToken is IJejuToken, ERC20PermitUpgradeable, Governed {
    /// @notice May mint, up to the cap.
    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");

    /// @inheritdoc IJejuToken
    uint256 public constant cap = 1_000_000_000 ether;

    bytes32 private constant MINT = "mint";

    /// @inheritdoc IJejuToken
    function initialize(address admin) external initializer {
        __ERC20_init("Jeju", "JEJU");
        __ERC20Permit_init("Jeju");
        __Governed_init(admin);
    }

    /// @inheritdoc IJejuToken
    function mint(address to, uint256 amount) external onlyRole(MINTER_ROLE) whenActive(MINT) {
        uint256 supply = totalSupply() + amount;
        if (supply > cap) revert JejuToken_CapExceeded(supply, cap);
        _mint(to, amount);
    }

    /// @inheritdoc IJejuToken
    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(ERC20PermitUpgradeable, IERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }

    /// @inheritdoc Governed
    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = MINT;
    }
}
