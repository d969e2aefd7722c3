// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStorageManager} from "../../src/registry/IStorageManager.sol";
import {StorageManager} from "../../src/registry/StorageManager.sol";
import {BillingDesk} from "../support/BillingDesk.sol";
import {ProviderBook} from "../support/ProviderBook.sol";
import {Scene} from "../support/Scene.sol";
import {PlainToken} from "../support/Tokens.sol";

contract StorageManagerTest is Scene {
    StorageManager internal manager;
    ProviderBook internal book;
    BillingDesk internal billing;
    PlainToken internal usd;
    bytes32 internal uploadId;
    bytes32[5] internal leaves;
    bytes32 internal constant NODE = "node";
    uint64 internal constant SIZE = 4 * 1024 + 10; // five chunks, the last one short
    uint128 internal constant PRICE = 1 << 30; // a unit per byte and hour

    function setUp() public virtual {
        usd = new PlainToken(6);
        book = new ProviderBook();
        billing = new BillingDesk(usd);
        manager = StorageManager(
            _proxy(
                address(new StorageManager()),
                abi.encodeCall(StorageManager.initialize, (admin, address(book), address(billing)))
            )
        );
        book.add(NODE, bob, bob, "local", "storage");
        vm.prank(bob);
        manager.setPrice(NODE, PRICE);
        usd.mint(alice, 1e15);
        vm.startPrank(alice);
        usd.approve(address(billing), type(uint256).max);
        uploadId = manager.registerUpload("salt", "content", _root(), SIZE, 5);
        vm.stopPrank();
        vm.roll(100);
    }

    function _chunk(uint256 index) internal pure returns (bytes memory data) {
        data = new bytes(index == 4 ? 10 : 1024);
        for (uint256 i = 0; i < data.length; i++) {
            data[i] = bytes1(uint8(index + i));
        }
    }

    function _node(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint8(1), left, right));
    }

    function _root() internal returns (bytes32) {
        for (uint256 i = 0; i < 5; i++) {
            leaves[i] = keccak256(abi.encodePacked(uint8(0), _chunk(i)));
        }
        return _node(_node(_node(leaves[0], leaves[1]), _node(leaves[2], leaves[3])), leaves[4]);
    }

    function _path(uint256 index) internal view returns (bytes32[] memory path) {
        if (index == 4) {
            path = new bytes32[](1);
            path[0] = _node(_node(leaves[0], leaves[1]), _node(leaves[2], leaves[3]));
            return path;
        }
        path = new bytes32[](3);
        path[0] = leaves[index ^ 1];
        path[1] = index < 2 ? _node(leaves[2], leaves[3]) : _node(leaves[0], leaves[1]);
        path[2] = leaves[4];
    }

    uint256 private _pins;

    function _pin(uint32 windows) internal returns (bytes32) {
        vm.prank(alice);
        return manager.pin(uploadId, NODE, bytes32(++_pins), windows, PRICE);
    }

    function _openWindow() internal {
        manager.openWindow();
        vm.roll(block.number + 1);
    }

    function _nextHour() internal {
        vm.warp((_now() / 1 hours + 1) * 1 hours);
    }

    function _prove(bytes32 pinId, uint32 window) internal {
        uint32 asked = manager.challengeOf(pinId, window);
        vm.prank(stranger);
        manager.prove(pinId, window, _chunk(asked), _path(asked));
    }

    function _earned() internal view returns (uint256) {
        return billing.paidToNode(book.stakingNodeOf(NODE));
    }

    function test_ProvenWindows_ArePaid_TheOthersComeBack() public {
        bytes32 pinId = _pin(4);
        assertEq(billing.escrowBalance(address(manager), pinId), 4 * SIZE);
        _nextHour();
        for (uint32 window = 0; window < 4; window++) {
            if (window != 2) {
                _openWindow();
                _prove(pinId, window);
            }
            _nextHour();
        }
        assertFalse(manager.isPinned(pinId));
        manager.refund(pinId);
        assertEq(_earned(), 3 * SIZE);
        assertEq(billing.creditsOf(alice), SIZE);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_WrongPin.selector, pinId));
        manager.refund(pinId);
        assertEq(book.node(NODE).liveLeases, 0);
    }

    function test_EveryChunk_CanBeProven_AndOnlyAtItsPlace() public {
        bytes32 pinId = _pin(200);
        bool[5] memory seen;
        for (uint32 window = 0; window < 60; window++) {
            _nextHour();
            _openWindow();
            uint32 asked = manager.challengeOf(pinId, window);
            seen[asked] = true;
            uint32 other = (asked + 1) % 5;
            vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_InvalidProof.selector, pinId, asked));
            manager.prove(pinId, window, _chunk(other), _path(other));
            _prove(pinId, window);
        }
        assertTrue(seen[0] && seen[1] && seen[2] && seen[3] && seen[4], "all chunks were drawn");
    }

    function test_Proof_OfAnInnerNode_OrTooLong_Refused() public {
        bytes32 pinId = _pin(1);
        _nextHour();
        _openWindow();
        uint32 asked = manager.challengeOf(pinId, 0);
        bytes32[] memory path = _path(asked);
        bytes32[] memory longer = new bytes32[](path.length + 1);
        for (uint256 i = 0; i < path.length; i++) {
            longer[i] = path[i];
        }
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_InvalidProof.selector, pinId, asked));
        manager.prove(pinId, 0, _chunk(asked), longer);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_InvalidProof.selector, pinId, asked));
        manager.prove(pinId, 0, abi.encodePacked(leaves[0], leaves[1]), new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_InvalidProof.selector, pinId, asked));
        manager.prove(pinId, 0, new bytes(1025), path);
    }

    function test_Window_IsNotPaidTwice_NorLate_NorAhead() public {
        bytes32 pinId = _pin(3);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_WrongPin.selector, pinId));
        manager.prove(pinId, 0, "", new bytes32[](0));
        _nextHour();
        _openWindow();
        _prove(pinId, 0);
        uint32 asked = manager.challengeOf(pinId, 0);
        bytes memory chunk = _chunk(asked);
        bytes32[] memory path = _path(asked);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_WrongWindow.selector, pinId, 0, 0));
        manager.prove(pinId, 0, chunk, path);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_WrongWindow.selector, pinId, 1, 0));
        manager.prove(pinId, 1, chunk, path);
        _nextHour();
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_WrongWindow.selector, pinId, 0, 1));
        manager.prove(pinId, 0, chunk, path);
    }

    function test_Challenge_IsDrawnOncePerHour_AndNotUsableInItsBlock() public {
        bytes32 pinId = _pin(3);
        _nextHour();
        uint256 hour = _now() / 1 hours;
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_Challenge.selector, hour));
        manager.challengeOf(pinId, 0);
        manager.openWindow();
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_Challenge.selector, hour));
        manager.openWindow();
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_Challenge.selector, hour));
        manager.challengeOf(pinId, 0);
        vm.roll(block.number + 1);
        uint32 asked = manager.challengeOf(pinId, 0);
        // Fixed by a second call, once, and the same however late it is asked.
        manager.openWindow();
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_Challenge.selector, hour));
        manager.openWindow();
        vm.roll(block.number + 300);
        assertEq(manager.challengeOf(pinId, 0), asked);
    }

    // With what is known in the block, whoever opens would try block by block until he likes the chunk.
    function test_Challenge_IsTheHashOfTheBlockThatOpened_WhichNobodyInItKnows() public {
        bytes32 pinId = _pin(3);
        _nextHour();
        manager.openWindow();
        uint256 opened = block.number;
        vm.roll(opened + 1);
        bytes32 seed = keccak256(abi.encode(blockhash(opened), _now() / 1 hours));
        assertEq(manager.challengeOf(pinId, 0), uint32(uint256(keccak256(abi.encode(seed, pinId))) % 5));
        _prove(pinId, 0);
        assertEq(_earned(), SIZE);
    }

    function test_Challenge_ThatNobodyFixed_IsOpenedOnceMore() public {
        bytes32 pinId = _pin(3);
        _nextHour();
        uint256 hour = _now() / 1 hours;
        manager.openWindow();
        vm.roll(block.number + 257);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_Challenge.selector, hour));
        manager.challengeOf(pinId, 0);
        _openWindow();
        _prove(pinId, 0);
        assertEq(_earned(), SIZE);
    }

    // A pin of a byte for a year would keep a node's stake for a year.
    function test_Node_ReleasesAPin_AndNoOtherNodesSide() public {
        bytes32 pinId = _pin(8760);
        book.add("other", carol, carol, "local", "storage");
        address[3] memory others = [stranger, carol, alice];
        for (uint256 i = 0; i < others.length; i++) {
            vm.expectRevert(
                abi.encodeWithSelector(IStorageManager.StorageManager_NotProvider.selector, pinId, others[i])
            );
            vm.prank(others[i]);
            manager.releasePin(pinId);
        }
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_NotProvider.selector, bytes32(0), bob));
        vm.prank(bob);
        manager.releasePin(0);
        _nextHour();
        vm.prank(bob);
        manager.releasePin(pinId);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_WrongPin.selector, pinId));
        vm.prank(bob);
        manager.releasePin(pinId);
        _nextHour();
        manager.refund(pinId);
        assertEq(billing.creditsOf(alice), uint256(8760) * SIZE);
        assertEq(book.node(NODE).liveLeases, 0);
    }

    function test_ContentId_CannotBeSquatted() public {
        vm.prank(stranger);
        bytes32 other = manager.registerUpload("salt", "content", _root(), SIZE, 5);
        assertTrue(other != uploadId);
        assertEq(manager.upload(uploadId).owner, alice);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_Exists.selector, uploadId));
        manager.registerUpload("salt", "content", "root", SIZE, 5);
    }

    function test_Upload_WithWrongNumberOfChunks_OrEmpty_Refused() public {
        vm.expectRevert(
            abi.encodeWithSelector(IStorageManager.StorageManager_InvalidUpload.selector, bytes32("chunks"))
        );
        manager.registerUpload("x", "content", "root", SIZE, 4);
        vm.expectRevert(
            abi.encodeWithSelector(IStorageManager.StorageManager_InvalidUpload.selector, bytes32("chunks"))
        );
        manager.registerUpload("x", "content", "root", 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_InvalidUpload.selector, bytes32("root")));
        manager.registerUpload("x", "content", 0, SIZE, 5);
    }

    function test_Pin_AboveThePriceAccepted_OrAtAnUnavailableNode_Refused() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_PriceTooHigh.selector, PRICE, PRICE - 1));
        manager.pin(uploadId, NODE, "new", 1, PRICE - 1);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_InvalidWindows.selector, 0, 8760));
        manager.pin(uploadId, NODE, "new", 0, PRICE);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_UnknownUpload.selector, bytes32("x")));
        manager.pin("x", NODE, "new", 1, PRICE);
        book.setUnavailable(NODE, true);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_NodeUnavailable.selector, NODE));
        manager.pin(uploadId, NODE, "new", 1, PRICE);
    }

    function test_Unpin_EndsAfterTheRunningWindow_WhichCanStillBeProven() public {
        bytes32 pinId = _pin(10);
        _nextHour();
        _openWindow();
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_NotConsumer.selector, pinId, stranger));
        manager.unpin(pinId);
        vm.prank(alice);
        manager.unpin(pinId);
        _prove(pinId, 0);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_WrongPin.selector, pinId));
        manager.refund(pinId);
        _nextHour();
        manager.refund(pinId);
        assertEq(_earned(), SIZE);
        assertEq(billing.creditsOf(alice), 9 * SIZE);
    }

    function test_ExpiredPin_CannotBeProven() public {
        bytes32 pinId = _pin(1);
        _nextHour();
        _nextHour();
        _openWindow();
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_WrongPin.selector, pinId));
        manager.prove(pinId, 1, "", new bytes32[](0));
    }

    function test_Price_ByStranger_Refused_AndLaterPriceDoesNotTouchAPin() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_NotOwner.selector, NODE, stranger));
        manager.setPrice(NODE, 1);
        bytes32 pinId = _pin(2);
        vm.prank(bob);
        manager.setPrice(NODE, PRICE * 1000);
        _nextHour();
        _openWindow();
        _prove(pinId, 0);
        assertEq(_earned(), SIZE);
    }
}
