// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Funding of projects: contributions, quadratic matching, stake with conviction
/// @notice A project is a repository or package of a known registry; it belongs to whoever owns that record now. Backers are ERC-8004 agents with stake:
/// one agent, one voice, which grows with the age of its stake. In each epoch contributions go to the projects, and an escrowed budget is divided in
/// proportion to `(Σ √contribution · conviction)²`, at most a capped share per project. All payments are pulled.
///
/// Must: check the ownership of record and agent at every call; keep stake, contributions and budget apart; carry what rounding leaves of a budget into a
/// later one.
/// Never: a stake withdrawn twice; a budget paid from stake; more matched than was escrowed for that epoch.
/// @dev Stake in units of the stake asset, money in units of the payment token, times in Unix seconds. Epochs are counted from 1.
interface IDAOFunding {
    /// @notice A project.
    struct Project {
        address source;
        bytes32 recordId;
        uint64 registeredAt;
    }

    /// @notice Stake behind an agent.
    /// @param since from when its conviction counts; the average of all that was added
    struct Position {
        uint128 amount;
        uint64 since;
        uint128 leaving;
        uint64 leavesAt;
    }

    /// @notice An epoch.
    /// @param budget escrowed for matching
    /// @param matched of it claimed
    /// @param totalWeight of all projects
    /// @param maximumShareBps in force when the epoch was closed
    struct Epoch {
        uint64 from;
        uint64 to;
        uint128 budget;
        uint128 matched;
        uint256 totalWeight;
        uint16 maximumShareBps;
        bool rolledOver;
    }

    /// @notice Bounded settings.
    /// @param minimumStake an agent needs to be heard
    /// @param epochLength in seconds, 1 day to 90 days
    /// @param unbondingPeriod in seconds, 1 day to 60 days (at least 10 seconds on chain 31337)
    /// @param maximumShareBps of the budget for one project, 100 to 10,000
    struct Parameters {
        uint128 minimumStake;
        uint32 epochLength;
        uint32 unbondingPeriod;
        uint16 maximumShareBps;
    }

    /// @notice Thrown when a registry is not known as a source of projects.
    error DAOFunding_UnknownSource(address source);
    /// @notice Thrown when the caller does not own the record.
    error DAOFunding_NotRecordOwner(address source, bytes32 recordId, address caller);
    /// @notice Thrown when a project is registered, or is not.
    error DAOFunding_ProjectExists(bytes32 projectId);
    error DAOFunding_UnknownProject(bytes32 projectId);
    /// @notice Thrown when the caller does not own the agent.
    error DAOFunding_NotAgentOwner(uint256 agentId, address caller);
    /// @notice Thrown when the agent has too little stake of the caller.
    error DAOFunding_StakeTooLow(uint256 agentId, uint256 stake, uint256 minimum);
    /// @notice Thrown when an amount is zero.
    error DAOFunding_ZeroAmount();
    /// @notice Thrown when more is asked for than is staked.
    error DAOFunding_InsufficientStake(uint256 asked, uint256 staked);
    /// @notice Thrown when something has not ended, in Unix seconds.
    error DAOFunding_TooEarly(uint256 time, uint256 notBefore);
    /// @notice Thrown when there is nothing to pay.
    error DAOFunding_NothingToPay();
    /// @notice Thrown when a project was matched in this epoch, or the epoch was rolled over.
    error DAOFunding_AlreadyClaimed(bytes32 projectId, uint64 epoch);

