// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Performance rewards of RPC nodes
/// @notice A node of DelegatedNodeStaking whose allocation to the service "rpc" is worth the minimum in dollars can enrol. For each epoch of a day an oracle
/// reports uptime, the counter of requests and the mean response; the epoch's budget is divided by score and goes through DelegatedNodeStaking, to operator
/// and delegators. A score is `new requests · uptime · response · region bonus`.
///
/// Must: pay only from the funded pool; take figures within bounds, once per node and epoch; refuse entry, and entry alone, when the price is stale;
/// apply the ownership cap only above a floor of operators.
/// Never: rewards from stake; a request counted twice; leaving while a slash is pending.
/// @dev Stake in units of the stake asset, dollars and rewards in units of the reward asset, prices per 1e18 units of stake, shares in basis points.
interface INodeStakingManager {
    /// @notice The life of an enrolment.
    enum Status {
        None,
        Enrolled,
        Leaving
    }

    /// @notice An enrolled node.
    /// @param requests the counter as of the last report
    struct Enrolment {
        Status status;
        address enrolledBy;
        bytes32 region;
        uint128 locked;
        uint128 requests;
        uint64 enrolledAt;
        uint64 leavesAt;
    }

    /// @notice An epoch.
    /// @param paid of the budget: to nodes, or back to the pool
    struct Epoch {
        uint256 totalScore;
        uint128 budget;
        bool closed;
        uint128 paid;
    }

    /// @notice Bounded settings.
    /// @param minimumValue in dollars, to enrol; 1 to 1e15
    /// @param rewardPerEpoch at most
    /// @param maximumRequests that one node can be credited per epoch
    /// @param priceMaximumAge in seconds, 1 hour to 7 days
    /// @param exitDelay in seconds, 1 day to 60 days (at least 10 seconds on chain 31337)
    /// @param ownershipCapBps of all nodes for one operator
    /// @param operatorFloor from this many operators on the cap applies
    /// @param regionBonusBps for a region that holds less than its even part of the nodes, at most 5,000
    struct Parameters {
        uint128 minimumValue;
        uint128 rewardPerEpoch;
        uint128 maximumRequests;
        uint32 priceMaximumAge;
        uint32 exitDelay;
        uint16 ownershipCapBps;
        uint16 operatorFloor;
        uint16 regionBonusBps;
    }

    /// @notice Thrown when the caller does not operate the node.
    error NodeStakingManager_NotOperator(bytes32 nodeId, address caller);
    /// @notice Thrown when an enrolment is not where the action needs it to be.
    error NodeStakingManager_WrongStatus(bytes32 nodeId, Status status);
    /// @notice Thrown when a region is not known.
    error NodeStakingManager_UnknownRegion(bytes32 region);
    /// @notice Thrown when the price is missing or older than allowed.
    error NodeStakingManager_StalePrice(uint256 setAt, uint256 time);
    /// @notice Thrown when the price moves by more than half at once.
    error NodeStakingManager_PriceJump(uint256 price, uint256 before);
    /// @notice Thrown when the allocation is worth too little.
    error NodeStakingManager_ValueTooLow(uint256 value, uint256 minimum);
    /// @notice Thrown when an operator would have too large a share of the nodes.
    error NodeStakingManager_OwnershipCap(address operator, uint256 nodes, uint256 maximum);
    /// @notice Thrown when an epoch cannot be reported, closed or claimed now.
    error NodeStakingManager_WrongEpoch(uint256 epoch, uint256 present);
    /// @notice Thrown when figures were reported already.
    error NodeStakingManager_AlreadyReported(bytes32 nodeId, uint256 epoch);
    /// @notice Thrown when a figure is out of bounds, or a counter runs backwards.
    error NodeStakingManager_ImplausibleFigure(bytes32 what, uint256 value);
    /// @notice Thrown when an exit has not ended, or a slash is pending.
    error NodeStakingManager_TooEarly(uint256 time, uint256 notBefore);
    error NodeStakingManager_SlashPending(bytes32 nodeId, uint256 frozen);
    /// @notice Thrown when there is nothing to pay.
    error NodeStakingManager_NothingToPay(bytes32 nodeId, uint256 epoch);

