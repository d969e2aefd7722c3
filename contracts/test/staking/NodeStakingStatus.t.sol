// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {INodeStakingManager} from "../../src/staking/INodeStakingManager.sol";
import {NodeStakingScene} from "./NodeStakingScene.sol";

/// @title What a node may do before, while, and after it is enrolled
contract NodeStakingStatusTest is NodeStakingScene {
    function _expectWrong(INodeStakingManager.Status status) private {
        vm.expectRevert(
            abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_WrongStatus.selector, ONE, status)
        );
    }

    // It would count twice among the nodes, and once it leaves, still once.
    function test_Enrol_WhoIsEnrolledOrLeaving_Refused() public {
        _enroll(ONE, alice, "eu");
        // More than enough to enrol again.
        ledger.allocate(ONE, "rpc", 30_000e18);
        _expectWrong(INodeStakingManager.Status.Enrolled);
        _enroll(ONE, alice, "eu");
        vm.prank(alice);
        manager.startExit(ONE);
        _expectWrong(INodeStakingManager.Status.Leaving);
        _enroll(ONE, alice, "eu");
        _skip(7 days);
        manager.completeExit(ONE);
        vm.prank(oracle);
        manager.setPrice(PRICE);
        _enroll(ONE, alice, "eu");
    }

    function test_Enrol_InARegionThatIsNone_OrNoMore_Refused() public {
        bytes32[2] memory regions = [bytes32("asia"), bytes32("us")];
        vm.prank(admin);
        manager.setRegion("us", false);
        for (uint256 i = 0; i < 2; i++) {
            vm.expectRevert(
                abi.encodeWithSelector(INodeStakingManager.NodeStakingManager_UnknownRegion.selector, regions[i])
            );
            _enroll(ONE, alice, regions[i]);
        }
        vm.prank(admin);
        manager.setRegion("asia", true);
        _enroll(ONE, alice, "asia");
    }

    // Another node of the operator would leave the counts with it.
    function test_Exit_OfWhoNeverEnrolled_OrIsLeaving_Refused() public {
        _stake("second of alice", alice);
        _enroll("second of alice", alice, "eu");
        _expectWrong(INodeStakingManager.Status.None);
        vm.prank(alice);
        manager.startExit(ONE);
        _enroll(ONE, alice, "eu");
        vm.startPrank(alice);
        manager.startExit(ONE);
        _expectWrong(INodeStakingManager.Status.Leaving);
        manager.startExit(ONE);
        vm.stopPrank();
        (uint256 nodes,,,,) = manager.counts(alice, "eu");
        assertEq(nodes, 1, "the second");
    }

    function test_Report_OfWhoNeverEnrolled_OrIsLeaving_Refused() public {
        _expectWrong(INodeStakingManager.Status.None);
        _reportOne();
        _enroll(ONE, alice, "eu");
        vm.prank(alice);
        manager.startExit(ONE);
        _expectWrong(INodeStakingManager.Status.Leaving);
        _reportOne();
        _enroll(TWO, bob, "eu");
        _report(TWO, 10_000, 1, 1);
    }

    function _reportOne() private {
        uint256 epoch = _now() / 1 days - 1;
        vm.prank(oracle);
        manager.report(ONE, epoch, 10_000, 1, 1);
    }
}
