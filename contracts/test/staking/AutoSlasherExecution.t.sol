// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAutoSlasher} from "../../src/staking/IAutoSlasher.sol";
import {IFactSource} from "../../src/staking/IFactSource.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {AutoSlasherScene} from "./AutoSlasherScene.sol";

/// @title Execution, and what it is bounded by
contract AutoSlasherExecutionTest is AutoSlasherScene {
    function test_Execute_BeforeTheWindowEnds_OrTwice_Refused() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, id, IAutoSlasher.Status.Open)
        );
        slasher.execute(id);
        _skip(3 days);
        slasher.execute(id);
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, id, IAutoSlasher.Status.Executed)
        );
        slasher.execute(id);
    }

    function test_Slash_TakesTheOwnBondFirst_CompensatesFromItAlone_RestToTreasury() public {
        _useGrace();
        bytes32 id = _proposeLease(alice, 5000e6);
        _skip(3 days);
        (uint256 fromOwn, uint256 fromDelegated) = slasher.execute(id);
        assertEq(fromOwn, 500e18, "own bond first");
        assertEq(fromDelegated, 0, "delegation");
        assertEq(ledger.credit(alice), 500e18, "at most what the operator lost");
    }

    function test_Compensation_IsAtMostThePriceOfThePeriod() public {
        _useGrace();
        bytes32 id = _proposeLease(alice, 3e6);
        _skip(3 days);
        slasher.execute(id);
        assertEq(ledger.credit(alice), 3e18, "three dollars");
        assertEq(ledger.credit(ledger.TREASURY()), 497e18, "rest");
    }

    function test_SelfDealingOperator_GainsNothing() public {
        _useGrace();
        vm.prank(admin);
        slasher.setPenalties(IAutoSlasher.Penalties(5000, 5000, 5000, 1000, 2500, 5000));
        bytes32 id = _proposeLease(operator, 1_000_000e6);
        _skip(3 days);
        (uint256 fromOwn, uint256 fromDelegated) = slasher.execute(id);
        assertEq(fromOwn, 1000e18);
        assertEq(fromDelegated, 4000e18);
        assertLe(ledger.credit(operator), fromOwn, "he gets no more than he lost himself");
        assertEq(ledger.credit(ledger.TREASURY()), 4000e18, "the delegators' part goes to the treasury");
    }

    function testFuzz_Slash_NeverReverts_ForAnyStakeLeft(uint96 own, uint96 delegated) public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        ledger.set(NODE, operator, own, delegated);
        _skip(3 days);
        (uint256 fromOwn, uint256 fromDelegated) = slasher.execute(id);
        assertLe(fromOwn + fromDelegated, uint256(own) + delegated, "no more than there is");
    }

    function test_SlashAfterExit_StillBites_StakeIsHeldWhileOpen() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        assertEq(ledger.caseFrozen(id), 5000e18, "held");
        assertEq(ledger.caseUntil(id), _now() + 12 days, "to the last moment of execution");
        _skip(3 days);
        slasher.execute(id);
        assertEq(ledger.caseFrozen(id), 0, "let go");
    }

    function testFuzz_EveryProposal_EndsByTimeAlone(bool objective, bool disputed, bool ruled, bool upheld) public {
        IFactSource.Fact memory fact = _fact(IFactSource.Offence.FalseStatement, 1);
        fact.objective = objective;
        bytes32 id = _propose(fact, "a");
        if (disputed) {
            _skip(3 days - 1);
            vm.prank(operator);
            slasher.dispute(id, "");
            if (ruled) {
                _skip(2 days - 1);
                vm.prank(arbiter);
                slasher.rule(id, upheld, type(uint256).max);
            }
        }
        _skip(13 days);
        IAutoSlasher.Status status = slasher.statusOf(id);
        assertTrue(status == IAutoSlasher.Status.Lapsed || status == IAutoSlasher.Status.Dismissed, "final");
        vm.expectRevert(abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, id, status));
        slasher.execute(id);
    }

    function test_Lapsed_ClosesEvenWhenTheStakingContractLetGoItself() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        _skip(14 days);
        _expectStatus(id, IAutoSlasher.Status.Lapsed);
        ledger.unfreezeExit(NODE, id);
        slasher.close(id);
    }

    function test_PenaltiesChangedLater_DoNotChangeAProposal() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        vm.prank(admin);
        slasher.setPenalties(IAutoSlasher.Penalties(1, 1, 1, 1, 1, 1));
        assertEq(slasher.proposal(id).amount, 5000e18);
    }

    function test_Penalties_BeyondTheCap_Refused() public {
        vm.startPrank(admin);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGoverned.Governed_ParameterOutOfBounds.selector, bytes32("falseStatementBps"), 5001, 0, 5000
            )
        );
        slasher.setPenalties(IAutoSlasher.Penalties(1, 1, 5001, 1, 1, 1));
        vm.expectRevert(
            abi.encodeWithSelector(
                IGoverned.Governed_ParameterOutOfBounds.selector, bytes32("uptimeBelow95Bps"), 2, 0, 1
            )
        );
        slasher.setPenalties(IAutoSlasher.Penalties(1, 1, 1, 2, 1, 1));
    }

    function test_Settings_ByStranger_Refused() public {
        vm.startPrank(stranger);
        expectMissingRole(stranger, bytes32(0));
        slasher.setSource(stranger, true);
        expectMissingRole(stranger, bytes32(0));
        slasher.setPenalties(IAutoSlasher.Penalties(1, 1, 1, 1, 1, 1));
        expectMissingRole(stranger, bytes32(0));
        slasher.setCompensationRate(1);
    }

    function test_Paused_TheAccusedStillDisputes_AndTheArbiterRules() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        vm.startPrank(guardian);
        slasher.pauseAction(slasher.PROPOSE());
        slasher.pauseAction(slasher.EXECUTE());
        vm.stopPrank();
        vm.prank(operator);
        slasher.dispute(id, "");
        vm.prank(arbiter);
        slasher.rule(id, true, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("execute")));
        slasher.execute(id);
    }

    function test_Proposals_ArePaged() public {
        for (uint64 period = 0; period < 5; period++) {
            _propose(_fact(IFactSource.Offence.FalseStatement, period), bytes32(uint256(period + 1)));
        }
        assertEq(slasher.proposalCount(), 5);
        assertEq(slasher.proposals(3, 10).length, 2);
        assertEq(slasher.proposals(5, 10).length, 0);
    }
}
