// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IFactSource} from "../staking/IFactSource.sol";
import {IForcedInclusions, IPostedOutputs} from "./ISequencerFacts.sol";
import {ISequencerRegistry} from "./ISequencerRegistry.sol";
import {SequencerRevenue} from "./SequencerRevenue.sol";

/// @title What convicts sequencers
/// @notice The part of {ISequencerRegistry} that records failures as facts for AutoSlasher.
abstract contract SequencerFailures is SequencerRevenue, EIP712Upgradeable {
    using SafeCast for uint256;

    /// @notice The service of the allocation ledger.
    bytes32 public constant SERVICE = "sequencer";
    /// @notice The period of facts, in seconds: one punishment per node, offence and period.
    uint256 public constant FACT_PERIOD = 7 days;

    bytes32 private constant SEAL_TYPEHASH = keccak256("Seal(uint256 chainId,uint64 height,bytes32 blockHash)");

    /// @inheritdoc ISequencerRegistry
    function reportDoubleSigning(
        bytes32 nodeId,
        Seal calldata first,
        bytes calldata firstSignature,
        Seal calldata second,
        bytes calldata secondSignature
    ) external returns (bytes32 factId) {
        bool convicts = first.chainId == second.chainId && first.height == second.height
            && first.blockHash != second.blockHash && nodeId != bytes32(0)
            && _signerNode(first, firstSignature) == nodeId && _signerNode(second, secondSignature) == nodeId;
        if (!convicts) revert SequencerRegistry_NoDoubleSigning(nodeId);
        factId = _record(
            nodeId, "double-signing", Offence.FalseStatement, keccak256(abi.encode(first.chainId, first.height))
        );
        // Whoever sealed two histories seals no more, whatever becomes of the slashing.
        if (_registry().sequencers[nodeId].status == Status.Active) {
            _removeFromDuty(nodeId);
            _registry().sequencers[nodeId].status = Status.Jailed;
        }
    }

    /// @inheritdoc ISequencerRegistry
    function reportDowntime(uint64 epoch) external returns (bytes32 factId) {
        SequencerRegistryStorage storage $ = _registry();
        if ($.postedOutputs == address(0)) revert SequencerRegistry_NoFactSource();
        Epoch storage $epoch = $.epochs[epoch];
        if ($epoch.to == 0 || $epoch.onDuty == bytes32(0) || !_isRecent($epoch.to)) {
            revert SequencerRegistry_NoFailure(epoch);
        }
        uint256 posted = IPostedOutputs($.postedOutputs).outputsBetween($epoch.from, $epoch.to);
        if (posted >= $.parameters.minimumOutputs) revert SequencerRegistry_NoFailure(epoch);
        return _record($epoch.onDuty, "downtime", Offence.MissedHeartbeats, bytes32(uint256(epoch)));
    }

    /// @inheritdoc ISequencerRegistry
    function reportCensorship(uint64 epoch, uint256 entry) external returns (bytes32 factId) {
        SequencerRegistryStorage storage $ = _registry();
        if ($.forcedInclusions == address(0)) revert SequencerRegistry_NoFactSource();
        (uint64 queuedAt, uint64 includedAt) = IForcedInclusions($.forcedInclusions).entryTimes(entry);
        Epoch storage $epoch = $.epochs[epoch];
        // Each sequencer has the whole window, counted from when it was on duty and the transaction was there.
        uint256 dueAt = Math.max(queuedAt, $epoch.from) + $.parameters.inclusionWindow;
        bool ranOutInEpoch =
            $epoch.onDuty != bytes32(0) && dueAt < block.timestamp && ($epoch.to == 0 || dueAt < $epoch.to);
        bool late = includedAt == 0 || includedAt > dueAt;
        if (!ranOutInEpoch || !late || !_isRecent(dueAt)) revert SequencerRegistry_NoFailure(epoch);
        return _record($epoch.onDuty, "censorship", Offence.FailedLease, bytes32(entry));
    }

    /// @inheritdoc IFactSource
    function factOf(bytes32 factId) external view returns (Fact memory fact) {
        fact = _registry().facts[factId];
        if (fact.provenAt == 0) revert SequencerRegistry_UnknownFact(factId);
    }

    /// @inheritdoc ISequencerRegistry
    function sealDigest(Seal calldata sealed_) public view returns (bytes32) {
        return
            _hashTypedDataV4(keccak256(abi.encode(SEAL_TYPEHASH, sealed_.chainId, sealed_.height, sealed_.blockHash)));
    }

    function _record(bytes32 nodeId, bytes32 kind, Offence offence, bytes32 detail) private returns (bytes32 factId) {
        SequencerRegistryStorage storage $ = _registry();
        factId = keccak256(abi.encode(address(this), nodeId, kind, detail));
        Fact storage $fact = $.facts[factId];
        if ($fact.provenAt != 0) revert SequencerRegistry_AlreadyRecorded(factId);
        $fact.nodeId = nodeId;
        $fact.service = SERVICE;
        $fact.offence = offence;
        $fact.objective = true;
        $fact.period = (block.timestamp / FACT_PERIOD).toUint64();
        $fact.provenAt = block.timestamp.toUint64();
        emit FailureRecorded(factId, nodeId, kind, $.epoch);
    }

    function _signerNode(Seal calldata sealed_, bytes calldata signature) private view returns (bytes32) {
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(sealDigest(sealed_), signature);
        if (failure != ECDSA.RecoverError.NoError) return bytes32(0);
        // A key that was replaced convicts as long as an exit would take. For ever, whoever operated a node before could have its buyer slashed.
        SequencerRegistryStorage storage $ = _registry();
        uint64 retiredAt = $.keyRetiredAt[signer];
        bool isOver = retiredAt != 0 && block.timestamp > uint256(retiredAt) + $.parameters.exitDelay;
        return isOver ? bytes32(0) : $.nodeOfKey[signer];
    }

    function _isRecent(uint256 time) private view returns (bool) {
        return block.timestamp <= time + FACT_PERIOD;
    }
}
