// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "../governance/Governed.sol";
import {Assets} from "../token/Assets.sol";
import {Holdings} from "../token/Holdings.sol";
import {IDelegatedNodeStaking} from "./IDelegatedNodeStaking.sol";
import {IMultiServiceStakeManager} from "./IMultiServiceStakeManager.sol";
import {NodeRewards} from "./NodeRewards.sol";
import {SharePool} from "./SharePool.sol";
import {StakeOperators} from "./StakeOperators.sol";
import {StakeSlashing} from "./StakeSlashing.sol";

/// @title DelegatedNodeStaking
/// @notice See {IDelegatedNodeStaking}. Operators and nodes are in {StakeOperators}, slashing is in {StakeSlashing}, the views are in {StakeViews}.
contract DelegatedNodeStaking is StakeOperators, StakeSlashing {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using SharePool for SharePool.Pool;
    using NodeRewards for NodeRewards.Stream;
    using Holdings for Holdings.Holding;

    /// @notice May hand over revenue: DWSBilling.
    bytes32 public constant REVENUE_ROLE = keccak256("REVENUE_ROLE");

    /// @notice Open unbonding requests that one account may have at one node.
    uint256 public constant MAXIMUM_REQUESTS = 32;

    bytes32 private constant STAKE = "stake";
    bytes32 private constant DELEGATE = "delegate";

    /// @inheritdoc IDelegatedNodeStaking
    function initialize(
        address admin,
        address stakeAsset_,
        address rewardAsset_,
        address stakeManager_,
        address treasury_
    ) external initializer {
        __Governed_init(admin);
        _requireAddress(rewardAsset_);
        _requireAddress(stakeManager_);
        _requireAddress(treasury_);
        StakingStorage storage $ = _stakingStorage();
        $.stakeAsset = stakeAsset_;
        $.rewardAsset = rewardAsset_;
        $.stakeManager = stakeManager_;
        $.treasury = treasury_;
        $.held[stakeAsset_].begin();
        $.held[rewardAsset_].begin();
        $.parameters = Parameters({
            minimumDelegation: 100 ether,
            nodeCap: 10_000_000 ether,
            minimumSelfBondBps: 1000,
            protocolFeeBps: 500,
            unbondingPeriod: 14 days,
            commissionDelay: 7 days,
            rewardVesting: 1 days
        });
        emit WiringChanged(treasury_, stakeManager_);
        emit ParametersChanged($.parameters);
    }

    // ---------------------------------------------------------------- stake

    /// @inheritdoc IDelegatedNodeStaking
    function stake(bytes32 nodeId, uint256 amount) external payable whenActive(STAKE) nonReentrant {
        NodeRecord storage record = _ownNode(nodeId);
        if (amount == 0) revert DelegatedNodeStaking_AmountTooSmall(amount, 1);
        record.selfStake = (record.selfStake + amount).toUint128();
        _requireBelowCap(nodeId, record);
        _pullStake(amount);
        emit SelfStaked(nodeId, msg.sender, amount);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function delegate(bytes32 nodeId) external payable whenActive(DELEGATE) nonReentrant {
        if (_stakingStorage().stakeAsset != address(0)) revert DelegatedNodeStaking_WrongValue(msg.value, 0);
        _delegate(nodeId, msg.value);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function delegate(bytes32 nodeId, uint256 amount) external whenActive(DELEGATE) nonReentrant {
        _delegate(nodeId, amount);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function unstake(bytes32 nodeId, uint256 amount) external nonReentrant {
        StakingStorage storage $ = _stakingStorage();
        NodeRecord storage record = _ownNode(nodeId);
        if (amount == 0) revert DelegatedNodeStaking_AmountTooSmall(amount, 1);
        if (amount > record.selfStake) {
            revert DelegatedNodeStaking_InsufficientStake(nodeId, amount, record.selfStake);
        }
        uint256 remaining = _activeStake(record) - amount;
        uint256 required = IMultiServiceStakeManager($.stakeManager).requiredStakeOf(nodeId);
        if (remaining < required) revert DelegatedNodeStaking_StakeAllocated(nodeId, remaining, required);
        record.selfStake -= amount.toUint128();
        // Otherwise an operator would serve on at his delegators' risk alone.
        if (required != 0) _requireOwnBond(nodeId, record);
        _request(nodeId, record.unbondingSelf, true, amount, 0);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function undelegate(bytes32 nodeId, uint256 shares) external nonReentrant {
        StakingStorage storage $ = _stakingStorage();
        NodeRecord storage record = _knownNode(nodeId);
        _collect($, nodeId, record, msg.sender);
        Position storage position = $.positions[nodeId][msg.sender];
        uint256 held = position.shares;
        if (shares == type(uint256).max) shares = held;
        if (shares == 0) revert DelegatedNodeStaking_AmountTooSmall(shares, 1);
        if (shares > held) revert DelegatedNodeStaking_InsufficientStake(nodeId, shares, held);

        position.shares = (held - shares).toUint128();
        uint256 amount = record.delegated.leave(shares);
        uint256 left = record.delegated.worth(position.era, position.shares);
        // A rest below the minimum could not be reached by a later partial exit, so it has to leave as well.
        if (position.shares != 0 && left < $.parameters.minimumDelegation) {
            revert DelegatedNodeStaking_AmountTooSmall(left, $.parameters.minimumDelegation);
        }
        // A share of next to nothing is given up without a request.
        if (amount != 0) _request(nodeId, record.unbondingDelegated, false, amount, shares);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function withdraw(bytes32 nodeId, address owner) external nonReentrant returns (uint256 amount) {
        NodeRecord storage record = _knownNode(nodeId);
        Request[] storage requests = _stakingStorage().requests[nodeId][owner];
        uint256 i = 0;
        // At most MAXIMUM_REQUESTS turns: each either removes a request or moves on.
        while (i < requests.length) {
            if (requests[i].withdrawableAt > block.timestamp) {
                i++;
                continue;
            }
            (uint256 paid, bool done) = _payRequest(nodeId, record, requests[i], owner);
            amount += paid;
            if (!done) {
                i++;
                continue;
            }
            requests[i] = requests[requests.length - 1];
            requests.pop();
        }
        if (amount != 0) _pushStake(owner, amount);
    }

    // ---------------------------------------------------------------- rewards

    /// @inheritdoc IDelegatedNodeStaking
    function collectRewards(bytes32 nodeId, address delegator) external returns (uint256 amount) {
        return _collect(_stakingStorage(), nodeId, _knownNode(nodeId), delegator);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function claimRewards() external nonReentrant returns (uint256 amount) {
        return _claimRewards(msg.sender);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function claimRewardsFor(address account) external nonReentrant returns (uint256 amount) {
        return _claimRewards(account);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function claimStakeCredit() external nonReentrant returns (uint256 amount) {
        return _claimStakeCredit(msg.sender);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function claimStakeCreditFor(address account) external nonReentrant returns (uint256 amount) {
        return _claimStakeCredit(account);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function sweepSurplus(address asset) external nonReentrant returns (uint256 amount) {
        StakingStorage storage $ = _stakingStorage();
        bool isReward = asset == $.rewardAsset;
        if (isReward) {
            uint256 dust = $.rewardDust / NodeRewards.SCALE; // down: a part of a unit stays for the next time
            $.rewardDust -= dust * NodeRewards.SCALE;
            $.held[asset].leave(asset, dust);
        }
        // Nothing of another asset is anybody's here.
        amount = isReward || asset == $.stakeAsset ? $.held[asset].surplus(asset) : Assets.heldBy(asset, address(this));
        if (amount == 0) revert DelegatedNodeStaking_NothingToClaim($.treasury);
        emit SurplusSwept(asset, $.treasury, amount);
        _push(asset, $.treasury, amount);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function distributeRevenue(bytes32 nodeId, uint256 gross) external onlyRole(REVENUE_ROLE) nonReentrant {
        StakingStorage storage $ = _stakingStorage();
        NodeRecord storage record = _knownNode(nodeId);
        if (gross == 0) return;
        address operator = record.operator;

        // Up: the fee is the protocol's. Down: what is lost stays with the operator. The four parts add up to the gross.
        uint256 fee = Math.mulDiv(gross, $.parameters.protocolFeeBps, BPS, Math.Rounding.Ceil);
        uint256 commission = Math.mulDiv(gross - fee, _commissionOf($.operators[operator]), BPS);
        uint256 rest = gross - fee - commission;
        uint256 delegated = record.delegated.assets;
        uint256 delegatorShare = delegated == 0 ? 0 : Math.mulDiv(rest, delegated, record.selfStake + delegated);
        uint256 operatorShare = rest - delegatorShare;

        $.claimableRewards[$.treasury] += fee;
        $.claimableRewards[operator] += commission + operatorShare;
        _advance($, nodeId, record);
        if (delegatorShare != 0) {
            record.rewards.add(delegatorShare, $.parameters.rewardVesting);
            // With no vesting the money is there at once.
            _advance($, nodeId, record);
        }
        _pull(IERC20($.rewardAsset), gross);
        emit RevenueDistributed(nodeId, operator, gross, fee, commission, operatorShare, delegatorShare);
    }

    // ---------------------------------------------------------------- settings

    /// @inheritdoc IDelegatedNodeStaking
    function setParameters(Parameters calldata parameters_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("minimumDelegation", parameters_.minimumDelegation, 1, 1_000_000 ether);
        _requireWithin("nodeCap", parameters_.nodeCap, parameters_.minimumDelegation, 1_000_000_000 ether);
        _requireWithin("minimumSelfBondBps", parameters_.minimumSelfBondBps, 0, BPS);
        _requireWithin("protocolFeeBps", parameters_.protocolFeeBps, 0, 1000);
        // Short periods exist for the localnet alone.
        uint256 minimumUnbonding = block.chainid == 31_337 ? 10 : 13 days;
        _requireWithin("unbondingPeriod", parameters_.unbondingPeriod, minimumUnbonding, 60 days);
        _requireWithin("commissionDelay", parameters_.commissionDelay, 0, 30 days);
        _requireWithin("rewardVesting", parameters_.rewardVesting, 0, 30 days);
        _stakingStorage().parameters = parameters_;
        emit ParametersChanged(parameters_);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function setWiring(address treasury_, address stakeManager_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireAddress(treasury_);
        _requireAddress(stakeManager_);
        StakingStorage storage $ = _stakingStorage();
        $.treasury = treasury_;
        $.stakeManager = stakeManager_;
        emit WiringChanged(treasury_, stakeManager_);
    }

    /// @inheritdoc Governed
    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](3);
        actions[0] = REGISTER;
        actions[1] = STAKE;
        actions[2] = DELEGATE;
    }

    // ---------------------------------------------------------------- internals

    function _delegate(bytes32 nodeId, uint256 amount) private {
        StakingStorage storage $ = _stakingStorage();
        NodeRecord storage record = _knownNode(nodeId);
        if (!record.acceptsDelegations) revert DelegatedNodeStaking_DelegationsClosed(nodeId);
        if (record.operator == msg.sender) revert DelegatedNodeStaking_OperatorCannotDelegate(nodeId);
        if (amount < $.parameters.minimumDelegation) {
            revert DelegatedNodeStaking_AmountTooSmall(amount, $.parameters.minimumDelegation);
        }
        // Rewards up to now belong to the position as it was.
        _collect($, nodeId, record, msg.sender);
        uint256 shares = record.delegated.enter(amount);
        $.positions[nodeId][msg.sender].shares += shares.toUint128();
        _requireBelowCap(nodeId, record);
        _requireOwnBond(nodeId, record);
        _pullStake(amount);
        emit Delegated(nodeId, msg.sender, amount, shares);
    }

    function _request(bytes32 nodeId, SharePool.Pool storage pool, bool own, uint256 amount, uint256 poolShares)
        private
    {
        StakingStorage storage $ = _stakingStorage();
        Request[] storage requests = $.requests[nodeId][msg.sender];
        if (requests.length >= MAXIMUM_REQUESTS) {
            revert DelegatedNodeStaking_TooManyRequests(nodeId, msg.sender, MAXIMUM_REQUESTS);
        }
        uint256 shares = pool.enter(amount);
        uint64 withdrawableAt = uint64(block.timestamp + $.parameters.unbondingPeriod);
        requests.push(Request(shares.toUint128(), withdrawableAt, pool.era, own));
        emit UnbondingStarted(nodeId, msg.sender, own, amount, poolShares, shares, withdrawableAt);
    }

    // Pays what open cases leave; `done` when nothing of the request is left.
    function _payRequest(bytes32 nodeId, NodeRecord storage record, Request storage request, address owner)
        private
        returns (uint256 paid, bool done)
    {
        SharePool.Pool storage pool = _unbondingPool(record, request.own);
        if (request.era != pool.era) return (0, true); // slashed to nothing
        uint256 shares = request.shares;
        uint256 worth = pool.worth(request.era, shares);
        uint256 slashable = _slashableStake(record);
        uint256 free = slashable > record.frozen ? slashable - record.frozen : 0;
        if (free < worth) shares = Math.mulDiv(shares, free, worth); // down: the rest stays slashable
        if (shares == 0 && worth != 0) return (0, false);
        paid = pool.leave(shares);
        request.shares -= shares.toUint128();
        emit Withdrawn(nodeId, owner, request.own, paid, shares);
        return (paid, request.shares == 0);
    }

    function _collect(StakingStorage storage $, bytes32 nodeId, NodeRecord storage record, address delegator)
        private
        returns (uint256 amount)
    {
        _advance($, nodeId, record);
        Position storage position = $.positions[nodeId][delegator];
        uint32 era = record.delegated.era;
        uint256 perShare = record.rewards.perShareOf(position.era, era, record.delegated.shares);
        amount = NodeRewards.earned(position.shares, perShare, position.rewardsPerSharePaid);
        uint256 dust = NodeRewards.dustOf(position.shares, perShare, position.rewardsPerSharePaid);
        if (position.era != era) {
            position.era = era;
            position.shares = 0;
        }
        position.rewardsPerSharePaid = record.rewards.perShare;
        if (dust != 0) $.rewardDust += dust;
        if (amount == 0) return 0;
        $.claimableRewards[delegator] += amount;
        emit RewardsCollected(nodeId, delegator, amount);
    }

    function _claimRewards(address account) private returns (uint256 amount) {
        StakingStorage storage $ = _stakingStorage();
        amount = $.claimableRewards[account];
        if (amount == 0) revert DelegatedNodeStaking_NothingToClaim(account);
        $.claimableRewards[account] = 0;
        $.held[$.rewardAsset].leave($.rewardAsset, amount);
        IERC20($.rewardAsset).safeTransfer(account, amount);
        emit RewardsClaimed(account, amount);
    }

    function _claimStakeCredit(address account) private returns (uint256 amount) {
        StakingStorage storage $ = _stakingStorage();
        amount = $.stakeCredit[account];
        if (amount == 0) revert DelegatedNodeStaking_NothingToClaim(account);
        $.stakeCredit[account] = 0;
        _pushStake(account, amount);
        emit StakeCreditClaimed(account, amount);
    }

    function _pullStake(uint256 amount) private {
        address asset = _stakingStorage().stakeAsset;
        uint256 expected = asset == address(0) ? amount : 0;
        if (msg.value != expected) revert DelegatedNodeStaking_WrongValue(msg.value, expected);
        if (asset != address(0)) _pull(IERC20(asset), amount);
        else _stakingStorage().held[asset].enter(asset, amount);
    }

    function _pull(IERC20 token, uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert DelegatedNodeStaking_UnexpectedTransferAmount(received, amount);
        _stakingStorage().held[address(token)].enter(address(token), amount);
    }

    function _pushStake(address to, uint256 amount) private {
        StakingStorage storage $ = _stakingStorage();
        $.held[$.stakeAsset].leave($.stakeAsset, amount);
        _push($.stakeAsset, to, amount);
    }

    function _push(address asset, address to, uint256 amount) private {
        if (asset != address(0)) {
            IERC20(asset).safeTransfer(to, amount);
            return;
        }
        // The assembly call copies no return data, so a receiver cannot make it expensive.
        bool success;
        assembly ("memory-safe") {
            success := call(gas(), to, amount, 0, 0, 0, 0)
        }
        if (!success) revert DelegatedNodeStaking_NativeTransferFailed(to, amount);
    }

    function _requireOwnBond(bytes32 nodeId, NodeRecord storage record) private view {
        uint256 part = _stakingStorage().parameters.minimumSelfBondBps;
        uint256 required = Math.mulDiv(_activeStake(record), part, BPS, Math.Rounding.Ceil);
        if (record.selfStake < required) {
            revert DelegatedNodeStaking_SelfBondTooSmall(nodeId, record.selfStake, required);
        }
    }

    function _requireBelowCap(bytes32 nodeId, NodeRecord storage record) private view {
        uint256 cap = _stakingStorage().parameters.nodeCap;
        uint256 active = _activeStake(record);
        if (active > cap) revert DelegatedNodeStaking_CapExceeded(nodeId, active, cap);
    }
}
