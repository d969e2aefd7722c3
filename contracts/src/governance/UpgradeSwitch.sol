// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IUpgradeSwitch} from "./IUpgradeSwitch.sol";

/// @title UpgradeSwitch
/// @notice See {IUpgradeSwitch}. The base of everything that stands behind an ERC-1967 proxy.
abstract contract UpgradeSwitch is IUpgradeSwitch, UUPSUpgradeable {
    /// @custom:storage-location erc7201:jeju.storage.UpgradeSwitch
    struct UpgradeSwitchStorage {
        bool disabled;
    }

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.UpgradeSwitch")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant UPGRADE_SWITCH_STORAGE =
        0x6069ba9e6902f29636c385b56585352ec00c26f3e4626f70d78abd8f14fbc800;

    /// @inheritdoc IUpgradeSwitch
    function disableUpgrades() external {
        _requireUpgrader();
        UpgradeSwitchStorage storage $ = _upgradeSwitchStorage();
        if ($.disabled) return;
        $.disabled = true;
        emit UpgradesDisabled(msg.sender);
    }

    /// @inheritdoc IUpgradeSwitch
    function upgradesDisabled() external view returns (bool) {
        return _upgradeSwitchStorage().disabled;
    }

    // Reverts unless the caller may upgrade.
    function _requireUpgrader() internal view virtual;

    function _authorizeUpgrade(address) internal view override {
        _requireUpgrader();
        if (_upgradeSwitchStorage().disabled) revert UpgradeSwitch_UpgradesDisabled();
    }

    function _upgradeSwitchStorage() private pure returns (UpgradeSwitchStorage storage $) {
        assembly ("memory-safe") {
            $.slot := UPGRADE_SWITCH_STORAGE
        }
    }
}
