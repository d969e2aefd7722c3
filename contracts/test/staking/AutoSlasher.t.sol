// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAutoSlasher} from "../../src/staking/IAutoSlasher.sol";
import {IFactSource} from "../../src/staking/IFactSource.sol";
import {AutoSlasherScene, FactBook} from "./AutoSlasherScene.sol";

/// @title Evidence, uptime and grace
contract AutoSlasherTest is AutoSlasherScene {
    // ------------------------------------------------------------ evidence

    function test_Propose_FromUnregisteredSource_Refused() public {
        FactBook other = new FactBook();
        vm.expectRevert(abi.encodeWithSelector(IAutoSlasher.AutoSlasher_UnknownSource.selector, address(other)));
        slasher.propose(address(other), "x");
    }

    function test_Propose_WithoutFact_Refused() public {
        vm.expectRevert(abi.encodeWithSelector(FactBook.NoFact.selector, bytes32("x")));
        slasher.propose(address(facts), "x");
    }

    function test_Propose_WithOldOrFutureEvidence_Refused() public {
        IFactSource.Fact memory fact = _fact(IFactSource.Offence.FalseStatement, 1);
        fact.provenAt = uint64(_now() - 1 days - 1);
        facts.write("old", fact);
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_EvidenceOutsideWindow.selector, fact.provenAt, _now())
        );
        slasher.propose(address(facts), "old");
        fact.provenAt = uint64(_now() + 1);
        facts.write("future", fact);
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_EvidenceOutsideWindow.selector, fact.provenAt, _now())
        );
        slasher.propose(address(facts), "future");
    }

    function test_Evidence_IsHeardOncePerPeriod() public {
        _propose(_fact(IFactSource.Offence.FalseStatement, 5), "a");
        facts.write("b", _fact(IFactSource.Offence.FalseStatement, 5));
        vm.expectRevert(
            abi.encodeWithSelector(
                IAutoSlasher.AutoSlasher_AlreadyProposed.selector, NODE, IFactSource.Offence.FalseStatement, 5
            )
        );
        slasher.propose(address(facts), "b");
    }

    function test_FailedLeases_AreHeardEach_ButOnceEach() public {
        _useGrace();
        _proposeLease(alice, 1e6);
        _proposeLease(bob, 1e6);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAutoSlasher.AutoSlasher_AlreadyProposed.selector, NODE, IFactSource.Offence.FailedLease, 7
            )
        );
        slasher.propose(address(facts), keccak256(abi.encode("lease", bob)));
    }

    function test_FailedLeases_OfADay_CostThePenaltyOnce_AndEachItsCompensation() public {
        _useGrace();
        vm.warp((_now() / 1 days + 1) * 1 days);
        IFactSource.Fact memory fact = _fact(IFactSource.Offence.FailedLease, 7);
        fact.service = COMPUTE;
        fact.harmed = alice;
        fact.price = 3e6;
        assertEq(slasher.proposal(_propose(fact, "1")).amount, 200e18, "the penalty");
        assertEq(slasher.proposal(_propose(fact, "2")).amount, 3e18, "what compensates");
        fact.price = 300e6;
        assertEq(slasher.proposal(_propose(fact, "3")).amount, 200e18, "and never more than the penalty");
        // A competitor's many small orders, for which nothing is owed.
        fact.price = 0;
        facts.write("4", fact);
        vm.expectRevert(abi.encodeWithSelector(IAutoSlasher.AutoSlasher_NothingAtStake.selector, NODE, 7));
        slasher.propose(address(facts), "4");
        // Another service of the node is another matter, and so is another day.
        fact.service = bytes32(0);
        assertEq(slasher.proposal(_propose(fact, "5")).amount, 500e18, "another service");
        _skip(1 days);
        fact.provenAt = uint64(_now());
        fact.service = COMPUTE;
        assertEq(slasher.proposal(_propose(fact, "6")).amount, 200e18, "another day");
    }

    function test_Period_CostsAtMostHalfTheStake_InSum() public {
        _useGrace();
        vm.prank(admin);
        slasher.setPenalties(IAutoSlasher.Penalties(3000, 3000, 5000, 1000, 2500, 5000));
        IFactSource.Fact memory fact = _fact(IFactSource.Offence.FailedLease, 9);
        uint256 first = slasher.proposal(_propose(fact, "1")).amount;
        _skip(1 days);
        fact.provenAt = uint64(_now());
        uint256 second = slasher.proposal(_propose(fact, "2")).amount;
        assertEq(first, 3000e18, "first");
        assertEq(second, 2000e18, "second");
        _skip(1 days);
        fact.provenAt = uint64(_now());
        facts.write("3", fact);
        vm.expectRevert(abi.encodeWithSelector(IAutoSlasher.AutoSlasher_NothingAtStake.selector, NODE, 9));
        slasher.propose(address(facts), "3");
    }

    function test_OfUnknownNode_Refused() public {
        IFactSource.Fact memory fact = _fact(IFactSource.Offence.FalseStatement, 1);
        fact.nodeId = "nobody";
        facts.write("x", fact);
        vm.expectRevert(abi.encodeWithSelector(IAutoSlasher.AutoSlasher_UnknownNode.selector, bytes32("nobody")));
        slasher.propose(address(facts), "x");
    }

    function test_PenaltyOfAService_IsOfItsAllocation() public {
        _useGrace();
        IFactSource.Fact memory fact = _fact(IFactSource.Offence.FailedLease, 3);
        fact.service = COMPUTE;
        assertEq(slasher.proposal(_propose(fact, "x")).amount, 200e18);
    }

    // ------------------------------------------------------------ uptime

    function test_Uptime_Below95_90_80_Costs10_25_50Percent() public {
        _useGrace();
        assertEq(slasher.proposal(_reportUptime(9499)).amount, 1000e18, "below 95");
        assertEq(slasher.proposal(_reportUptime(8999)).amount, 2500e18, "below 90");
        assertEq(slasher.proposal(_reportUptime(7999)).amount, 5000e18, "below 80");
    }

    function test_Uptime_AsAgreed_IsNoBreach() public {
        _useGrace();
        uint256 month = _now() / 30 days;
        vm.warp((month + 1) * 30 days + 1 hours);
        vm.prank(oracle);
        vm.expectRevert(abi.encodeWithSelector(IAutoSlasher.AutoSlasher_NoBreach.selector, 9500, 9500));
        slasher.reportUptime(NODE, bytes32(0), uint64(month), 9500);
    }

    function test_Uptime_OfARunningMonth_OrTooLate_Refused() public {
        uint256 month = _now() / 30 days;
        vm.startPrank(oracle);
        vm.expectRevert(abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongMonth.selector, month, month - 1));
        slasher.reportUptime(NODE, bytes32(0), uint64(month), 0);
        vm.warp((month + 1) * 30 days + 1 days + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAutoSlasher.AutoSlasher_EvidenceOutsideWindow.selector, (month + 1) * 30 days, _now()
            )
        );
        slasher.reportUptime(NODE, bytes32(0), uint64(month), 0);
    }

    function test_Uptime_ByStranger_Refused() public {
        bytes32 role = slasher.ORACLE_ROLE();
        vm.prank(stranger);
        expectMissingRole(stranger, role);
        slasher.reportUptime(NODE, bytes32(0), 1, 0);
    }

    // ------------------------------------------------------------ grace

    function test_NewOperator_IsForgivenFor30Days_Once() public {
        bytes32 first = _propose(_fact(IFactSource.Offence.MissedHeartbeats, 1), "a");
        _expectStatus(first, IAutoSlasher.Status.Forgiven);
        _skip(30 days - 1);
        _expectStatus(_propose(_fact(IFactSource.Offence.MissedHeartbeats, 2), "b"), IAutoSlasher.Status.Forgiven);
        _skip(1);
        _expectStatus(_propose(_fact(IFactSource.Offence.MissedHeartbeats, 3), "c"), IAutoSlasher.Status.Open);
        _skip(365 days);
        _expectStatus(_propose(_fact(IFactSource.Offence.MissedHeartbeats, 4), "d"), IAutoSlasher.Status.Open);
    }

    function test_FalseStatement_IsNeverForgiven() public {
        _expectStatus(_propose(_fact(IFactSource.Offence.FalseStatement, 1), "a"), IAutoSlasher.Status.Open);
    }

    function test_NewNodeOrNewOwner_DoesNotStartTheGraceAnew() public {
        _useGrace();
        ledger.set("second", operator, 100e18, 0);
        IFactSource.Fact memory fact = _fact(IFactSource.Offence.MissedHeartbeats, 50);
        fact.nodeId = "second";
        _expectStatus(_propose(fact, "other node"), IAutoSlasher.Status.Open);
        ledger.set(NODE, carol, 1000e18, 0);
        _expectStatus(
            _propose(_fact(IFactSource.Offence.MissedHeartbeats, 51), "other owner"), IAutoSlasher.Status.Open
        );
    }
}
