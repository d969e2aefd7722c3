// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IFactSource} from "./IFactSource.sol";

/// @title IAutoSlasher
/// @notice Turns facts into slashing: proposal, dispute window, arbiter, execution. Every proposal ends by time alone.
/// @dev Stake is in units of the stake asset, prices in units of the payment asset, times in Unix seconds.
///
/// Must:
/// - take evidence only from registered sources, or from the uptime oracle, once per node, offence and period;
/// - hold back the exit of the amount at stake while a proposal is open;
/// - take the operator's own bond first, and compensate out of that alone, at most the price of the failed period;
/// - take the penalty of failed leases once a day for a node and service; of the others of that day what compensates each consumer, and no more;
/// - execute objective evidence, and drop an oracle's, when the arbiter does not answer.
///
/// Never:
/// - let a dispute be a veto;
/// - forgive a false statement, or forgive an operator or a node a second time;
/// - revert because of how little stake is left.
interface IAutoSlasher {
    /// @notice Where a proposal stands, derived from what happened and from the time.
    /// Unknown → nothing. Forgiven, Dismissed, Executed and Lapsed are final.
    enum Status {
        Unknown,
        Open, // the operator may dispute
        Disputed, // the arbiter may rule
        Executable, // anybody may execute
        Executed,
        Dismissed, // by the arbiter, or by his silence on an oracle's evidence
        Forgiven, // within the grace of a new operator
        Lapsed // nobody executed it in time
    }

    /// @notice A proposal.
    /// @param amount what is slashed at most, fixed when proposed
    /// @param compensation what the harmed party gets at most, fixed when proposed
    struct Proposal {
        bytes32 nodeId;
        IFactSource.Offence offence;
        bool objective;
        bool forgiven;
        bool executed;
        bool ruled;
        bool upheld;
        uint64 period;
        uint64 proposedAt;
        uint64 disputedAt;
        uint64 ruledAt;
        address accused;
        address harmed;
        uint256 amount;
        uint256 compensation;
    }

    /// @notice Shares of the stake that each offence costs, in basis points, at most 5,000.
    struct Penalties {
        uint16 missedHeartbeatsBps;
        uint16 failedLeaseBps;
        uint16 falseStatementBps;
        uint16 uptimeBelow95Bps;
        uint16 uptimeBelow90Bps;
        uint16 uptimeBelow80Bps;
    }

    /// @notice Thrown when evidence comes from a source that is not registered.
    error AutoSlasher_UnknownSource(address source);
    /// @notice Thrown when evidence is older than allowed, or of the future.
    error AutoSlasher_EvidenceOutsideWindow(uint256 provenAt, uint256 time);
    /// @notice Thrown when this node was already proposed for this offence and period.
    error AutoSlasher_AlreadyProposed(bytes32 nodeId, IFactSource.Offence offence, uint256 period);
    /// @notice Thrown when no node has this id.
    error AutoSlasher_UnknownNode(bytes32 nodeId);
    /// @notice Thrown when an uptime is no breach.
    error AutoSlasher_NoBreach(uint256 uptimeBps, uint256 agreedBps);
    /// @notice Thrown when the month has not ended, or has ended too long ago for a report.
    error AutoSlasher_WrongMonth(uint256 month, uint256 expected);
    /// @notice Thrown when the node has nothing at stake, or all that the period may cost was proposed already; of a second failed lease of a day also when
    /// nobody is to be compensated.
    error AutoSlasher_NothingAtStake(bytes32 nodeId, uint256 period);
    /// @notice Thrown when a proposal is not where the action needs it to be.
    error AutoSlasher_WrongStatus(bytes32 proposalId, Status status);
    /// @notice Thrown when somebody else than the accused disputes.
    error AutoSlasher_NotAccused(bytes32 proposalId, address caller);

