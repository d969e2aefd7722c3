// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Bonded sequencers: who is on duty, what they earn, and what convicts them
/// @notice A sequencer is a node of DelegatedNodeStaking with stake allocated to the service "sequencer"; its operator acts for it. Revenue arrives by
/// epoch: a share goes to the sequencers by weight, the rest to the treasury. Weight that was added counts from the next epoch on, so joining just
/// before an epoch closes gains nothing.
///
/// Status: Unknown → Active → Exiting → Exited, Active → Jailed → Exiting; Exited → Active by registering again.
///
/// Must:
/// - at most 100 sequencers; each with at least the minimum stake, weighted up to the maximum;
/// - keep the stake locked until the unbonding of an exit has ended, and slashable all the time;
/// - convict only by what the chain proves: two seals of one height, outputs that were not posted, forced transactions that were not included.
///
/// Never:
/// - a height that the caller supplies without the sequencer's signature over it;
/// - an instant exit;
/// - unpaid revenue that is lost on leaving;
/// - a conviction by a key that was replaced, or whose sequencer has left, longer ago than an exit takes: its holder may have sold the node.
/// @dev Stake in units of the stake asset, revenue in units of the reward asset, times in Unix seconds.
interface ISequencerRegistry {
    /// @notice The life of a sequencer.
    enum Status {
        Unknown,
        Active,
        Jailed, // convicted: no weight, may only leave
        Exiting,
        Exited
    }

    /// @notice A sequencer.
    /// @param key the address of the key that seals blocks
    /// @param weight what counts in this epoch
    /// @param nextWeight what counts from `nextFrom` on
    /// @param nextFrom an epoch; 0 when no change waits
    /// @param locked stake that this registry holds locked
    /// @param exitsAt when an exit can be completed; 0 when none was started
    struct Sequencer {
        address key;
        Status status;
        uint64 nextFrom;
        uint64 exitsAt;
        uint128 weight;
        uint128 nextWeight;
        uint128 locked;
    }

    /// @notice What a sequencer signs for each block (EIP-712, domain "JejuSequencerRegistry" version "1").
    /// @param chainId the chain that is sequenced
    /// @param height the number of the block
    /// @param blockHash its hash
    struct Seal {
        uint256 chainId;
        uint64 height;
        bytes32 blockHash;
    }

    /// @notice Bounded settings.
    /// @param minimumStake to register; at least 1 unit
    /// @param maximumStake that counts as weight
    /// @param revenueShareBps of an epoch's revenue for the sequencers, in basis points
    /// @param epochLength in seconds, 1 minute to 30 days
    /// @param exitDelay in seconds, 1 day to 60 days (at least 10 seconds on chain 31337)
    /// @param minimumOutputs outputs to be posted per epoch, at most 1,000; 0 for none
    /// @param inclusionWindow seconds within which a forced transaction must be included, 10 minutes to 7 days
    struct Parameters {
        uint128 minimumStake;
        uint128 maximumStake;
        uint16 revenueShareBps;
        uint32 epochLength;
        uint32 exitDelay;
        uint32 minimumOutputs;
        uint32 inclusionWindow;
    }

    /// @notice Thrown when the caller does not operate the node.
    error SequencerRegistry_NotOperator(bytes32 nodeId, address caller);
    /// @notice Thrown when the sequencer is not where the action needs it to be.
    error SequencerRegistry_WrongStatus(bytes32 nodeId, Status status);
    /// @notice Thrown when there are as many sequencers as allowed.
    error SequencerRegistry_Full(uint256 maximum);
    /// @notice Thrown when a key is bound to another node, or its signature does not prove it.
    error SequencerRegistry_KeyNotProven(address key);
    /// @notice Thrown when the stake that can be locked is below the minimum.
    error SequencerRegistry_StakeTooLow(bytes32 nodeId, uint256 stake, uint256 minimum);
    /// @notice Thrown when an exit or an epoch has not ended, in Unix seconds.
    error SequencerRegistry_TooEarly(uint256 time, uint256 notBefore);
    /// @notice Thrown when two seals do not convict: same block, other heights, other chains, or not signed by a key of the node.
    error SequencerRegistry_NoDoubleSigning(bytes32 nodeId);
    /// @notice Thrown when the source of facts is not set; then only double signing convicts.
    error SequencerRegistry_NoFactSource();
    /// @notice Thrown when an epoch has not ended, has no sequencer on duty, or was served.
    error SequencerRegistry_NoFailure(uint256 epoch);
    /// @notice Thrown when no fact has this id.
    error SequencerRegistry_UnknownFact(bytes32 factId);
    /// @notice Thrown when this failure was recorded before.
    error SequencerRegistry_AlreadyRecorded(bytes32 factId);
    /// @notice Thrown when there is nothing to pay.
    error SequencerRegistry_NothingToPay(bytes32 nodeId);
    /// @notice Thrown when an amount is zero.
    error SequencerRegistry_ZeroAmount();

