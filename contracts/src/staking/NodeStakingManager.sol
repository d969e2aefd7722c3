// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Governed} from "../governance/Governed.sol";
import {Assets} from "../token/Assets.sol";
import {IDelegatedNodeStaking} from "./IDelegatedNodeStaking.sol";
import {IMultiServiceStakeManager} from "./IMultiServiceStakeManager.sol";
import {INodeStakingManager} from "./INodeStakingManager.sol";

/// @title NodeStakingManager
/// @notice See {INodeStakingManager}.
contract NodeStakingManager is INodeStakingManager, Governed, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @custom:storage-location erc7201:jeju.storage.NodeStakingManager
    struct NodeStakingManagerStorage {
        address staking;
        address stakeManager;
        address rewardAsset;
        uint256 price;
        uint256 priceSetAt;
        uint256 pool;
        Parameters parameters;
        mapping(bytes32 region => bool) regions;
        mapping(bytes32 nodeId => Enrolment) enrolments;
        mapping(address operator => uint256) nodesOf;
        mapping(bytes32 region => uint256) nodesIn;
        uint256 nodes;
        uint256 operators;
        uint256 usedRegions;
        mapping(uint256 epoch => Epoch) epochs;
        mapping(bytes32 nodeId => mapping(uint256 epoch => uint256)) scores;
        mapping(bytes32 nodeId => mapping(uint256 epoch => bool)) reported;
    }

    /// @notice May report performance.
    bytes32 public constant ORACLE_ROLE = keccak256("ORACLE_ROLE");
    /// @notice May set the price of stake.
    bytes32 public constant PRICE_ROLE = keccak256("PRICE_ROLE");
    /// @notice The service of the allocation ledger.
    bytes32 public constant SERVICE = "rpc";
    /// @notice The length of an epoch, in seconds.
    uint256 public constant EPOCH = 1 days;
    /// @notice How long a reward can be claimed, in seconds from the end of the epoch.
    uint256 public constant CLAIM_WINDOW = 90 days;
    /// @notice The pausable actions.
    bytes32 public constant ENROLL = "enroll";
    bytes32 public constant REPORT = "report";

    uint256 private constant BPS = 10_000;
    uint256 private constant UNIT = 1e18;
    // A response of this many milliseconds or less counts in full, ten times as many for nothing.
    uint256 private constant FAST_MS = 100;
    uint256 private constant SLOW_MS = 1000;
    bytes32 private constant NODE_STAKING_MANAGER_STORAGE =
        0xd8240db10629c1bf5c86fadf7878e7c1148bf9eb8629cdbd0df817c3ffb76e00;

    /// @inheritdoc INodeStakingManager
    function initialize(address admin, address staking, address stakeManager, address rewardAsset)
        external
        initializer
    {
        __Governed_init(admin);
        _requireAddress(staking);
        _requireAddress(stakeManager);
        _requireAddress(rewardAsset);
        NodeStakingManagerStorage storage $ = _manager();
        $.staking = staking;
        $.stakeManager = stakeManager;
        $.rewardAsset = rewardAsset;
        $.parameters = Parameters({
            minimumValue: 1000e6,
            rewardPerEpoch: 1000e6,
            maximumRequests: 100_000_000,
            priceMaximumAge: 1 days,
            exitDelay: 7 days,
            ownershipCapBps: 2000,
            operatorFloor: 5,
            regionBonusBps: 2000
        });
        emit ParametersChanged($.parameters);
    }

    /// @inheritdoc INodeStakingManager
    function enroll(bytes32 nodeId, bytes32 region) external whenActive(ENROLL) {
        NodeStakingManagerStorage storage $ = _manager();
        _requireOperator(nodeId);
        _requireStatus(nodeId, Status.None);
        if (!$.regions[region]) revert NodeStakingManager_UnknownRegion(region);
        // Only entry needs a fresh price.
        if ($.price == 0 || block.timestamp > $.priceSetAt + $.parameters.priceMaximumAge) {
            revert NodeStakingManager_StalePrice($.priceSetAt, block.timestamp);
        }
        IMultiServiceStakeManager manager = IMultiServiceStakeManager($.stakeManager);
        IMultiServiceStakeManager.Allocation memory allocation = manager.allocationOf(nodeId, SERVICE);
        uint128 stake = manager.isBacked(nodeId) ? allocation.amount - allocation.leaving - allocation.locked : 0;
        // Rounded down, against the one who enters.
        uint256 value = Math.mulDiv(stake, $.price, UNIT);
        if (value < $.parameters.minimumValue) {
            revert NodeStakingManager_ValueTooLow(value, $.parameters.minimumValue);
        }
        _count(msg.sender, region);
        $.enrolments[nodeId] = Enrolment({
            status: Status.Enrolled,
            enrolledBy: msg.sender,
            region: region,
            locked: stake,
            requests: $.enrolments[nodeId].requests,
            enrolledAt: block.timestamp.toUint64(),
            leavesAt: 0
        });
        emit NodeEnrolled(nodeId, msg.sender, region, stake);
        manager.lock(nodeId, SERVICE, stake);
    }

    /// @inheritdoc INodeStakingManager
    function startExit(bytes32 nodeId) external {
        NodeStakingManagerStorage storage $ = _manager();
        _requireOperator(nodeId);
        _requireStatus(nodeId, Status.Enrolled);
        Enrolment storage $enrolment = $.enrolments[nodeId];
        $enrolment.status = Status.Leaving;
        $enrolment.leavesAt = (block.timestamp + $.parameters.exitDelay).toUint64();
        $.nodes--;
        if (--$.nodesOf[$enrolment.enrolledBy] == 0) $.operators--;
        if (--$.nodesIn[$enrolment.region] == 0) $.usedRegions--;
        emit ExitStarted(nodeId, $enrolment.leavesAt);
    }

    /// @inheritdoc INodeStakingManager
    function completeExit(bytes32 nodeId) external {
        NodeStakingManagerStorage storage $ = _manager();
        _requireStatus(nodeId, Status.Leaving);
        Enrolment storage $enrolment = $.enrolments[nodeId];
        if (block.timestamp < $enrolment.leavesAt) {
            revert NodeStakingManager_TooEarly(block.timestamp, $enrolment.leavesAt);
        }
        uint256 frozen = IDelegatedNodeStaking($.staking).node(nodeId).frozen;
        if (frozen != 0) revert NodeStakingManager_SlashPending(nodeId, frozen);
        uint128 locked = $enrolment.locked;
        // The counter stays: whoever enrols again is not paid again for what was counted.
        uint128 requests = $enrolment.requests;
        delete $.enrolments[nodeId];
        $enrolment.requests = requests;
        emit ExitCompleted(nodeId, locked);
        IMultiServiceStakeManager($.stakeManager).release(nodeId, SERVICE, locked);
    }

    /// @inheritdoc INodeStakingManager
    function fund(uint256 amount) external nonReentrant {
        _manager().pool += amount;
        emit PoolFunded(msg.sender, amount);
        Assets.takeToken(IERC20(_manager().rewardAsset), msg.sender, amount);
    }

    /// @inheritdoc INodeStakingManager
    function report(bytes32 nodeId, uint256 epoch, uint16 uptimeBps, uint128 requests, uint32 responseMs)
        external
        onlyRole(ORACLE_ROLE)
        whenActive(REPORT)
    {
        NodeStakingManagerStorage storage $ = _manager();
        uint256 present = block.timestamp / EPOCH;
        if (epoch + 1 != present) revert NodeStakingManager_WrongEpoch(epoch, present);
        _requireStatus(nodeId, Status.Enrolled);
        if ($.reported[nodeId][epoch]) revert NodeStakingManager_AlreadyReported(nodeId, epoch);
        if (uptimeBps > BPS) revert NodeStakingManager_ImplausibleFigure("uptimeBps", uptimeBps);
        Enrolment storage $enrolment = $.enrolments[nodeId];
        if (requests < $enrolment.requests) revert NodeStakingManager_ImplausibleFigure("requests", requests);
        $.reported[nodeId][epoch] = true;
        // The counter runs on: only what is new since the last report is paid, and at most so much per epoch.
        uint128 fresh = requests - $enrolment.requests;
        $enrolment.requests = requests;
        uint256 score = _score($enrolment.region, uptimeBps, Math.min(fresh, $.parameters.maximumRequests), responseMs);
        $.scores[nodeId][epoch] = score;
        $.epochs[epoch].totalScore += score;
        emit PerformanceReported(nodeId, epoch, uptimeBps, fresh, responseMs, score);
    }

    /// @inheritdoc INodeStakingManager
    function closeEpoch(uint256 epoch) external {
        NodeStakingManagerStorage storage $ = _manager();
        uint256 present = block.timestamp / EPOCH;
        Epoch storage $epoch = $.epochs[epoch];
        if (epoch + 2 > present || $epoch.closed) revert NodeStakingManager_WrongEpoch(epoch, present);
        $epoch.closed = true;
        // Without scores nothing is set aside.
        if ($epoch.totalScore != 0) $epoch.budget = Math.min($.pool, $.parameters.rewardPerEpoch).toUint128();
        $.pool -= $epoch.budget;
        emit EpochClosed(epoch, $epoch.budget, $epoch.totalScore);
    }

    /// @inheritdoc INodeStakingManager
    function claim(bytes32 nodeId, uint256 epoch) external nonReentrant returns (uint256 amount) {
        NodeStakingManagerStorage storage $ = _manager();
        Epoch storage $epoch = $.epochs[epoch];
        if (!$epoch.closed) revert NodeStakingManager_WrongEpoch(epoch, block.timestamp / EPOCH);
        uint256 score = $.scores[nodeId][epoch];
        // Rounded down: the sum over all nodes never exceeds the budget.
        if (score != 0) amount = Math.mulDiv($epoch.budget, score, $epoch.totalScore);
        // Once rolled over, nothing is left for those who come late.
        if (amount == 0 || amount > $epoch.budget - $epoch.paid) revert NodeStakingManager_NothingToPay(nodeId, epoch);
        $.scores[nodeId][epoch] = 0;
        $epoch.paid += amount.toUint128();
        emit RewardPaid(nodeId, epoch, amount);
        IERC20($.rewardAsset).forceApprove($.staking, amount);
        IDelegatedNodeStaking($.staking).distributeRevenue(nodeId, amount);
    }

    /// @inheritdoc INodeStakingManager
    function rollOver(uint256 epoch) external returns (uint256 amount) {
        NodeStakingManagerStorage storage $ = _manager();
        Epoch storage $epoch = $.epochs[epoch];
        if (!$epoch.closed) revert NodeStakingManager_WrongEpoch(epoch, block.timestamp / EPOCH);
        uint256 notBefore = (epoch + 1) * EPOCH + CLAIM_WINDOW;
        if (block.timestamp < notBefore) revert NodeStakingManager_TooEarly(block.timestamp, notBefore);
        amount = $epoch.budget - $epoch.paid;
        if (amount == 0) revert NodeStakingManager_NothingToPay(bytes32(0), epoch);
        $epoch.paid = $epoch.budget;
        $.pool += amount;
        emit BudgetRolledOver(epoch, amount);
    }

    /// @inheritdoc INodeStakingManager
    function setPrice(uint256 changed) external onlyRole(PRICE_ROLE) {
        NodeStakingManagerStorage storage $ = _manager();
        uint256 before = $.price;
        _requireWithin("price", changed, 1, 1e15);
        bool jumps = before != 0 && (changed > before + before / 2 || changed < before - before / 2);
        if (jumps) revert NodeStakingManager_PriceJump(changed, before);
        $.price = changed;
        $.priceSetAt = block.timestamp;
        emit PriceChanged(changed);
    }

    /// @inheritdoc INodeStakingManager
    function setRegion(bytes32 region, bool known) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _manager().regions[region] = known;
        emit RegionSet(region, known);
    }

    /// @inheritdoc INodeStakingManager
    function setParameters(Parameters calldata changed) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("minimumValue", changed.minimumValue, 1, 1e15);
        _requireWithin("rewardPerEpoch", changed.rewardPerEpoch, 0, 1e15);
        _requireWithin("maximumRequests", changed.maximumRequests, 1, 1e15);
        _requireWithin("priceMaximumAge", changed.priceMaximumAge, 1 hours, 7 days);
        _requireWithin("exitDelay", changed.exitDelay, block.chainid == 31_337 ? 10 : 1 days, 60 days);
        _requireWithin("ownershipCapBps", changed.ownershipCapBps, 100, BPS);
        _requireWithin("operatorFloor", changed.operatorFloor, 2, 1000);
        _requireWithin("regionBonusBps", changed.regionBonusBps, 0, 5000);
        _manager().parameters = changed;
        emit ParametersChanged(changed);
    }

    /// @inheritdoc INodeStakingManager
    function enrolment(bytes32 nodeId) external view returns (Enrolment memory) {
        return _manager().enrolments[nodeId];
    }

    /// @inheritdoc INodeStakingManager
    function epochInfo(uint256 epoch) external view returns (Epoch memory) {
        return _manager().epochs[epoch];
    }

    /// @inheritdoc INodeStakingManager
    function scoreOf(bytes32 nodeId, uint256 epoch) external view returns (uint256) {
        return _manager().scores[nodeId][epoch];
    }

    /// @inheritdoc INodeStakingManager
    function pool() external view returns (uint256) {
        return _manager().pool;
    }

    /// @inheritdoc INodeStakingManager
    function counts(address operator, bytes32 region)
        external
        view
        returns (uint256, uint256, uint256, uint256, uint256)
    {
        NodeStakingManagerStorage storage $ = _manager();
        return ($.nodes, $.nodesOf[operator], $.nodesIn[region], $.operators, $.usedRegions);
    }

    /// @inheritdoc INodeStakingManager
    function isRegion(bytes32 region) external view returns (bool) {
        return _manager().regions[region];
    }

    /// @inheritdoc INodeStakingManager
    function price() external view returns (uint256 value, uint256 setAt) {
        return (_manager().price, _manager().priceSetAt);
    }

    /// @inheritdoc INodeStakingManager
    function parameters() external view returns (Parameters memory) {
        return _manager().parameters;
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](2);
        actions[0] = ENROLL;
        actions[1] = REPORT;
    }

    // The cap would exclude the second operator if it applied from the beginning.
    function _count(address operator, bytes32 region) private {
        NodeStakingManagerStorage storage $ = _manager();
        if ($.nodesOf[operator] == 0) $.operators++;
        if ($.nodesIn[region] == 0) $.usedRegions++;
        uint256 nodes = ++$.nodes;
        uint256 own = ++$.nodesOf[operator];
        $.nodesIn[region]++;
        if ($.operators >= $.parameters.operatorFloor) {
            uint256 most = Math.max(nodes * $.parameters.ownershipCapBps / BPS, 1);
            if (own > most) revert NodeStakingManager_OwnershipCap(operator, own, most);
        }
    }

    function _score(bytes32 region, uint256 uptimeBps, uint256 requests, uint256 responseMs)
        private
        view
        returns (uint256)
    {
        NodeStakingManagerStorage storage $ = _manager();
        if (responseMs >= SLOW_MS) return 0;
        uint256 speedBps = responseMs <= FAST_MS ? BPS : (SLOW_MS - responseMs) * BPS / (SLOW_MS - FAST_MS);
        uint256 bonusBps = BPS;
        // Less than its even part of the nodes.
        if ($.nodesIn[region] * $.usedRegions < $.nodes) bonusBps += $.parameters.regionBonusBps;
        return requests * uptimeBps * speedBps / BPS * bonusBps / BPS;
    }

    function _requireOperator(bytes32 nodeId) private view {
        if (IDelegatedNodeStaking(_manager().staking).operatorOf(nodeId) != msg.sender) {
            revert NodeStakingManager_NotOperator(nodeId, msg.sender);
        }
    }

    function _requireStatus(bytes32 nodeId, Status expected) private view {
        Status status = _manager().enrolments[nodeId].status;
        if (status != expected) revert NodeStakingManager_WrongStatus(nodeId, status);
    }

    function _manager() private pure returns (NodeStakingManagerStorage storage $) {
        assembly ("memory-safe") {
            $.slot := NODE_STAKING_MANAGER_STORAGE
        }
    }
}
