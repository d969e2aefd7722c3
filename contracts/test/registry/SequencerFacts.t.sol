// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DisputeGameFacts} from "../../src/settlement/DisputeGameFacts.sol";
import {ForcedInclusionQueue} from "../../src/settlement/ForcedInclusionQueue.sol";
import {IFactSource} from "../../src/staking/IFactSource.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {OutputOracleFacts} from "../../src/settlement/OutputOracleFacts.sol";
import {OutputRoots} from "../../src/settlement/OutputRoots.sol";
import {DisputeGameFactory, OneSlotState, OutputOracle} from "../mocks/Rollup.sol";
import {SequencerScene} from "./SequencerScene.sol";

/// @title Downtime and censorship as contracts of the settlement chain prove them
contract SequencerFactsTest is SequencerScene {
    OutputOracle internal oracle;
    DisputeGameFactory internal factory;
    OutputOracleFacts internal outputs;
    ForcedInclusionQueue internal queue;

    function setUp() public override {
        super.setUp();
        oracle = new OutputOracle();
        factory = new DisputeGameFactory();
        outputs = new OutputOracleFacts(address(oracle));
        queue = new ForcedInclusionQueue(address(outputs));
        vm.prank(admin);
        registry.setFactSources(address(outputs), address(queue));
        _register(ONE, alice, "key one");
        _closeEpoch();
    }

    // An epoch of a day with an output every so many seconds, beginning at the first second.
    function _epochOfOutputs(uint256 count) internal {
        uint256 end = _now() + 1 days;
        for (uint256 i = 0; i < count; i++) {
            oracle.post(bytes32(i + 1));
            _skip(1 days / (count + 1));
        }
        _skip(end - _now());
        registry.closeEpoch();
    }

    function _origin(uint256 origin) internal returns (uint256 index) {
        (OutputRoots.Preimage memory preimage,) = OneSlotState.build(queue.L1_BLOCK(), 0, origin << 64);
        index = oracle.nextOutputIndex();
        oracle.post(OneSlotState.root(preimage));
    }

    function _prove(uint256 entry, uint256 index, uint256 origin) internal {
        (OutputRoots.Preimage memory preimage, OutputRoots.SlotProof memory proof) =
            OneSlotState.build(queue.L1_BLOCK(), 0, origin << 64);
        uint256[] memory entries = new uint256[](1);
        entries[0] = entry;
        queue.proveInclusion(entries, index, preimage, proof);
    }

    function test_Downtime_IsCountedFromTheOraclesOutputs() public {
        _epochOfOutputs(12);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoFailure.selector, 2));
        registry.reportDowntime(2);
        _epochOfOutputs(11);
        bytes32 factId = registry.reportDowntime(3);
        IFactSource.Fact memory fact = registry.factOf(factId);
        assertEq(fact.nodeId, ONE);
        assertTrue(fact.offence == IFactSource.Offence.MissedHeartbeats && fact.objective);
    }

    function test_Downtime_IsCountedFromDisputeGames_WithoutTheRefuted() public {
        DisputeGameFacts games = new DisputeGameFacts(address(factory), 8);
        vm.prank(admin);
        registry.setFactSources(address(games), address(queue));
        for (uint256 i = 0; i < 11; i++) {
            factory.create(8, "root");
        }
        factory.create(8, "lie").resolve(1);
        _closeEpoch();
        bytes32 factId = registry.reportDowntime(2);
        assertEq(registry.factOf(factId).nodeId, ONE);
    }

    function test_OutputsDeletedAfterTheEpoch_NoLongerCount() public {
        _epochOfOutputs(12);
        oracle.deleteFrom(6);
        registry.reportDowntime(2);
    }

    function test_Censorship_ByAnOriginThatDoesNotMoveOn_Convicts() public {
        uint256 entry = queue.enqueue();
        uint256 due = (entry + 1) * 1 hours + 12 hours;
        _skip(6 hours);
        _origin(entry * 1 hours); // outputs are posted, but their origin stands still
        _skip(due - _now());
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoFailure.selector, 2));
        registry.reportCensorship(2, entry);
        _skip(1);
        bytes32 factId = registry.reportCensorship(2, entry);
        IFactSource.Fact memory fact = registry.factOf(factId);
        assertEq(fact.nodeId, ONE);
        assertTrue(fact.offence == IFactSource.Offence.FailedLease && fact.objective);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_AlreadyRecorded.selector, factId));
        registry.reportCensorship(2, entry);
    }

    function test_Censorship_IncludedInTime_AndProvenByTheSequencer_DoesNotConvict() public {
        uint256 entry = queue.enqueue();
        uint256 origin = (entry + 1) * 1 hours;
        _skip(6 hours);
        uint256 index = _origin(origin);
        _skip(10 hours);
        vm.prank(alice);
        _prove(entry, index, origin);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoFailure.selector, 2));
        registry.reportCensorship(2, entry);
    }

    function test_Censorship_IncludedTooLate_ConvictsStill() public {
        uint256 entry = queue.enqueue();
        uint256 origin = (entry + 1) * 1 hours;
        _skip(14 hours);
        uint256 index = _origin(origin);
        _prove(entry, index, origin);
        registry.reportCensorship(2, entry);
    }

    function test_Censorship_OfAnEntryThatNobodyOpened_DoesNotConvict() public {
        _skip(20 hours);
        uint256 entry = _now() / 1 hours - 18;
        vm.expectRevert();
        registry.reportCensorship(2, entry);
    }

    /// Any number of outputs at any distance: convicted exactly when fewer than the minimum were posted in the epoch.
    function testFuzz_Downtime_IsFewerOutputsThanTheMinimum(uint256 seed) public {
        uint64 from = uint64(_now());
        uint256 posted;
        for (uint256 i = 0; i < 20; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            _skip(seed % 3 hours);
            if (_now() >= from + 1 days) break;
            oracle.post(bytes32(seed));
            posted++;
        }
        if (_now() < from + 1 days) _skip(from + 1 days - _now());
        registry.closeEpoch();
        // What is posted in the second of the end belongs to the next epoch.
        oracle.post("next");
        if (posted >= 12) {
            vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NoFailure.selector, 2));
        }
        registry.reportDowntime(2);
    }
}
