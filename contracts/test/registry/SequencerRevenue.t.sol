// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {PlainToken} from "../support/Tokens.sol";
import {SequencerScene} from "./SequencerScene.sol";

contract SequencerRevenueTest is SequencerScene {
    // `held` in the contract's storage; layouts/SequencerRegistry.txt has its place.
    uint256 private constant HELD = 0x2e2cd0953b0e1d1449ba5f3c3e6ac1d97d3db2f71d97b6d6c387367268400b00 + 22;

    function test_Epoch_PaysByWeight_RestToTreasury() public {
        _registerBoth();
        _closeEpoch();
        registry.depositRevenue(1000e6);
        _closeEpoch();
        assertEq(registry.unpaidRevenueOf(ONE), 200e6);
        assertEq(registry.unpaidRevenueOf(TWO), 600e6);
        assertEq(registry.unpaidTreasury(), 200e6);
        registry.payRevenue(ONE);
        registry.payTreasury();
        assertEq(ledger.revenue(ONE), 200e6);
        assertEq(usd.balanceOf(treasury), 200e6);
    }

    function test_TreasuryShare_IsPaidOnce() public {
        _registerBoth();
        _closeEpoch();
        registry.depositRevenue(1000e6);
        _closeEpoch();
        assertEq(registry.payTreasury(), 200e6);
        assertEq(usd.balanceOf(treasury), 200e6);
        assertEq(registry.unpaidTreasury(), 0);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NothingToPay.selector, bytes32(0)));
        registry.payTreasury();
    }

    function test_NodesRevenue_IsPaidOnce() public {
        _registerBoth();
        _closeEpoch();
        registry.depositRevenue(1000e6);
        _closeEpoch();
        assertEq(registry.payRevenue(ONE), 200e6);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NothingToPay.selector, ONE));
        registry.payRevenue(ONE);
    }

    function test_Surplus_SentByMistake_IsTheTreasurys_ToTheUnit_AndNoRevenueIsTouched() public {
        PlainToken other = new PlainToken(18);
        _registerBoth();
        _closeEpoch();
        registry.depositRevenue(1000e6);
        _closeEpoch();
        registry.depositRevenue(503);
        registry.payRevenue(ONE);
        bytes memory nothing =
            abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NothingToPay.selector, bytes32(0));
        vm.expectRevert(nothing);
        registry.sweepSurplus(address(usd));
        vm.expectRevert(nothing);
        registry.sweepSurplus(address(other));
        usd.mint(address(registry), 4711);
        other.mint(address(registry), 99);
        vm.deal(address(registry), 3);
        vm.expectEmit(address(registry));
        emit ISequencerRegistry.SurplusSwept(address(usd), treasury, 4711);
        assertEq(registry.sweepSurplus(address(usd)), 4711);
        assertEq(registry.sweepSurplus(address(other)), 99);
        uint256 before = treasury.balance;
        assertEq(registry.sweepSurplus(address(0)), 3);
        assertEq(usd.balanceOf(treasury), 4711);
        assertEq(other.balanceOf(treasury), 99);
        assertEq(treasury.balance - before, 3);
        vm.expectRevert(nothing);
        registry.sweepSurplus(address(usd));
        // The others' revenue is there.
        registry.payRevenue(TWO);
        registry.payTreasury();
        assertEq(usd.balanceOf(address(registry)), 503, "of the epoch that runs");
    }

    // A registry that held money before it counted begins with all that it has.
    function test_Surplus_OfARegistryThatHeldMoneyBeforeItCounted_IsOnlyWhatComesLater() public {
        _registerBoth();
        _closeEpoch();
        registry.depositRevenue(1000e6);
        _closeEpoch();
        usd.mint(address(registry), 4711);
        vm.store(address(registry), bytes32(HELD), 0);
        uint256 snapshot = vm.snapshotState();
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NothingToPay.selector, bytes32(0)));
        registry.sweepSurplus(address(usd));
        // It begins with what goes out ...
        registry.payTreasury();
        registry.payRevenue(ONE);
        usd.mint(address(registry), 17);
        assertEq(registry.sweepSurplus(address(usd)), 17);
        vm.revertToState(snapshot);
        registry.payRevenue(ONE);
        usd.mint(address(registry), 19);
        assertEq(registry.sweepSurplus(address(usd)), 19);
        vm.revertToState(snapshot);
        // ... or with what comes in.
        registry.depositRevenue(1009);
        usd.mint(address(registry), 23);
        assertEq(registry.sweepSurplus(address(usd)), 23);
        assertEq(registry.payRevenue(TWO), 600e6);
    }

    function test_JoiningJustBeforeTheEpochCloses_GainsNothing() public {
        _register(ONE, alice, "key one");
        _closeEpoch();
        registry.depositRevenue(1000e6);
        _skip(1 days - 1);
        _register(TWO, bob, "key two");
        _skip(1);
        registry.closeEpoch();
        assertEq(registry.unpaidRevenueOf(TWO), 0, "late comer");
        assertEq(registry.unpaidRevenueOf(ONE), 800e6, "who served");
        registry.depositRevenue(1000e6);
        _closeEpoch();
        assertEq(registry.unpaidRevenueOf(TWO), 600e6, "from the next epoch on");
    }

    function test_AddedStake_CountsFromTheNextEpoch() public {
        _registerBoth();
        _closeEpoch();
        registry.depositRevenue(1000e6);
        ledger.allocate(ONE, "sequencer", 300_000e18);
        registry.syncWeight(ONE);
        _closeEpoch();
        assertEq(registry.unpaidRevenueOf(ONE), 200e6, "old weight");
        registry.depositRevenue(1000e6);
        _closeEpoch();
        assertEq(registry.unpaidRevenueOf(ONE), 600e6 - 1, "old and new, rounded down");
        assertEq(registry.totalWeight(), 600_000e18);
    }

    function test_WithoutSequencers_EverythingIsTheTreasurys() public {
        registry.depositRevenue(1000e6);
        _closeEpoch();
        assertEq(registry.unpaidTreasury(), 1000e6);
        _closeEpoch();
    }

    function test_UnpaidRevenue_IsNotLostOnLeaving() public {
        _registerBoth();
        _closeEpoch();
        registry.depositRevenue(1000e6);
        _closeEpoch();
        vm.prank(alice);
        registry.startExit(ONE);
        _skip(14 days);
        registry.completeExit(ONE);
        registry.depositRevenue(1000e6);
        registry.closeEpoch();
        assertEq(registry.payRevenue(ONE), 200e6);
        assertEq(registry.unpaidRevenueOf(TWO), 600e6 + 800e6 - 1, "the rest earns alone, rounded down");
    }

    function testFuzz_Revenue_IsConserved(uint64[6] calldata revenues, uint8 moves) public {
        _registerBoth();
        uint256 paidIn;
        for (uint256 i = 0; i < 6; i++) {
            uint256 amount = _between(revenues[i], 1, 1e13);
            registry.depositRevenue(amount);
            paidIn += amount;
            if (moves & 4 != 0 && i == 2) {
                ledger.allocate(ONE, "sequencer", 300_000e18);
                registry.syncWeight(ONE);
            }
            if (moves & 16 != 0 && i == 4) {
                vm.prank(bob);
                registry.startExit(TWO);
            }
            _closeEpoch();
        }
        uint256 owed = registry.unpaidRevenueOf(ONE) + registry.unpaidRevenueOf(TWO) + registry.unpaidTreasury();
        assertLe(owed, paidIn, "no more than came in");
        assertLe(paidIn - owed, 12, "dust of the divisions");
        assertEq(usd.balanceOf(address(registry)), paidIn);
    }

    function test_WhatADivisionLeavesOver_CountsInTheNext() public {
        bytes32[3] memory nodes = [bytes32("first"), "second", "third"];
        for (uint256 i = 0; i < 3; i++) {
            _stake(nodes[i], carol, 100_000e18);
            _register(nodes[i], carol, string(abi.encode("key", i)));
        }
        _closeEpoch();
        // Eight units for three: two each, and two that nobody has yet.
        for (uint256 epoch = 1; epoch <= 3; epoch++) {
            registry.depositRevenue(10);
            _closeEpoch();
            for (uint256 i = 0; i < 3; i++) {
                if (epoch == 2) registry.syncWeight(nodes[i]);
                assertEq(registry.unpaidRevenueOf(nodes[i]), epoch * 8 / 3, "a third of all so far");
            }
        }
        assertEq(registry.unpaidTreasury(), 6);
    }

    function test_LeaversPartOfAUnit_IsDividedAmongTheOthers_AndOfTheLastIsTheTreasurys() public {
        _stake(TWO, bob, 200_000e18);
        _registerBoth();
        _closeEpoch();
        registry.depositRevenue(5); // four for the sequencers: 1 1/3 and 2 2/3
        _closeEpoch();
        vm.prank(alice);
        registry.startExit(ONE);
        _closeEpoch();
        assertEq(registry.unpaidRevenueOf(ONE), 1);
        assertEq(registry.unpaidRevenueOf(TWO), 3, "with the leaver's third");
        registry.depositRevenue(5);
        vm.prank(bob);
        registry.startExit(TWO);
        _closeEpoch();
        assertEq(registry.unpaidTreasury(), 1 + 5, "nobody left");
    }

    /// Three nodes of awkward weights come, grow, are settled and go in any order; when all have left, every unit that came in has been paid out.
    function testFuzz_Revenue_IsPaidOut_ToTheUnit(uint256 seed) public {
        bytes32[3] memory nodes = [ONE, TWO, "three"];
        address[3] memory operators = [alice, bob, carol];
        _stake(ONE, alice, 100_000e18 + 7);
        _stake(TWO, bob, 300_000e18 + 13);
        _stake("three", carol, 123_456e18 + 1);
        uint256 paidIn;
        for (uint256 step = 0; step < 24; step++) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 i = seed % 3;
            ISequencerRegistry.Status status = registry.sequencer(nodes[i]).status;
            uint256 action = (seed >> 8) % 4;
            if (action == 0 && status == ISequencerRegistry.Status.Unknown) {
                _register(nodes[i], operators[i], string(abi.encode("key", i)));
            } else if (action == 1 && status == ISequencerRegistry.Status.Active) {
                ledger.allocate(nodes[i], "sequencer", uint128(100_000e18 + (seed >> 16) % 400_000e18));
                registry.syncWeight(nodes[i]);
            } else if (action == 2 && status == ISequencerRegistry.Status.Active && step > 12) {
                vm.prank(operators[i]);
                registry.startExit(nodes[i]);
            } else if (action == 3 && registry.unpaidRevenueOf(nodes[i]) != 0) {
                registry.payRevenue(nodes[i]);
            }
            uint256 amount = (seed >> 160) % 1000;
            if (amount != 0) registry.depositRevenue(amount);
            paidIn += amount;
            if ((seed >> 200) % 2 == 0) _closeEpoch();
        }
        uint256 paidOut;
        for (uint256 i = 0; i < 3; i++) {
            if (registry.sequencer(nodes[i]).status == ISequencerRegistry.Status.Active) {
                vm.prank(operators[i]);
                registry.startExit(nodes[i]);
            }
            if (registry.unpaidRevenueOf(nodes[i]) != 0) registry.payRevenue(nodes[i]);
            paidOut += ledger.revenue(nodes[i]);
        }
        _closeEpoch();
        if (registry.unpaidTreasury() != 0) paidOut += registry.payTreasury();
        assertEq(usd.balanceOf(address(registry)), 0, "nothing is stuck");
        assertEq(paidOut, paidIn, "to the unit");
    }

    function test_Epoch_ClosesOnlyAfterItsTime() public {
        (, uint64 startedAt,) = registry.currentEpoch();
        vm.expectRevert(
            abi.encodeWithSelector(
                ISequencerRegistry.SequencerRegistry_TooEarly.selector, _now(), uint256(startedAt) + 1 days
            )
        );
        registry.closeEpoch();
    }

    function testFuzz_Draw_OnlyFromThoseWithWeight(uint256 randomness) public {
        _registerBoth();
        assertEq(registry.onDuty(1), bytes32(0));
        vm.store(address(0xdead), 0, bytes32(randomness));
        _skip(1 days + randomness % 1000);
        registry.closeEpoch();
        bytes32 drawn = registry.onDuty(2);
        assertTrue(drawn == ONE || drawn == TWO);
    }
}