    /// @notice Emitted when a node was enrolled.
    event NodeEnrolled(bytes32 indexed nodeId, address indexed operator, bytes32 indexed region, uint256 locked);
    /// @notice Emitted when a node began to leave.
    event ExitStarted(bytes32 indexed nodeId, uint64 leavesAt);
    /// @notice Emitted when a node had left.
    event ExitCompleted(bytes32 indexed nodeId, uint256 released);
    /// @notice Emitted when figures were reported.
    event PerformanceReported(
        bytes32 indexed nodeId,
        uint256 indexed epoch,
        uint16 uptimeBps,
        uint128 newRequests,
        uint32 responseMs,
        uint256 score
    );
    /// @notice Emitted when an epoch's budget was set aside.
    event EpochClosed(uint256 indexed epoch, uint256 budget, uint256 totalScore);
    /// @notice Emitted when a node's reward went to DelegatedNodeStaking.
    event RewardPaid(bytes32 indexed nodeId, uint256 indexed epoch, uint256 amount);
    /// @notice Emitted when what nobody had claimed went back to the pool.
    event BudgetRolledOver(uint256 indexed epoch, uint256 amount);
    /// @notice Emitted when the pool was funded.
    event PoolFunded(address indexed from, uint256 amount);
    /// @notice Emitted when the price changed.
    event PriceChanged(uint256 price);
    /// @notice Emitted when a region became known, or unknown.
    event RegionSet(bytes32 indexed region, bool known);
    /// @notice Emitted when the settings changed.
    event ParametersChanged(Parameters parameters);

    /// @notice Stores the addresses and default settings.
    function initialize(address admin, address staking, address stakeManager, address rewardAsset) external;

    /// @notice Enrols a node and locks its allocation. Operator.
    function enroll(bytes32 nodeId, bytes32 region) external;

    /// @notice Begins to leave. Operator; never pausable, whatever the price.
    function startExit(bytes32 nodeId) external;

    /// @notice Ends an exit and releases the stake to the ledger, unless a slash is pending. Anybody.
    function completeExit(bytes32 nodeId) external;

    /// @notice Adds to the reward pool.
    function fund(uint256 amount) external;

    /// @notice Reports the figures of the last ended epoch. Oracle role.
    /// @param requests the node's counter since its first enrolment
    function report(bytes32 nodeId, uint256 epoch, uint16 uptimeBps, uint128 requests, uint32 responseMs) external;

    /// @notice Sets an epoch's budget aside, a day after its end. Anybody.
    function closeEpoch(uint256 epoch) external;

    /// @notice Pays a node's reward. Anybody; also after the node has left, until the budget is rolled over.
    function claim(bytes32 nodeId, uint256 epoch) external returns (uint256 amount);

    /// @notice Returns to the pool what nobody has claimed for 90 days after an epoch, and what rounding left. Anybody.
    function rollOver(uint256 epoch) external returns (uint256 amount);

    /// @notice Sets the price of stake, by at most half up or down. Price role.
    function setPrice(uint256 price) external;

    /// @notice Makes a region known, or unknown. Administrator.
    function setRegion(bytes32 region, bool known) external;

    /// @notice Changes the settings. Administrator.
    function setParameters(Parameters calldata changed) external;

    /// @notice An enrolment.
    function enrolment(bytes32 nodeId) external view returns (Enrolment memory);

    /// @notice An epoch; its number is Unix time / 1 day.
    function epochInfo(uint256 epoch) external view returns (Epoch memory);

    /// @notice The score of a node in an epoch.
    function scoreOf(bytes32 nodeId, uint256 epoch) external view returns (uint256);

    /// @notice What is in the pool and not set aside.
    function pool() external view returns (uint256);

    /// @notice Enrolled nodes in all, of an operator, in a region, and the number of operators and regions that have any.
    function counts(address operator, bytes32 region)
        external
        view
        returns (uint256 nodes, uint256 ofOperator, uint256 inRegion, uint256 operators, uint256 regions);

    /// @notice Whether nodes may enrol for a region.
    function isRegion(bytes32 region) external view returns (bool);

    /// @notice Price and when it was set.
    function price() external view returns (uint256 value, uint256 setAt);

    /// @notice The settings in force.
    function parameters() external view returns (Parameters memory);
}
