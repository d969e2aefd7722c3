// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    TimelockControllerUpgradeable
} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";
import {UpgradeSwitch} from "./UpgradeSwitch.sol";

/// @title The administrator of the suite
/// @notice OpenZeppelin's timelock behind a proxy. It administers itself: roles, delay and upgrades change only through its own delay.
contract JejuTimelock is TimelockControllerUpgradeable, UpgradeSwitch {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Stores the delay and the holders of roles; there is no other administrator than the timelock itself.
    /// @param minimumDelay Seconds between scheduling and execution: 0 on localnet
    /// @param proposers Who may schedule and cancel
    /// @param executors Who may execute; the zero address for anybody
    function initialize(uint256 minimumDelay, address[] calldata proposers, address[] calldata executors)
        external
        initializer
    {
        __TimelockController_init(minimumDelay, proposers, executors, address(0));
    }

    function _requireUpgrader() internal view override {
        if (msg.sender != address(this)) revert TimelockUnauthorizedCaller(msg.sender);
    }
}
