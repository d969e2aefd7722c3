// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "../governance/Governed.sol";
import {Pages} from "../governance/Pages.sol";
import {IDelegatedNodeStaking} from "./IDelegatedNodeStaking.sol";
import {IMultiServiceStakeManager} from "./IMultiServiceStakeManager.sol";
import {NodeRewards} from "./NodeRewards.sol";
import {SharePool} from "./SharePool.sol";

/// @title DelegatedNodeStaking
/// @notice See {IDelegatedNodeStaking}.
contract DelegatedNodeStaking is IDelegatedNodeStaking, Governed, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using SharePool for SharePool.Pool;
    using NodeRewards for NodeRewards.Stream;

    struct OperatorRecord {
        bool registered;
        uint16 commissionBps;
        uint16 announcedCommissionBps;
        uint64 commissionChangesAt;
    }

    struct NodeRecord {
        address operator;
        bool acceptsDelegations;
        address proposedOperator;
        uint128 selfStake;
        uint128 frozen;
        SharePool.Pool delegated;
        SharePool.Pool unbondingSelf;
        SharePool.Pool unbondingDelegated;
        NodeRewards.Stream rewards;
    }

    struct Position {
        uint128 shares;
        uint32 era;
        uint256 rewardsPerSharePaid;
    }

    struct Request {
        uint128 shares;
        uint64 withdrawableAt;
        uint32 era;
        bool own;
    }

    // In memory, so that the compiler's stack is enough.
    struct SlashedParts {
        uint256 fromSelf;
        uint256 fromUnbondingSelf;
        uint256 fromDelegated;
        uint256 fromUnbondingDelegated;
    }

    struct FreezeCase {
        uint128 amount;
        uint64 until;
    }

    /// @custom:storage-location erc7201:jeju.storage.DelegatedNodeStaking
    struct StakingStorage {
        address stakeAsset;
        address rewardAsset;
        address stakeManager;
        address treasury;
        Parameters parameters;
        mapping(address operator => OperatorRecord) operators;
        mapping(bytes32 nodeId => NodeRecord) nodes;
        bytes32[] nodeIds;
        mapping(bytes32 nodeId => mapping(address delegator => Position)) positions;
        mapping(bytes32 nodeId => mapping(address owner => Request[])) requests;
        mapping(bytes32 nodeId => mapping(bytes32 caseId => FreezeCase)) cases;
        mapping(address account => uint256) claimableRewards;
        mapping(address account => uint256) stakeCredit;
    }

    /// @notice May slash and hold back stake: AutoSlasher.
    bytes32 public constant SLASHER_ROLE = keccak256("SLASHER_ROLE");

    /// @notice May hand over revenue: DWSBilling.
    bytes32 public constant REVENUE_ROLE = keccak256("REVENUE_ROLE");

    /// @notice Bounds of the commission, in basis points.
    uint16 public constant MINIMUM_COMMISSION_BPS = 2000;
    /// @notice Bounds of the commission, in basis points.
    uint16 public constant MAXIMUM_COMMISSION_BPS = 4000;
    /// @notice Open unbonding requests that one account may have at one node.
    uint256 public constant MAXIMUM_REQUESTS = 32;
    /// @notice How far ahead a case may hold stake back, in seconds.
    uint256 public constant MAXIMUM_FREEZE = 14 days;

    uint256 private constant BPS = 10_000;
    bytes32 private constant REGISTER = "register";
    bytes32 private constant STAKE = "stake";
    bytes32 private constant DELEGATE = "delegate";

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.DelegatedNodeStaking")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STAKING_STORAGE = 0xada8777a40fc20c9f2e91dcc156bace2c0a9ad80bf5757325d02cb91ded67900;

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

    // ---------------------------------------------------------------- operators and nodes

    /// @inheritdoc IDelegatedNodeStaking
    function registerOperator(uint16 commissionBps) external whenActive(REGISTER) {
        OperatorRecord storage operator = _stakingStorage().operators[msg.sender];
        if (operator.registered) revert DelegatedNodeStaking_OperatorExists(msg.sender);
        _requireCommission(commissionBps);
        operator.registered = true;
        operator.commissionBps = commissionBps;
        emit OperatorRegistered(msg.sender, commissionBps);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function announceCommission(uint16 commissionBps) external {
        StakingStorage storage $ = _stakingStorage();
        OperatorRecord storage operator = $.operators[msg.sender];
        if (!operator.registered) revert DelegatedNodeStaking_UnknownOperator(msg.sender);
        _requireCommission(commissionBps);
        operator.commissionBps = _commissionOf(operator);
        operator.announcedCommissionBps = commissionBps;
        operator.commissionChangesAt = uint64(block.timestamp + $.parameters.commissionDelay);
        emit CommissionAnnounced(msg.sender, commissionBps, operator.commissionChangesAt);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function registerNode(bytes32 salt, bool acceptsDelegations)
        external
        whenActive(REGISTER)
        returns (bytes32 nodeId)
    {
        StakingStorage storage $ = _stakingStorage();
        if (!$.operators[msg.sender].registered) revert DelegatedNodeStaking_UnknownOperator(msg.sender);
        nodeId = nodeIdOf(msg.sender, salt);
        NodeRecord storage record = $.nodes[nodeId];
        if (record.operator != address(0)) revert DelegatedNodeStaking_NodeExists(nodeId);
        record.operator = msg.sender;
        record.acceptsDelegations = acceptsDelegations;
        $.nodeIds.push(nodeId);
        emit NodeRegistered(nodeId, msg.sender, salt, acceptsDelegations);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function proposeNodeOperator(bytes32 nodeId, address newOperator) external {
        NodeRecord storage record = _ownNode(nodeId);
        record.proposedOperator = newOperator;
        emit NodeOperatorProposed(nodeId, msg.sender, newOperator);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function acceptNodeOperator(bytes32 nodeId) external {
        StakingStorage storage $ = _stakingStorage();
        NodeRecord storage record = _knownNode(nodeId);
        if (record.proposedOperator != msg.sender) revert DelegatedNodeStaking_NotOperator(nodeId, msg.sender);
        if (!$.operators[msg.sender].registered) revert DelegatedNodeStaking_UnknownOperator(msg.sender);
        address previous = record.operator;
        record.operator = msg.sender;
        record.proposedOperator = address(0);
        emit NodeOperatorChanged(nodeId, previous, msg.sender);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function setAcceptsDelegations(bytes32 nodeId, bool accepts) external {
        NodeRecord storage record = _ownNode(nodeId);
        if (record.acceptsDelegations == accepts) return;
        record.acceptsDelegations = accepts;
        emit AcceptsDelegationsChanged(nodeId, accepts);
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
        StakingStorage storage $ = _stakingStorage();
        amount = $.claimableRewards[msg.sender];
        if (amount == 0) revert DelegatedNodeStaking_NothingToClaim(msg.sender);
        $.claimableRewards[msg.sender] = 0;
        IERC20($.rewardAsset).safeTransfer(msg.sender, amount);
        emit RewardsClaimed(msg.sender, amount);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function claimStakeCredit() external nonReentrant returns (uint256 amount) {
        StakingStorage storage $ = _stakingStorage();
        amount = $.stakeCredit[msg.sender];
        if (amount == 0) revert DelegatedNodeStaking_NothingToClaim(msg.sender);
        $.stakeCredit[msg.sender] = 0;
        _pushStake(msg.sender, amount);
        emit StakeCreditClaimed(msg.sender, amount);
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

    // ---------------------------------------------------------------- slashing

    /// @inheritdoc IDelegatedNodeStaking
    function slash(bytes32 nodeId, bytes32 caseId, uint256 amount, address compensated, uint256 compensation)
        external
        onlyRole(SLASHER_ROLE)
        nonReentrant
        returns (uint256 fromOwnBond, uint256 fromDelegation)
    {
        StakingStorage storage $ = _stakingStorage();
        NodeRecord storage record = _knownNode(nodeId);
        _advance($, nodeId, record);

        SlashedParts memory parts;
        parts.fromSelf = Math.min(amount, record.selfStake);
        record.selfStake -= parts.fromSelf.toUint128();
        uint256 open = amount - parts.fromSelf;
        (parts.fromUnbondingSelf,) = record.unbondingSelf.slash(open);
        open -= Math.min(open, parts.fromUnbondingSelf);
        (parts.fromDelegated, parts.fromUnbondingDelegated) = _slashDelegators(record, open);
        fromOwnBond = parts.fromSelf + parts.fromUnbondingSelf;
        fromDelegation = parts.fromDelegated + parts.fromUnbondingDelegated;
        emit Slashed(
            nodeId, caseId, parts.fromSelf, parts.fromUnbondingSelf, parts.fromDelegated, parts.fromUnbondingDelegated
        );

        // Only own bond compensates; otherwise an operator could order from himself, fail, and take his delegators' stake.
        uint256 compensationPaid = compensated == address(0) ? 0 : Math.min(compensation, fromOwnBond);
        _creditSlashed($, nodeId, caseId, compensated, compensationPaid);
        _creditSlashed($, nodeId, caseId, $.treasury, fromOwnBond + fromDelegation - compensationPaid);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function freezeExit(bytes32 nodeId, bytes32 caseId, uint256 amount, uint64 until) external onlyRole(SLASHER_ROLE) {
        NodeRecord storage record = _knownNode(nodeId);
        FreezeCase storage freeze = _stakingStorage().cases[nodeId][caseId];
        if (freeze.until != 0 || amount == 0) revert DelegatedNodeStaking_InvalidCase(nodeId, caseId);
        _requireWithin("until", until, block.timestamp, block.timestamp + MAXIMUM_FREEZE);
        freeze.amount = amount.toUint128();
        freeze.until = until;
        record.frozen = (record.frozen + amount).toUint128();
        emit ExitFrozen(nodeId, caseId, amount, until);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function unfreezeExit(bytes32 nodeId, bytes32 caseId) external {
        FreezeCase storage freeze = _stakingStorage().cases[nodeId][caseId];
        uint256 amount = freeze.amount;
        bool over = freeze.until < block.timestamp || hasRole(SLASHER_ROLE, msg.sender);
        if (amount == 0 || !over) revert DelegatedNodeStaking_InvalidCase(nodeId, caseId);
        freeze.amount = 0; // `until` stays: a case is opened once
        _stakingStorage().nodes[nodeId].frozen -= amount.toUint128();
        emit ExitUnfrozen(nodeId, caseId, amount);
    }

    // ---------------------------------------------------------------- settings

    /// @inheritdoc IDelegatedNodeStaking
    function setParameters(Parameters calldata parameters_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("minimumDelegation", parameters_.minimumDelegation, 1, 1_000_000 ether);
        _requireWithin("nodeCap", parameters_.nodeCap, parameters_.minimumDelegation, 1_000_000_000 ether);
        _requireWithin("minimumSelfBondBps", parameters_.minimumSelfBondBps, 0, BPS);
        _requireWithin("protocolFeeBps", parameters_.protocolFeeBps, 0, 1000);
        // Short periods exist for the localnet alone.
        uint256 minimumUnbonding = block.chainid == 31_337 ? 10 : 1 days;
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

    // ---------------------------------------------------------------- views

    /// @inheritdoc IDelegatedNodeStaking
    function parameters() external view returns (Parameters memory) {
        return _stakingStorage().parameters;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function stakeAsset() external view returns (address) {
        return _stakingStorage().stakeAsset;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function rewardAsset() external view returns (address) {
        return _stakingStorage().rewardAsset;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function treasury() external view returns (address) {
        return _stakingStorage().treasury;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function stakeManager() external view returns (address) {
        return _stakingStorage().stakeManager;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function operatorInfo(address operator) external view returns (Operator memory info) {
        OperatorRecord storage record = _stakingStorage().operators[operator];
        bool pending = record.commissionChangesAt > block.timestamp;
        info.registered = record.registered;
        info.commissionBps = _commissionOf(record);
        info.announcedCommissionBps = pending ? record.announcedCommissionBps : info.commissionBps;
        info.commissionChangesAt = pending ? record.commissionChangesAt : 0;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function node(bytes32 nodeId) external view returns (Node memory info) {
        NodeRecord storage record = _stakingStorage().nodes[nodeId];
        info.operator = record.operator;
        info.acceptsDelegations = record.acceptsDelegations;
        info.selfStake = record.selfStake;
        info.delegatedStake = record.delegated.assets;
        info.unbondingSelf = record.unbondingSelf.assets;
        info.unbondingDelegated = record.unbondingDelegated.assets;
        info.delegatedShares = record.delegated.shares;
        info.frozen = record.frozen;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function operatorOf(bytes32 nodeId) external view returns (address) {
        return _stakingStorage().nodes[nodeId].operator;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function activeStakeOf(bytes32 nodeId) external view returns (uint256) {
        return _activeStake(_stakingStorage().nodes[nodeId]);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function slashableStakeOf(bytes32 nodeId) external view returns (uint256) {
        return _slashableStake(_stakingStorage().nodes[nodeId]);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function delegationOf(bytes32 nodeId, address delegator) external view returns (uint256 shares, uint256 amount) {
        StakingStorage storage $ = _stakingStorage();
        Position storage position = $.positions[nodeId][delegator];
        SharePool.Pool storage pool = $.nodes[nodeId].delegated;
        if (position.era != pool.era) return (0, 0);
        return (position.shares, pool.worth(position.era, position.shares));
    }

    /// @inheritdoc IDelegatedNodeStaking
    function unbondingRequestsOf(bytes32 nodeId, address owner) external view returns (UnbondingRequest[] memory list) {
        StakingStorage storage $ = _stakingStorage();
        NodeRecord storage record = $.nodes[nodeId];
        Request[] storage requests = $.requests[nodeId][owner];
        list = new UnbondingRequest[](requests.length);
        for (uint256 i = 0; i < list.length; i++) {
            Request storage request = requests[i];
            list[i].shares = request.shares;
            list[i].withdrawableAt = request.withdrawableAt;
            list[i].amount = _unbondingPool(record, request.own).worth(request.era, request.shares);
        }
    }

    /// @inheritdoc IDelegatedNodeStaking
    function pendingRewardsOf(bytes32 nodeId, address delegator) external view returns (uint256) {
        StakingStorage storage $ = _stakingStorage();
        NodeRecord storage record = $.nodes[nodeId];
        Position storage position = $.positions[nodeId][delegator];
        uint256 perShare = record.rewards.perShareOf(position.era, record.delegated.era, record.delegated.shares);
        return NodeRewards.earned(position.shares, perShare, position.rewardsPerSharePaid);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function claimableRewardsOf(address account) external view returns (uint256) {
        return _stakingStorage().claimableRewards[account];
    }

    /// @inheritdoc IDelegatedNodeStaking
    function stakeCreditOf(address account) external view returns (uint256) {
        return _stakingStorage().stakeCredit[account];
    }

    /// @inheritdoc IDelegatedNodeStaking
    function nodeCount() external view returns (uint256) {
        return _stakingStorage().nodeIds.length;
    }

    /// @inheritdoc IDelegatedNodeStaking
    function nodes(uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return Pages.page(_stakingStorage().nodeIds, offset, limit);
    }

    /// @inheritdoc IDelegatedNodeStaking
    function nodeIdOf(address operator, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), operator, salt));
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
        uint256 required = Math.mulDiv(_activeStake(record), $.parameters.minimumSelfBondBps, BPS, Math.Rounding.Ceil);
        if (record.selfStake < required) {
            revert DelegatedNodeStaking_SelfBondTooSmall(nodeId, record.selfStake, required);
        }
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

    function _slashDelegators(NodeRecord storage record, uint256 amount)
        private
        returns (uint256 fromActive, uint256 fromUnbonding)
    {
        uint256 active = record.delegated.assets;
        uint256 total = active + record.unbondingDelegated.assets;
        amount = Math.min(amount, total);
        if (amount == 0) return (0, 0);
        // Who leaves pays the same part as who stays; the odd unit is the stayers'.
        uint256 activePart = Math.mulDiv(amount, active, total, Math.Rounding.Ceil);
        uint32 era = record.delegated.era;
        bool depleted;
        (fromActive, depleted) = record.delegated.slash(activePart);
        if (depleted) record.rewards.closeEra(era);
        (fromUnbonding,) = record.unbondingDelegated.slash(amount - activePart);
    }

    function _creditSlashed(StakingStorage storage $, bytes32 nodeId, bytes32 caseId, address to, uint256 amount)
        private
    {
        if (amount == 0) return;
        $.stakeCredit[to] += amount;
        emit SlashedStakeCredited(nodeId, caseId, to, amount);
    }

    // Brings a node's rewards up to now. What vests while nobody delegates is the operator's.
    function _advance(StakingStorage storage $, bytes32 nodeId, NodeRecord storage record) private {
        uint256 unclaimed = record.rewards.advance(record.delegated.shares);
        if (unclaimed == 0) return;
        $.claimableRewards[record.operator] += unclaimed;
        emit RewardsCollected(nodeId, record.operator, unclaimed);
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
        if (position.era != era) {
            position.era = era;
            position.shares = 0;
        }
        position.rewardsPerSharePaid = record.rewards.perShare;
        if (amount == 0) return 0;
        $.claimableRewards[delegator] += amount;
        emit RewardsCollected(nodeId, delegator, amount);
    }

    function _pullStake(uint256 amount) private {
        address asset = _stakingStorage().stakeAsset;
        uint256 expected = asset == address(0) ? amount : 0;
        if (msg.value != expected) revert DelegatedNodeStaking_WrongValue(msg.value, expected);
        if (asset != address(0)) _pull(IERC20(asset), amount);
    }

    function _pull(IERC20 token, uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert DelegatedNodeStaking_UnexpectedTransferAmount(received, amount);
    }

    function _pushStake(address to, uint256 amount) private {
        address asset = _stakingStorage().stakeAsset;
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

    function _ownNode(bytes32 nodeId) private view returns (NodeRecord storage record) {
        record = _knownNode(nodeId);
        if (record.operator != msg.sender) revert DelegatedNodeStaking_NotOperator(nodeId, msg.sender);
    }

    function _knownNode(bytes32 nodeId) private view returns (NodeRecord storage record) {
        record = _stakingStorage().nodes[nodeId];
        if (record.operator == address(0)) revert DelegatedNodeStaking_UnknownNode(nodeId);
    }

    function _requireBelowCap(bytes32 nodeId, NodeRecord storage record) private view {
        uint256 cap = _stakingStorage().parameters.nodeCap;
        uint256 active = _activeStake(record);
        if (active > cap) revert DelegatedNodeStaking_CapExceeded(nodeId, active, cap);
    }

    function _requireCommission(uint16 bps) private pure {
        if (bps < MINIMUM_COMMISSION_BPS || bps > MAXIMUM_COMMISSION_BPS) {
            revert DelegatedNodeStaking_CommissionOutOfBounds(bps, MINIMUM_COMMISSION_BPS, MAXIMUM_COMMISSION_BPS);
        }
    }

    function _commissionOf(OperatorRecord storage operator) private view returns (uint16) {
        uint64 changesAt = operator.commissionChangesAt;
        return changesAt != 0 && changesAt <= block.timestamp ? operator.announcedCommissionBps : operator.commissionBps;
    }

    function _activeStake(NodeRecord storage record) private view returns (uint256) {
        return uint256(record.selfStake) + record.delegated.assets;
    }

    function _slashableStake(NodeRecord storage record) private view returns (uint256) {
        return _activeStake(record) + record.unbondingSelf.assets + record.unbondingDelegated.assets;
    }

    function _unbondingPool(NodeRecord storage record, bool own) private view returns (SharePool.Pool storage) {
        return own ? record.unbondingSelf : record.unbondingDelegated;
    }

    function _stakingStorage() private pure returns (StakingStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STAKING_STORAGE
        }
    }
}
