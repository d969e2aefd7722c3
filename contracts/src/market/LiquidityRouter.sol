// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Governed} from "../governance/Governed.sol";
import {Assets} from "../token/Assets.sol";
import {IDelegationAccount} from "./DelegationAccount.sol";
import {ILiquidityRouter} from "./ILiquidityRouter.sol";

/// @title LiquidityRouter
/// @notice See {ILiquidityRouter}.
contract LiquidityRouter is ILiquidityRouter, Governed, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @custom:storage-location erc7201:jeju.storage.LiquidityRouter
    struct LiquidityRouterStorage {
        address asset;
        address staking;
        address accountImplementation;
        mapping(address vault => bool) vaults;
        uint256 strategyCount;
        mapping(uint256 strategyId => Target[]) strategies;
    }

    /// @notice May open and close strategies over what the administrator allowed.
    bytes32 public constant STRATEGIST_ROLE = keccak256("STRATEGIST_ROLE");
    /// @notice The most targets of a strategy.
    uint256 public constant MAXIMUM_TARGETS = 8;
    /// @notice The pausable actions.
    bytes32 public constant DEPOSIT = "deposit";

    uint256 private constant BPS = 10_000;
    bytes32 private constant LIQUIDITY_ROUTER_STORAGE =
        0x61e45fc5b43771b42a8b19e2bfb8176e36fb01ed91b4c3377aebd55b5d52ea00;

    /// @inheritdoc ILiquidityRouter
    function initialize(address admin, address asset_, address staking, address accountImplementation)
        external
        initializer
    {
        __Governed_init(admin);
        _requireAddress(asset_);
        _requireAddress(staking);
        _requireAddress(accountImplementation);
        LiquidityRouterStorage storage $ = _router();
        $.asset = asset_;
        $.staking = staking;
        $.accountImplementation = accountImplementation;
    }

    /// @inheritdoc ILiquidityRouter
    function deposit(uint256 strategyId, uint256 amount, uint256[] calldata minimumShares)
        external
        whenActive(DEPOSIT)
        nonReentrant
    {
        LiquidityRouterStorage storage $ = _router();
        Target[] storage $targets = $.strategies[strategyId];
        uint256 count = $targets.length;
        if (count == 0) revert LiquidityRouter_UnknownStrategy(strategyId);
        if (minimumShares.length != count) revert LiquidityRouter_WrongBounds(minimumShares.length, count);
        if (amount == 0) revert LiquidityRouter_ZeroAmount();
        Assets.takeToken(IERC20($.asset), msg.sender, amount);
        uint256 left = amount;
        for (uint256 i = 0; i < count; i++) {
            Target storage $target = $targets[i];
            // Rounded down; the last target gets what is left, so nothing stays here.
            uint256 part = i == count - 1 ? left : amount * $target.weightBps / BPS;
            left -= part;
            if (part == 0) continue;
            uint256 shares;
            if ($target.vault != address(0)) {
                shares = _depositInVault($target.vault, part, i, minimumShares[i]);
            } else {
                _delegate($target.nodeId, part);
            }
            emit Deposited(msg.sender, strategyId, $target.vault, $target.nodeId, part, shares);
        }
    }

    /// @inheritdoc ILiquidityRouter
    function redeem(address vault, uint256 shares, uint256 minimumAssets)
        external
        nonReentrant
        returns (uint256 assets)
    {
        if (shares == 0) revert LiquidityRouter_ZeroAmount();
        IERC20 token = IERC20(_router().asset);
        // What arrives counts, not what the vault says.
        uint256 before = token.balanceOf(msg.sender);
        IERC4626(vault).redeem(shares, msg.sender, msg.sender);
        assets = token.balanceOf(msg.sender) - before;
        if (assets < minimumAssets) revert LiquidityRouter_Slippage(0, assets, minimumAssets);
        emit Redeemed(msg.sender, vault, shares, assets);
    }

    /// @inheritdoc ILiquidityRouter
    function setVault(address vault, bool allowed) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (allowed && IERC4626(vault).asset() != _router().asset) revert LiquidityRouter_VaultNotAllowed(vault);
        _router().vaults[vault] = allowed;
        emit VaultSet(vault, allowed);
    }

    /// @inheritdoc ILiquidityRouter
    function openStrategy(Target[] calldata targets) external onlyRole(STRATEGIST_ROLE) returns (uint256 strategyId) {
        LiquidityRouterStorage storage $ = _router();
        uint256 count = targets.length;
        if (count == 0 || count > MAXIMUM_TARGETS) revert LiquidityRouter_InvalidStrategy(count);
        strategyId = ++$.strategyCount;
        uint256 sum;
        for (uint256 i = 0; i < count; i++) {
            bool isVault = targets[i].vault != address(0);
            if (isVault == (targets[i].nodeId != bytes32(0)) || targets[i].weightBps == 0) {
                revert LiquidityRouter_InvalidStrategy(i);
            }
            if (isVault && !$.vaults[targets[i].vault]) revert LiquidityRouter_VaultNotAllowed(targets[i].vault);
            sum += targets[i].weightBps;
            $.strategies[strategyId].push(targets[i]);
        }
        if (sum != BPS) revert LiquidityRouter_InvalidStrategy(sum);
        emit StrategyOpened(strategyId, targets);
    }

    /// @inheritdoc ILiquidityRouter
    function closeStrategy(uint256 strategyId) external onlyRole(STRATEGIST_ROLE) {
        if (_router().strategies[strategyId].length == 0) revert LiquidityRouter_UnknownStrategy(strategyId);
        delete _router().strategies[strategyId];
        emit StrategyClosed(strategyId);
    }

    /// @inheritdoc ILiquidityRouter
    function strategy(uint256 strategyId) external view returns (Target[] memory) {
        return _router().strategies[strategyId];
    }

    /// @inheritdoc ILiquidityRouter
    function isVaultAllowed(address vault) external view returns (bool) {
        return _router().vaults[vault];
    }

    /// @inheritdoc ILiquidityRouter
    function accountOf(address user) public view returns (address) {
        return Clones.predictDeterministicAddress(_router().accountImplementation, _salt(user));
    }

    /// @inheritdoc ILiquidityRouter
    function asset() external view returns (address) {
        return _router().asset;
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = DEPOSIT;
    }

    function _depositInVault(address vault, uint256 amount, uint256 index, uint256 minimum)
        private
        returns (uint256 shares)
    {
        // Allowed when the strategy was opened is not allowed for ever.
        if (!_router().vaults[vault]) revert LiquidityRouter_VaultNotAllowed(vault);
        IERC20(_router().asset).forceApprove(vault, amount);
        uint256 before = IERC4626(vault).balanceOf(msg.sender);
        IERC4626(vault).deposit(amount, msg.sender);
        shares = IERC4626(vault).balanceOf(msg.sender) - before;
        if (shares < minimum) revert LiquidityRouter_Slippage(index, shares, minimum);
    }

    function _delegate(bytes32 nodeId, uint256 amount) private {
        LiquidityRouterStorage storage $ = _router();
        address account = accountOf(msg.sender);
        if (account.code.length == 0) {
            Clones.cloneDeterministic($.accountImplementation, _salt(msg.sender));
            IDelegationAccount(account).own(msg.sender, address(this), $.staking);
            emit AccountCreated(msg.sender, account);
        }
        IERC20($.asset).safeTransfer(account, amount);
        IDelegationAccount(account).delegate(nodeId, amount);
    }

    function _salt(address user) private pure returns (bytes32) {
        return bytes32(uint256(uint160(user)));
    }

    function _router() private pure returns (LiquidityRouterStorage storage $) {
        assembly ("memory-safe") {
            $.slot := LIQUIDITY_ROUTER_STORAGE
        }
    }
}
