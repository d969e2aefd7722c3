// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ContainerRegistry} from "../../src/artifacts/ContainerRegistry.sol";
import {IContainerRegistry} from "../../src/artifacts/IContainerRegistry.sol";
import {Namespaces} from "../../src/naming/Namespaces.sol";
import {ArtifactScene} from "./ArtifactScene.sol";

/// @title A wallet contract that accepts the signatures of one key
contract SigningWallet {
    address private immutable KEY;

    constructor(address key) {
        KEY = key;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (bytes32 r, bytes32 s, uint8 v) = (bytes32(signature[0:32]), bytes32(signature[32:64]), uint8(signature[64]));
        return ecrecover(digest, v, r, s) == KEY ? this.isValidSignature.selector : bytes4(0);
    }
}

contract ContainerRegistryTest is ArtifactScene {
    ContainerRegistry internal registry;
    bytes32 internal repositoryId;
    bytes32 internal constant IMAGE = keccak256("image");

    function setUp() public override {
        super.setUp();
        registry = ContainerRegistry(
            _proxy(
                address(new ContainerRegistry()), abi.encodeCall(ContainerRegistry.initialize, (admin, address(book)))
            )
        );
        vm.startPrank(alice);
        repositoryId = registry.create(HARBOUR, "crane");
        registry.push(repositoryId, IMAGE, 1234, "application/vnd.oci.image.manifest.v1+json");
        vm.stopPrank();
    }

    function _refused(address by) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IContainerRegistry.ContainerRegistry_NotAllowed.selector, repositoryId, by);
    }

    function test_Creator_OwnsWhatHeCreates_AndCanPush() public {
        assertEq(registry.ownerOf(repositoryId), alice);
        assertEq(registry.imageOf(repositoryId, IMAGE).pusher, alice);
        vm.startPrank(bob);
        bytes32 own = registry.create(_accountSpace(bob), "crane");
        registry.push(own, IMAGE, 1, "");
        assertEq(registry.ownerOf(own), bob);
        vm.expectRevert(abi.encodeWithSelector(Namespaces.Namespaces_NotOwner.selector, HARBOUR, bob));
        registry.create(HARBOUR, "other");
        vm.expectRevert(_refused(bob));
        registry.push(repositoryId, keccak256("b"), 1, "");
    }

    function test_RevertWhen_ANameIsMalformedOrAMediaTypeIsTooLong() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IContainerRegistry.ContainerRegistry_InvalidName.selector, string("Crane!"))
        );
        registry.create(HARBOUR, "Crane!");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ContainerRegistry_TooLong.selector, 129, 128));
        registry.push(repositoryId, keccak256("long"), 1, string(new bytes(129)));
    }

    function test_RevertWhen_ADigestIsZeroOrATagIsMalformed() public {
        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IContainerRegistry.ContainerRegistry_UnknownDigest.selector, repositoryId, bytes32(0)
            )
        );
        registry.push(repositoryId, 0, 1, "");
        registry.push(repositoryId, bytes32(uint256(1)), 1, "");
        string[4] memory wrong = ["", "-a", "A", "a b"];
        for (uint256 i = 0; i < wrong.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ContainerRegistry_InvalidName.selector, wrong[i]));
            registry.setTag(repositoryId, wrong[i], 0, IMAGE);
        }
        registry.setTag(repositoryId, "a", 0, IMAGE);
    }

    function test_Digest_IsImmutable() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IContainerRegistry.ContainerRegistry_DigestExists.selector, repositoryId, IMAGE)
        );
        registry.push(repositoryId, IMAGE, 9, "");
        assertEq(registry.imageOf(repositoryId, IMAGE).size, 1234);
    }

    function test_Tag_PointsOnlyAtKnownDigests_ComparesAndKeepsItsHistory() public {
        bytes32 next = keccak256("next");
        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IContainerRegistry.ContainerRegistry_UnknownDigest.selector, repositoryId, next)
        );
        registry.setTag(repositoryId, "latest", 0, next);
        registry.setTag(repositoryId, "latest", 0, IMAGE);
        registry.push(repositoryId, next, 1, "");
        vm.expectRevert(
            abi.encodeWithSelector(
                IContainerRegistry.ContainerRegistry_TagMoved.selector, repositoryId, string("latest"), IMAGE, 0
            )
        );
        registry.setTag(repositoryId, "latest", 0, next);
        registry.setTag(repositoryId, "latest", IMAGE, next);
        assertEq(registry.tagOf(repositoryId, "latest"), next);
        assertEq(registry.tagHistoryLength(repositoryId, "latest"), 2);
        assertEq(registry.tagHistory(repositoryId, "latest", 0, 1)[0].digest, IMAGE);
    }

    function test_Pusher_Pushes_ButNamesNobody_AndIsGoneWithTheOwner() public {
        vm.prank(alice);
        registry.setPusher(repositoryId, bob, true);
        vm.startPrank(bob);
        registry.push(repositoryId, keccak256("b"), 1, "");
        vm.expectRevert(_refused(bob));
        registry.setPusher(repositoryId, carol, true);
        vm.expectRevert(_refused(bob));
        registry.setSigner(repositoryId, bob, true);
        vm.stopPrank();
        _giveNameTo(carol);
        vm.prank(bob);
        vm.expectRevert(_refused(bob));
        registry.push(repositoryId, keccak256("c"), 1, "");
    }

    function test_Signature_IsVerified_AndOnlyOfNamedSigners() public {
        address signer = account("signer");
        bytes memory signature = signatureOf("signer", registry.imageDigest(repositoryId, IMAGE));
        vm.expectRevert(
            abi.encodeWithSelector(IContainerRegistry.ContainerRegistry_InvalidSignature.selector, repositoryId, signer)
        );
        registry.attachSignature(repositoryId, IMAGE, signer, signature);
        vm.prank(alice);
        registry.setSigner(repositoryId, signer, true);
        bytes memory foreign = signatureOf("signer", registry.imageDigest(repositoryId, "other"));
        vm.expectRevert(
            abi.encodeWithSelector(IContainerRegistry.ContainerRegistry_InvalidSignature.selector, repositoryId, signer)
        );
        registry.attachSignature(repositoryId, IMAGE, signer, foreign);
        vm.prank(stranger);
        registry.attachSignature(repositoryId, IMAGE, signer, signature);
        assertTrue(registry.isSignedBy(repositoryId, IMAGE, signer));
        vm.prank(alice);
        registry.setSigner(repositoryId, signer, false);
        assertFalse(registry.isSignedBy(repositoryId, IMAGE, signer));
    }

    function test_Signature_OfAWalletContract_IsAccepted() public {
        address wallet = address(new SigningWallet(account("key")));
        vm.prank(alice);
        registry.setSigner(repositoryId, wallet, true);
        registry.attachSignature(
            repositoryId, IMAGE, wallet, signatureOf("key", registry.imageDigest(repositoryId, IMAGE))
        );
        assertTrue(registry.isSignedBy(repositoryId, IMAGE, wallet));
    }

    function test_UnknownRepository_HasNoOwnerAndNoPusher() public {
        assertEq(registry.ownerOf("x"), address(0));
        assertFalse(registry.mayPush("x", address(0)));
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(IContainerRegistry.ContainerRegistry_NotAllowed.selector, bytes32("x"), stranger)
        );
        registry.push("x", IMAGE, 1, "");
    }
}