    /// @notice Emitted when a node became a sequencer.
    event SequencerRegistered(bytes32 indexed nodeId, address indexed key, uint256 stake, uint64 fromEpoch);
    /// @notice Emitted when a sequencer changed its key. The old key stays bound to the node.
    event KeyRotated(bytes32 indexed nodeId, address indexed key);
    /// @notice Emitted when a weight changed.
    event WeightChanged(bytes32 indexed nodeId, uint128 weight, uint128 nextWeight, uint64 nextFrom);
    /// @notice Emitted when a sequencer began to leave.
    event ExitStarted(bytes32 indexed nodeId, uint64 exitsAt);
    /// @notice Emitted when a sequencer had left and its stake was released to the ledger.
    event ExitCompleted(bytes32 indexed nodeId, uint256 released);
    /// @notice Emitted when a sequencer was convicted of a failure; AutoSlasher takes it from here.
    event FailureRecorded(bytes32 indexed factId, bytes32 indexed nodeId, bytes32 indexed kind, uint64 epoch);
    /// @notice Emitted when revenue arrived.
    event RevenueReceived(uint64 indexed epoch, address indexed from, uint256 amount);
    /// @notice Emitted when an epoch was closed. The two parts add up to its revenue.
    event EpochClosed(uint64 indexed epoch, uint256 toSequencers, uint256 toTreasury, bytes32 nextOnDuty);
    /// @notice Emitted when a node's revenue went to DelegatedNodeStaking, which splits it.
    event RevenuePaid(bytes32 indexed nodeId, uint256 amount);
    /// @notice Emitted when the treasury's part went there.
    event TreasuryPaid(address indexed treasury, uint256 amount);
    /// @notice Emitted when what is nobody's went to the treasury. In units of the asset; zero is the native coin.
    event SurplusSwept(address indexed asset, address indexed treasury, uint256 amount);
    /// @notice Emitted when the settings changed.
    event ParametersChanged(Parameters parameters);
    /// @notice Emitted when the sources of facts changed; zero for none.
    event FactSourcesChanged(address postedOutputs, address forcedInclusions);

    /// @notice Stores addresses and default settings.
    function initialize(address admin, address staking, address stakeManager, address rewardAsset, address treasury)
        external;

    /// @notice Makes a node a sequencer and locks its allocation. Its operator only.
    /// @param key the sealing key
    /// @param proof the key's signature over {keyDigest}
    function register(bytes32 nodeId, address key, bytes calldata proof) external;

    /// @notice Changes the sealing key. Operator only.
    function rotateKey(bytes32 nodeId, address key, bytes calldata proof) external;

    /// @notice Follows the stake: locks what was allocated since, and takes the weight of a node whose stake no longer backs it. Anybody may call it.
    function syncWeight(bytes32 nodeId) external;

    /// @notice Begins to leave. Operator only; never pausable.
    function startExit(bytes32 nodeId) external;

    /// @notice Ends an exit whose time has passed and releases the stake to the ledger. Anybody may call it.
    function completeExit(bytes32 nodeId) external;

    /// @notice Brings in revenue of the current epoch.
    function depositRevenue(uint256 amount) external;

    /// @notice Closes an epoch that has ended: divides its revenue and draws who is on duty next. Anybody may call it.
    function closeEpoch() external;

    /// @notice Passes a node's revenue on to DelegatedNodeStaking. Anybody may call it, also after the node has left.
    function payRevenue(bytes32 nodeId) external returns (uint256 amount);

    /// @notice Passes the treasury's part on. Anybody may call it.
    function payTreasury() external returns (uint256 amount);

    /// @notice Sends the treasury what was sent here by mistake: of the reward asset what is beyond all revenue that was not paid on, of another asset
    /// all there is. Anybody may call it.
    /// @param asset The token; zero for the native coin
    /// @return amount In units of the asset
    function sweepSurplus(address asset) external returns (uint256 amount);

    /// @notice Convicts a sequencer by two seals of one height. Anybody may call it.
    /// @return factId to be proposed to AutoSlasher
    function reportDoubleSigning(
        bytes32 nodeId,
        Seal calldata first,
        bytes calldata firstSignature,
        Seal calldata second,
        bytes calldata secondSignature
    ) external returns (bytes32 factId);

    /// @notice Convicts whoever was on duty in an epoch with too few posted outputs. Anybody may call it; needs the source of outputs.
    function reportDowntime(uint64 epoch) external returns (bytes32 factId);

    /// @notice Convicts whoever was on duty when a forced transaction should have been included. Anybody may call it; needs the queue.
    /// @param epoch the epoch in which its time ran out
    /// @param entry the number of the entry in the queue
    function reportCensorship(uint64 epoch, uint256 entry) external returns (bytes32 factId);

    /// @notice Changes the settings. Administrator.
    function setParameters(Parameters calldata changed) external;

    /// @notice Changes where facts come from; zero for none. Administrator.
    function setFactSources(address postedOutputs, address forcedInclusions) external;

    /// @notice A sequencer as of now.
    function sequencer(bytes32 nodeId) external view returns (Sequencer memory);

    /// @notice The sequencers that have weight or will have; at most 100.
    function sequencers() external view returns (bytes32[] memory);

    /// @notice The node that a key is bound to, for ever.
    function nodeOfKey(address key) external view returns (bytes32);

    /// @notice What a key signs to prove itself.
    function keyDigest(bytes32 nodeId, address key) external view returns (bytes32);

    /// @notice What a sequencer signs for a block.
    function sealDigest(Seal calldata sealed_) external view returns (bytes32);

    /// @notice The running epoch, its start and its revenue so far.
    function currentEpoch() external view returns (uint64 epoch, uint64 startedAt, uint256 revenue);

    /// @notice Start and end of an epoch; the end is 0 while it runs.
    function epochBounds(uint64 epoch) external view returns (uint64 from, uint64 to);

    /// @notice Who is or was on duty in an epoch; zero when nobody was there.
    function onDuty(uint64 epoch) external view returns (bytes32 nodeId);

    /// @notice The sum of all weights that count in this epoch.
    function totalWeight() external view returns (uint256);

    /// @notice Revenue of a node that was not passed on yet.
    function unpaidRevenueOf(bytes32 nodeId) external view returns (uint256);

    /// @notice The treasury's part that was not passed on yet.
    function unpaidTreasury() external view returns (uint256);

    /// @notice The settings in force.
    function parameters() external view returns (Parameters memory);
}
