// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title A switch that ends upgrades, and that nobody can turn back
/// @notice As long as a contract may be upgraded, who administers it can change every rule of it. Once its code has proven itself, the administrator
/// gives that power away: from then on the code at its address is the code for ever, for the administrator too.
///
/// Must: end every upgrade from the moment of the call, also one that a timelock has scheduled before.
/// Never: be turned back; be turned by anybody but who may upgrade; change anything else.
interface IUpgradeSwitch {
    /// @notice Thrown when other code is given to a contract whose upgrades have been disabled.
    error UpgradeSwitch_UpgradesDisabled();

    /// @notice Emitted when upgrades were disabled, once.
    event UpgradesDisabled(address indexed by);

    /// @notice Disables upgrades of this contract for ever. Doing it again changes nothing.
    /// @dev Requires whoever may upgrade: the administrator, and of the timelock the timelock itself.
    function disableUpgrades() external;

    /// @notice Whether upgrades were disabled.
    function upgradesDisabled() external view returns (bool);
}
