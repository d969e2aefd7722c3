// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title ERC-8004 identity registry: agents are ERC-721 tokens with a URI, metadata, a proven wallet, tags, endpoints and optional stake
/// @notice Every right follows the token. The wallet proof, tags and endpoints are cleared when the token moves; metadata written by an earlier owner is
/// not visible under the next one. Stake belongs to the agent: it goes with the token, in unbonding as well, so whoever buys for the stake reads `stakeOf`
/// in the transaction that pays.
///
/// Must: keep stake slashable until its unbonding ends; let the owner of the moment, and nobody else, tag, stake and withdraw, paused or not where it is an exit.
/// Never: stake or rights left with the seller after a transfer; a list that anyone can bloat until removal runs out of gas.
/// @dev Stake in units of the stake asset, times in Unix seconds.
interface IIdentityRegistry is IERC721 {
    /// @notice One metadata entry given at registration.
    struct MetadataEntry {
        string metadataKey;
        bytes metadataValue;
    }

    /// @notice What an agent's stake is worth to those who ask for a tier.
    enum StakeTier {
        None,
        Small,
        Medium,
        High
    }

    /// @notice The stake of an agent.
    /// @param amount counts for the tier
    /// @param leaving in unbonding: slashable, and the owner's of the moment
    /// @param leavesAt when what is leaving can be withdrawn
    struct AgentStake {
        uint128 amount;
        uint128 leaving;
        uint64 leavesAt;
    }

    /// @notice Bounded settings.
    /// @param smallStake least stake of the tier, and so on upwards, at most 1e27
    /// @param unbondingPeriod 8 days, which is longer than the longest delay of a slash by the timelock, to 60 days; from 10 seconds on a localnet
    struct Parameters {
        uint128 smallStake;
        uint128 mediumStake;
        uint128 highStake;
        uint32 unbondingPeriod;
    }

    /// @notice Thrown when the caller does not own the agent.
    error IdentityRegistry_NotOwner(uint256 agentId, address caller);

    /// @notice Thrown when a tag is empty, there already, or not there.
    error IdentityRegistry_InvalidTag(uint256 agentId, bytes32 tag);

    /// @notice Thrown when nothing is given, or there is nothing to take.
    error IdentityRegistry_ZeroAmount();

    /// @notice Thrown when more is to leave than is there.
    error IdentityRegistry_InsufficientStake(uint256 asked, uint256 available);

    /// @notice Thrown when unbonding has not ended.
    error IdentityRegistry_TooEarly(uint256 time, uint256 earliest);

    /// @notice Thrown when an agent was slashed for this evidence before.
    error IdentityRegistry_AlreadySlashed(uint256 agentId, bytes32 evidence);

    /// @notice Thrown when the caller is neither owner nor approved for the agent.
    error IdentityRegistry_NotAuthorized(uint256 agentId, address caller);

    /// @notice Thrown when a text or value is longer than allowed. In bytes.
    error IdentityRegistry_TooLong(uint256 length, uint256 maximum);

    /// @notice Thrown when metadata is written under the key that only the wallet proof may set.
    error IdentityRegistry_ReservedKey(string key);

    /// @notice Thrown when more entries are given than one call may write.
    error IdentityRegistry_TooManyEntries(uint256 count, uint256 maximum);

    /// @notice Thrown when a wallet proof's deadline has passed or lies too far ahead. Unix seconds.
    error IdentityRegistry_InvalidDeadline(uint256 deadline, uint256 time);

    /// @notice Thrown when a wallet proof is not signed by that wallet.
    error IdentityRegistry_InvalidWalletProof(address wallet);

    /// @notice Emitted when an agent was registered.
    event Registered(uint256 indexed agentId, string agentURI, address indexed owner);

