// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IFactSource} from "../../src/staking/IFactSource.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {SequencerRegistry} from "../../src/registry/SequencerRegistry.sol";
import {Scene} from "../support/Scene.sol";
import {StakingLedger} from "../support/StakingLedger.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @title Posted outputs and forced inclusions as a test sets them
contract SettlementFacts {
    struct Entry {
        uint64 queuedAt;
        uint64 includedAt;
    }

    uint256 public outputs;
    mapping(uint256 => Entry) private _entries;

    function setOutputs(uint256 count) external {
        outputs = count;
    }

    function setEntry(uint256 entry, uint64 queuedAt, uint64 includedAt) external {
        _entries[entry] = Entry(queuedAt, includedAt);
    }

    function outputsBetween(uint64, uint64) external view returns (uint256) {
        return outputs;
    }

    function entryTimes(uint256 entry) external view returns (uint64, uint64) {
        return (_entries[entry].queuedAt, _entries[entry].includedAt);
    }
}

contract SequencerRegistryTest is Scene {
    SequencerRegistry internal registry;
    StakingLedger internal ledger;
    SettlementFacts internal facts;
    PlainToken internal usd;
    address internal treasury;
    bytes32 internal constant ONE = "one";
    bytes32 internal constant TWO = "two";

    function setUp() public virtual {
        treasury = account("treasury");
        ledger = new StakingLedger();
        facts = new SettlementFacts();
        usd = new PlainToken(6);
        ledger.setRewardToken(usd);
        registry = SequencerRegistry(
            _proxy(
                address(new SequencerRegistry()),
                abi.encodeCall(
                    SequencerRegistry.initialize, (admin, address(ledger), address(ledger), address(usd), treasury)
                )
            )
        );
        bytes32 role = registry.PAUSER_ROLE();
        vm.prank(admin);
        registry.grantRole(role, guardian);
        usd.mint(address(this), 1e15);
        usd.approve(address(registry), type(uint256).max);
        _stake(ONE, alice, 100_000e18);
        _stake(TWO, bob, 300_000e18);
    }

    function _stake(bytes32 nodeId, address operator, uint128 amount) internal {
        ledger.set(nodeId, operator, amount, 0);
        ledger.allocate(nodeId, "sequencer", amount);
    }

    function _proof(bytes32 nodeId, string memory key) internal returns (bytes memory) {
        return signatureOf(key, registry.keyDigest(nodeId, account(key)));
    }

    function _register(bytes32 nodeId, address operator, string memory key) internal {
        address signer = account(key);
        bytes memory proof = _proof(nodeId, key);
        vm.prank(operator);
        registry.register(nodeId, signer, proof);
    }

    function _registerBoth() internal {
        _register(ONE, alice, "key one");
        _register(TWO, bob, "key two");
    }

    function _closeEpoch() internal {
        _skip(1 days);
        registry.closeEpoch();
    }

    function _seal(uint64 height, bytes32 blockHash) internal pure returns (ISequencerRegistry.Seal memory) {
        return ISequencerRegistry.Seal({chainId: 420_690, height: height, blockHash: blockHash});
    }

    function _sign(string memory key, ISequencerRegistry.Seal memory seal) internal view returns (bytes memory) {
        return signatureOf(key, registry.sealDigest(seal));
    }

    function _convict(bytes32 nodeId, string memory key, uint64 height) internal returns (bytes32) {
        return registry.reportDoubleSigning(
            nodeId,
            _seal(height, "a"),
            _sign(key, _seal(height, "a")),
            _seal(height, "b"),
            _sign(key, _seal(height, "b"))
        );
    }

    // ------------------------------------------------------------ registration

    function test_Register_LocksTheAllocatedStake() public {
        _register(TWO, bob, "key two");
        assertEq(ledger.allocationOf(TWO, "sequencer").locked, 300_000e18);
        assertEq(registry.sequencers().length, 1);
        assertEq(registry.nodeOfKey(account("key two")), TWO);
    }

    function test_Register_BelowTheMinimum_Refused() public {
        _stake("poor", carol, 100_000e18 - 1);
        bytes memory proof = _proof("poor", "key");
        vm.prank(carol);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISequencerRegistry.SequencerRegistry_StakeTooLow.selector, bytes32("poor"), 100_000e18 - 1, 100_000e18
            )
        );
        registry.register("poor", vm.addr(keyOf("key")), proof);
    }

    function test_Register_OfStakeThatBacksNothingAnyMore_Refused() public {
        ledger.setUnbacked(ONE, true);
        bytes memory proof = _proof(ONE, "key");
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_StakeTooLow.selector, ONE, 0, 100_000e18)
        );
        registry.register(ONE, vm.addr(keyOf("key")), proof);
    }

    function test_Weight_IsCappedAtTheMaximum() public {
        _stake("whale", carol, 5_000_000e18);
        _register("whale", carol, "key");
        _closeEpoch();
        assertEq(registry.totalWeight(), 1_000_000e18);
        assertEq(ledger.allocationOf("whale", "sequencer").locked, 1_000_000e18);
    }

    function test_Register_ByStranger_Refused() public {
        bytes memory proof = _proof(ONE, "key");
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NotOperator.selector, ONE, stranger)
        );
        registry.register(ONE, vm.addr(keyOf("key")), proof);
    }

    function test_Register_WithKeyOfAnother_OrUnproven_Refused() public {
        _register(ONE, alice, "key one");
        address taken = account("key one");
        bytes memory proof = _proof(TWO, "key one");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_KeyNotProven.selector, taken));
        registry.register(TWO, taken, proof);
        address victim = account("victim");
        proof = _proof(TWO, "mine");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_KeyNotProven.selector, victim));
        registry.register(TWO, victim, proof);
    }

    function test_AtMostAHundredSequencers_AndGasStaysBounded() public {
        for (uint256 i = 0; i < 100; i++) {
            bytes32 nodeId = bytes32(i + 1);
            _stake(nodeId, carol, 100_000e18);
            _register(nodeId, carol, string(abi.encode("key", i)));
        }
        bytes memory proof = _proof(ONE, "key one");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_Full.selector, 100));
        registry.register(ONE, vm.addr(keyOf("key one")), proof);
        _closeEpoch();
        registry.depositRevenue(1000e6);
        _skip(1 days);
        uint256 before = gasleft();
        registry.closeEpoch();
        assertLe(before - gasleft(), 1_500_000, "gas of closing an epoch");
        before = gasleft();
        registry.payRevenue(bytes32(uint256(100)));
        assertLe(before - gasleft(), 200_000, "gas of paying");
    }

    // ------------------------------------------------------------ revenue

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

    // ------------------------------------------------------------ leaving

    function test_InstantExit_Refused_StakeStaysLocked() public {
        _registerBoth();
        vm.prank(alice);
        registry.startExit(ONE);
        vm.expectRevert(
            abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_TooEarly.selector, _now(), _now() + 14 days)
        );
        registry.completeExit(ONE);
        assertEq(ledger.allocationOf(ONE, "sequencer").locked, 100_000e18, "locked");
        _skip(14 days);
        registry.completeExit(ONE);
        assertEq(ledger.allocationOf(ONE, "sequencer").locked, 0, "released");
    }

    function test_Exit_ByStranger_Refused() public {
        _registerBoth();
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NotOperator.selector, ONE, stranger)
        );
        registry.startExit(ONE);
    }

    function test_Authority_FollowsTheNode() public {
        _registerBoth();
        ledger.set(ONE, carol, 100_000e18, 0);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NotOperator.selector, ONE, alice));
        registry.startExit(ONE);
        vm.prank(carol);
        registry.startExit(ONE);
    }

    function test_Exited_MayRegisterAgain() public {
        _registerBoth();
        vm.prank(alice);
        registry.startExit(ONE);
        _skip(14 days);
        registry.completeExit(ONE);
        _register(ONE, alice, "key one");
        _closeEpoch();
        assertEq(registry.totalWeight(), 400_000e18);
    }

    function test_ExitStaysOpen_WhilePaused() public {
        _registerBoth();
        vm.startPrank(guardian);
        registry.pauseAction(registry.REGISTER());
        vm.stopPrank();
        vm.prank(alice);
        registry.startExit(ONE);
        _skip(14 days);
        registry.completeExit(ONE);
        bytes memory proof = _proof(ONE, "key one");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("register")));
        registry.register(ONE, vm.addr(keyOf("key one")), proof);
    }

    function test_StakeThatBacksNothing_LosesItsWeight() public {
        _registerBoth();
        _closeEpoch();
        ledger.setUnbacked(TWO, true);
        vm.prank(stranger);
        registry.syncWeight(TWO);
        assertEq(registry.totalWeight(), 100_000e18);
        ledger.setUnbacked(TWO, false);
        registry.syncWeight(TWO);
        _closeEpoch();
        assertEq(registry.totalWeight(), 400_000e18);
    }

    // ------------------------------------------------------------ failures

    function test_DoubleSigning_ByTwoSealsOfOneHeight_Convicts() public {
        _registerBoth();
        _closeEpoch();
        vm.prank(stranger);
        bytes32 factId = _convict(ONE, "key one", 77);
        IFactSource.Fact memory fact = registry.factOf(factId);
        assertEq(fact.nodeId, ONE);
        assertTrue(fact.objective && fact.offence == IFactSource.Offence.FalseStatement);
        assertEq(registry.totalWeight(), 300_000e18, "no weight any more");
        assertTrue(registry.sequencer(ONE).status == ISequencerRegistry.Status.Jailed);
    }

    function test_DoubleSigning_OfOneHeight_IsRecordedOnce() public {
        _registerBoth();
        bytes32 factId = _convict(ONE, "key one", 77);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_AlreadyRecorded.selector, factId));
        this.convict(ONE, "key one", 77);
    }

    function convict(bytes32 nodeId, string calldata key, uint64 height) external {
        _convict(nodeId, key, height);
    }

    function test_AnybodySlashingAnybody_Refused() public {
        _registerBoth();
        ISequencerRegistry.Seal memory first = _seal(5, "a");
        ISequencerRegistry.Seal memory second = _seal(5, "b");
        bytes memory refusal =
            abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoDoubleSigning.selector, ONE);
        bytes memory one = _sign("key one", first);
        bytes memory other = _sign("stranger", second);
        vm.expectRevert(refusal); // one of the signatures is a stranger's
        registry.reportDoubleSigning(ONE, first, one, second, other);
        other = _sign("key two", second);
        vm.expectRevert(refusal); // two sequencers, each one seal
        registry.reportDoubleSigning(ONE, first, one, second, other);
        vm.expectRevert(refusal); // the same seal twice
        registry.reportDoubleSigning(ONE, first, one, first, one);
        ISequencerRegistry.Seal memory later = _seal(6, "b");
        other = _sign("key one", later);
        vm.expectRevert(refusal); // two heights
        registry.reportDoubleSigning(ONE, first, one, later, other);
        vm.expectRevert(refusal); // a height of the caller's choice under a signature for another
        registry.reportDoubleSigning(ONE, first, one, second, other);
        later = _seal(5, "b");
        later.chainId = 1;
        other = _sign("key one", later);
        vm.expectRevert(refusal); // two chains
        registry.reportDoubleSigning(ONE, first, one, later, other);
        other = _sign("key one", second);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoDoubleSigning.selector, TWO));
        registry.reportDoubleSigning(TWO, first, one, second, other);
    }

    function test_OldKey_AndLeftSequencer_AreConvictedStill() public {
        _register(ONE, alice, "key one");
        bytes memory proof = _proof(ONE, "new key");
        vm.startPrank(alice);
        registry.rotateKey(ONE, vm.addr(keyOf("new key")), proof);
        registry.startExit(ONE);
        vm.stopPrank();
        bytes32 factId = _convict(ONE, "key one", 9);
        assertEq(registry.factOf(factId).nodeId, ONE);
    }

    function test_Downtime_WithoutASource_DoesNotConvict() public {
        _registerBoth();
        _closeEpoch();
        _closeEpoch();
        vm.expectRevert(ISequencerRegistry.SequencerRegistry_NoFactSource.selector);
        registry.reportDowntime(2);
        vm.expectRevert(ISequencerRegistry.SequencerRegistry_NoFactSource.selector);
        registry.reportCensorship(2, 0);
    }

    function _withSources() internal {
        vm.prank(admin);
        registry.setFactSources(address(facts), address(facts));
        _register(ONE, alice, "key one");
        _closeEpoch();
    }

    function test_Downtime_OfTheOneOnDuty_Once() public {
        _withSources();
        facts.setOutputs(11);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoFailure.selector, 2));
        registry.reportDowntime(2); // still running
        _closeEpoch();
        bytes32 factId = registry.reportDowntime(2);
        assertEq(registry.factOf(factId).nodeId, ONE);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_AlreadyRecorded.selector, factId));
        registry.reportDowntime(2);
        facts.setOutputs(12);
        _closeEpoch();
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoFailure.selector, 3));
        registry.reportDowntime(3);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoFailure.selector, 1));
        registry.reportDowntime(1); // nobody was on duty
    }

    function test_Censorship_OnlyAfterTheWholeWindowOnDuty() public {
        _withSources();
        uint64 start = uint64(_now());
        facts.setEntry(1, start - 11 hours, 0); // queued long before his time
        facts.setEntry(2, start + 1 hours, start + 12 hours); // included in time
        _skip(12 hours);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoFailure.selector, 2));
        registry.reportCensorship(2, 1);
        _skip(2 hours);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoFailure.selector, 2));
        registry.reportCensorship(2, 2);
        bytes32 factId = registry.reportCensorship(2, 1);
        assertEq(registry.factOf(factId).nodeId, ONE);
        facts.setEntry(3, start + 30 hours, 0); // its time runs out under the next
        _closeEpoch();
        _skip(2 days);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoFailure.selector, 2));
        registry.reportCensorship(2, 3);
    }

    function test_Settings_AreBounded_AndTheAdministrators() public {
        ISequencerRegistry.Parameters memory changed = registry.parameters();
        vm.prank(stranger);
        expectMissingRole(stranger, bytes32(0));
        registry.setParameters(changed);
        vm.prank(stranger);
        expectMissingRole(stranger, bytes32(0));
        registry.setFactSources(stranger, stranger);
        changed.exitDelay = 9;
        vm.prank(admin);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGoverned.Governed_ParameterOutOfBounds.selector, bytes32("exitDelay"), 9, 10, 60 days
            )
        );
        registry.setParameters(changed);
    }
}
