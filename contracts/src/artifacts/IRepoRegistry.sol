// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOwnedRecords} from "./IOwnedRecords.sol";

/// @title Repositories: branches with compare-and-set heads, protection, collaborators, history
/// @notice A repository lives in a namespace (an account or a JNS name) and belongs to its owner. Id = keccak256(abi.encode(contract, namespace, name)).
///
/// Must: move a head only from the head that the pusher has seen; keep every head that ever was, in pages.
/// Never: let a zero bypass the comparison; let a collaborator of an earlier owner act; let a writer touch a protected branch.
interface IRepoRegistry is IOwnedRecords {
    /// @notice What a collaborator may do.
    enum Role {
        None,
        Writer, // pushes unprotected branches
        Maintainer // pushes protected branches and sets protection
    }

    /// @notice A head as it was set.
    struct Revision {
        bytes32 head;
        address by;
        uint64 at; // Unix seconds
    }

    /// @notice Thrown when a name is empty, too long or has a wrong character.
    error RepoRegistry_InvalidName(string name);
    /// @notice Thrown when a repository exists.
    error RepoRegistry_Exists(bytes32 repoId);
    /// @notice Thrown when a repository does not exist.
    error RepoRegistry_Unknown(bytes32 repoId);
    /// @notice Thrown when the caller may not do this.
    error RepoRegistry_NotAllowed(bytes32 repoId, address caller);
    /// @notice Thrown when the head is not the one that the caller expects.
    error RepoRegistry_HeadMoved(bytes32 repoId, bytes32 branch, bytes32 actual, bytes32 expected);
    /// @notice Thrown when a head is zero, or the same as before.
    error RepoRegistry_InvalidHead(bytes32 head);
    /// @notice Thrown when a branch cannot be deleted because it is protected.
    error RepoRegistry_Protected(bytes32 repoId, bytes32 branch);
    /// @notice Thrown when a text is longer than allowed, in bytes.
    error RepoRegistry_TooLong(uint256 length, uint256 maximum);

    /// @notice Emitted when a repository was created.
    event RepoCreated(bytes32 indexed repoId, bytes32 indexed namespace, string name, address indexed by);
    /// @notice Emitted when a description changed.
    event DescriptionChanged(bytes32 indexed repoId, string description);
    /// @notice Emitted when a head moved.
    event HeadMoved(bytes32 indexed repoId, bytes32 indexed branch, bytes32 from, bytes32 to, address indexed by);
    /// @notice Emitted when a branch was deleted.
    event BranchDeleted(bytes32 indexed repoId, bytes32 indexed branch, bytes32 head, address indexed by);
    /// @notice Emitted when a branch was protected or freed.
    event ProtectionChanged(bytes32 indexed repoId, bytes32 indexed branch, bool isProtected);
    /// @notice Emitted when a collaborator's role changed.
    event CollaboratorChanged(bytes32 indexed repoId, address indexed account, Role role, uint64 epoch);

    /// @notice Stores the addresses.
    function initialize(address admin, address names) external;

    /// @notice Creates a repository. Owner of the namespace only. The branch "main" is protected from the start.
    /// @param name 1 to 64 of a-z, 0-9, hyphen, dot, underscore
    function create(bytes32 namespace, string calldata name, string calldata description)
        external
        returns (bytes32 repoId);

    /// @notice Changes the description, at most 512 bytes. Owner.
    function setDescription(bytes32 repoId, string calldata description) external;

    /// @notice Gives an account a role, or takes it. Owner only.
    function setCollaborator(bytes32 repoId, address account, Role role) external;

    /// @notice Protects a branch or frees it. Owner or maintainer.
    function setProtected(bytes32 repoId, bytes32 branch, bool isProtected) external;

    /// @notice Moves a head.
    /// @param expected the head that the caller has seen; zero only if the branch does not exist
    /// @param head the new one, not zero
    function push(bytes32 repoId, bytes32 branch, bytes32 expected, bytes32 head) external;

    /// @notice Deletes an unprotected branch; its history stays.
    function deleteBranch(bytes32 repoId, bytes32 branch, bytes32 expected) external;

    /// @notice The head of a branch; zero when there is none.
    function headOf(bytes32 repoId, bytes32 branch) external view returns (bytes32);

    /// @notice Whether a branch is protected.
    function isProtected(bytes32 repoId, bytes32 branch) external view returns (bool);

    /// @notice What an account may do, under the present owner.
    function roleOf(bytes32 repoId, address account) external view returns (Role);

    /// @notice How many heads a branch has had; a deletion counts as a zero head.
    function historyLength(bytes32 repoId, bytes32 branch) external view returns (uint256);

    /// @notice A page of them, oldest first.
    function history(bytes32 repoId, bytes32 branch, uint256 offset, uint256 limit)
        external
        view
        returns (Revision[] memory);

    /// @notice Namespace and name of a repository.
    function repo(bytes32 repoId)
        external
        view
        returns (bytes32 namespace, string memory name, string memory description);

    /// @notice The id of a repository.
    function repoIdOf(bytes32 namespace, string calldata name) external view returns (bytes32);

    /// @notice A page of all repositories.
    function repos(uint256 offset, uint256 limit) external view returns (bytes32[] memory);
}
