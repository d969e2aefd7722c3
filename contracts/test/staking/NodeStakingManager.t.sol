// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGoverned} from "../../src/governance/IGoverned.sol";
import {INodeStakingManager} from "../../src/staking/INodeStakingManager.sol";
import {NodeStakingScene} from "./NodeStakingScene.sol";

contract NodeStakingManagerTest is NodeStakingScene {
    // ------------------------------------------------------------ entry and exit

    function test_Enrol_NeedsTheMinimumInDollars() public {
        ledger.allocate(ONE, "rpc", 10_000e18 - 1e14);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_ValueTooLow.selector, 1000e6 - 10, 1000e6)
        );
        manager.enroll(ONE, "eu");
        ledger.allocate(ONE, "rpc", 10_000e18);
        _enroll(ONE, alice, "eu");
        assertEq(ledger.allocationOf(ONE, "rpc").locked, 10_000e18);
    }

    function test_StalePrice_PausesEntry_NeverExits() public {
        _enroll(ONE, alice, "eu");
        _skip(1 days + 1);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeStakingManager.NodeStakingManager_StalePrice.selector, _now() - 1 days - 1, _now()
            )
        );
        manager.enroll(TWO, "eu");
        vm.prank(alice);
        manager.startExit(ONE);
        _skip(7 days);
        manager.completeExit(ONE);
        assertEq(ledger.allocationOf(ONE, "rpc").locked, 0);
    }

    function test_LeavingWhileASlashIsPending_Refused() public {
        _enroll(ONE, alice, "eu");
        vm.prank(alice);
        manager.startExit(ONE);
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_TooEarly.selector, _now(), _now() + 7 days)
        );
        manager.completeExit(ONE);
        _skip(7 days);
        ledger.setFrozen(ONE, 1);
        vm.expectRevert(abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_SlashPending.selector, ONE, 1));
        manager.completeExit(ONE);
        ledger.setFrozen(ONE, 0);
        manager.completeExit(ONE);
    }

    function test_Stranger_CannotEnrolReportOrLeaveForOthers() public {
        vm.startPrank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_NotOperator.selector, ONE, stranger)
        );
        manager.enroll(ONE, "eu");
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_NotOperator.selector, ONE, stranger)
        );
        manager.startExit(ONE);
        expectMissingRole(stranger, manager.ORACLE_ROLE());
        manager.report(ONE, 1, 1, 1, 1);
        expectMissingRole(stranger, manager.PRICE_ROLE());
        manager.setPrice(1);
        expectMissingRole(stranger, bytes32(0));
        manager.setRegion("x", true);
    }

    function test_OwnershipCap_DoesNotExcludeTheSecondOperator_ButBitesAboveTheFloor() public {
        _enroll(ONE, alice, "eu");
        _enroll(TWO, bob, "eu");
        for (uint256 i = 0; i < 3; i++) {
            bytes32 nodeId = bytes32(100 + i);
            address operator = account(string(abi.encode("operator", i)));
            _stake(nodeId, operator);
            _enroll(nodeId, operator, "eu");
        }
        _stake("second of alice", alice);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_OwnershipCap.selector, alice, 2, 1)
        );
        manager.enroll("second of alice", "eu");
    }

    // ------------------------------------------------------------ rewards

    function test_Rewards_AreDividedByScore_AndGoThroughTheStakingContract() public {
        _twoNodesInOneRegionEach();
        _report(ONE, 10_000, 3000, 100);
        _report(TWO, 10_000, 1000, 50);
        uint256 epoch = _closeLast();
        assertEq(manager.claim(ONE, epoch), 750e6);
        assertEq(manager.claim(TWO, epoch), 250e6);
        assertEq(ledger.revenue(ONE), 750e6);
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_NothingToPay.selector, ONE, epoch)
        );
        manager.claim(ONE, epoch);
    }

    function test_CumulativeFigures_AreNotPaidTwice_EvenAfterLeavingAndComingBack() public {
        _twoNodesInOneRegionEach();
        _report(ONE, 10_000, 3000, 100);
        uint256 epoch = _now() / 1 days - 1;
        vm.prank(oracle);
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_AlreadyReported.selector, ONE, epoch)
        );
        manager.report(ONE, epoch, 10_000, 6000, 100);
        _skip(1 days);
        _report(ONE, 10_000, 3000, 100);
        assertEq(manager.scoreOf(ONE, epoch + 1), 0, "nothing new");
        vm.prank(alice);
        manager.startExit(ONE);
        _skip(7 days);
        manager.completeExit(ONE);
        vm.prank(oracle);
        manager.setPrice(PRICE);
        _enroll(ONE, alice, "eu");
        _skip(1 days);
        _report(ONE, 10_000, 3100, 100);
        assertEq(manager.scoreOf(ONE, _now() / 1 days - 1), 100 * 10_000, "only what is new");
        _skip(1 days);
        epoch = _now() / 1 days - 1;
        vm.prank(oracle);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeStakingManager.NodeStakingManager_ImplausibleFigure.selector, bytes32("requests"), 3099
            )
        );
        manager.report(ONE, epoch, 10_000, 3099, 100);
    }

    function test_Rewards_ComeFromTheFundedPoolAlone() public {
        _enroll(ONE, alice, "eu");
        _skip(1 days);
        _report(ONE, 10_000, 1000, 1);
        uint256 epoch = _closeLast();
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_NothingToPay.selector, ONE, epoch)
        );
        manager.claim(ONE, epoch);
        assertEq(manager.epochInfo(epoch).budget, 0, "an empty pool pays nothing");
    }

    function testFuzz_Claims_NeverExceedTheBudget(uint64 a, uint64 b, uint16 upA, uint16 upB, uint16 msA) public {
        _twoNodesInOneRegionEach();
        _report(ONE, uint16(_between(upA, 0, 10_000)), a, msA);
        _report(TWO, uint16(_between(upB, 1, 10_000)), uint128(b) + 10_000, 1);
        uint256 epoch = _closeLast();
        uint256 paid = manager.claim(TWO, epoch);
        // A part that rounds to nothing is refused as nothing; every other claim has to succeed.
        uint256 part = 1000e6 * manager.scoreOf(ONE, epoch) / manager.epochInfo(epoch).totalScore;
        if (part == 0) {
            _expectNothingToPay(ONE, epoch);
            manager.claim(ONE, epoch);
        } else {
            assertEq(manager.claim(ONE, epoch), part);
            paid += part;
        }
        assertLe(paid, 1000e6, "budget");
        assertEq(manager.pool(), 9000e6, "the rest stays in the pool");
        assertEq(usd.balanceOf(address(manager)), 10_000e6 - paid);
        // What rounding left, and nothing else, goes back to the pool.
        vm.warp((epoch + 91) * 1 days);
        if (paid == 1000e6) _expectNothingToPay(0, epoch);
        manager.rollOver(epoch);
        assertEq(manager.pool(), usd.balanceOf(address(manager)));
    }

    function _expectNothingToPay(bytes32 nodeId, uint256 epoch) private {
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_NothingToPay.selector, nodeId, epoch)
        );
    }

    function test_UnclaimedBudget_ReturnsToThePool_After90Days_AndIsNotPaidTwice() public {
        _twoNodesInOneRegionEach();
        _report(ONE, 10_000, 1000, 1);
        _report(TWO, 10_000, 1000, 1);
        uint256 epoch = _closeLast();
        manager.claim(TWO, epoch);
        uint256 open = (epoch + 91) * 1 days;
        vm.warp(open - 1);
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_TooEarly.selector, open - 1, open)
        );
        manager.rollOver(epoch);
        vm.warp(open);
        assertEq(manager.rollOver(epoch), 500e6);
        assertEq(manager.pool(), 9500e6);
        _expectNothingToPay(0, epoch);
        manager.rollOver(epoch);
        _expectNothingToPay(ONE, epoch);
        manager.claim(ONE, epoch);
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_WrongEpoch.selector, epoch + 1, open / 1 days)
        );
        manager.rollOver(epoch + 1);
    }

    function test_Regions_AreReadBack() public {
        assertTrue(manager.isRegion("eu"));
        assertFalse(manager.isRegion("asia"));
        vm.prank(admin);
        manager.setRegion("eu", false);
        assertFalse(manager.isRegion("eu"));
    }

    function test_Response_AndUptime_Count() public {
        _twoNodesInOneRegionEach();
        _report(ONE, 5000, 1000, 550);
        uint256 epoch = _now() / 1 days - 1;
        assertEq(manager.scoreOf(ONE, epoch), 1000 * 5000 / 2, "half the time, half the speed");
        _report(TWO, 10_000, 1000, 1000);
        assertEq(manager.scoreOf(TWO, epoch), 0, "too slow");
    }

    function test_ThinRegion_EarnsABonus() public {
        _enroll(ONE, alice, "eu");
        _enroll(TWO, bob, "us");
        _stake("three", carol);
        _enroll("three", carol, "eu");
        _skip(1 days);
        _report(ONE, 10_000, 1000, 1);
        _report(TWO, 10_000, 1000, 1);
        uint256 epoch = _now() / 1 days - 1;
        assertEq(manager.scoreOf(TWO, epoch), manager.scoreOf(ONE, epoch) * 12 / 10);
    }

    function test_Figures_OutOfBounds_OrForAnotherEpoch_Refused() public {
        _twoNodesInOneRegionEach();
        uint256 epoch = _now() / 1 days - 1;
        vm.startPrank(oracle);
        vm.expectRevert(
            abi.encodeWithSelector(
                INodeStakingManager.NodeStakingManager_ImplausibleFigure.selector, bytes32("uptimeBps"), 10_001
            )
        );
        manager.report(ONE, epoch, 10_001, 1, 1);
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_WrongEpoch.selector, epoch + 1, epoch + 1)
        );
        manager.report(ONE, epoch + 1, 1, 1, 1);
        vm.stopPrank();
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_WrongEpoch.selector, epoch, epoch + 1)
        );
        manager.closeEpoch(epoch);
    }

    function test_Requests_BeyondTheBound_AreNotCredited() public {
        _twoNodesInOneRegionEach();
        _report(ONE, 10_000, type(uint128).max, 1);
        assertEq(manager.scoreOf(ONE, _now() / 1 days - 1), 100_000_000 * 10_000);
    }

    function test_Price_MovesByAtMostHalf() public {
        vm.startPrank(oracle);
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_PriceJump.selector, PRICE * 3 / 2 + 1, PRICE)
        );
        manager.setPrice(PRICE * 3 / 2 + 1);
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_PriceJump.selector, PRICE / 2 - 1, PRICE)
        );
        manager.setPrice(PRICE / 2 - 1);
        manager.setPrice(PRICE / 2);
    }

    function test_Paused_ExitsAndClaimsStayOpen() public {
        _twoNodesInOneRegionEach();
        _report(ONE, 10_000, 1000, 1);
        vm.startPrank(guardian);
        manager.pauseAction(manager.ENROLL());
        manager.pauseAction(manager.REPORT());
        vm.stopPrank();
        uint256 epoch = _closeLast();
        manager.claim(ONE, epoch);
        vm.prank(alice);
        manager.startExit(ONE);
        _skip(7 days);
        manager.completeExit(ONE);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("enroll")));
        manager.enroll(ONE, "eu");
    }
}
