// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title ERC-8004 identity registry: agents are ERC-721 tokens with a URI, metadata and a proven wallet
/// @notice Every right follows the token. The wallet proof is cleared when the token moves. Metadata written by an earlier owner is not visible
/// under the next one.
interface IIdentityRegistry is IERC721 {
    /// @notice One metadata entry given at registration.
    struct MetadataEntry {
        string metadataKey;
        bytes metadataValue;
    }

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

    /// @notice Stores the administrator.
    function initialize(address admin) external;

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

    /// @notice The number of agents registered so far.
    function agentCount() external view returns (uint256);
}
