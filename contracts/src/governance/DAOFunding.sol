// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IOwnedRecords} from "../artifacts/IOwnedRecords.sol";
import {Assets} from "../token/Assets.sol";
import {Governed} from "./Governed.sol";
import {IDAOFunding} from "./IDAOFunding.sol";

/// @title DAOFunding
/// @notice See {IDAOFunding}.
contract DAOFunding is IDAOFunding, Governed, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    struct Tally {
        uint256 contributions;
        uint256 rootSum; // Σ √contribution · conviction
        bool claimed;
        mapping(uint256 agentId => uint256) given;
        mapping(uint256 agentId => uint256) root;
    }

    /// @custom:storage-location erc7201:jeju.storage.DAOFunding
    struct DAOFundingStorage {
        address identityRegistry;
        address stakeAsset;
        address paymentToken;
        Parameters parameters;
        mapping(address source => bool) sources;
        mapping(bytes32 projectId => Project) projects;
        mapping(uint256 agentId => mapping(address staker => Position)) positions;
        uint64 epoch;
        mapping(uint64 epoch => Epoch) epochs;
        mapping(bytes32 projectId => mapping(uint64 epoch => Tally)) tallies;
        mapping(address payee => uint256) owed;
        uint256 staked;
        uint256 money;
    }

    /// @notice How old stake must be to count in full, in seconds.
    uint256 public constant FULL_CONVICTION = 30 days;
    /// @notice How long a project may claim, in seconds from the end of the epoch.
    uint256 public constant CLAIM_WINDOW = 90 days;
    /// @notice The pausable actions.
    bytes32 public constant STAKE = "stake";
    bytes32 public constant CONTRIBUTE = "contribute";

    uint256 private constant BPS = 10_000;
    // Roots are taken of amounts with twelve more decimals, so that small contributions keep their proportion.
    uint256 private constant ROOT_SCALE = 1e12;
    bytes32 private constant DAO_FUNDING_STORAGE = 0xfc15e8bedf41a47e1e9c0b0fd42893fe128dafdeda61a0bd7529868b4f5b3500;

    /// @inheritdoc IDAOFunding
    function initialize(address admin, address identityRegistry, address stakeAsset, address paymentToken)
        external
        initializer
    {
        __Governed_init(admin);
        _requireAddress(identityRegistry);
        _requireAddress(stakeAsset);
        _requireAddress(paymentToken);
        DAOFundingStorage storage $ = _funding();
        $.identityRegistry = identityRegistry;
        $.stakeAsset = stakeAsset;
        $.paymentToken = paymentToken;
        $.parameters =
            Parameters({minimumStake: 100e18, epochLength: 30 days, unbondingPeriod: 14 days, maximumShareBps: 2500});
        $.epoch = 1;
        $.epochs[1].from = block.timestamp.toUint64();
    }

    /// @inheritdoc IDAOFunding
    function registerProject(address source, bytes32 recordId) external returns (bytes32 projectId) {
        DAOFundingStorage storage $ = _funding();
        if (!$.sources[source]) revert DAOFunding_UnknownSource(source);
        if (IOwnedRecords(source).ownerOf(recordId) != msg.sender) {
            revert DAOFunding_NotRecordOwner(source, recordId, msg.sender);
        }
        projectId = projectIdOf(source, recordId);
        if ($.projects[projectId].source != address(0)) revert DAOFunding_ProjectExists(projectId);
        $.projects[projectId] = Project({source: source, recordId: recordId, registeredAt: block.timestamp.toUint64()});
        emit ProjectRegistered(projectId, source, recordId);
    }

    // ------------------------------------------------------------ stake

    /// @inheritdoc IDAOFunding
    function stake(uint256 agentId, uint128 amount) external whenActive(STAKE) nonReentrant {
        DAOFundingStorage storage $ = _funding();
        _requireAgentOwner(agentId);
        if (amount == 0) revert DAOFunding_ZeroAmount();
        Position storage $position = $.positions[agentId][msg.sender];
        // What is added is new; the age of the whole is the average by amount. Rounded up to the later moment, against the staker.
        uint256 total = uint256($position.amount) + amount;
        $position.since =
            Math.ceilDiv(uint256($position.amount) * $position.since + amount * block.timestamp, total).toUint64();
        $position.amount = total.toUint128();
        $.staked += amount;
        emit Staked(agentId, msg.sender, amount, $position.since);
        Assets.takeToken(IERC20($.stakeAsset), msg.sender, amount);
    }

    /// @inheritdoc IDAOFunding
    function startUnstake(uint256 agentId, uint128 amount) external {
        DAOFundingStorage storage $ = _funding();
        Position storage $position = $.positions[agentId][msg.sender];
        if (amount == 0) revert DAOFunding_ZeroAmount();
        if (amount > $position.amount) revert DAOFunding_InsufficientStake(amount, $position.amount);
        $position.amount -= amount;
        // One request per position: adding to it starts its time anew, and nobody else can.
        $position.leaving += amount;
        $position.leavesAt = (block.timestamp + $.parameters.unbondingPeriod).toUint64();
        emit UnstakeStarted(agentId, msg.sender, amount, $position.leavesAt);
    }

    /// @inheritdoc IDAOFunding
    function withdrawStake(uint256 agentId) external nonReentrant returns (uint256 amount) {
        DAOFundingStorage storage $ = _funding();
        Position storage $position = $.positions[agentId][msg.sender];
        amount = $position.leaving;
        if (amount == 0) revert DAOFunding_NothingToPay();
        if (block.timestamp < $position.leavesAt) revert DAOFunding_TooEarly(block.timestamp, $position.leavesAt);
        $position.leaving = 0;
        $position.leavesAt = 0;
        $.staked -= amount;
        emit StakeWithdrawn(agentId, msg.sender, amount);
        IERC20($.stakeAsset).safeTransfer(msg.sender, amount);
    }

    // ------------------------------------------------------------ money

    /// @inheritdoc IDAOFunding
    function contribute(bytes32 projectId, uint256 agentId, uint128 amount)
        external
        whenActive(CONTRIBUTE)
        nonReentrant
    {
        DAOFundingStorage storage $ = _funding();
        if ($.projects[projectId].source == address(0)) revert DAOFunding_UnknownProject(projectId);
        if (amount == 0) revert DAOFunding_ZeroAmount();
        _requireAgentOwner(agentId);
        uint256 staked = $.positions[agentId][msg.sender].amount;
        if (staked < $.parameters.minimumStake) {
            revert DAOFunding_StakeTooLow(agentId, staked, $.parameters.minimumStake);
        }
        uint256 weight = _tally(projectId, agentId, amount);
        $.money += amount;
        emit Contributed(projectId, $.epoch, agentId, amount, weight);
        Assets.takeToken(IERC20($.paymentToken), msg.sender, amount);
    }

    /// @inheritdoc IDAOFunding
    function fundBudget(uint128 amount) external nonReentrant {
        DAOFundingStorage storage $ = _funding();
        if (amount == 0) revert DAOFunding_ZeroAmount();
        $.epochs[$.epoch].budget += amount;
        $.money += amount;
        emit BudgetFunded($.epoch, msg.sender, amount);
        Assets.takeToken(IERC20($.paymentToken), msg.sender, amount);
    }

    /// @inheritdoc IDAOFunding
    function bookSurplus() external nonReentrant returns (uint256 amount) {
        DAOFundingStorage storage $ = _funding();
        uint256 kept = $.paymentToken == $.stakeAsset ? $.money + $.staked : $.money;
        amount = IERC20($.paymentToken).balanceOf(address(this)) - kept;
        if (amount == 0) revert DAOFunding_NothingToPay();
        $.epochs[$.epoch].budget += amount.toUint128();
        $.money += amount;
        emit BudgetFunded($.epoch, address(0), amount);
    }

    /// @inheritdoc IDAOFunding
    function closeEpoch() external {
        DAOFundingStorage storage $ = _funding();
        uint64 closing = $.epoch;
        Epoch storage $closing = $.epochs[closing];
        uint256 endsAt = $closing.from + $.parameters.epochLength;
        if (block.timestamp < endsAt) revert DAOFunding_TooEarly(block.timestamp, endsAt);
        $closing.to = block.timestamp.toUint64();
        $closing.maximumShareBps = $.parameters.maximumShareBps;
        $.epoch = closing + 1;
        $.epochs[closing + 1].from = block.timestamp.toUint64();
        emit EpochClosed(closing, $closing.budget, $closing.totalWeight);
    }

    /// @inheritdoc IDAOFunding
    function claimEpoch(bytes32 projectId, uint64 epoch) external returns (uint256 contributions, uint256 matched) {
        DAOFundingStorage storage $ = _funding();
        Epoch storage $epoch = $.epochs[epoch];
        if ($epoch.to == 0) revert DAOFunding_TooEarly(block.timestamp, $epoch.from + $.parameters.epochLength);
        Tally storage $tally = $.tallies[projectId][epoch];
        if ($tally.claimed) revert DAOFunding_AlreadyClaimed(projectId, epoch);
        contributions = $tally.contributions;
        if (contributions == 0) revert DAOFunding_NothingToPay();
        address owner = projectOwner(projectId);
        _requireAddress(owner);
        $tally.claimed = true;
        // After the claim window the match is gone, the contributions are not.
        if (!$epoch.rolledOver && $epoch.totalWeight != 0) {
            uint256 weight = $tally.rootSum * $tally.rootSum;
            // Both rounded down: the sum over all projects never exceeds the budget.
            matched = Math.mulDiv($epoch.budget, weight, $epoch.totalWeight);
            uint256 most = uint256($epoch.budget) * $epoch.maximumShareBps / BPS;
            if (matched > most) matched = most;
            $epoch.matched += matched.toUint128();
        }
        $.owed[owner] += contributions + matched;
        emit EpochClaimed(projectId, epoch, owner, contributions, matched);
    }

    /// @inheritdoc IDAOFunding
    function rollOver(uint64 epoch) external returns (uint256 amount) {
        DAOFundingStorage storage $ = _funding();
        Epoch storage $epoch = $.epochs[epoch];
        if ($epoch.to == 0 || block.timestamp < $epoch.to + CLAIM_WINDOW) {
            revert DAOFunding_TooEarly(block.timestamp, $epoch.to + CLAIM_WINDOW);
        }
        if ($epoch.rolledOver) revert DAOFunding_AlreadyClaimed(bytes32(0), epoch);
        $epoch.rolledOver = true;
        amount = $epoch.budget - $epoch.matched;
        $.epochs[$.epoch].budget += amount.toUint128();
        emit BudgetRolledOver(epoch, $.epoch, amount);
    }

    /// @inheritdoc IDAOFunding
    function withdraw(address payee) external nonReentrant returns (uint256 amount) {
        DAOFundingStorage storage $ = _funding();
        amount = $.owed[payee];
        if (amount == 0) revert DAOFunding_NothingToPay();
        $.owed[payee] = 0;
        $.money -= amount;
        emit Withdrawn(payee, amount);
        IERC20($.paymentToken).safeTransfer(payee, amount);
    }

    // ------------------------------------------------------------ settings

    /// @inheritdoc IDAOFunding
    function setSource(address source, bool known) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireAddress(source);
        _funding().sources[source] = known;
        emit SourceSet(source, known);
    }

    /// @inheritdoc IDAOFunding
    function setParameters(Parameters calldata changed) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("minimumStake", changed.minimumStake, 1, 1e27);
        _requireWithin("epochLength", changed.epochLength, 1 days, 90 days);
        _requireWithin("unbondingPeriod", changed.unbondingPeriod, block.chainid == 31_337 ? 10 : 1 days, 60 days);
        _requireWithin("maximumShareBps", changed.maximumShareBps, 100, BPS);
        _funding().parameters = changed;
        emit ParametersChanged(changed);
    }

    // ------------------------------------------------------------ views

    /// @inheritdoc IDAOFunding
    function isSource(address source) external view returns (bool) {
        return _funding().sources[source];
    }

    /// @inheritdoc IDAOFunding
    function project(bytes32 projectId) external view returns (Project memory) {
        return _funding().projects[projectId];
    }

    /// @inheritdoc IDAOFunding
    function projectOwner(bytes32 projectId) public view returns (address) {
        Project storage $project = _funding().projects[projectId];
        if ($project.source == address(0)) return address(0);
        return IOwnedRecords($project.source).ownerOf($project.recordId);
    }

    /// @inheritdoc IDAOFunding
    function positionOf(uint256 agentId, address staker) external view returns (Position memory) {
        return _funding().positions[agentId][staker];
    }

    /// @inheritdoc IDAOFunding
    function convictionOf(uint256 agentId, address staker) public view returns (uint256) {
        Position storage $position = _funding().positions[agentId][staker];
        if ($position.amount == 0) return 0;
        uint256 age = Math.min(block.timestamp - $position.since, FULL_CONVICTION);
        return age * BPS / FULL_CONVICTION;
    }

    /// @inheritdoc IDAOFunding
    function currentEpoch() external view returns (uint64) {
        return _funding().epoch;
    }

    /// @inheritdoc IDAOFunding
    function epochInfo(uint64 epoch) external view returns (Epoch memory) {
        return _funding().epochs[epoch];
    }

    /// @inheritdoc IDAOFunding
    function tallyOf(bytes32 projectId, uint64 epoch) external view returns (uint256 contributions, uint256 weight) {
        Tally storage $tally = _funding().tallies[projectId][epoch];
        return ($tally.contributions, $tally.rootSum * $tally.rootSum);
    }

    /// @inheritdoc IDAOFunding
    function owedTo(address payee) external view returns (uint256) {
        return _funding().owed[payee];
    }

    /// @inheritdoc IDAOFunding
    function liabilities() external view returns (uint256 staked, uint256 money) {
        return (_funding().staked, _funding().money);
    }

    /// @inheritdoc IDAOFunding
    function projectIdOf(address source, bytes32 recordId) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), source, recordId));
    }

    /// @inheritdoc IDAOFunding
    function parameters() external view returns (Parameters memory) {
        return _funding().parameters;
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](2);
        actions[0] = STAKE;
        actions[1] = CONTRIBUTE;
    }

    // Adds a contribution to the project's weight. One agent has one root per project and epoch, however often it contributes.
    function _tally(bytes32 projectId, uint256 agentId, uint128 amount) private returns (uint256 weight) {
        DAOFundingStorage storage $ = _funding();
        Tally storage $tally = $.tallies[projectId][$.epoch];
        uint256 given = $tally.given[agentId] + amount;
        uint256 root = Math.sqrt(given * ROOT_SCALE) * convictionOf(agentId, msg.sender) / BPS;
        uint256 before = $tally.root[agentId];
        if (root < before) root = before;
        uint256 oldSum = $tally.rootSum;
        uint256 newSum = oldSum + root - before;
        $tally.given[agentId] = given;
        $tally.root[agentId] = root;
        $tally.contributions += amount;
        $tally.rootSum = newSum;
        weight = newSum * newSum;
        $.epochs[$.epoch].totalWeight += weight - oldSum * oldSum;
    }

    function _requireAgentOwner(uint256 agentId) private view {
        if (IERC721(_funding().identityRegistry).ownerOf(agentId) != msg.sender) {
            revert DAOFunding_NotAgentOwner(agentId, msg.sender);
        }
    }

    function _funding() private pure returns (DAOFundingStorage storage $) {
        assembly ("memory-safe") {
            $.slot := DAO_FUNDING_STORAGE
        }
    }
}