    /// @notice Emitted when an agent's URI changed.
    event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy);

    /// @notice Emitted when a metadata entry was written.
    event MetadataSet(
        uint256 indexed agentId, string indexed indexedMetadataKey, string metadataKey, bytes metadataValue
    );

    /// @notice Emitted when the proven wallet changed; zero when it was cleared.
    event AgentWalletSet(uint256 indexed agentId, address indexed wallet);

    /// @notice Emitted when an agent was tagged.
    event TagAdded(uint256 indexed agentId, bytes32 indexed tag);

    /// @notice Emitted when a tag was removed, by the owner or because the agent was transferred.
    event TagRemoved(uint256 indexed agentId, bytes32 indexed tag);

    /// @notice Emitted when an endpoint was set, or removed when empty. A transfer removes all.
    event EndpointSet(uint256 indexed agentId, bytes32 indexed protocol, string url);

    /// @notice Emitted when stake was added.
    event AgentStaked(uint256 indexed agentId, address indexed owner, uint128 amount, uint128 total);

    /// @notice Emitted when stake began to unbond.
    event AgentUnstakeStarted(uint256 indexed agentId, uint128 amount, uint128 leaving, uint64 leavesAt);

    /// @notice Emitted when unbonded stake was withdrawn.
    event AgentStakeWithdrawn(uint256 indexed agentId, address indexed owner, uint128 amount);

    /// @notice Emitted when an agent was slashed.
    event AgentSlashed(
        uint256 indexed agentId, bytes32 indexed evidence, uint128 taken, uint128 remaining, uint128 leaving
    );

    /// @notice Emitted when the treasury was paid.
    event TreasuryPaid(address indexed treasury, uint256 amount);

    /// @notice Emitted when the settings changed.
    event ParametersChanged(Parameters parameters);

    /// @notice Stores the addresses and default settings.
    /// @param stakeAsset an ERC-20 token
    /// @param treasury gets what is slashed
    function initialize(address admin, address stakeAsset, address treasury) external;

    /// @notice Registers an agent without a URI.
    /// @return agentId The new token, counted from 1
    function register() external returns (uint256 agentId);

    /// @notice Registers an agent.
    function register(string calldata agentURI) external returns (uint256 agentId);

    /// @notice Registers an agent with metadata, at most 16 entries.
    function register(string calldata agentURI, MetadataEntry[] calldata metadata) external returns (uint256 agentId);

    /// @notice Changes the URI. Owner or approved only.
    function setAgentURI(uint256 agentId, string calldata newURI) external;

    /// @notice Writes one metadata entry. Owner or approved only.
    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue) external;

    /// @notice Reads one metadata entry of the present owner.
    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory);

    /// @notice Sets the agent's wallet with a proof signed by that wallet (EIP-712, ERC-1271 accepted). Owner or approved only.
    /// @param deadline Unix seconds, at most five minutes ahead
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature) external;

    /// @notice Clears the agent's wallet. Owner or approved only.
    function unsetAgentWallet(uint256 agentId) external;

    /// @notice The proven wallet: the owner at registration, zero after a transfer until proven anew.
    function getAgentWallet(uint256 agentId) external view returns (address);

    /// @notice Whether an account may act for an agent: owner, approved or operator.
    function isAuthorizedOrOwner(address account, uint256 agentId) external view returns (bool);

    /// @notice Tags an agent, with at most eight tags. Owner.
    function addTag(uint256 agentId, bytes32 tag) external;

    /// @notice Removes a tag. Owner; never pausable.
    function removeTag(uint256 agentId, bytes32 tag) external;

    /// @notice Sets where an agent is reached by a protocol (`a2a`, `mcp` and the like), at most eight of 256 bytes each; empty removes. Owner.
    function setEndpoint(uint256 agentId, bytes32 protocol, string calldata url) external;

    /// @notice Adds stake. Owner.
    function stake(uint256 agentId, uint128 amount) external;

    /// @notice Lets stake unbond; what is unbonding already begins anew with it. Owner; never pausable.
    function startUnstake(uint256 agentId, uint128 amount) external;

    /// @notice Withdraws what has unbonded, to the owner. Owner; never pausable.
    function withdrawStake(uint256 agentId) external returns (uint128 amount);

    /// @notice Slashes an agent, at most what is there, once for an evidence. Slasher role.
    /// @param evidence digest of what the slash is for
    function slash(uint256 agentId, uint128 amount, bytes32 evidence) external returns (uint128 taken);

    /// @notice Pays the treasury what was slashed, with anything else that is nobody's stake. Anybody.
    function payTreasury() external returns (uint256 amount);

    /// @notice Changes the settings; what is unbonding keeps its time. Administrator.
    function setParameters(Parameters calldata changed) external;

    /// @notice The tags of an agent; at most eight.
    function tagsOf(uint256 agentId) external view returns (bytes32[] memory);

    /// @notice The number of agents with a tag.
    function countOfTag(bytes32 tag) external view returns (uint256);

    /// @notice A page of the agents with a tag, in no particular order.
    function agentsWithTag(bytes32 tag, uint256 offset, uint256 limit) external view returns (uint256[] memory);

    /// @notice Where an agent is reached by a protocol; empty when it is not.
    function endpointOf(uint256 agentId, bytes32 protocol) external view returns (string memory);

    /// @notice All endpoints of an agent; at most eight.
    function endpointsOf(uint256 agentId) external view returns (bytes32[] memory protocols, string[] memory urls);

    /// @notice The stake of an agent.
    function stakeOf(uint256 agentId) external view returns (AgentStake memory);

    /// @notice The tier of an agent; what is unbonding does not count.
    function tierOf(uint256 agentId) external view returns (StakeTier);

    /// @notice All stake, unbonding or not.
    function totalStake() external view returns (uint256);

    /// @notice The stake asset and who gets what is slashed.
    function staking() external view returns (address asset, address treasury);

    /// @notice The settings in force.
    function parameters() external view returns (Parameters memory);

    /// @notice The number of agents registered so far.
    function agentCount() external view returns (uint256);
}
