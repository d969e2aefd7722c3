// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Deposits split over vaults and delegation
/// @notice A strategy is a list of targets with weights: ERC-4626 vaults of the asset, and nodes of DelegatedNodeStaking where the asset is the stake asset.
/// Vault shares are minted to the user himself; delegation is made by an account of his own (see {IDelegationAccount}) that only he commands. The router
/// holds nothing between two calls.
///
/// Must: give the user at least the shares, and on withdrawal the assets, that he asked for, or revert.
/// Never: a deposit without a way out; a target that governance has not allowed; a share owned by the router.
/// @dev Amounts in units of the asset.
interface ILiquidityRouter {
    /// @notice A part of a strategy: a vault, or a node.
    /// @param vault zero for delegation
    /// @param nodeId zero for a vault
    struct Target {
        address vault;
        bytes32 nodeId;
        uint16 weightBps;
    }

    /// @notice Thrown when targets are none, too many, malformed, or their weights do not add up to 10,000.
    error LiquidityRouter_InvalidStrategy(uint256 index);
    /// @notice Thrown when a vault is not allowed, or is not one of the asset.
    error LiquidityRouter_VaultNotAllowed(address vault);
    /// @notice Thrown when there is no such strategy, or it is closed.
    error LiquidityRouter_UnknownStrategy(uint256 strategyId);
    /// @notice Thrown when a target gives less than the user accepts.
    error LiquidityRouter_Slippage(uint256 index, uint256 received, uint256 minimum);
    /// @notice Thrown when the bounds do not fit the strategy.
    error LiquidityRouter_WrongBounds(uint256 given, uint256 expected);
    /// @notice Thrown when an amount is zero.
    error LiquidityRouter_ZeroAmount();

    /// @notice Emitted when a vault was allowed or forbidden.
    event VaultSet(address indexed vault, bool allowed);
    /// @notice Emitted when a strategy was opened.
    event StrategyOpened(uint256 indexed strategyId, Target[] targets);
    /// @notice Emitted when a strategy was closed to new deposits.
    event StrategyClosed(uint256 indexed strategyId);
    /// @notice Emitted when a part of a deposit reached its target; `shares` of the vault, or 0 for delegation.
    event Deposited(
        address indexed user, uint256 indexed strategyId, address vault, bytes32 nodeId, uint256 amount, uint256 shares
    );
    /// @notice Emitted when vault shares were redeemed for their owner.
    event Redeemed(address indexed user, address indexed vault, uint256 shares, uint256 assets);
    /// @notice Emitted when a user got an account for delegation.
    event AccountCreated(address indexed user, address account);

    /// @notice Stores the addresses.
    function initialize(address admin, address asset, address staking, address accountImplementation) external;

    /// @notice Deposits by a strategy, from the caller's allowance.
    /// @param minimumShares per target, in its order; for delegation 0
    function deposit(uint256 strategyId, uint256 amount, uint256[] calldata minimumShares) external;

    /// @notice Redeems vault shares of the caller, who allowed the router to; assets go to him. Never pausable, also for forbidden vaults.
    function redeem(address vault, uint256 shares, uint256 minimumAssets) external returns (uint256 assets);

    /// @notice Allows or forbids a vault for new deposits. Administrator.
    function setVault(address vault, bool allowed) external;

    /// @notice Opens a strategy of 1 to 8 targets. Strategist role.
    function openStrategy(Target[] calldata targets) external returns (uint256 strategyId);

    /// @notice Closes a strategy to new deposits. Strategist role.
    function closeStrategy(uint256 strategyId) external;

    /// @notice The targets of a strategy; none when closed.
    function strategy(uint256 strategyId) external view returns (Target[] memory);

    /// @notice Whether a vault is allowed.
    function isVaultAllowed(address vault) external view returns (bool);

    /// @notice The delegation account of a user, deployed or not.
    function accountOf(address user) external view returns (address);

    /// @notice The asset.
    function asset() external view returns (address);
}
