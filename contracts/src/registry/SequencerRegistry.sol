// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Governed} from "../governance/Governed.sol";
import {IDelegatedNodeStaking} from "../staking/IDelegatedNodeStaking.sol";
import {IFactSource} from "../staking/IFactSource.sol";
import {IMultiServiceStakeManager} from "../staking/IMultiServiceStakeManager.sol";
import {Assets} from "../token/Assets.sol";
import {IForcedInclusions, IPostedOutputs} from "./ISequencerFacts.sol";
import {ISequencerRegistry} from "./ISequencerRegistry.sol";

/// @title SequencerRegistry
/// @notice See {ISequencerRegistry}.
contract SequencerRegistry is ISequencerRegistry, IFactSource, Governed, EIP712Upgradeable, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    struct Epoch {
        uint64 from;
        uint64 to;
        bytes32 onDuty;
        uint256 revenue;
        uint256 accumulatedAfter; // revenue per weight since the beginning, after this epoch
    }

    struct Earnings {
        uint256 accumulatedPaid;
        uint256 unpaid;
    }

    /// @custom:storage-location erc7201:jeju.storage.SequencerRegistry
    struct SequencerRegistryStorage {
        address staking;
        address stakeManager;
        address rewardAsset;
        address treasury;
        address postedOutputs;
        address forcedInclusions;
        Parameters parameters;
        mapping(bytes32 nodeId => Sequencer) sequencers;
        mapping(bytes32 nodeId => Earnings) earnings;
        mapping(bytes32 nodeId => uint256) positions; // in `active`, counted from 1
        bytes32[] active;
        mapping(address key => bytes32 nodeId) nodeOfKey;
        uint64 epoch;
        mapping(uint64 epoch => Epoch) epochs;
        uint256 accumulated;
        uint256 totalWeight;
        uint256 nextIncrease;
        uint256 unpaidTreasury;
        mapping(bytes32 factId => Fact) facts;
    }

    /// @notice The service of the allocation ledger.
    bytes32 public constant SERVICE = "sequencer";
    /// @notice The most sequencers.
    uint256 public constant MAXIMUM_SEQUENCERS = 100;
    /// @notice The period of facts, in seconds: one punishment per node, offence and period.
    uint256 public constant FACT_PERIOD = 7 days;
    /// @notice The pausable actions.
    bytes32 public constant REGISTER = "register";

    uint256 private constant BPS = 10_000;
    uint256 private constant UNIT = 1e36; // revenue has few decimals, weight many
    bytes32 private constant SEAL_TYPEHASH = keccak256("Seal(uint256 chainId,uint64 height,bytes32 blockHash)");
    bytes32 private constant KEY_TYPEHASH = keccak256("SequencerKey(bytes32 nodeId,address key)");
    bytes32 private constant SEQUENCER_REGISTRY_STORAGE =
        0x2e2cd0953b0e1d1449ba5f3c3e6ac1d97d3db2f71d97b6d6c387367268400b00;

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
        emit ExitCompleted(nodeId, locked);
        if (locked != 0) IMultiServiceStakeManager($.stakeManager).release(nodeId, SERVICE, locked);
    }

    // ------------------------------------------------------------ revenue

    /// @inheritdoc ISequencerRegistry
    function depositRevenue(uint256 amount) external nonReentrant {
        SequencerRegistryStorage storage $ = _registry();
        if (amount == 0) revert SequencerRegistry_ZeroAmount();
        Assets.takeToken(IERC20($.rewardAsset), msg.sender, amount);
        $.epochs[$.epoch].revenue += amount;
        emit RevenueReceived($.epoch, msg.sender, amount);
    }

    /// @inheritdoc ISequencerRegistry
    function closeEpoch() external {
        SequencerRegistryStorage storage $ = _registry();
        uint64 closing = $.epoch;
        Epoch storage $closing = $.epochs[closing];
        uint256 endsAt = $closing.from + $.parameters.epochLength;
        if (block.timestamp < endsAt) revert SequencerRegistry_TooEarly(block.timestamp, endsAt);

        // 1. Divide. The share per weight is rounded down, so what the sequencers can draw never exceeds what is set aside for them.
        uint256 toSequencers;
        if ($.totalWeight != 0) {
            toSequencers = $closing.revenue * $.parameters.revenueShareBps / BPS;
            $.accumulated += Math.mulDiv(toSequencers, UNIT, $.totalWeight);
        }
        uint256 toTreasury = $closing.revenue - toSequencers;
        $.unpaidTreasury += toTreasury;
        $closing.accumulatedAfter = $.accumulated;
        $closing.to = block.timestamp.toUint64();

        // 2. Let the increases of this epoch count.
        $.totalWeight += $.nextIncrease;
        $.nextIncrease = 0;
        $.epoch = closing + 1;
        $.epochs[closing + 1].from = block.timestamp.toUint64();

        // 3. Draw who is on duty.
        bytes32 nodeId = _draw(uint256(keccak256(abi.encode(block.prevrandao, closing))));
        $.epochs[closing + 1].onDuty = nodeId;
        emit EpochClosed(closing, toSequencers, toTreasury, nodeId);
    }

    /// @inheritdoc ISequencerRegistry
    function payRevenue(bytes32 nodeId) external nonReentrant returns (uint256 amount) {
        SequencerRegistryStorage storage $ = _registry();
        _settle(nodeId);
        amount = $.earnings[nodeId].unpaid;
        if (amount == 0) revert SequencerRegistry_NothingToPay(nodeId);
        $.earnings[nodeId].unpaid = 0;
        emit RevenuePaid(nodeId, amount);
        IERC20($.rewardAsset).forceApprove($.staking, amount);
        IDelegatedNodeStaking($.staking).distributeRevenue(nodeId, amount);
    }

    /// @inheritdoc ISequencerRegistry
    function payTreasury() external nonReentrant returns (uint256 amount) {
        SequencerRegistryStorage storage $ = _registry();
        amount = $.unpaidTreasury;
        if (amount == 0) revert SequencerRegistry_NothingToPay(bytes32(0));
        $.unpaidTreasury = 0;
        emit TreasuryPaid($.treasury, amount);
        IERC20($.rewardAsset).safeTransfer($.treasury, amount);
    }

    // ------------------------------------------------------------ failures

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

    // ------------------------------------------------------------ settings

    /// @inheritdoc ISequencerRegistry
    function setParameters(Parameters calldata changed) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("minimumStake", changed.minimumStake, 1, changed.maximumStake);
        _requireWithin("revenueShareBps", changed.revenueShareBps, 0, BPS);
        _requireWithin("epochLength", changed.epochLength, 1 minutes, 30 days);
        _requireWithin("exitDelay", changed.exitDelay, block.chainid == 31_337 ? 10 : 1 days, 60 days);
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
    function sealDigest(Seal calldata sealed_) public view returns (bytes32) {
        return
            _hashTypedDataV4(keccak256(abi.encode(SEAL_TYPEHASH, sealed_.chainId, sealed_.height, sealed_.blockHash)));
    }

    /// @inheritdoc ISequencerRegistry
    function currentEpoch() external view returns (uint64 epoch, uint64 startedAt, uint256 revenue) {
        SequencerRegistryStorage storage $ = _registry();
        epoch = $.epoch;
        return (epoch, $.epochs[epoch].from, $.epochs[epoch].revenue);
    }

    /// @inheritdoc ISequencerRegistry
    function epochBounds(uint64 epoch) external view returns (uint64 from, uint64 to) {
        return (_registry().epochs[epoch].from, _registry().epochs[epoch].to);
    }

    /// @inheritdoc ISequencerRegistry
    function onDuty(uint64 epoch) external view returns (bytes32 nodeId) {
        return _registry().epochs[epoch].onDuty;
    }

    /// @inheritdoc ISequencerRegistry
    function totalWeight() external view returns (uint256) {
        return _registry().totalWeight;
    }

    /// @inheritdoc ISequencerRegistry
    function unpaidRevenueOf(bytes32 nodeId) external view returns (uint256) {
        (uint256 earned,) = _earned(nodeId);
        return _registry().earnings[nodeId].unpaid + earned;
    }

    /// @inheritdoc ISequencerRegistry
    function unpaidTreasury() external view returns (uint256) {
        return _registry().unpaidTreasury;
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

    function _raiseTo(bytes32 nodeId, uint128 weight) private {
        SequencerRegistryStorage storage $ = _registry();
        Sequencer storage $sequencer = $.sequencers[nodeId];
        if (weight > $sequencer.weight) {
            $sequencer.nextWeight = weight;
            $sequencer.nextFrom = $.epoch + 1;
            $.nextIncrease += weight - $sequencer.weight;
        }
        emit WeightChanged(nodeId, $sequencer.weight, $sequencer.nextWeight, $sequencer.nextFrom);
    }

    // The caller has settled.
    function _lowerTo(bytes32 nodeId, uint128 weight) private {
        SequencerRegistryStorage storage $ = _registry();
        Sequencer storage $sequencer = $.sequencers[nodeId];
        _cancelIncrease(nodeId);
        $.totalWeight -= $sequencer.weight - weight;
        $sequencer.weight = weight;
        emit WeightChanged(nodeId, weight, weight, 0);
    }

    // The caller has settled, so an increase that is still there has not begun to count.
    function _cancelIncrease(bytes32 nodeId) private {
        SequencerRegistryStorage storage $ = _registry();
        Sequencer storage $sequencer = $.sequencers[nodeId];
        if ($sequencer.nextFrom == 0) return;
        $.nextIncrease -= $sequencer.nextWeight - $sequencer.weight;
        $sequencer.nextFrom = 0;
        $sequencer.nextWeight = 0;
    }

    function _weightNext(Sequencer storage $sequencer) private view returns (uint128) {
        return $sequencer.nextFrom == 0 ? $sequencer.weight : $sequencer.nextWeight;
    }

    function _removeFromDuty(bytes32 nodeId) private {
        SequencerRegistryStorage storage $ = _registry();
        _settle(nodeId);
        _lowerTo(nodeId, 0);
        uint256 position = $.positions[nodeId];
        bytes32 last = $.active[$.active.length - 1];
        $.active[position - 1] = last;
        $.positions[last] = position;
        $.active.pop();
        delete $.positions[nodeId];
    }

    // Books what a node has earned, and lets an increase count whose epoch has come.
    function _settle(bytes32 nodeId) private {
        SequencerRegistryStorage storage $ = _registry();
        Earnings storage $earnings = $.earnings[nodeId];
        (uint256 earned, bool increased) = _earned(nodeId);
        $earnings.unpaid += earned;
        $earnings.accumulatedPaid = $.accumulated;
        if (increased) {
            Sequencer storage $sequencer = $.sequencers[nodeId];
            $sequencer.weight = $sequencer.nextWeight;
            $sequencer.nextWeight = 0;
            $sequencer.nextFrom = 0;
        }
    }

    // Rounded down, so that the sum over all nodes never exceeds what was set aside for them.
    function _earned(bytes32 nodeId) private view returns (uint256 earned, bool increased) {
        SequencerRegistryStorage storage $ = _registry();
        Sequencer storage $sequencer = $.sequencers[nodeId];
        uint256 paid = $.earnings[nodeId].accumulatedPaid;
        uint256 weight = $sequencer.weight;
        uint64 nextFrom = $sequencer.nextFrom;
        if (nextFrom != 0 && nextFrom <= $.epoch) {
            uint256 until = $.epochs[nextFrom - 1].accumulatedAfter;
            earned = Math.mulDiv(weight, until - paid, UNIT);
            paid = until;
            weight = $sequencer.nextWeight;
            increased = true;
        }
        earned += Math.mulDiv(weight, $.accumulated - paid, UNIT);
    }

    // By weight; the list has at most a hundred entries.
    function _draw(uint256 seed) private view returns (bytes32) {
        SequencerRegistryStorage storage $ = _registry();
        uint256 total = $.totalWeight;
        if (total == 0) return bytes32(0);
        uint256 ticket = seed % total;
        uint256 count = $.active.length;
        for (uint256 i = 0; i < count; i++) {
            bytes32 nodeId = $.active[i];
            Sequencer storage $sequencer = $.sequencers[nodeId];
            uint256 weight =
                $sequencer.nextFrom != 0 && $sequencer.nextFrom <= $.epoch ? $sequencer.nextWeight : $sequencer.weight;
            if (ticket < weight) return nodeId;
            ticket -= weight;
        }
        return bytes32(0);
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
        return failure == ECDSA.RecoverError.NoError ? _registry().nodeOfKey[signer] : bytes32(0);
    }

    function _isRecent(uint256 time) private view returns (bool) {
        return block.timestamp <= time + FACT_PERIOD;
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

    function _registry() private pure returns (SequencerRegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := SEQUENCER_REGISTRY_STORAGE
        }
    }
}