    /// @notice Emitted when a source was registered or removed.
    event SourceSet(address indexed source, bool registered);
    /// @notice Emitted when the penalties changed.
    event PenaltiesChanged(Penalties penalties);
    /// @notice Emitted when the rate of compensation changed.
    event CompensationRateChanged(uint256 stakePerPaymentUnit);
    /// @notice Emitted when a slash was proposed.
    event SlashProposed(
        bytes32 indexed proposalId,
        bytes32 indexed nodeId,
        IFactSource.Offence indexed offence,
        uint256 period,
        address accused,
        uint256 amount,
        address harmed,
        uint256 compensation,
        bool objective
    );
    /// @notice Emitted instead of a proposal that the grace of a new operator covers.
    event OffenceForgiven(
        bytes32 indexed proposalId, bytes32 indexed nodeId, address indexed operator, uint256 graceUntil
    );
    /// @notice Emitted when the accused disputed.
    event SlashDisputed(bytes32 indexed proposalId, string reason);
    /// @notice Emitted when the arbiter ruled.
    event SlashRuled(bytes32 indexed proposalId, bool upheld, uint256 amount);
    /// @notice Emitted when a slash was executed.
    event SlashExecuted(bytes32 indexed proposalId, uint256 fromOwnBond, uint256 fromDelegation);
    /// @notice Emitted when a proposal that came to nothing stopped holding back stake.
    event ProposalClosed(bytes32 indexed proposalId, Status status);

    /// @notice Stores the addresses and the default penalties.
    function initialize(address admin, address staking, address stakeManager) external;

    /// @notice Proposes a slash from a fact of a registered source. Anybody may call it.
    /// @return proposalId `keccak256(abi.encode(contract, node, offence, period or fact))`
    function propose(address source, bytes32 factId) external returns (bytes32 proposalId);

    /// @notice Proposes a slash for a month of low uptime. Oracle role; the last ended month, within the evidence window.
    /// @param month the number of the month: Unix time / 30 days
    /// @param uptimeBps the measured uptime, in basis points
    function reportUptime(bytes32 nodeId, bytes32 service, uint64 month, uint16 uptimeBps)
        external
        returns (bytes32 proposalId);

    /// @notice Disputes a proposal, once. The accused, or the node's operator of now. Never pausable.
    function dispute(bytes32 proposalId, string calldata reason) external;

    /// @notice Rules on a disputed proposal. Arbiter role.
    /// @param amount what is to be slashed, at most what was proposed; ignored when not upheld
    function rule(bytes32 proposalId, bool upheld, uint256 amount) external;

    /// @notice Executes a proposal. Anybody may call it.
    function execute(bytes32 proposalId) external returns (uint256 fromOwnBond, uint256 fromDelegation);

    /// @notice Lets go of the stake that a proposal held back which came to nothing. Anybody may call it.
    function close(bytes32 proposalId) external;

    /// @notice Registers or removes a source of facts. Administrator.
    function setSource(address source, bool registered) external;

    /// @notice Changes the penalties; proposals made before keep theirs. Administrator.
    function setPenalties(Penalties calldata penalties) external;

    /// @notice Changes the rate of compensation. Administrator.
    /// @param stakePerPaymentUnit stake units for one payment unit, times 1e18; at most 1e36
    function setCompensationRate(uint256 stakePerPaymentUnit) external;

    /// @notice Where a proposal stands now.
    function statusOf(bytes32 proposalId) external view returns (Status);

    /// @notice A proposal; all zero when unknown.
    function proposal(bytes32 proposalId) external view returns (Proposal memory);

    /// @notice The number of proposals.
    function proposalCount() external view returns (uint256);

    /// @notice A page of the proposals, in the order they were made.
    function proposals(uint256 offset, uint256 limit) external view returns (bytes32[] memory proposalIds);

    /// @notice Until when an operator is forgiven; zero when no offence of his is known yet.
    function graceUntilOf(address operator) external view returns (uint256);

    /// @notice Whether a source is registered.
    function isSource(address source) external view returns (bool);

    /// @notice The penalties in force.
    function penalties() external view returns (Penalties memory);

    /// @notice Stake units for one payment unit, times 1e18.
    function compensationRate() external view returns (uint256);
}
