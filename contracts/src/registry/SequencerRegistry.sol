// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "../governance/Governed.sol";
import {IDelegatedNodeStaking} from "../staking/IDelegatedNodeStaking.sol";
import {IMultiServiceStakeManager} from "../staking/IMultiServiceStakeManager.sol";
import {Holdings} from "../token/Holdings.sol";
import {ISequencerRegistry} from "./ISequencerRegistry.sol";
import {SequencerFailures} from "./SequencerFailures.sol";

/// @title SequencerRegistry
/// @notice See {ISequencerRegistry}.
contract SequencerRegistry is SequencerFailures, Governed {
    using SafeCast for uint256;
    using Holdings for Holdings.Holding;

    /// @notice The most sequencers.
    uint256 public constant MAXIMUM_SEQUENCERS = 100;
    /// @notice The pausable actions.
    bytes32 public constant REGISTER = "register";

    uint256 private constant BPS = 10_000;
    bytes32 private constant KEY_TYPEHASH = keccak256("SequencerKey(bytes32 nodeId,address key)");

    /// @inheritdoc ISequencerRegistry
    function initialize(address admin, address staking, address stakeManager, address rewardAsset, address treasury)
        external
        initializer
    {
        __Governed_init(admin);
        __EIP712_init("JejuSequencerRegistry", "1");
        _requireAddress(staking);
        _requireAddress(stakeManager);
        _requireAddress(rewardAsset);
        _requireAddress(treasury);
        SequencerRegistryStorage storage $ = _registry();
        $.staking = staking;
        $.stakeManager = stakeManager;
        $.rewardAsset = rewardAsset;
        $.treasury = treasury;
        $.held.begin();
        $.parameters = Parameters({
            minimumStake: 100_000e18,
            maximumStake: 1_000_000e18,
            revenueShareBps: 8000,
            epochLength: 1 days,
            exitDelay: 14 days,
            minimumOutputs: 12,
            inclusionWindow: 12 hours
        });
        $.epoch = 1;
        $.epochs[1].from = block.timestamp.toUint64();
    }

    // ------------------------------------------------------------ sequencers

    /// @inheritdoc ISequencerRegistry
    function register(bytes32 nodeId, address key, bytes calldata proof) external whenActive(REGISTER) {
        SequencerRegistryStorage storage $ = _registry();
        _requireOperator(nodeId);
        Sequencer storage $sequencer = $.sequencers[nodeId];
        Status status = $sequencer.status;
        if (status != Status.Unknown && status != Status.Exited) {
            revert SequencerRegistry_WrongStatus(nodeId, status);
        }
        if ($.active.length >= MAXIMUM_SEQUENCERS) revert SequencerRegistry_Full(MAXIMUM_SEQUENCERS);
        $sequencer.status = Status.Active;
        $sequencer.exitsAt = 0;
        _bindKey(nodeId, key, proof);
        $.active.push(nodeId);
        $.positions[nodeId] = $.active.length;
        $.earnings[nodeId].accumulatedPaid = $.accumulated;

        uint128 weight = _lockWhatIsAllocated(nodeId);
        if (weight < $.parameters.minimumStake) {
            revert SequencerRegistry_StakeTooLow(nodeId, weight, $.parameters.minimumStake);
        }
        _raiseTo(nodeId, weight);
        emit SequencerRegistered(nodeId, key, weight, $.epoch + 1);
    }

    /// @inheritdoc ISequencerRegistry
    function rotateKey(bytes32 nodeId, address key, bytes calldata proof) external {
        _requireOperator(nodeId);
        _requireStatus(nodeId, Status.Active);
        _bindKey(nodeId, key, proof);
        emit KeyRotated(nodeId, key);
    }

    /// @inheritdoc ISequencerRegistry
    function syncWeight(bytes32 nodeId) external {
        SequencerRegistryStorage storage $ = _registry();
        _requireStatus(nodeId, Status.Active);
        _settle(nodeId);
        uint128 weight = _lockWhatIsAllocated(nodeId);
        if (weight < $.parameters.minimumStake) weight = 0;
        Sequencer storage $sequencer = $.sequencers[nodeId];
        if (weight < $sequencer.weight) {
            _lowerTo(nodeId, weight);
        } else if (weight != _weightNext($sequencer)) {
            _cancelIncrease(nodeId);
            _raiseTo(nodeId, weight);
        }
    }

    /// @inheritdoc ISequencerRegistry
    function startExit(bytes32 nodeId) external {
        _requireOperator(nodeId);
        Sequencer storage $sequencer = _registry().sequencers[nodeId];
        Status status = $sequencer.status;
        if (status != Status.Active && status != Status.Jailed) revert SequencerRegistry_WrongStatus(nodeId, status);
        if (status == Status.Active) _removeFromDuty(nodeId);
        $sequencer.status = Status.Exiting;
        $sequencer.exitsAt = (block.timestamp + _registry().parameters.exitDelay).toUint64();
        emit ExitStarted(nodeId, $sequencer.exitsAt);
    }

    /// @inheritdoc ISequencerRegistry
    function completeExit(bytes32 nodeId) external nonReentrant {
        SequencerRegistryStorage storage $ = _registry();
        _requireStatus(nodeId, Status.Exiting);
        Sequencer storage $sequencer = $.sequencers[nodeId];
        if (block.timestamp < $sequencer.exitsAt) {
            revert SequencerRegistry_TooEarly(block.timestamp, $sequencer.exitsAt);
        }
        uint128 locked = $sequencer.locked;
        $sequencer.status = Status.Exited;
        $sequencer.locked = 0;
        $.keyRetiredAt[$sequencer.key] = block.timestamp.toUint64();
        emit ExitCompleted(nodeId, locked);
        if (locked != 0) IMultiServiceStakeManager($.stakeManager).release(nodeId, SERVICE, locked);
    }

    // ------------------------------------------------------------ settings

    /// @inheritdoc ISequencerRegistry
    function setParameters(Parameters calldata changed) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("maximumStake", changed.maximumStake, 1, 1_000_000_000e18);
        _requireWithin("minimumStake", changed.minimumStake, 1, changed.maximumStake);
        _requireWithin("revenueShareBps", changed.revenueShareBps, 0, BPS);
        _requireWithin("epochLength", changed.epochLength, 1 minutes, 30 days);
        _requireWithin("exitDelay", changed.exitDelay, block.chainid == 31_337 ? 10 : 1 days, 60 days);
        _requireWithin("minimumOutputs", changed.minimumOutputs, 0, 1000);
        _requireWithin("inclusionWindow", changed.inclusionWindow, 10 minutes, 7 days);
        _registry().parameters = changed;
        emit ParametersChanged(changed);
    }

    /// @inheritdoc ISequencerRegistry
    function setFactSources(address postedOutputs, address forcedInclusions) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _registry().postedOutputs = postedOutputs;
        _registry().forcedInclusions = forcedInclusions;
        emit FactSourcesChanged(postedOutputs, forcedInclusions);
    }

    // ------------------------------------------------------------ views

    /// @inheritdoc ISequencerRegistry
    function sequencer(bytes32 nodeId) external view returns (Sequencer memory found) {
        found = _registry().sequencers[nodeId];
        if (found.nextFrom != 0 && found.nextFrom <= _registry().epoch) {
            found.weight = found.nextWeight;
            found.nextFrom = 0;
        }
    }

    /// @inheritdoc ISequencerRegistry
    function sequencers() external view returns (bytes32[] memory) {
        return _registry().active;
    }

    /// @inheritdoc ISequencerRegistry
    function nodeOfKey(address key) external view returns (bytes32) {
        return _registry().nodeOfKey[key];
    }

    /// @inheritdoc ISequencerRegistry
    function keyDigest(bytes32 nodeId, address key) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(KEY_TYPEHASH, nodeId, key)));
    }

    /// @inheritdoc ISequencerRegistry
    function parameters() external view returns (Parameters memory) {
        return _registry().parameters;
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = REGISTER;
    }

    // ------------------------------------------------------------ internal

    function _bindKey(bytes32 nodeId, address key, bytes calldata proof) private {
        SequencerRegistryStorage storage $ = _registry();
        bytes32 bound = $.nodeOfKey[key];
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(keyDigest(nodeId, key), proof);
        bool proven = key != address(0) && failure == ECDSA.RecoverError.NoError && signer == key;
        if (!proven || (bound != bytes32(0) && bound != nodeId)) revert SequencerRegistry_KeyNotProven(key);
        address before = $.sequencers[nodeId].key;
        if (before != address(0) && before != key) $.keyRetiredAt[before] = block.timestamp.toUint64();
        delete $.keyRetiredAt[key];
        $.nodeOfKey[key] = nodeId;
        $.sequencers[nodeId].key = key;
    }

    // Locks what the operator has allocated and not taken back, and returns what counts as weight.
    function _lockWhatIsAllocated(bytes32 nodeId) private returns (uint128 weight) {
        SequencerRegistryStorage storage $ = _registry();
        Sequencer storage $sequencer = $.sequencers[nodeId];
        IMultiServiceStakeManager manager = IMultiServiceStakeManager($.stakeManager);
        IMultiServiceStakeManager.Allocation memory allocation = manager.allocationOf(nodeId, SERVICE);
        uint128 maximum = $.parameters.maximumStake;
        uint128 wanted = allocation.amount - allocation.leaving;
        if (wanted > maximum) wanted = maximum;
        uint128 locked = $sequencer.locked;
        if (wanted > locked) {
            $sequencer.locked = wanted;
            manager.lock(nodeId, SERVICE, wanted - locked);
            locked = wanted;
        }
        weight = locked > maximum ? maximum : locked;
        if (!manager.isBacked(nodeId)) weight = 0;
    }

    function _requireOperator(bytes32 nodeId) private view {
        if (IDelegatedNodeStaking(_registry().staking).operatorOf(nodeId) != msg.sender) {
            revert SequencerRegistry_NotOperator(nodeId, msg.sender);
        }
    }

    function _requireStatus(bytes32 nodeId, Status expected) private view {
        Status status = _registry().sequencers[nodeId].status;
        if (status != expected) revert SequencerRegistry_WrongStatus(nodeId, status);
    }
}
