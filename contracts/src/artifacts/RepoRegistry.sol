// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "../governance/Governed.sol";
import {Pages} from "../governance/Pages.sol";
import {Namespaces} from "../naming/Namespaces.sol";
import {ArtifactNames} from "./ArtifactNames.sol";
import {IOwnedRecords} from "./IOwnedRecords.sol";
import {IRepoRegistry} from "./IRepoRegistry.sol";

/// @title RepoRegistry
/// @notice See {IRepoRegistry}.
contract RepoRegistry is IRepoRegistry, Governed, Namespaces {
    using SafeCast for uint256;

    struct Repo {
        bytes32 namespace;
        string name;
        string description;
    }

    struct Branch {
        bytes32 head;
        bool isProtected;
        Revision[] history;
    }

    /// @custom:storage-location erc7201:jeju.storage.RepoRegistry
    struct RepoRegistryStorage {
        mapping(bytes32 repoId => Repo) repos;
        mapping(bytes32 repoId => mapping(bytes32 branch => Branch)) branches;
        mapping(bytes32 repoId => mapping(uint64 epoch => mapping(address account => Role))) roles;
        bytes32[] repoIds;
    }

    /// @notice The branch that is protected from the start.
    bytes32 public constant MAIN = "main";
    /// @notice The pausable actions.
    bytes32 public constant CREATE = "create";
    bytes32 public constant PUSH = "push";

    uint256 private constant MAXIMUM_DESCRIPTION = 512;
    bytes32 private constant REPO_REGISTRY_STORAGE = 0xb4db9ed33111d6c6ad77c95793d95add5b3bcde22ad86dedc974f2f8b0c43700;

    /// @inheritdoc IRepoRegistry
    function initialize(address admin, address registry) external initializer {
        __Governed_init(admin);
        _requireAddress(registry);
        _setNames(registry);
    }

    /// @inheritdoc IRepoRegistry
    function create(bytes32 namespace, string calldata name, string calldata description)
        external
        whenActive(CREATE)
        returns (bytes32 repoId)
    {
        RepoRegistryStorage storage $ = _registry();
        _requireNamespaceOwner(namespace);
        if (!ArtifactNames.isName(name)) revert RepoRegistry_InvalidName(name);
        repoId = repoIdOf(namespace, name);
        Repo storage $repo = $.repos[repoId];
        if ($repo.namespace != bytes32(0)) revert RepoRegistry_Exists(repoId);
        $repo.namespace = namespace;
        $repo.name = name;
        $.repoIds.push(repoId);
        $.branches[repoId][MAIN].isProtected = true;
        emit RepoCreated(repoId, namespace, name, msg.sender);
        emit ProtectionChanged(repoId, MAIN, true);
        _describe(repoId, description);
    }

    /// @inheritdoc IRepoRegistry
    function setDescription(bytes32 repoId, string calldata description) external {
        _requireOwner(repoId);
        _describe(repoId, description);
    }

    /// @inheritdoc IRepoRegistry
    function setCollaborator(bytes32 repoId, address account, Role role) external {
        _requireOwner(repoId);
        _requireAddress(account);
        uint64 epoch = _namespaceEpoch(_registry().repos[repoId].namespace);
        _registry().roles[repoId][epoch][account] = role;
        emit CollaboratorChanged(repoId, account, role, epoch);
    }

    /// @inheritdoc IRepoRegistry
    function setProtected(bytes32 repoId, bytes32 branch, bool protect) external {
        if (!_mayPush(repoId, true)) revert RepoRegistry_NotAllowed(repoId, msg.sender);
        _registry().branches[repoId][branch].isProtected = protect;
        emit ProtectionChanged(repoId, branch, protect);
    }

    /// @inheritdoc IRepoRegistry
    function push(bytes32 repoId, bytes32 branch, bytes32 expected, bytes32 head) external whenActive(PUSH) {
        Branch storage $branch = _registry().branches[repoId][branch];
        if (!_mayPush(repoId, $branch.isProtected)) revert RepoRegistry_NotAllowed(repoId, msg.sender);
        bytes32 actual = $branch.head;
        // Zero is compared like any other head: it means that the branch is not there.
        if (actual != expected) revert RepoRegistry_HeadMoved(repoId, branch, actual, expected);
        if (head == bytes32(0) || head == actual) revert RepoRegistry_InvalidHead(head);
        _move($branch, head);
        emit HeadMoved(repoId, branch, actual, head, msg.sender);
    }

    /// @inheritdoc IRepoRegistry
    function deleteBranch(bytes32 repoId, bytes32 branch, bytes32 expected) external whenActive(PUSH) {
        Branch storage $branch = _registry().branches[repoId][branch];
        if (!_mayPush(repoId, false)) revert RepoRegistry_NotAllowed(repoId, msg.sender);
        if ($branch.isProtected) revert RepoRegistry_Protected(repoId, branch);
        bytes32 actual = $branch.head;
        if (actual != expected) revert RepoRegistry_HeadMoved(repoId, branch, actual, expected);
        if (actual == bytes32(0)) revert RepoRegistry_InvalidHead(actual);
        _move($branch, bytes32(0));
        emit BranchDeleted(repoId, branch, actual, msg.sender);
    }

    /// @inheritdoc IOwnedRecords
    function ownerOf(bytes32 repoId) public view returns (address) {
        bytes32 namespace = _registry().repos[repoId].namespace;
        return namespace == bytes32(0) ? address(0) : namespaceOwner(namespace);
    }

    /// @inheritdoc IRepoRegistry
    function headOf(bytes32 repoId, bytes32 branch) external view returns (bytes32) {
        return _registry().branches[repoId][branch].head;
    }

    /// @inheritdoc IRepoRegistry
    function isProtected(bytes32 repoId, bytes32 branch) external view returns (bool) {
        return _registry().branches[repoId][branch].isProtected;
    }

    /// @inheritdoc IRepoRegistry
    function roleOf(bytes32 repoId, address account) public view returns (Role) {
        bytes32 namespace = _registry().repos[repoId].namespace;
        if (namespace == bytes32(0)) return Role.None;
        return _registry().roles[repoId][_namespaceEpoch(namespace)][account];
    }

    /// @inheritdoc IRepoRegistry
    function historyLength(bytes32 repoId, bytes32 branch) external view returns (uint256) {
        return _registry().branches[repoId][branch].history.length;
    }

    /// @inheritdoc IRepoRegistry
    function history(bytes32 repoId, bytes32 branch, uint256 offset, uint256 limit)
        external
        view
        returns (Revision[] memory part)
    {
        Revision[] storage $history = _registry().branches[repoId][branch].history;
        part = new Revision[](Pages.size($history.length, offset, limit));
        for (uint256 i = 0; i < part.length; i++) {
            part[i] = $history[offset + i];
        }
    }

    /// @inheritdoc IRepoRegistry
    function repo(bytes32 repoId) external view returns (bytes32, string memory, string memory) {
        Repo storage $repo = _registry().repos[repoId];
        return ($repo.namespace, $repo.name, $repo.description);
    }

    /// @inheritdoc IRepoRegistry
    function repoIdOf(bytes32 namespace, string calldata name) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), namespace, name));
    }

    /// @inheritdoc IRepoRegistry
    function repos(uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return Pages.page(_registry().repoIds, offset, limit);
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](2);
        actions[0] = CREATE;
        actions[1] = PUSH;
    }

    function _describe(bytes32 repoId, string calldata description) private {
        if (bytes(description).length > MAXIMUM_DESCRIPTION) {
            revert RepoRegistry_TooLong(bytes(description).length, MAXIMUM_DESCRIPTION);
        }
        _registry().repos[repoId].description = description;
        emit DescriptionChanged(repoId, description);
    }

    function _move(Branch storage $branch, bytes32 head) private {
        $branch.head = head;
        $branch.history.push(Revision({head: head, by: msg.sender, at: block.timestamp.toUint64()}));
    }

    function _mayPush(bytes32 repoId, bool toProtected) private view returns (bool) {
        address owner = ownerOf(repoId);
        if (_registry().repos[repoId].namespace == bytes32(0)) revert RepoRegistry_Unknown(repoId);
        if (owner == msg.sender) return true;
        Role role = roleOf(repoId, msg.sender);
        return role == Role.Maintainer || (role == Role.Writer && !toProtected);
    }

    function _requireOwner(bytes32 repoId) private view {
        if (ownerOf(repoId) != msg.sender) revert RepoRegistry_NotAllowed(repoId, msg.sender);
    }

    function _registry() private pure returns (RepoRegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := REPO_REGISTRY_STORAGE
        }
    }
}
