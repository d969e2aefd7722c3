// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MulticallUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/MulticallUpgradeable.sol";
import {GovernedState} from "./GovernedState.sol";
import {IGoverned} from "./IGoverned.sol";
import {UpgradeSwitch} from "./UpgradeSwitch.sol";

/// @title The base of every contract of the suite
/// @notice UUPS behind an ERC-1967 proxy until upgrades are disabled, AccessControl with one administrator, a pause per action, and multicall so that a deployment wires one
/// contract in one transaction. A derived contract names its actions in `pausableActions` and guards each with `whenActive`.
abstract contract Governed is IGoverned, GovernedState, UpgradeSwitch, MulticallUpgradeable {
    /// @notice May pause actions, and nothing else.
    bytes32 public constant PAUSER_ROLE = keccak256("PAUSER_ROLE");

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @inheritdoc IGoverned
    function pauseAction(bytes32 action) external {
        if (!hasRole(DEFAULT_ADMIN_ROLE, msg.sender)) _checkRole(PAUSER_ROLE, msg.sender);
        _requireKnown(action);
        GovernedStorage storage $ = _governedStorage();
        if ($.paused[action]) return;
        $.paused[action] = true;
        emit ActionPaused(action, msg.sender);
    }

    /// @inheritdoc IGoverned
    function resumeAction(bytes32 action) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireKnown(action);
        GovernedStorage storage $ = _governedStorage();
        if (!$.paused[action]) return;
        $.paused[action] = false;
        emit ActionResumed(action, msg.sender);
    }

    /// @inheritdoc IGoverned
    function isActionPaused(bytes32 action) external view returns (bool) {
        return _governedStorage().paused[action];
    }

    /// @inheritdoc IGoverned
    function pausableActions() public view virtual returns (bytes32[] memory actions);

    // Called by each initializer: only stores the administrator.
    // forge-lint: disable-next-line(mixed-case-function)
    function __Governed_init(address admin) internal onlyInitializing {
        _requireAddress(admin);
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    function _requireUpgrader() internal view override onlyRole(DEFAULT_ADMIN_ROLE) {}

    function _requireKnown(bytes32 action) private view {
        bytes32[] memory actions = pausableActions();
        for (uint256 i = 0; i < actions.length; i++) {
            if (actions[i] == action) return;
        }
        revert Governed_UnknownAction(action);
    }
}
