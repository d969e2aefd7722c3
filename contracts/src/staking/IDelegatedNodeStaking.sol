// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Operators and nodes, their own bond and delegation, as slashable shares
/// @notice One stake asset per deployment: an ERC-20, or the native coin when `stakeAsset` is zero; then the `payable` functions take the value sent.
///
/// Each node has two pools, the operator's own bond and the delegators', and for each an active and an unbonding part. All four are slashable: the own
/// bond first, then the delegators'. What is unbonding stays slashable until it is withdrawn. A slash changes pool totals, never single positions, so
/// its gas does not depend on the number of delegators.
///
/// Rewards arrive in the reward asset as gross revenue of a node. Split, adding up to the wei: protocol fee of the gross; the operator's commission of
/// the rest; what remains to all active stake pro rata. Without delegators everything after the fee is the operator's. The delegators' part vests
/// linearly, so that delegating just before a payment gains nothing. All payments are pulled.
///
/// Exits are never pausable. An open case (`freezeExit`) holds back at most its own amount, and ends by itself.
interface IDelegatedNodeStaking {
    /// @notice Bounded settings. Amounts in units of the stake asset, times in seconds.
    struct Parameters {
        uint128 minimumDelegation; // smallest delegation that may exist
        uint128 nodeCap; // largest active stake of one node, own and delegated
        uint16 minimumSelfBondBps; // own bond of all active stake, in basis points
        uint16 protocolFeeBps; // of gross revenue; at most 1000
        uint32 unbondingPeriod; // 13 days (a period, its evidence, a dispute, the arbiter) to 60 days; at least 10 seconds on chain 31337
        uint32 commissionDelay; // before an announced commission applies; at most 30 days
        uint32 rewardVesting; // of the delegators' part; 0 to 30 days
    }

    /// @notice An operator: the account that owns nodes and sets one commission for all of them.
    struct Operator {
        bool registered;
        uint16 commissionBps; // in force now
        uint16 announcedCommissionBps; // equal to the one in force when nothing is announced
        uint64 commissionChangesAt; // Unix seconds, 0 when nothing is announced
    }

    /// @notice A node and its pools. Amounts in units of the stake asset.
    struct Node {
        address operator;
        bool acceptsDelegations;
        uint256 selfStake; // active own bond
        uint256 delegatedStake; // active delegation
        uint256 unbondingSelf;
        uint256 unbondingDelegated;
        uint256 delegatedShares;
        uint256 frozen; // held back by open cases
    }

    /// @notice One request to leave. Its worth can still fall by a slash until it is withdrawn.
    struct UnbondingRequest {
        uint256 shares; // of the node's unbonding pool
        uint256 amount; // worth now, in units of the stake asset
        uint64 withdrawableAt; // Unix seconds
    }

    // ---------------------------------------------------------------- errors

    /// @notice Thrown when an operator registers twice.
    error DelegatedNodeStaking_OperatorExists(address operator);

    /// @notice Thrown when the caller is not a registered operator.
    error DelegatedNodeStaking_UnknownOperator(address operator);

    /// @notice Thrown when a node id is taken.
    error DelegatedNodeStaking_NodeExists(bytes32 nodeId);

    /// @notice Thrown when no node has this id.
    error DelegatedNodeStaking_UnknownNode(bytes32 nodeId);

    /// @notice Thrown when the caller is not the node's operator.
    error DelegatedNodeStaking_NotOperator(bytes32 nodeId, address caller);

    /// @notice Thrown when a commission is outside 2000 to 4000 basis points.
    error DelegatedNodeStaking_CommissionOutOfBounds(uint16 bps, uint16 minimum, uint16 maximum);

    /// @notice Thrown when an amount is zero or below the minimum.
    error DelegatedNodeStaking_AmountTooSmall(uint256 amount, uint256 minimum);

    /// @notice Thrown when more is asked for than is there.
    error DelegatedNodeStaking_InsufficientStake(bytes32 nodeId, uint256 asked, uint256 available);

    /// @notice Thrown when a node does not accept delegations.
    error DelegatedNodeStaking_DelegationsClosed(bytes32 nodeId);

    /// @notice Thrown when delegation would leave the operator with too small a share of the stake.
    error DelegatedNodeStaking_SelfBondTooSmall(bytes32 nodeId, uint256 selfStake, uint256 required);
    /// @notice Thrown when a node is taken over at a higher commission before its delegators could leave.
    error DelegatedNodeStaking_CommissionNotAnnounced(bytes32 nodeId, uint256 commissionBps, uint256 notBefore);

