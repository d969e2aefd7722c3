// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IRepoRegistry} from "../../src/artifacts/IRepoRegistry.sol";
import {Namespaces} from "../../src/naming/Namespaces.sol";
import {RepoRegistry} from "../../src/artifacts/RepoRegistry.sol";
import {ArtifactScene} from "./ArtifactScene.sol";

contract RepoRegistryTest is ArtifactScene {
    RepoRegistry internal registry;
    bytes32 internal repoId;

    function setUp() public override {
        super.setUp();
        registry = RepoRegistry(
            _proxy(address(new RepoRegistry()), abi.encodeCall(RepoRegistry.initialize, (admin, address(book))))
        );
        bytes32 role = registry.PAUSER_ROLE();
        vm.prank(admin);
        registry.grantRole(role, guardian);
        vm.prank(alice);
        repoId = registry.create(HARBOUR, "engine", "what drives the harbour");
    }

    function _push(address by, bytes32 branch, bytes32 expected, bytes32 head) internal {
        vm.prank(by);
        registry.push(repoId, branch, expected, head);
    }

    function _refused(address by) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IRepoRegistry.RepoRegistry_NotAllowed.selector, repoId, by);
    }

    function _collaborate(address account_, IRepoRegistry.Role role) internal {
        vm.prank(alice);
        registry.setCollaborator(repoId, account_, role);
    }

    function test_RevertWhen_ADescriptionIsTooLong() public {
        bytes memory refusal = abi.encodeWithSelector(IRepoRegistry.RepoRegistry_TooLong.selector, 513, 512);
        vm.startPrank(alice);
        vm.expectRevert(refusal);
        registry.create(HARBOUR, "other", string(new bytes(513)));
        vm.expectRevert(refusal);
        registry.setDescription(repoId, string(new bytes(513)));
    }

    function test_Create_InForeignOrUnownedNamespace_Refused() public {
        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(Namespaces.Namespaces_NotOwner.selector, HARBOUR, bob));
        registry.create(HARBOUR, "other", "");
        vm.expectRevert(abi.encodeWithSelector(Namespaces.Namespaces_NotOwner.selector, keccak256("nobody's"), bob));
        registry.create(keccak256("nobody's"), "other", "");
        registry.create(_accountSpace(bob), "other", "");
        vm.stopPrank();
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IRepoRegistry.RepoRegistry_Exists.selector, repoId));
        registry.create(HARBOUR, "engine", "");
    }

    function test_Name_OfWrongShape_Refused() public {
        string[5] memory wrong = ["", "-a", "A", "a b", "a/b"];
        vm.startPrank(alice);
        for (uint256 i = 0; i < wrong.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(IRepoRegistry.RepoRegistry_InvalidName.selector, wrong[i]));
            registry.create(HARBOUR, wrong[i], "");
        }
    }

    function test_Push_ComparesTheHead_AndZeroBypassesNothing() public {
        _push(alice, "main", 0, "one");
        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRepoRegistry.RepoRegistry_HeadMoved.selector, repoId, bytes32("main"), bytes32("one"), bytes32(0)
            )
        );
        registry.push(repoId, "main", 0, "two");
        vm.expectRevert(
            abi.encodeWithSelector(
                IRepoRegistry.RepoRegistry_HeadMoved.selector, repoId, bytes32("dev"), bytes32(0), bytes32("one")
            )
        );
        registry.push(repoId, "dev", "one", "two");
        vm.expectRevert(abi.encodeWithSelector(IRepoRegistry.RepoRegistry_InvalidHead.selector, bytes32(0)));
        registry.push(repoId, "main", "one", 0);
        registry.push(repoId, "main", "one", "two");
        assertEq(registry.headOf(repoId, "main"), "two");
    }

    function test_Writer_PushesBranches_ButNotProtectedOnes() public {
        _collaborate(bob, IRepoRegistry.Role.Writer);
        _push(bob, "dev", 0, "one");
        vm.startPrank(bob);
        vm.expectRevert(_refused(bob));
        registry.push(repoId, "main", 0, "one");
        vm.expectRevert(_refused(bob));
        registry.setProtected(repoId, "main", false);
        vm.expectRevert(_refused(bob));
        registry.setCollaborator(repoId, bob, IRepoRegistry.Role.Maintainer);
    }

    function test_Maintainer_PushesProtectedBranches_ButPromotesNobody() public {
        _collaborate(bob, IRepoRegistry.Role.Maintainer);
        _push(bob, "main", 0, "one");
        vm.startPrank(bob);
        registry.setProtected(repoId, "dev", true);
        vm.expectRevert(_refused(bob));
        registry.setCollaborator(repoId, carol, IRepoRegistry.Role.Maintainer);
    }

    function test_Stranger_CanDoNothing() public {
        vm.startPrank(stranger);
        vm.expectRevert(_refused(stranger));
        registry.push(repoId, "dev", 0, "one");
        vm.expectRevert(_refused(stranger));
        registry.deleteBranch(repoId, "dev", 0);
        vm.expectRevert(_refused(stranger));
        registry.setDescription(repoId, "mine");
        vm.expectRevert(_refused(stranger));
        registry.setProtected(repoId, "main", false);
        vm.expectRevert(abi.encodeWithSelector(IRepoRegistry.RepoRegistry_Unknown.selector, bytes32("x")));
        registry.push("x", "dev", 0, "one");
    }

    function test_NewOwnerOfTheName_OwnsTheRepository_AndOldCollaboratorsAreGone() public {
        _collaborate(bob, IRepoRegistry.Role.Maintainer);
        _giveNameTo(carol);
        assertEq(registry.ownerOf(repoId), carol);
        vm.prank(bob);
        vm.expectRevert(_refused(bob));
        registry.push(repoId, "main", 0, "one");
        vm.prank(alice);
        vm.expectRevert(_refused(alice));
        registry.push(repoId, "main", 0, "one");
        _push(carol, "main", 0, "one");
        _giveNameTo(alice);
        assertTrue(registry.roleOf(repoId, bob) == IRepoRegistry.Role.None, "nor do they come back");
    }

    function test_DeleteBranch_ComparesTheHead_AndKeepsTheHistory() public {
        _push(alice, "dev", 0, "one");
        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRepoRegistry.RepoRegistry_HeadMoved.selector, repoId, bytes32("dev"), bytes32("one"), bytes32(0)
            )
        );
        registry.deleteBranch(repoId, "dev", 0);
        registry.deleteBranch(repoId, "dev", "one");
        vm.expectRevert(abi.encodeWithSelector(IRepoRegistry.RepoRegistry_Protected.selector, repoId, bytes32("main")));
        registry.deleteBranch(repoId, "main", 0);
        assertEq(registry.historyLength(repoId, "dev"), 2);
        assertEq(registry.history(repoId, "dev", 0, 10)[0].head, "one");
    }

    function test_RevertGiven_ThereIsNoSuchBranch() public {
        bytes memory refusal = abi.encodeWithSelector(IRepoRegistry.RepoRegistry_InvalidHead.selector, bytes32(0));
        vm.startPrank(alice);
        vm.expectRevert(refusal);
        registry.deleteBranch(repoId, "dev", 0);
        registry.push(repoId, "dev", 0, "one");
        registry.deleteBranch(repoId, "dev", "one");
        vm.expectRevert(refusal);
        registry.deleteBranch(repoId, "dev", 0);
        assertEq(registry.historyLength(repoId, "dev"), 2);
    }

    function test_History_IsPaged_AndPushingCostsTheSameAfterAThousandHeads() public {
        _push(alice, "dev", 0, bytes32(uint256(1)));
        _push(alice, "dev", bytes32(uint256(1)), bytes32(uint256(2)));
        uint256 before = gasleft();
        _push(alice, "dev", bytes32(uint256(2)), bytes32(uint256(3)));
        uint256 early = before - gasleft();
        for (uint256 i = 3; i < 1000; i++) {
            _push(alice, "dev", bytes32(i), bytes32(i + 1));
        }
        before = gasleft();
        _push(alice, "dev", bytes32(uint256(1000)), bytes32(uint256(1001)));
        assertLe(before - gasleft(), early + 5000, "gas");
        assertEq(registry.history(repoId, "dev", 1000, 10).length, 1);
        assertEq(registry.history(repoId, "dev", 0, 10_000).length, 256, "page");
    }

    function test_Paused_NothingIsPushed() public {
        vm.startPrank(guardian);
        registry.pauseAction(registry.PUSH());
        vm.stopPrank();
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("push")));
        registry.push(repoId, "dev", 0, "one");
    }
}
