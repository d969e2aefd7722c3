// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title What every contract of the suite shares: roles, a pause per action, upgrades by the administrator
/// @notice Roles follow OpenZeppelin's AccessControl. The administrator (role zero) is the timelock; the deployer gives its role away at the end of
/// the deployment. `PAUSER_ROLE` (the guardian) may only pause; only the administrator resumes. Exits are never pausable.
interface IGoverned {
    /// @notice Thrown when an action is paused.
    /// @param action The name of the action, as ASCII in a bytes32
    error Governed_ActionPaused(bytes32 action);

    /// @notice Thrown when an action name is not one that the contract can pause.
    /// @param action The name that was given
    error Governed_UnknownAction(bytes32 action);

    /// @notice Thrown when an address that must be set is zero.
    error Governed_ZeroAddress();

    /// @notice Thrown when a parameter is outside its bounds.
    /// @param parameter The name of the parameter, as ASCII in a bytes32
    /// @param value What was given
    /// @param minimum The smallest value allowed
    /// @param maximum The largest value allowed
    error Governed_ParameterOutOfBounds(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum);

    /// @notice Emitted when an action was paused.
    event ActionPaused(bytes32 indexed action, address indexed by);

    /// @notice Emitted when an action was resumed.
    event ActionResumed(bytes32 indexed action, address indexed by);

    /// @notice Pauses one action. Pausing what is paused changes nothing.
    /// @dev Requires `PAUSER_ROLE` or the administrator.
    /// @param action The name of the action, as ASCII in a bytes32
    function pauseAction(bytes32 action) external;

    /// @notice Resumes one action. Resuming what runs changes nothing.
    /// @dev Requires the administrator.
    /// @param action The name of the action, as ASCII in a bytes32
    function resumeAction(bytes32 action) external;

    /// @notice Whether an action is paused.
    function isActionPaused(bytes32 action) external view returns (bool);

    /// @notice The names of all actions that this contract can pause.
    function pausableActions() external view returns (bytes32[] memory actions);
}
