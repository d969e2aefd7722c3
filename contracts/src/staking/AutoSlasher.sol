// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "../governance/Governed.sol";
import {Pages} from "../governance/Pages.sol";
import {IAutoSlasher} from "./IAutoSlasher.sol";
import {IDelegatedNodeStaking} from "./IDelegatedNodeStaking.sol";
import {IFactSource} from "./IFactSource.sol";
import {IMultiServiceStakeManager} from "./IMultiServiceStakeManager.sol";

/// @title AutoSlasher
/// @notice See {IAutoSlasher}.
contract AutoSlasher is IAutoSlasher, Governed, ReentrancyGuardTransient {
    using SafeCast for uint256;

    /// @custom:storage-location erc7201:jeju.storage.AutoSlasher
    struct AutoSlasherStorage {
        address staking;
        address stakeManager;
        uint256 compensationRate;
        Penalties penalties;
        mapping(address source => bool) sources;
        mapping(bytes32 proposalId => Proposal) proposals;
        bytes32[] proposalIds;
        mapping(bytes32 nodeId => mapping(uint256 period => uint256)) proposedInPeriod;
        mapping(address operator => uint64) operatorGraceUntil;
        mapping(bytes32 nodeId => uint64) nodeGraceUntil;
        mapping(bytes32 nodeId => mapping(bytes32 service => mapping(uint256 day => bool))) failedOn;
    }

    /// @notice May report measured uptime.
    bytes32 public constant ORACLE_ROLE = keccak256("ORACLE_ROLE");
    /// @notice May rule on disputes.
    bytes32 public constant ARBITER_ROLE = keccak256("ARBITER_ROLE");

    /// @notice How old evidence may be, in seconds.
    uint256 public constant EVIDENCE_WINDOW = 1 days;
    /// @notice How long the accused may dispute, in seconds.
    uint256 public constant DISPUTE_WINDOW = 3 days;
    /// @notice How long the arbiter may rule, in seconds from the dispute.
    uint256 public constant ARBITER_WINDOW = 2 days;
    /// @notice How long a slash may be executed, in seconds. Together with the others below the 14 days that a case may hold back stake.
    uint256 public constant EXECUTION_WINDOW = 7 days;
    /// @notice How long a new operator is forgiven, in seconds from his first offence.
    uint256 public constant GRACE_PERIOD = 30 days;
    /// @notice The month of uptime reports, in seconds.
    uint256 public constant MONTH = 30 days;
    /// @notice The largest share of the stake that an offence, and a period in sum, may cost, in basis points.
    uint256 public constant MAXIMUM_PENALTY_BPS = 5000;
    /// @notice The pausable actions. Disputes and the end of proposals are not among them.
    bytes32 public constant PROPOSE = "propose";
    bytes32 public constant EXECUTE = "execute";

    uint256 private constant BPS = 10_000;
    uint256 private constant RATE_UNIT = 1e18;
    uint256 private constant MONTHS_FROM = 1 << 64;
    bytes32 private constant AUTO_SLASHER_STORAGE = 0x5a2bb436d1815b6b5bf7ec5b6d43b233a7c59e82efa4991a26142b5c30ad7400;

    /// @inheritdoc IAutoSlasher
    function initialize(address admin, address staking, address stakeManager) external initializer {
        __Governed_init(admin);
        _requireAddress(staking);
        _requireAddress(stakeManager);
        AutoSlasherStorage storage $ = _slasher();
        $.staking = staking;
        $.stakeManager = stakeManager;
        $.penalties = Penalties({
            missedHeartbeatsBps: 100,
            failedLeaseBps: 500,
            falseStatementBps: 5000,
            uptimeBelow95Bps: 1000,
            uptimeBelow90Bps: 2500,
            uptimeBelow80Bps: 5000
        });
        emit PenaltiesChanged($.penalties);
    }

    /// @inheritdoc IAutoSlasher
    function propose(address source, bytes32 factId)
        external
        whenActive(PROPOSE)
        nonReentrant
        returns (bytes32 proposalId)
    {
        if (!_slasher().sources[source]) revert AutoSlasher_UnknownSource(source);
        IFactSource.Fact memory fact = IFactSource(source).factOf(factId);
        if (fact.provenAt > block.timestamp || block.timestamp - fact.provenAt > EVIDENCE_WINDOW) {
            revert AutoSlasher_EvidenceOutsideWindow(fact.provenAt, block.timestamp);
        }
        // A failed lease harms one consumer, and each is heard: otherwise an operator would fail himself first and so shield himself from the others.
        // The sum per period is bounded all the same.
        bytes32 slot = fact.offence == IFactSource.Offence.FailedLease ? factId : bytes32(uint256(fact.period));
        return _propose(fact, slot);
    }

    /// @inheritdoc IAutoSlasher
    function reportUptime(bytes32 nodeId, bytes32 service, uint64 month, uint16 uptimeBps)
        external
        onlyRole(ORACLE_ROLE)
        whenActive(PROPOSE)
        nonReentrant
        returns (bytes32 proposalId)
    {
        uint256 expected = block.timestamp / MONTH - 1;
        if (month != expected) revert AutoSlasher_WrongMonth(month, expected);
        uint256 endedAt = (expected + 1) * MONTH;
        if (block.timestamp - endedAt > EVIDENCE_WINDOW) {
            revert AutoSlasher_EvidenceOutsideWindow(endedAt, block.timestamp);
        }
        IFactSource.Fact memory fact;
        fact.nodeId = nodeId;
        fact.service = service;
        fact.offence = IFactSource.Offence.LowUptime;
        fact.uptimeBps = uptimeBps;
        fact.period = month;
        fact.provenAt = endedAt.toUint64();
        return _propose(fact, bytes32(uint256(month)));
    }

    /// @inheritdoc IAutoSlasher
    function dispute(bytes32 proposalId, string calldata reason) external {
        Proposal storage $proposal = _slasher().proposals[proposalId];
        _requireStatus(proposalId, Status.Open);
        bool accused = msg.sender == $proposal.accused
            || msg.sender == IDelegatedNodeStaking(_slasher().staking).operatorOf($proposal.nodeId);
        if (!accused) revert AutoSlasher_NotAccused(proposalId, msg.sender);
        $proposal.disputedAt = block.timestamp.toUint64();
        emit SlashDisputed(proposalId, reason);
    }

    /// @inheritdoc IAutoSlasher
    function rule(bytes32 proposalId, bool upheld, uint256 amount) external onlyRole(ARBITER_ROLE) {
        Proposal storage $proposal = _slasher().proposals[proposalId];
        _requireStatus(proposalId, Status.Disputed);
        $proposal.ruled = true;
        $proposal.ruledAt = block.timestamp.toUint64();
        $proposal.upheld = upheld;
        // The arbiter may only be milder.
        if (upheld && amount < $proposal.amount) $proposal.amount = amount;
        emit SlashRuled(proposalId, upheld, upheld ? $proposal.amount : 0);
        if (!upheld) _letGo(proposalId, $proposal);
    }

    /// @inheritdoc IAutoSlasher
    function execute(bytes32 proposalId)
        external
        whenActive(EXECUTE)
        nonReentrant
        returns (uint256 fromOwnBond, uint256 fromDelegation)
    {
        AutoSlasherStorage storage $ = _slasher();
        Proposal storage $proposal = $.proposals[proposalId];
        _requireStatus(proposalId, Status.Executable);
        $proposal.executed = true;
        bytes32 nodeId = $proposal.nodeId;
        // The staking contract takes what is there, own bond first, and compensates out of that alone.
        (fromOwnBond, fromDelegation) = IDelegatedNodeStaking($.staking)
            .slash(nodeId, proposalId, $proposal.amount, $proposal.harmed, $proposal.compensation);
        _letGo(proposalId, $proposal);
        emit SlashExecuted(proposalId, fromOwnBond, fromDelegation);
    }

    /// @inheritdoc IAutoSlasher
    function close(bytes32 proposalId) external {
        Status status = statusOf(proposalId);
        // After a ruling or an execution the stake was let go already.
        if (status != Status.Lapsed && (status != Status.Dismissed || _slasher().proposals[proposalId].ruled)) {
            revert AutoSlasher_WrongStatus(proposalId, status);
        }
        Proposal storage $proposal = _slasher().proposals[proposalId];
        _letGo(proposalId, $proposal);
        emit ProposalClosed(proposalId, status);
    }

    /// @inheritdoc IAutoSlasher
    function setSource(address source, bool registered) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireAddress(source);
        _slasher().sources[source] = registered;
        emit SourceSet(source, registered);
    }

    /// @inheritdoc IAutoSlasher
    function setPenalties(Penalties calldata changed) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("missedHeartbeatsBps", changed.missedHeartbeatsBps, 0, MAXIMUM_PENALTY_BPS);
        _requireWithin("failedLeaseBps", changed.failedLeaseBps, 0, MAXIMUM_PENALTY_BPS);
        _requireWithin("falseStatementBps", changed.falseStatementBps, 0, MAXIMUM_PENALTY_BPS);
        _requireWithin("uptimeBelow95Bps", changed.uptimeBelow95Bps, 0, changed.uptimeBelow90Bps);
        _requireWithin("uptimeBelow90Bps", changed.uptimeBelow90Bps, 0, changed.uptimeBelow80Bps);
        _requireWithin("uptimeBelow80Bps", changed.uptimeBelow80Bps, 0, MAXIMUM_PENALTY_BPS);
        _slasher().penalties = changed;
        emit PenaltiesChanged(changed);
    }

    /// @inheritdoc IAutoSlasher
    function setCompensationRate(uint256 stakePerPaymentUnit) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("compensationRate", stakePerPaymentUnit, 0, 1e36);
        _slasher().compensationRate = stakePerPaymentUnit;
        emit CompensationRateChanged(stakePerPaymentUnit);
    }

    /// @inheritdoc IAutoSlasher
    function statusOf(bytes32 proposalId) public view returns (Status) {
        Proposal storage $proposal = _slasher().proposals[proposalId];
        if ($proposal.proposedAt == 0) return Status.Unknown;
        if ($proposal.forgiven) return Status.Forgiven;
        if ($proposal.executed) return Status.Executed;
        uint256 executableFrom;
        if ($proposal.disputedAt == 0) {
            executableFrom = $proposal.proposedAt + DISPUTE_WINDOW;
            if (block.timestamp < executableFrom) return Status.Open;
        } else if ($proposal.ruled) {
            if (!$proposal.upheld) return Status.Dismissed;
            executableFrom = $proposal.ruledAt;
        } else {
            executableFrom = $proposal.disputedAt + ARBITER_WINDOW;
            if (block.timestamp < executableFrom) return Status.Disputed;
            if (!$proposal.objective) return Status.Dismissed;
        }
        return block.timestamp < executableFrom + EXECUTION_WINDOW ? Status.Executable : Status.Lapsed;
    }

    /// @inheritdoc IAutoSlasher
    function proposal(bytes32 proposalId) external view returns (Proposal memory) {
        return _slasher().proposals[proposalId];
    }

    /// @inheritdoc IAutoSlasher
    function proposalCount() external view returns (uint256) {
        return _slasher().proposalIds.length;
    }

    /// @inheritdoc IAutoSlasher
    function proposals(uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return Pages.page(_slasher().proposalIds, offset, limit);
    }

    /// @inheritdoc IAutoSlasher
    function graceUntilOf(address operator) external view returns (uint256) {
        return _slasher().operatorGraceUntil[operator];
    }

    /// @inheritdoc IAutoSlasher
    function isSource(address source) external view returns (bool) {
        return _slasher().sources[source];
    }

    /// @inheritdoc IAutoSlasher
    function penalties() external view returns (Penalties memory) {
        return _slasher().penalties;
    }

    /// @inheritdoc IAutoSlasher
    function compensationRate() external view returns (uint256) {
        return _slasher().compensationRate;
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](2);
        actions[0] = PROPOSE;
        actions[1] = EXECUTE;
    }

    function _propose(IFactSource.Fact memory fact, bytes32 slot) private returns (bytes32 proposalId) {
        AutoSlasherStorage storage $ = _slasher();
        proposalId = keccak256(abi.encode(address(this), fact.nodeId, fact.offence, slot));
        Proposal storage $proposal = $.proposals[proposalId];
        if ($proposal.proposedAt != 0) revert AutoSlasher_AlreadyProposed(fact.nodeId, fact.offence, fact.period);
        address operator = IDelegatedNodeStaking($.staking).operatorOf(fact.nodeId);
        if (operator == address(0)) revert AutoSlasher_UnknownNode(fact.nodeId);

        // 1. Remember the proposal, so that the same evidence is never heard twice.
        $proposal.nodeId = fact.nodeId;
        $proposal.offence = fact.offence;
        $proposal.objective = fact.objective;
        $proposal.period = fact.period;
        $proposal.proposedAt = block.timestamp.toUint64();
        $proposal.accused = operator;
        $.proposalIds.push(proposalId);

        // 2. A new operator is forgiven once, but never a false statement.
        if (fact.offence != IFactSource.Offence.FalseStatement) {
            uint64 graceUntil = _grace(operator, fact.nodeId);
            if (block.timestamp < graceUntil) {
                $proposal.forgiven = true;
                emit OffenceForgiven(proposalId, fact.nodeId, operator, graceUntil);
                return proposalId;
            }
        }

        // 3. Fix what it costs, and hold it back.
        $proposal.harmed = fact.harmed;
        // Rounded down, against the one who is compensated.
        $proposal.compensation = Math.mulDiv(fact.price, $.compensationRate, RATE_UNIT);
        $proposal.amount = _amount(fact, $proposal.compensation);
        emit SlashProposed(
            proposalId,
            fact.nodeId,
            fact.offence,
            fact.period,
            operator,
            $proposal.amount,
            fact.harmed,
            $proposal.compensation,
            fact.objective
        );
        IDelegatedNodeStaking($.staking).freezeExit(fact.nodeId, proposalId, $proposal.amount, _heldUntil($proposal));
    }

    // What the offence costs now, within what the period may cost in sum.
    function _amount(IFactSource.Fact memory fact, uint256 compensation) private returns (uint256 amount) {
        AutoSlasherStorage storage $ = _slasher();
        uint256 atStake = IDelegatedNodeStaking($.staking).slashableStakeOf(fact.nodeId);
        if (fact.service != bytes32(0)) {
            uint256 allocated = IMultiServiceStakeManager($.stakeManager).allocationOf(fact.nodeId, fact.service).amount;
            if (allocated < atStake) atStake = allocated;
        }
        // Both rounded down, in favour of the accused.
        amount = atStake * _penaltyOf(fact) / BPS;
        if (fact.offence == IFactSource.Offence.FailedLease && _failedBefore(fact)) {
            amount = Math.min(amount, compensation);
        }
        uint256 mostPerPeriod = atStake * MAXIMUM_PENALTY_BPS / BPS;
        // Months and the shorter periods of other offences are numbered independently of each other.
        uint256 period = fact.offence == IFactSource.Offence.LowUptime ? fact.period + MONTHS_FROM : fact.period;
        uint256 proposed = $.proposedInPeriod[fact.nodeId][period];
        uint256 left = mostPerPeriod > proposed ? mostPerPeriod - proposed : 0;
        if (amount > left) amount = left;
        if (amount == 0) revert AutoSlasher_NothingAtStake(fact.nodeId, fact.period);
        $.proposedInPeriod[fact.nodeId][period] = proposed + amount;
    }

    // An outage is one failure, however many leases it takes along and whoever ordered them. Otherwise a competitor could turn an hour's outage into half of
    // the stake, by many small orders that he gets back.
    function _failedBefore(IFactSource.Fact memory fact) private returns (bool before) {
        mapping(uint256 day => bool) storage $failed = _slasher().failedOn[fact.nodeId][fact.service];
        uint256 day = fact.provenAt / 1 days;
        before = $failed[day];
        if (!before) $failed[day] = true;
    }

    function _penaltyOf(IFactSource.Fact memory fact) private view returns (uint256) {
        Penalties storage $penalties = _slasher().penalties;
        if (fact.offence == IFactSource.Offence.MissedHeartbeats) return $penalties.missedHeartbeatsBps;
        if (fact.offence == IFactSource.Offence.FailedLease) return $penalties.failedLeaseBps;
        if (fact.offence == IFactSource.Offence.FalseStatement) return $penalties.falseStatementBps;
        if (fact.uptimeBps < 8000) return $penalties.uptimeBelow80Bps;
        if (fact.uptimeBps < 9000) return $penalties.uptimeBelow90Bps;
        if (fact.uptimeBps < 9500) return $penalties.uptimeBelow95Bps;
        revert AutoSlasher_NoBreach(fact.uptimeBps, 9500);
    }

    // The grace belongs to the operator and to the node: neither a new node nor a new owner of an old node starts it anew.
    function _grace(address operator, bytes32 nodeId) private returns (uint64 graceUntil) {
        AutoSlasherStorage storage $ = _slasher();
        uint64 ofOperator = $.operatorGraceUntil[operator];
        uint64 ofNode = $.nodeGraceUntil[nodeId];
        if (ofOperator == 0 && ofNode == 0) {
            graceUntil = (block.timestamp + GRACE_PERIOD).toUint64();
        } else if (ofOperator == 0 || ofNode == 0) {
            graceUntil = ofOperator + ofNode;
        } else {
            graceUntil = ofOperator < ofNode ? ofOperator : ofNode;
        }
        $.operatorGraceUntil[operator] = graceUntil;
        $.nodeGraceUntil[nodeId] = graceUntil;
    }

    // Once the time has passed the staking contract has let go by itself, and anybody may have told it so.
    function _letGo(bytes32 proposalId, Proposal storage $proposal) private {
        if (block.timestamp < _heldUntil($proposal)) {
            IDelegatedNodeStaking(_slasher().staking).unfreezeExit($proposal.nodeId, proposalId);
        }
    }

    function _heldUntil(Proposal storage $proposal) private view returns (uint64) {
        return ($proposal.proposedAt + DISPUTE_WINDOW + ARBITER_WINDOW + EXECUTION_WINDOW).toUint64();
    }

    function _requireStatus(bytes32 proposalId, Status expected) private view {
        Status status = statusOf(proposalId);
        if (status != expected) revert AutoSlasher_WrongStatus(proposalId, status);
    }

    function _slasher() private pure returns (AutoSlasherStorage storage $) {
        assembly ("memory-safe") {
            $.slot := AUTO_SLASHER_STORAGE
        }
    }
}