    /// @notice Emitted when a registry became a source of projects, or ceased to be.
    event SourceSet(address indexed source, bool known);
    /// @notice Emitted when a project was registered.
    event ProjectRegistered(bytes32 indexed projectId, address indexed source, bytes32 indexed recordId);
    /// @notice Emitted when stake was put behind an agent.
    event Staked(uint256 indexed agentId, address indexed staker, uint256 amount, uint64 since);
    /// @notice Emitted when stake began to leave.
    event UnstakeStarted(uint256 indexed agentId, address indexed staker, uint256 amount, uint64 leavesAt);
    /// @notice Emitted when stake was paid back.
    event StakeWithdrawn(uint256 indexed agentId, address indexed staker, uint256 amount);
    /// @notice Emitted when a project got a contribution.
    event Contributed(
        bytes32 indexed projectId, uint64 indexed epoch, uint256 indexed agentId, uint256 amount, uint256 projectWeight
    );
    /// @notice Emitted when a budget grew.
    /// @param from who paid; zero for money that had been sent without a call
    event BudgetFunded(uint64 indexed epoch, address indexed from, uint256 amount);
    /// @notice Emitted when an epoch was closed.
    event EpochClosed(uint64 indexed epoch, uint256 budget, uint256 totalWeight);
    /// @notice Emitted when a project claimed contributions and match of an epoch.
    event EpochClaimed(
        bytes32 indexed projectId, uint64 indexed epoch, address indexed owner, uint256 contributions, uint256 matched
    );
    /// @notice Emitted when what nobody claimed went into the running epoch.
    event BudgetRolledOver(uint64 indexed from, uint64 indexed to, uint256 amount);
    /// @notice Emitted when a payee took what was owed.
    event Withdrawn(address indexed payee, uint256 amount);
    /// @notice Emitted when the settings changed.
    event ParametersChanged(Parameters parameters);

    /// @notice Stores addresses and default settings.
    function initialize(address admin, address identityRegistry, address stakeAsset, address paymentToken) external;

    /// @notice Registers a project. Owner of the record only.
    function registerProject(address source, bytes32 recordId) external returns (bytes32 projectId);

    /// @notice Puts stake behind an agent of the caller.
    function stake(uint256 agentId, uint128 amount) external;

    /// @notice Starts to take stake back; it counts no more. Whoever staked, also when the agent is sold. Never pausable.
    function startUnstake(uint256 agentId, uint128 amount) external;

    /// @notice Pays back what has left. Whoever staked; never pausable.
    function withdrawStake(uint256 agentId) external returns (uint256 amount);

    /// @notice Contributes to a project through an agent of the caller, who pays.
    function contribute(bytes32 projectId, uint256 agentId, uint128 amount) external;

    /// @notice Adds to the budget of the running epoch.
    function fundBudget(uint128 amount) external;

    /// @notice Makes money that was sent to the contract without a call budget of the running epoch. Stake is never counted as such. Anybody.
    function bookSurplus() external returns (uint256 amount);

    /// @notice Closes an epoch that has ended. Anybody.
    function closeEpoch() external;

    /// @notice Credits a project's contributions and match of a closed epoch to its owner of now. Anybody.
    function claimEpoch(bytes32 projectId, uint64 epoch) external returns (uint256 contributions, uint256 matched);

    /// @notice Moves what was not claimed of a budget, ninety days after the epoch, into the running one. Anybody.
    function rollOver(uint64 epoch) external returns (uint256 amount);

    /// @notice Pays to a payee what is owed to him. Anybody.
    function withdraw(address payee) external returns (uint256 amount);

    /// @notice Makes a registry a source of projects, or no longer. Administrator.
    function setSource(address source, bool known) external;

    /// @notice Changes the settings. Administrator.
    function setParameters(Parameters calldata changed) external;

    /// @notice Whether records of a contract may be projects.
    function isSource(address source) external view returns (bool);

    /// @notice A project.
    function project(bytes32 projectId) external view returns (Project memory);

    /// @notice Who owns a project now.
    function projectOwner(bytes32 projectId) external view returns (address);

    /// @notice The stake of an account behind an agent.
    function positionOf(uint256 agentId, address staker) external view returns (Position memory);

    /// @notice How much of an agent's voice counts now, in basis points: 10,000 after 30 days.
    function convictionOf(uint256 agentId, address staker) external view returns (uint256);

    /// @notice The running epoch.
    function currentEpoch() external view returns (uint64);

    /// @notice An epoch.
    function epochInfo(uint64 epoch) external view returns (Epoch memory);

    /// @notice Contributions and weight of a project in an epoch.
    function tallyOf(bytes32 projectId, uint64 epoch) external view returns (uint256 contributions, uint256 weight);

    /// @notice What is owed to a payee.
    function owedTo(address payee) external view returns (uint256);

    /// @notice All stake, and all money that the contract owes or holds for somebody.
    function liabilities() external view returns (uint256 staked, uint256 money);

    /// @notice The id of a project.
    function projectIdOf(address source, bytes32 recordId) external view returns (bytes32);

    /// @notice The settings in force.
    function parameters() external view returns (Parameters memory);
}
