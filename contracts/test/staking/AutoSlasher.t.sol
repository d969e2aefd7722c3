// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AutoSlasher} from "../../src/staking/AutoSlasher.sol";
import {IAutoSlasher} from "../../src/staking/IAutoSlasher.sol";
import {IFactSource} from "../../src/staking/IFactSource.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {Scene} from "../support/Scene.sol";
import {StakingLedger} from "../support/StakingLedger.sol";

/// @title A source that says what it is told
contract FactBook is IFactSource {
    error NoFact(bytes32 factId);

    mapping(bytes32 => Fact) private _facts;

    function write(bytes32 factId, Fact calldata fact) external {
        _facts[factId] = fact;
    }

    function factOf(bytes32 factId) external view returns (Fact memory fact) {
        fact = _facts[factId];
        if (fact.provenAt == 0) revert NoFact(factId);
    }
}

contract AutoSlasherTest is Scene {
    AutoSlasher internal slasher;
    StakingLedger internal ledger;
    FactBook internal facts;
    address internal operator;
    address internal arbiter;
    address internal oracle;

    bytes32 internal constant NODE = "node";
    bytes32 internal constant COMPUTE = "compute";

    function setUp() public virtual {
        operator = account("operator");
        arbiter = account("arbiter");
        oracle = account("oracle");
        ledger = new StakingLedger();
        facts = new FactBook();
        slasher = AutoSlasher(
            _proxy(
                address(new AutoSlasher()),
                abi.encodeCall(AutoSlasher.initialize, (admin, address(ledger), address(ledger)))
            )
        );
        vm.startPrank(admin);
        slasher.grantRole(slasher.ORACLE_ROLE(), oracle);
        slasher.grantRole(slasher.ARBITER_ROLE(), arbiter);
        slasher.grantRole(slasher.PAUSER_ROLE(), guardian);
        slasher.setSource(address(facts), true);
        slasher.setCompensationRate(1e12 * 1e18); // one dollar (1e6) is worth one stake coin (1e18)
        vm.stopPrank();
        ledger.set(NODE, operator, 1000e18, 9000e18);
        ledger.allocate(NODE, COMPUTE, 4000e18);
    }

    function _fact(IFactSource.Offence offence, uint64 period) internal view returns (IFactSource.Fact memory fact) {
        fact.nodeId = NODE;
        fact.offence = offence;
        fact.objective = true;
        fact.period = period;
        fact.provenAt = uint64(_now());
    }

    function _propose(IFactSource.Fact memory fact, bytes32 factId) internal returns (bytes32) {
        facts.write(factId, fact);
        vm.prank(stranger);
        return slasher.propose(address(facts), factId);
    }

    // Spends the grace, so that later offences cost.
    function _useGrace() internal {
        _propose(_fact(IFactSource.Offence.MissedHeartbeats, 1), "grace");
        _skip(30 days);
    }

    function _proposeLease(address harmed, uint256 price) internal returns (bytes32) {
        IFactSource.Fact memory fact = _fact(IFactSource.Offence.FailedLease, 7);
        fact.harmed = harmed;
        fact.price = price;
        return _propose(fact, keccak256(abi.encode("lease", harmed)));
    }

    function _status(bytes32 proposalId) internal view returns (uint256) {
        return uint256(slasher.statusOf(proposalId));
    }

    function _expectStatus(bytes32 proposalId, IAutoSlasher.Status status) internal view {
        assertEq(_status(proposalId), uint256(status), "status");
    }

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

    function test_Period_CostsAtMostHalfTheStake_InSum() public {
        _useGrace();
        vm.prank(admin);
        slasher.setPenalties(IAutoSlasher.Penalties(3000, 3000, 5000, 1000, 2500, 5000));
        IFactSource.Fact memory fact = _fact(IFactSource.Offence.FailedLease, 9);
        uint256 first = slasher.proposal(_propose(fact, "1")).amount;
        uint256 second = slasher.proposal(_propose(fact, "2")).amount;
        assertEq(first, 3000e18, "first");
        assertEq(second, 2000e18, "second");
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

    function _reportUptime(uint16 uptimeBps) internal returns (bytes32) {
        uint256 month = _now() / 30 days;
        vm.warp((month + 1) * 30 days + 1 hours);
        vm.prank(oracle);
        return slasher.reportUptime(NODE, bytes32(0), uint64(month), uptimeBps);
    }

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

    // ------------------------------------------------------------ disputes

    function test_Dispute_ByAnybodyElse_Refused() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAutoSlasher.AutoSlasher_NotAccused.selector, id, stranger));
        slasher.dispute(id, "no");
    }

    function test_Dispute_AfterTheWindow_OrTwice_Refused() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        vm.startPrank(operator);
        slasher.dispute(id, "no");
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, id, IAutoSlasher.Status.Disputed)
        );
        slasher.dispute(id, "no");
        vm.stopPrank();
        id = _propose(_fact(IFactSource.Offence.FalseStatement, 2), "b");
        _skip(3 days);
        vm.prank(operator);
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, id, IAutoSlasher.Status.Executable)
        );
        slasher.dispute(id, "late");
    }

    function test_Dispute_IsNoVeto_SilentArbiter_ObjectiveEvidenceExecutes() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        vm.prank(operator);
        slasher.dispute(id, "no");
        _expectStatus(id, IAutoSlasher.Status.Disputed);
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, id, IAutoSlasher.Status.Disputed)
        );
        slasher.execute(id);
        _skip(2 days);
        _expectStatus(id, IAutoSlasher.Status.Executable);
        slasher.execute(id);
        _expectStatus(id, IAutoSlasher.Status.Executed);
    }

    function test_SilentArbiter_OraclesEvidenceIsDropped_AndStakeLetGo() public {
        _useGrace();
        bytes32 id = _reportUptime(7000);
        vm.prank(operator);
        slasher.dispute(id, "the oracle was down");
        _skip(2 days);
        _expectStatus(id, IAutoSlasher.Status.Dismissed);
        (,,, uint256 frozen) = ledger.stakes(NODE);
        assertEq(frozen, 5000e18, "held");
        slasher.close(id);
        (,,, frozen) = ledger.stakes(NODE);
        assertEq(frozen, 0, "let go");
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, id, IAutoSlasher.Status.Dismissed)
        );
        slasher.execute(id);
    }

    function test_Arbiter_MayDismissOrSoften_NeverSharpen() public {
        bytes32 first = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        bytes32 second = _propose(_fact(IFactSource.Offence.FalseStatement, 2), "b");
        bytes32 third = _propose(_fact(IFactSource.Offence.FalseStatement, 3), "c");
        vm.startPrank(operator);
        slasher.dispute(first, "");
        slasher.dispute(second, "");
        slasher.dispute(third, "");
        vm.stopPrank();
        vm.startPrank(arbiter);
        slasher.rule(first, false, 0);
        slasher.rule(second, true, 10e18);
        slasher.rule(third, true, type(uint256).max);
        vm.stopPrank();
        _expectStatus(first, IAutoSlasher.Status.Dismissed);
        assertEq(slasher.proposal(second).amount, 10e18, "softer");
        assertEq(slasher.proposal(third).amount, 5000e18, "not sharper");
        slasher.execute(second);
        vm.prank(arbiter);
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, third, IAutoSlasher.Status.Executable)
        );
        slasher.rule(third, false, 0);
    }

    function test_Rule_ByStranger_Refused() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        bytes32 role = slasher.ARBITER_ROLE();
        vm.prank(operator);
        slasher.dispute(id, "");
        vm.prank(operator);
        expectMissingRole(operator, role);
        slasher.rule(id, false, 0);
    }

    // ------------------------------------------------------------ execution

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
