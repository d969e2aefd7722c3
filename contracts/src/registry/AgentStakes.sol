// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Governed} from "../governance/Governed.sol";
import {Assets} from "../token/Assets.sol";
import {AgentOwnership} from "./AgentOwnership.sol";
import {IIdentityRegistry} from "./IIdentityRegistry.sol";

/// @title Stake behind agents
/// @notice The part of {IIdentityRegistry} that holds money. Stake belongs to the agent, not to an account: whoever owns the agent owns it, in unbonding as
/// well, so a transfer has nothing to move and leaves nothing behind.
abstract contract AgentStakes is Governed, ReentrancyGuardTransient, IIdentityRegistry, AgentOwnership {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @custom:storage-location erc7201:jeju.storage.AgentStakes
    struct AgentStakesStorage {
        address asset;
        address treasury;
        Parameters parameters;
        uint256 total;
        mapping(uint256 agentId => AgentStake) stakes;
        mapping(uint256 agentId => mapping(bytes32 evidence => bool)) punished;
    }

    /// @notice May slash.
    bytes32 public constant SLASHER_ROLE = keccak256("SLASHER_ROLE");
    /// @notice A pausable action.
    bytes32 public constant STAKE = "stake";

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.AgentStakes")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant AGENT_STAKES_STORAGE = 0x3a97242122f9d97c0b6d9fee2ff7fcf4e814534aaadf7b30d9d65b22ac1cdb00;

    /// @inheritdoc IIdentityRegistry
    function stake(uint256 agentId, uint128 amount) external whenActive(STAKE) nonReentrant {
        _requireAgentOwner(agentId);
        if (amount == 0) revert IdentityRegistry_ZeroAmount();
        AgentStakesStorage storage $ = _stakes();
        AgentStake storage $stake = $.stakes[agentId];
        $stake.amount += amount;
        $.total += amount;
        emit AgentStaked(agentId, msg.sender, amount, $stake.amount);
        Assets.takeToken(IERC20($.asset), msg.sender, amount);
    }

    /// @inheritdoc IIdentityRegistry
    function startUnstake(uint256 agentId, uint128 amount) external {
        _requireAgentOwner(agentId);
        if (amount == 0) revert IdentityRegistry_ZeroAmount();
        AgentStakesStorage storage $ = _stakes();
        AgentStake storage $stake = $.stakes[agentId];
        if (amount > $stake.amount) revert IdentityRegistry_InsufficientStake(amount, $stake.amount);
        $stake.amount -= amount;
        // One request per agent: adding to it starts its time anew, and only the owner can.
        $stake.leaving += amount;
        $stake.leavesAt = (block.timestamp + $.parameters.unbondingPeriod).toUint64();
        emit AgentUnstakeStarted(agentId, amount, $stake.leaving, $stake.leavesAt);
    }

    /// @inheritdoc IIdentityRegistry
    function withdrawStake(uint256 agentId) external nonReentrant returns (uint128 amount) {
        _requireAgentOwner(agentId);
        AgentStakesStorage storage $ = _stakes();
        AgentStake storage $stake = $.stakes[agentId];
        amount = $stake.leaving;
        if (amount == 0) revert IdentityRegistry_ZeroAmount();
        if (block.timestamp < $stake.leavesAt) revert IdentityRegistry_TooEarly(block.timestamp, $stake.leavesAt);
        $stake.leaving = 0;
        $stake.leavesAt = 0;
        $.total -= amount;
        emit AgentStakeWithdrawn(agentId, msg.sender, amount);
        IERC20($.asset).safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IIdentityRegistry
    function slash(uint256 agentId, uint128 amount, bytes32 evidence)
        external
        onlyRole(SLASHER_ROLE)
        returns (uint128 taken)
    {
        AgentStakesStorage storage $ = _stakes();
        if ($.punished[agentId][evidence]) revert IdentityRegistry_AlreadySlashed(agentId, evidence);
        $.punished[agentId][evidence] = true;
        AgentStake storage $stake = $.stakes[agentId];
        // At most what is there, never a revert: first what counts for the tier, then what is leaving.
        uint128 fromActive = amount < $stake.amount ? amount : $stake.amount;
        uint128 rest = amount - fromActive;
        uint128 fromLeaving = rest < $stake.leaving ? rest : $stake.leaving;
        $stake.amount -= fromActive;
        $stake.leaving -= fromLeaving;
        taken = fromActive + fromLeaving;
        $.total -= taken;
        emit AgentSlashed(agentId, evidence, taken, $stake.amount, $stake.leaving);
    }

    /// @inheritdoc IIdentityRegistry
    function payTreasury() external nonReentrant returns (uint256 amount) {
        AgentStakesStorage storage $ = _stakes();
        // What was slashed, and what somebody sent by mistake: all that is nobody's stake.
        amount = IERC20($.asset).balanceOf(address(this)) - $.total;
        if (amount == 0) revert IdentityRegistry_ZeroAmount();
        emit TreasuryPaid($.treasury, amount);
        IERC20($.asset).safeTransfer($.treasury, amount);
    }

    /// @inheritdoc IIdentityRegistry
    function setParameters(Parameters calldata changed) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("smallStake", changed.smallStake, 1, changed.mediumStake);
        _requireWithin("mediumStake", changed.mediumStake, changed.smallStake, changed.highStake);
        _requireWithin("highStake", changed.highStake, changed.mediumStake, 1e27);
        _requireWithin("unbondingPeriod", changed.unbondingPeriod, block.chainid == 31_337 ? 10 : 8 days, 60 days);
        _stakes().parameters = changed;
        emit ParametersChanged(changed);
    }

    /// @inheritdoc IIdentityRegistry
    function stakeOf(uint256 agentId) external view returns (AgentStake memory) {
        return _stakes().stakes[agentId];
    }

    /// @inheritdoc IIdentityRegistry
    function tierOf(uint256 agentId) external view returns (StakeTier) {
        AgentStakesStorage storage $ = _stakes();
        uint256 amount = $.stakes[agentId].amount;
        if (amount >= $.parameters.highStake) return StakeTier.High;
        if (amount >= $.parameters.mediumStake) return StakeTier.Medium;
        return amount >= $.parameters.smallStake ? StakeTier.Small : StakeTier.None;
    }

    /// @inheritdoc IIdentityRegistry
    function totalStake() external view returns (uint256) {
        return _stakes().total;
    }

    /// @inheritdoc IIdentityRegistry
    function parameters() external view returns (Parameters memory) {
        return _stakes().parameters;
    }

    /// @inheritdoc IIdentityRegistry
    function staking() external view returns (address asset, address treasury) {
        return (_stakes().asset, _stakes().treasury);
    }

    // Called by the initializer: only stores.
    // forge-lint: disable-next-line(mixed-case-function)
    function __AgentStakes_init(address asset, address treasury) internal onlyInitializing {
        _requireAddress(asset);
        _requireAddress(treasury);
        AgentStakesStorage storage $ = _stakes();
        $.asset = asset;
        $.treasury = treasury;
        $.parameters =
            Parameters({smallStake: 100e18, mediumStake: 1000e18, highStake: 10_000e18, unbondingPeriod: 14 days});
        emit ParametersChanged($.parameters);
    }

    function _stakes() private pure returns (AgentStakesStorage storage $) {
        assembly ("memory-safe") {
            $.slot := AGENT_STAKES_STORAGE
        }
    }
}
