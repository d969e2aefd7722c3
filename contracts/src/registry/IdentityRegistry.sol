// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC721Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC721/ERC721Upgradeable.sol";
import {AccessControlUpgradeable} from "@openzeppelin/contracts-upgradeable/access/AccessControlUpgradeable.sol";
import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Governed} from "../governance/Governed.sol";
import {AgentProfiles} from "./AgentProfiles.sol";
import {AgentStakes} from "./AgentStakes.sol";
import {IIdentityRegistry} from "./IIdentityRegistry.sol";
import {Signatures} from "../token/Signatures.sol";

/// @title IdentityRegistry
/// @notice See {IIdentityRegistry}.
contract IdentityRegistry is ERC721Upgradeable, EIP712Upgradeable, AgentProfiles, AgentStakes {
    struct Agent {
        address wallet;
        uint64 epoch; // counts owners; metadata is kept per epoch
        string uri;
        mapping(uint64 epoch => mapping(string key => bytes)) metadata;
    }

    /// @custom:storage-location erc7201:jeju.storage.IdentityRegistry
    struct IdentityStorage {
        uint256 agentCount;
        mapping(uint256 agentId => Agent) agents;
    }

    /// @notice EIP-712 type of a wallet proof.
    bytes32 public constant WALLET_TYPEHASH =
        keccak256("AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)");

    uint256 private constant MAXIMUM_URI = 512;
    uint256 private constant MAXIMUM_KEY = 64;
    uint256 private constant MAXIMUM_VALUE = 1024;
    uint256 private constant MAXIMUM_ENTRIES = 16;
    uint256 private constant MAXIMUM_DEADLINE = 5 minutes;
    bytes32 private constant WALLET_KEY = keccak256("agentWallet");
    bytes32 private constant REGISTER = "register";

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.IdentityRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant IDENTITY_STORAGE = 0x7c466973f40707ac2c36957bb9b9d762f7beeeda6d92911565669a43258ccb00;

    modifier authorized(uint256 agentId) {
        if (!isAuthorizedOrOwner(msg.sender, agentId)) revert IdentityRegistry_NotAuthorized(agentId, msg.sender);
        _;
    }

    /// @inheritdoc IIdentityRegistry
    function initialize(address admin, address stakeAsset, address treasury) external initializer {
        __ERC721_init("Jeju Agent Identity", "AGENT");
        __EIP712_init("IdentityRegistry", "1");
        __Governed_init(admin);
        __AgentStakes_init(stakeAsset, treasury);
    }

    /// @inheritdoc IIdentityRegistry
    function register() external returns (uint256 agentId) {
        return _register("");
    }

    /// @inheritdoc IIdentityRegistry
    function register(string calldata agentURI) external returns (uint256 agentId) {
        return _register(agentURI);
    }

    /// @inheritdoc IIdentityRegistry
    function register(string calldata agentURI, MetadataEntry[] calldata metadata) external returns (uint256 agentId) {
        if (metadata.length > MAXIMUM_ENTRIES) {
            revert IdentityRegistry_TooManyEntries(metadata.length, MAXIMUM_ENTRIES);
        }
        agentId = _register(agentURI);
        for (uint256 i = 0; i < metadata.length; i++) {
            _setMetadata(agentId, metadata[i].metadataKey, metadata[i].metadataValue);
        }
    }

    /// @inheritdoc IIdentityRegistry
    function setAgentURI(uint256 agentId, string calldata newURI) external authorized(agentId) {
        _requireLength(bytes(newURI).length, MAXIMUM_URI);
        _identityStorage().agents[agentId].uri = newURI;
        emit URIUpdated(agentId, newURI, msg.sender);
    }

    /// @inheritdoc IIdentityRegistry
    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue)
        external
        authorized(agentId)
    {
        _setMetadata(agentId, metadataKey, metadataValue);
    }

    /// @inheritdoc IIdentityRegistry
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature)
        external
        authorized(agentId)
    {
        _requireAddress(newWallet);
        if (deadline < block.timestamp || deadline > block.timestamp + MAXIMUM_DEADLINE) {
            revert IdentityRegistry_InvalidDeadline(deadline, block.timestamp);
        }
        bytes32 digest =
            _hashTypedDataV4(keccak256(abi.encode(WALLET_TYPEHASH, agentId, newWallet, ownerOf(agentId), deadline)));
        if (!Signatures.isBy(newWallet, digest, signature)) {
            revert IdentityRegistry_InvalidWalletProof(newWallet);
        }
        _setWallet(agentId, newWallet);
    }

    /// @inheritdoc IIdentityRegistry
    function unsetAgentWallet(uint256 agentId) external authorized(agentId) {
        _setWallet(agentId, address(0));
    }

    /// @inheritdoc IIdentityRegistry
    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory) {
        Agent storage agent = _identityStorage().agents[agentId];
        if (keccak256(bytes(metadataKey)) == WALLET_KEY) return abi.encodePacked(agent.wallet);
        return agent.metadata[agent.epoch][metadataKey];
    }

    /// @inheritdoc IIdentityRegistry
    function getAgentWallet(uint256 agentId) external view returns (address) {
        return _identityStorage().agents[agentId].wallet;
    }

    /// @inheritdoc IIdentityRegistry
    function agentCount() external view returns (uint256) {
        return _identityStorage().agentCount;
    }

    /// @inheritdoc IIdentityRegistry
    function isAuthorizedOrOwner(address account, uint256 agentId) public view returns (bool) {
        return _isAuthorized(ownerOf(agentId), account, agentId);
    }

    /// @notice The agent's URI.
    function tokenURI(uint256 agentId) public view override returns (string memory) {
        _requireOwned(agentId);
        return _identityStorage().agents[agentId].uri;
    }

    /// @notice ERC-165.
    function supportsInterface(bytes4 interfaceId)
        public
        view
        override(AccessControlUpgradeable, ERC721Upgradeable, IERC165)
        returns (bool)
    {
        return super.supportsInterface(interfaceId);
    }

    /// @inheritdoc Governed
    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](2);
        actions[0] = REGISTER;
        actions[1] = STAKE;
    }

    // Nothing that the seller proved or wrote goes over to the buyer; the stake, which is the agent's, does.
    function _update(address to, uint256 agentId, address auth) internal override returns (address from) {
        from = super._update(to, agentId, auth);
        if (from == address(0) || from == to) return from;
        _identityStorage().agents[agentId].epoch += 1;
        _setWallet(agentId, address(0));
        _clearProfile(agentId);
    }

    function _requireAgentOwner(uint256 agentId) internal view override {
        if (ownerOf(agentId) != msg.sender) revert IdentityRegistry_NotOwner(agentId, msg.sender);
    }

    function _register(string memory agentURI) private whenActive(REGISTER) returns (uint256 agentId) {
        _requireLength(bytes(agentURI).length, MAXIMUM_URI);
        IdentityStorage storage $ = _identityStorage();
        agentId = ++$.agentCount;
        $.agents[agentId].uri = agentURI;
        // Not the safe variant: a callback before the metadata is written would see half an agent.
        _mint(msg.sender, agentId);
        emit Registered(agentId, agentURI, msg.sender);
        _setWallet(agentId, msg.sender);
    }

    function _setMetadata(uint256 agentId, string calldata key, bytes calldata value) private {
        _requireLength(bytes(key).length, MAXIMUM_KEY);
        _requireLength(value.length, MAXIMUM_VALUE);
        if (keccak256(bytes(key)) == WALLET_KEY) revert IdentityRegistry_ReservedKey(key);
        Agent storage agent = _identityStorage().agents[agentId];
        agent.metadata[agent.epoch][key] = value;
        emit MetadataSet(agentId, key, key, value);
    }

    function _setWallet(uint256 agentId, address wallet) private {
        _identityStorage().agents[agentId].wallet = wallet;
        emit AgentWalletSet(agentId, wallet);
    }

    function _requireLength(uint256 length, uint256 maximum) private pure {
        if (length > maximum) revert IdentityRegistry_TooLong(length, maximum);
    }

    function _identityStorage() private pure returns (IdentityStorage storage $) {
        assembly ("memory-safe") {
            $.slot := IDENTITY_STORAGE
        }
    }
}
