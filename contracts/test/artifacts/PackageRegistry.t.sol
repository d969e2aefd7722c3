// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IPackageRegistry} from "../../src/artifacts/IPackageRegistry.sol";
import {Namespaces} from "../../src/naming/Namespaces.sol";
import {PackageRegistry} from "../../src/artifacts/PackageRegistry.sol";
import {ArtifactScene} from "./ArtifactScene.sol";

contract PackageRegistryTest is ArtifactScene {
    PackageRegistry internal registry;
    bytes32 internal packageId;

    function setUp() public override {
        super.setUp();
        registry = PackageRegistry(
            _proxy(address(new PackageRegistry()), abi.encodeCall(PackageRegistry.initialize, (admin, address(book))))
        );
        bytes32 role = registry.PAUSER_ROLE();
        vm.prank(admin);
        registry.grantRole(role, guardian);
        packageId = _publish(alice, "1.0.0");
    }

    function _publish(address by, string memory version) internal returns (bytes32) {
        vm.prank(by);
        return registry.publish(HARBOUR, "crane", version, keccak256(bytes(version)), "bafy");
    }

    function _refused(address by) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IPackageRegistry.PackageRegistry_NotAllowed.selector, packageId, by);
    }

    function test_Scope_BelongsToItsAccountOrName_AndToNobodyElse() public {
        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(Namespaces.Namespaces_NotOwner.selector, HARBOUR, bob));
        registry.publish(HARBOUR, "other", "1.0.0", "x", "");
        bytes32 unowned = keccak256("unowned");
        vm.expectRevert(abi.encodeWithSelector(Namespaces.Namespaces_NotOwner.selector, unowned, bob));
        registry.publish(unowned, "other", "1.0.0", "x", "");
        registry.publish(_accountSpace(bob), "other", "1.0.0", "x", "");
    }

    function test_Version_IsImmutable() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IPackageRegistry.PackageRegistry_VersionExists.selector, packageId, string("1.0.0"))
        );
        registry.publish(HARBOUR, "crane", "1.0.0", "another", "");
        assertEq(registry.versionOf(packageId, "1.0.0").digest, keccak256("1.0.0"));
    }

    function test_Version_IsCheckedBySemver() public {
        string[8] memory right = [
            "0.0.0", "1.2.3", "10.20.30", "1.0.0-alpha.1", "1.0.0-0.3.7", "1.0.0+20.exp", "1.0.0-a-b+c", "1.0.0-x.7.z"
        ];
        string[11] memory wrong =
            ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.02.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3-a..b", "v1.2.3"];
        for (uint256 i = 0; i < right.length; i++) {
            assertTrue(registry.isSemanticVersion(right[i]), right[i]);
        }
        for (uint256 i = 0; i < wrong.length; i++) {
            assertTrue(!registry.isSemanticVersion(wrong[i]), wrong[i]);
            vm.prank(alice);
            vm.expectRevert(abi.encodeWithSelector(IPackageRegistry.PackageRegistry_InvalidVersion.selector, wrong[i]));
            registry.publish(HARBOUR, "crane", wrong[i], "x", "");
        }
    }

    function test_Maintainer_Publishes_ButPromotesNeitherHimselfNorOthers() public {
        vm.prank(bob);
        vm.expectRevert(_refused(bob));
        registry.publish(HARBOUR, "crane", "2.0.0", "x", "");
        vm.prank(alice);
        registry.setMaintainer(packageId, bob, true);
        _publish(bob, "2.0.0");
        vm.startPrank(bob);
        vm.expectRevert(_refused(bob));
        registry.setMaintainer(packageId, bob, true);
        vm.expectRevert(_refused(bob));
        registry.setMaintainer(packageId, carol, true);
        vm.expectRevert(abi.encodeWithSelector(Namespaces.Namespaces_NotOwner.selector, HARBOUR, bob));
        registry.publish(HARBOUR, "another", "1.0.0", "x", "");
    }

    function test_NewOwnerOfTheName_InheritsNoMaintainers() public {
        vm.prank(alice);
        registry.setMaintainer(packageId, bob, true);
        _giveNameTo(carol);
        assertFalse(registry.isMaintainer(packageId, bob));
        vm.prank(alice);
        vm.expectRevert(_refused(alice));
        registry.setMaintainer(packageId, alice, true);
        _publish(carol, "2.0.0");
    }

    function test_RevertWhen_AContentIdOrAReasonIsTooLong() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IPackageRegistry.PackageRegistry_TooLong.selector, 129, 128));
        registry.publish(HARBOUR, "crane", "3.0.0", "x", string(new bytes(129)));
        vm.expectRevert(abi.encodeWithSelector(IPackageRegistry.PackageRegistry_TooLong.selector, 513, 512));
        registry.setDeprecated(packageId, "1.0.0", true, string(new bytes(513)));
    }

    function test_Deprecation_KeepsTheVersion() public {
        vm.prank(alice);
        registry.setDeprecated(packageId, "1.0.0", true, "leaks");
        assertTrue(registry.versionOf(packageId, "1.0.0").deprecated);
        assertEq(registry.versionOf(packageId, "1.0.0").digest, keccak256("1.0.0"));
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IPackageRegistry.PackageRegistry_UnknownVersion.selector, packageId, string("9.0.0"))
        );
        registry.setDeprecated(packageId, "9.0.0", true, "");
        vm.prank(stranger);
        vm.expectRevert(_refused(stranger));
        registry.setDeprecated(packageId, "1.0.0", false, "");
    }

    function test_Publish_WithoutDigest_OrMalformedName_Refused() public {
        vm.startPrank(alice);
        vm.expectRevert(IPackageRegistry.PackageRegistry_NoDigest.selector);
        registry.publish(HARBOUR, "crane", "3.0.0", 0, "");
        vm.expectRevert(abi.encodeWithSelector(IPackageRegistry.PackageRegistry_InvalidName.selector, string("Crane!")));
        registry.publish(HARBOUR, "Crane!", "3.0.0", "x", "");
    }

    function test_Versions_ArePaged() public {
        _publish(alice, "1.1.0");
        assertEq(registry.versionCount(packageId), 2);
        assertEq(registry.versions(packageId, 1, 5)[0], "1.1.0");
    }

    function test_Paused_DeprecationStaysOpen() public {
        vm.startPrank(guardian);
        registry.pauseAction(registry.PUBLISH());
        vm.stopPrank();
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("publish")));
        registry.publish(HARBOUR, "crane", "3.0.0", "x", "");
        registry.setDeprecated(packageId, "1.0.0", true, "broken");
    }
}
