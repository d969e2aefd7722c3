// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IDelegatedNodeStaking} from "../staking/IDelegatedNodeStaking.sol";

/// @title The commands of a delegation account
interface IDelegationAccount {
    /// @notice Thrown when the caller may not do this.
    error DelegationAccount_NotAllowed(address caller);
    /// @notice Thrown when the account belongs to somebody already.
    error DelegationAccount_AlreadyOwned(address owner);

    /// @notice Gives a fresh account to its owner, once.
    function own(address owner, address router, address staking) external;

    /// @notice Delegates what the router has just sent. Router only.
    function delegate(bytes32 nodeId, uint256 amount) external;

    /// @notice Starts unbonding. Owner only.
    function undelegate(bytes32 nodeId, uint256 shares) external;

    /// @notice Sends everything that has come back here, stake and rewards, to the owner. Anybody.
    /// @param nodeId collected and withdrawn first where something is due
    function sweep(bytes32 nodeId) external;

    /// @notice The owner.
    function owner() external view returns (address);
}

/// @title An account that delegates for one user
/// @notice The router can only put in, the owner alone takes out, and everything goes to him. A minimal clone: no upgrades, no other powers.
contract DelegationAccount is IDelegationAccount {
    using SafeERC20 for IERC20;

    address private _owner;
    address private _router;
    IDelegatedNodeStaking private _staking;

    // Clones have storage of their own; the implementation itself belongs to nobody.
    constructor() {
        _owner = address(this);
    }

    /// @inheritdoc IDelegationAccount
    function own(address owner_, address router, address staking) external {
        if (_owner != address(0)) revert DelegationAccount_AlreadyOwned(_owner);
        _owner = owner_;
        _router = router;
        _staking = IDelegatedNodeStaking(staking);
    }

    /// @inheritdoc IDelegationAccount
    function delegate(bytes32 nodeId, uint256 amount) external {
        if (msg.sender != _router) revert DelegationAccount_NotAllowed(msg.sender);
        IERC20(_staking.stakeAsset()).forceApprove(address(_staking), amount);
        _staking.delegate(nodeId, amount);
    }

    /// @inheritdoc IDelegationAccount
    function undelegate(bytes32 nodeId, uint256 shares) external {
        if (msg.sender != _owner) revert DelegationAccount_NotAllowed(msg.sender);
        _staking.undelegate(nodeId, shares);
    }

    /// @inheritdoc IDelegationAccount
    function sweep(bytes32 nodeId) external {
        IDelegatedNodeStaking.UnbondingRequest[] memory requests = _staking.unbondingRequestsOf(nodeId, address(this));
        bool due;
        for (uint256 i = 0; i < requests.length; i++) {
            if (requests[i].withdrawableAt <= block.timestamp) due = true;
        }
        if (due) _staking.withdraw(nodeId, address(this));
        if (_staking.pendingRewardsOf(nodeId, address(this)) != 0) _staking.collectRewards(nodeId, address(this));
        if (_staking.claimableRewardsOf(address(this)) != 0) _staking.claimRewards();
        _sendAll(IERC20(_staking.stakeAsset()));
        _sendAll(IERC20(_staking.rewardAsset()));
    }

    /// @inheritdoc IDelegationAccount
    function owner() external view returns (address) {
        return _owner;
    }

    function _sendAll(IERC20 token) private {
        uint256 held = token.balanceOf(address(this));
        if (held != 0) token.safeTransfer(_owner, held);
    }
}
