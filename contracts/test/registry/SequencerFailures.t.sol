// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IFactSource} from "../../src/staking/IFactSource.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {SequencerScene} from "./SequencerScene.sol";

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

contract SequencerFailuresTest is SequencerScene {
    SettlementFacts internal facts;

    function setUp() public override {
        super.setUp();
        facts = new SettlementFacts();
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

    // A fact of zeroes would be one that AutoSlasher reads.
    function test_Fact_ThatNobodyRecorded_IsUnknown() public {
        _registerBoth();
        vm.expectRevert(
            abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_UnknownFact.selector, bytes32("fact"))
        );
        registry.factOf("fact");
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

    // Whoever sold a node still has its old keys: for ever, he could have the buyer slashed.
    function test_ReplacedKey_ConvictsAsLongAsAnExitTakes_AndNoLonger() public {
        _register(ONE, alice, "key one");
        bytes memory proof = _proof(ONE, "new key");
        vm.prank(alice);
        registry.rotateKey(ONE, vm.addr(keyOf("new key")), proof);
        _skip(14 days);
        this.convict(ONE, "key one", 9);
        _skip(1);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoDoubleSigning.selector, ONE));
        this.convict(ONE, "key one", 10);
        this.convict(ONE, "new key", 10);
    }

    function test_KeyOfWhoHasLeft_ConvictsAsLongAsAnExitTakes_AndAgainWhenHeIsBack() public {
        _register(ONE, alice, "key one");
        vm.prank(alice);
        registry.startExit(ONE);
        _skip(14 days);
        registry.completeExit(ONE);
        this.convict(ONE, "key one", 9);
        _skip(14 days + 1);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoDoubleSigning.selector, ONE));
        this.convict(ONE, "key one", 10);
        _register(ONE, alice, "key one");
        this.convict(ONE, "key one", 10);
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
}
