// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";
import {ForcedInclusionQueue} from "../../src/settlement/ForcedInclusionQueue.sol";
import {IForcedInclusionQueue} from "../../src/settlement/IForcedInclusionQueue.sol";
import {OutputOracleFacts} from "../../src/settlement/OutputOracleFacts.sol";
import {OutputRoots} from "../../src/settlement/OutputRoots.sol";
import {OneSlotState, OutputOracle} from "../mocks/Rollup.sol";
import {Scene} from "../support/Scene.sol";

/// @title Deposits that a sequencer must take, and the proofs that it did
contract ForcedInclusionQueueTest is Scene {
    OutputOracle internal oracle;
    ForcedInclusionQueue internal queue;
    uint256 internal entry;

    function setUp() public {
        oracle = new OutputOracle();
        queue = new ForcedInclusionQueue(address(new OutputOracleFacts(address(oracle))));
        entry = queue.enqueue();
    }

    function _slot(uint256 origin) internal pure returns (uint256) {
        return origin << 64 | 123_456; // the number of the origin, in the lower bits
    }

    // Posts an output whose state has this origin, and returns how it is proven.
    function _post(uint256 origin)
        internal
        returns (uint256 index, OutputRoots.Preimage memory preimage, OutputRoots.SlotProof memory proof)
    {
        (preimage, proof) = OneSlotState.build(queue.L1_BLOCK(), 0, _slot(origin));
        index = oracle.nextOutputIndex();
        oracle.post(OneSlotState.root(preimage));
    }

    function _entries(uint256 one) internal pure returns (uint256[] memory entries) {
        entries = new uint256[](1);
        entries[0] = one;
    }

    function _include(uint256 origin) internal returns (uint256 index) {
        OutputRoots.Preimage memory preimage;
        OutputRoots.SlotProof memory proof;
        (index, preimage, proof) = _post(origin);
        queue.proveInclusion(_entries(entry), index, preimage, proof);
    }

    function _expectTimes(uint256 queuedAt, uint256 includedAt) internal view {
        (uint64 queued, uint64 included) = queue.entryTimes(entry);
        assertEq(queued, queuedAt, "queued");
        assertEq(included, includedAt, "included");
    }

    function _end() internal view returns (uint256) {
        return (entry + 1) * 1 hours;
    }

    function test_Entry_IsOnePerHour_WhoeverOpensIt() public {
        vm.prank(stranger);
        assertEq(queue.enqueue(), entry);
        _expectTimes(_end(), 0);
        _skip(1 hours);
        assertEq(queue.enqueue(), entry + 1);
        assertTrue(queue.isOpen(entry + 1));
        assertFalse(queue.isOpen(entry + 2));
        vm.expectRevert(abi.encodeWithSelector(IForcedInclusionQueue.ForcedInclusionQueue_Unknown.selector, entry + 2));
        queue.entryTimes(entry + 2);
    }

    function test_Inclusion_IsProvenByAnybody_FromThePostedOutput() public {
        _skip(2 hours);
        vm.startPrank(stranger);
        _include(_end());
        vm.stopPrank();
        _expectTimes(_end(), _now());
    }

    function test_Origin_BeforeTheEndOfTheHour_Refused() public {
        _skip(2 hours);
        (uint256 index, OutputRoots.Preimage memory preimage, OutputRoots.SlotProof memory proof) = _post(_end() - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IForcedInclusionQueue.ForcedInclusionQueue_OriginTooOld.selector, entry, _end() - 1)
        );
        queue.proveInclusion(_entries(entry), index, preimage, proof);
    }

    function test_StateThatNobodyPosted_OrThatFell_Refused() public {
        _skip(2 hours);
        (uint256 index, OutputRoots.Preimage memory preimage, OutputRoots.SlotProof memory proof) = _post(_end());
        (OutputRoots.Preimage memory lie, OutputRoots.SlotProof memory proofOfLie) =
            OneSlotState.build(queue.L1_BLOCK(), 0, _slot(_end() + 1 days));
        bytes32 root = OneSlotState.root(preimage);
        bytes4 refusal = IForcedInclusionQueue.ForcedInclusionQueue_NotAnOutput.selector;
        vm.expectRevert(abi.encodeWithSelector(refusal, index, root));
        queue.proveInclusion(_entries(entry), index, lie, proofOfLie);
        vm.expectRevert(abi.encodeWithSelector(refusal, index + 1, bytes32(0)));
        queue.proveInclusion(_entries(entry), index + 1, preimage, proof);
        oracle.deleteFrom(index);
        vm.expectRevert(abi.encodeWithSelector(refusal, index, bytes32(0)));
        queue.proveInclusion(_entries(entry), index, preimage, proof);
    }

    function test_ProofOfAnotherAccountOrSlot_OrAltered_Refused() public {
        _skip(2 hours);
        (OutputRoots.Preimage memory preimage, OutputRoots.SlotProof memory proof) =
            OneSlotState.build(stranger, 0, _slot(_end()));
        oracle.post(OneSlotState.root(preimage));
        vm.expectPartialRevert(TrieProof.TrieProofTraversalError.selector);
        queue.proveInclusion(_entries(entry), 0, preimage, proof);
        (preimage, proof) = OneSlotState.build(queue.L1_BLOCK(), bytes32(uint256(1)), _slot(_end()));
        oracle.post(OneSlotState.root(preimage));
        vm.expectPartialRevert(TrieProof.TrieProofTraversalError.selector);
        queue.proveInclusion(_entries(entry), 1, preimage, proof);
        uint256 index;
        (index, preimage, proof) = _post(_end() - 1);
        (, OutputRoots.SlotProof memory later) = OneSlotState.build(queue.L1_BLOCK(), 0, _slot(_end()));
        proof.slot = later.slot;
        vm.expectPartialRevert(TrieProof.TrieProofTraversalError.selector);
        queue.proveInclusion(_entries(entry), index, preimage, proof);
    }

    function test_EarliestOutput_Counts_AndALaterOneChangesNothing() public {
        _skip(2 hours);
        (uint256 index, OutputRoots.Preimage memory preimage, OutputRoots.SlotProof memory proof) = _post(_end());
        uint256 first = _now();
        _skip(1 hours);
        uint256 later = _include(_end() + 1 hours);
        _expectTimes(_end(), first + 1 hours);
        queue.proveInclusion(_entries(entry), index, preimage, proof);
        _expectTimes(_end(), first);
        (preimage, proof) = OneSlotState.build(queue.L1_BLOCK(), 0, _slot(_end() + 1 hours));
        vm.expectRevert(
            abi.encodeWithSelector(
                IForcedInclusionQueue.ForcedInclusionQueue_NotEarlier.selector, entry, first + 1 hours
            )
        );
        queue.proveInclusion(_entries(entry), later, preimage, proof);
    }

    function test_FallenOutput_IncludesNothing_UntilAnotherIsProven() public {
        _skip(2 hours);
        uint256 index = _include(_end());
        oracle.deleteFrom(index);
        _expectTimes(_end(), 0);
        oracle.post("another root at the same index");
        _expectTimes(_end(), 0);
        _skip(1 hours);
        _include(_end() + 1);
        _expectTimes(_end(), _now());
    }

    function test_OneProof_ForADayOfEntries_AndNoMore() public {
        for (uint256 i = 0; i < 23; i++) {
            _skip(1 hours);
            queue.enqueue();
        }
        _skip(1 hours);
        uint256[] memory entries = new uint256[](24);
        for (uint256 i = 0; i < 24; i++) {
            entries[i] = entry + i;
        }
        (uint256 index, OutputRoots.Preimage memory preimage, OutputRoots.SlotProof memory proof) = _post(_now());
        queue.proveInclusion(entries, index, preimage, proof);
        (, uint64 included) = queue.entryTimes(entry + 23);
        assertEq(included, _now());
        bytes4 refusal = IForcedInclusionQueue.ForcedInclusionQueue_Entries.selector;
        vm.expectRevert(abi.encodeWithSelector(refusal, 25, 24));
        queue.proveInclusion(new uint256[](25), index, preimage, proof);
        vm.expectRevert(abi.encodeWithSelector(refusal, 0, 24));
        queue.proveInclusion(new uint256[](0), index, preimage, proof);
        vm.expectRevert(abi.encodeWithSelector(IForcedInclusionQueue.ForcedInclusionQueue_Unknown.selector, 1));
        queue.proveInclusion(_entries(1), index, preimage, proof);
    }

    function testFuzz_Origin_DecidesWhatIsIncluded(uint64 origin, uint64 number) public {
        _skip(2 hours);
        (OutputRoots.Preimage memory preimage, OutputRoots.SlotProof memory proof) =
            OneSlotState.build(queue.L1_BLOCK(), 0, uint256(origin) << 64 | number);
        oracle.post(OneSlotState.root(preimage));
        bool included = origin >= _end();
        if (!included && (origin != 0 || number != 0)) {
            vm.expectRevert(
                abi.encodeWithSelector(IForcedInclusionQueue.ForcedInclusionQueue_OriginTooOld.selector, entry, origin)
            );
        } else if (!included) {
            vm.expectRevert();
        }
        queue.proveInclusion(_entries(entry), 0, preimage, proof);
        _expectTimes(_end(), included ? _now() : 0);
    }

    function test_Queue_OfAnAddressWithoutCode_Refused() public {
        vm.expectRevert(
            abi.encodeWithSelector(IForcedInclusionQueue.ForcedInclusionQueue_NoContract.selector, stranger)
        );
        new ForcedInclusionQueue(stranger);
    }
}
