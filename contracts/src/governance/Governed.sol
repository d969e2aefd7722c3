// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessControlUpgradeable} from "@openzeppelin/contracts-upgradeable/access/AccessControlUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {MulticallUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/MulticallUpgradeable.sol";
import {IGoverned} from "./IGoverned.sol";

/// @title The base of every contract of the suite
/// @notice UUPS behind an ERC-1967 proxy, AccessControl with one administrator, a pause per action, and multicall so that a deployment wires one
/// contract in one transaction. A derived contract names its actions in `pausableActions` and guards each with `whenActive`.
abstract contract Governed is IGoverned, AccessControlUpgradeable, UUPSUpgradeable, MulticallUpgradeable {
    /// @custom:storage-location erc7201:jeju.storage.Governed
    struct GovernedStorage {
        mapping(bytes32 action => bool) paused;
    }

    /// @notice May pause actions, and nothing else.
    bytes32 public constant PAUSER_ROLE = keccak256("PAUSER_ROLE");

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.Governed")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant GOVERNED_STORAGE = 0xea8a50b1490d491d517ea56a1085b30be489ca653a6ed09a48a79e3eae0aaa00;

    modifier whenActive(bytes32 action) {
        _requireActive(action);
        _;
    }

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

    function _authorizeUpgrade(address) internal view override onlyRole(DEFAULT_ADMIN_ROLE) {}

    function _requireActive(bytes32 action) internal view {
        if (_governedStorage().paused[action]) revert Governed_ActionPaused(action);
    }

    function _requireAddress(address account) internal pure {
        if (account == address(0)) revert Governed_ZeroAddress();
    }

    function _requireWithin(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum) internal pure {
        if (value < minimum || value > maximum) {
            revert Governed_ParameterOutOfBounds(parameter, value, minimum, maximum);
        }
    }

    function _requireKnown(bytes32 action) private view {
        bytes32[] memory actions = pausableActions();
        for (uint256 i = 0; i < actions.length; i++) {
            if (actions[i] == action) return;
        }
        revert Governed_UnknownAction(action);
    }

    function _governedStorage() private pure returns (GovernedStorage storage $) {
        assembly ("memory-safe") {
            $.slot := GOVERNED_STORAGE
        }
    }
}