    /// @notice Thrown when a node's active stake would exceed the cap.
    error DelegatedNodeStaking_CapExceeded(bytes32 nodeId, uint256 stake, uint256 cap);

    /// @notice Thrown when an operator asks for stake that backs services.
    error DelegatedNodeStaking_StakeAllocated(bytes32 nodeId, uint256 remaining, uint256 allocated);

    /// @notice Thrown when an operator delegates to a node of his own.
    error DelegatedNodeStaking_OperatorCannotDelegate(bytes32 nodeId);

    /// @notice Thrown when a position has the most open requests allowed.
    error DelegatedNodeStaking_TooManyRequests(bytes32 nodeId, address owner, uint256 maximum);

    /// @notice Thrown when a case is opened twice, is unknown, or is not over yet.
    error DelegatedNodeStaking_InvalidCase(bytes32 nodeId, bytes32 caseId);

    /// @notice Thrown when the value sent does not fit the asset: none for an ERC-20, exactly the amount for the native coin.
    error DelegatedNodeStaking_WrongValue(uint256 sent, uint256 expected);

    /// @notice Thrown when a token delivered another amount than was asked for.
    error DelegatedNodeStaking_UnexpectedTransferAmount(uint256 received, uint256 expected);

    /// @notice Thrown when there is nothing to claim or sweep.
    error DelegatedNodeStaking_NothingToClaim(address account);

    /// @notice Thrown when the native coin cannot be delivered to the account that asked for it.
    error DelegatedNodeStaking_NativeTransferFailed(address to, uint256 amount);

    // ---------------------------------------------------------------- events

    /// @notice Emitted when an operator registered.
    event OperatorRegistered(address indexed operator, uint16 commissionBps);

    /// @notice Emitted when an operator announced another commission.
    event CommissionAnnounced(address indexed operator, uint16 commissionBps, uint64 appliesAt);

    /// @notice Emitted when a node was registered.
    event NodeRegistered(bytes32 indexed nodeId, address indexed operator, bytes32 salt, bool acceptsDelegations);

    /// @notice Emitted when the operator proposed another operator for a node; zero withdraws the proposal.
    event NodeOperatorProposed(bytes32 indexed nodeId, address indexed operator, address indexed proposed);

    /// @notice Emitted when a node, its own bond and its later rewards went to another operator.
    event NodeOperatorChanged(bytes32 indexed nodeId, address indexed previousOperator, address indexed operator);

    /// @notice Emitted when a node opened or closed for delegation.
    event AcceptsDelegationsChanged(bytes32 indexed nodeId, bool accepts);

    /// @notice Emitted when own bond was added.
    event SelfStaked(bytes32 indexed nodeId, address indexed operator, uint256 amount);

    /// @notice Emitted when stake was delegated.
    event Delegated(bytes32 indexed nodeId, address indexed delegator, uint256 amount, uint256 shares);

    /// @notice Emitted when own bond or delegation began to unbond.
    /// @param own Whether it is the operator's own bond
    /// @param poolShares Shares of the active delegation pool given up; 0 for own bond
    /// @param unbondingShares Shares of the unbonding pool received
    event UnbondingStarted(
        bytes32 indexed nodeId,
        address indexed owner,
        bool indexed own,
        uint256 amount,
        uint256 poolShares,
        uint256 unbondingShares,
        uint64 withdrawableAt
    );

    /// @notice Emitted when unbonded stake was paid out.
    event Withdrawn(
        bytes32 indexed nodeId, address indexed owner, bool indexed own, uint256 amount, uint256 unbondingShares
    );

    /// @notice Emitted when a node was slashed. Amounts in units of the stake asset, by pool.
    event Slashed(
        bytes32 indexed nodeId,
        bytes32 indexed caseId,
        uint256 fromSelf,
        uint256 fromUnbondingSelf,
        uint256 fromDelegated,
        uint256 fromUnbondingDelegated
    );

    /// @notice Emitted when slashed stake was credited.
    event SlashedStakeCredited(bytes32 indexed nodeId, bytes32 indexed caseId, address indexed to, uint256 amount);

    /// @notice Emitted when what is nobody's went to the treasury. In units of the asset; zero is the native coin.
    event SurplusSwept(address indexed asset, address indexed treasury, uint256 amount);

    /// @notice Emitted when a case began to hold back stake.
    event ExitFrozen(bytes32 indexed nodeId, bytes32 indexed caseId, uint256 amount, uint64 until);

    /// @notice Emitted when a case stopped holding back stake.
    event ExitUnfrozen(bytes32 indexed nodeId, bytes32 indexed caseId, uint256 amount);

    /// @notice Emitted when revenue of a node was split. In units of the reward asset; the four parts add up to `gross`.
    event RevenueDistributed(
        bytes32 indexed nodeId,
        address indexed operator,
        uint256 gross,
        uint256 protocolFee,
        uint256 commission,
        uint256 operatorShare,
        uint256 delegatorShare
    );

    /// @notice Emitted when a delegator's vested rewards became claimable. In units of the reward asset.
    event RewardsCollected(bytes32 indexed nodeId, address indexed delegator, uint256 amount);

    /// @notice Emitted when rewards were paid out. In units of the reward asset.
    event RewardsClaimed(address indexed account, uint256 amount);

    /// @notice Emitted when credited stake (from slashing) was paid out. In units of the stake asset.
    event StakeCreditClaimed(address indexed account, uint256 amount);

    /// @notice Emitted when the settings changed.
    event ParametersChanged(Parameters parameters);

    /// @notice Emitted when the treasury or the allocation ledger changed.
    event WiringChanged(address indexed treasury, address indexed stakeManager);

    // ---------------------------------------------------------------- actions

    /// @notice Stores addresses and the default settings; nothing is called.
    /// @param admin The administrator
    /// @param stakeAsset ERC-20 that is staked, or zero for the native coin
    /// @param rewardAsset ERC-20 in which revenue arrives
    /// @param stakeManager MultiServiceStakeManager, asked before own bond may leave
    /// @param treasury Receives the protocol fee and the slashed stake, by claim
    function initialize(address admin, address stakeAsset, address rewardAsset, address stakeManager, address treasury)
        external;

    /// @notice Registers the caller as operator.
    /// @param commissionBps 2000 to 4000
    function registerOperator(uint16 commissionBps) external;

    /// @notice Announces another commission, in force after the delay. Announcing again replaces the announcement and starts the delay anew.
    function announceCommission(uint16 commissionBps) external;

    /// @notice Registers a node of the calling operator.
    /// @param salt The caller's own name for the node
    /// @return nodeId `keccak256(abi.encode(contract, caller, salt))`
    function registerNode(bytes32 salt, bool acceptsDelegations) external returns (bytes32 nodeId);

    /// @notice Proposes another operator for a node; zero withdraws the proposal.
    function proposeNodeOperator(bytes32 nodeId, address newOperator) external;

    /// @notice Takes over a node that was proposed to the caller, a registered operator. Unbonding requests stay with who made them. Where there are
    /// delegators and the caller's commission, in force or announced, is higher than the node's, not before the proposal is as old as an announcement.
    function acceptNodeOperator(bytes32 nodeId) external;

    /// @notice Opens or closes a node for new delegation.
    function setAcceptsDelegations(bytes32 nodeId, bool accepts) external;

    /// @notice Adds own bond. Operator only.
    /// @param amount In units of the stake asset; for the native coin equal to the value sent
    function stake(bytes32 nodeId, uint256 amount) external payable;

    /// @notice Delegates the native coin that is sent along.
    function delegate(bytes32 nodeId) external payable;

    /// @notice Delegates tokens.
    /// @param amount In units of the stake asset
    function delegate(bytes32 nodeId, uint256 amount) external;

    /// @notice Starts unbonding of own bond that backs no service. Operator only. As long as the node backs services, the own bond stays at least its part
    /// of all active stake; who serves no more may take out all of it.
    /// @param amount In units of the stake asset
    function unstake(bytes32 nodeId, uint256 amount) external;

    /// @notice Starts unbonding of delegation, in part or in whole.
    /// @param shares Of the node's delegation pool; `type(uint256).max` for all
    function undelegate(bytes32 nodeId, uint256 shares) external;

    /// @notice Pays out what has finished unbonding, to its owner; anybody may call. Partly when an open case holds back the rest.
    /// @return amount In units of the stake asset
    function withdraw(bytes32 nodeId, address owner) external returns (uint256 amount);

    /// @notice Moves a delegator's vested rewards into his claimable balance; anybody may call.
    /// @return amount In units of the reward asset
    function collectRewards(bytes32 nodeId, address delegator) external returns (uint256 amount);

    /// @notice Pays out the caller's claimable rewards.
    /// @return amount In units of the reward asset
    function claimRewards() external returns (uint256 amount);

    /// @notice Pays out an account's claimable rewards, to that account. Anybody: a receiver that is a contract, as the treasury is, need not know how to ask.
    /// @return amount In units of the reward asset
    function claimRewardsFor(address account) external returns (uint256 amount);

    /// @notice Pays out the caller's credited stake (compensation, or slashed stake of the treasury).
    /// @return amount In units of the stake asset
    function claimStakeCredit() external returns (uint256 amount);

    /// @notice Pays out an account's credited stake, to that account. Anybody, for the same reason.
    /// @return amount In units of the stake asset
    function claimStakeCreditFor(address account) external returns (uint256 amount);

    /// @notice Sends the treasury what this contract has of an asset and owes nobody: what was sent to it by mistake, and of the reward asset whole units of
    /// what rounding has left over. Anybody may call. It never touches stake, rewards, or what a node's stream still holds.
    /// @param asset The token; zero for the native coin
    /// @return amount In units of the asset
    function sweepSurplus(address asset) external returns (uint256 amount);

    /// @notice Takes gross revenue of a node from the caller and splits it. Requires `REVENUE_ROLE`.
    /// @param gross In units of the reward asset
    function distributeRevenue(bytes32 nodeId, uint256 gross) external;

    /// @notice Slashes at most `amount`, own bond first. Never reverts for lack of stake. Requires `SLASHER_ROLE`.
    /// @param caseId The evidence, for the record
    /// @param amount In units of the stake asset
    /// @param compensated Who is compensated from the part that was own bond; zero for nobody
    /// @param compensation At most this much to `compensated`; the rest of all goes to the treasury
    /// @return fromOwnBond What the operator lost
    /// @return fromDelegation What the delegators lost
    function slash(bytes32 nodeId, bytes32 caseId, uint256 amount, address compensated, uint256 compensation)
        external
        returns (uint256 fromOwnBond, uint256 fromDelegation);

    /// @notice Holds back stake of a node while a case is open. Requires `SLASHER_ROLE`.
    /// @param amount In units of the stake asset
    /// @param until Unix seconds, at most 14 days ahead; then it ends by itself
    function freezeExit(bytes32 nodeId, bytes32 caseId, uint256 amount, uint64 until) external;

    /// @notice Ends holding back. `SLASHER_ROLE` at any time, anybody once `until` has passed.
    function unfreezeExit(bytes32 nodeId, bytes32 caseId) external;

    /// @notice Changes the settings. Administrator only.
    function setParameters(Parameters calldata parameters) external;

    /// @notice Changes where fees and slashed stake go and who keeps the allocation ledger. Administrator only.
    function setWiring(address treasury, address stakeManager) external;

    // ---------------------------------------------------------------- views

    /// @notice The settings in force.
    function parameters() external view returns (Parameters memory);

    /// @notice The staked ERC-20, zero for the native coin.
    function stakeAsset() external view returns (address);

    /// @notice The ERC-20 of revenue.
    function rewardAsset() external view returns (address);

    /// @notice Who receives fees and slashed stake.
    function treasury() external view returns (address);

    /// @notice The allocation ledger.
    function stakeManager() external view returns (address);

    /// @notice An operator.
    function operatorInfo(address operator) external view returns (Operator memory);

    /// @notice A node; all zero when unknown.
    function node(bytes32 nodeId) external view returns (Node memory);

    /// @notice The operator of a node, zero when unknown.
    function operatorOf(bytes32 nodeId) external view returns (address);

    /// @notice Active stake, own and delegated: what a new allocation may count on. In units of the stake asset.
    function activeStakeOf(bytes32 nodeId) external view returns (uint256);

    /// @notice Everything slashable: active and unbonding. In units of the stake asset.
    function slashableStakeOf(bytes32 nodeId) external view returns (uint256);

    /// @notice A delegator's shares and their worth.
    function delegationOf(bytes32 nodeId, address delegator) external view returns (uint256 shares, uint256 amount);

    /// @notice The open requests of a position, at most 32.
    function unbondingRequestsOf(bytes32 nodeId, address owner) external view returns (UnbondingRequest[] memory);

    /// @notice A delegator's vested rewards that were not collected yet. In units of the reward asset.
    function pendingRewardsOf(bytes32 nodeId, address delegator) external view returns (uint256);

    /// @notice Rewards an account may claim now. In units of the reward asset.
    function claimableRewardsOf(address account) external view returns (uint256);

    /// @notice Credited stake an account may claim now. In units of the stake asset.
    function stakeCreditOf(address account) external view returns (uint256);

    /// @notice The number of nodes.
    function nodeCount() external view returns (uint256);

    /// @notice A page of all nodes, in the order of registration.
    function nodes(uint256 offset, uint256 limit) external view returns (bytes32[] memory nodeIds);

    /// @notice The id that `registerNode` gives a node.
    function nodeIdOf(address operator, bytes32 salt) external view returns (bytes32);
}
