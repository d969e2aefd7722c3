// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IDWSProviderRegistry} from "../dws/IDWSProviderRegistry.sol";
import {IExternalChainProvider} from "../external/IExternalChainProvider.sol";
import {IExternalOffers} from "../external/IExternalOffers.sol";
import {Governed} from "../governance/Governed.sol";
import {IFactSource} from "./IFactSource.sol";
import {IMarketFacts} from "./IMarketFacts.sol";

/// @title MarketFacts
/// @notice See {IMarketFacts}.
contract MarketFacts is IMarketFacts, Governed {
    using SafeCast for uint256;

    /// @custom:storage-location erc7201:jeju.storage.MarketFacts
    struct MarketFactsStorage {
        address providerRegistry;
        address externalChainProvider;
        mapping(bytes32 factId => Fact) facts;
        mapping(uint256 word => uint256) signsOfLife; // a bit per minute since 1970, 256 to a word
    }

    /// @notice The period of facts, in seconds.
    uint256 public constant PERIOD = 7 days;
    /// @notice How long a node must have been late, in seconds.
    uint256 public constant SILENCE = 1 hours;
    /// @notice How old a failed lease may be, in seconds.
    uint256 public constant EVIDENCE_WINDOW = 1 days;
    /// @notice The pausable action.
    bytes32 public constant RECORD = "record";

    uint256 private constant HOUR = 3600;
    uint256 private constant MINUTE = 60;
    bytes32 private constant MARKET_FACTS_STORAGE = 0xe9ed6fe1a5a85876025b13a68494e5287394e50833d0733798a859c6a96fa900;

    /// @inheritdoc IMarketFacts
    function initialize(address admin, address providerRegistry, address externalChainProvider) external initializer {
        __Governed_init(admin);
        _requireAddress(providerRegistry);
        _requireAddress(externalChainProvider);
        _facts().providerRegistry = providerRegistry;
        _facts().externalChainProvider = externalChainProvider;
    }

    /// @inheritdoc IMarketFacts
    function giveSignOfLife() external returns (uint256 minute) {
        if (tx.gasprice == 0) revert MarketFacts_ForcedTransaction();
        minute = block.timestamp / MINUTE;
        if (hasSignOfLife(minute)) return minute;
        _facts().signsOfLife[minute / 256] |= 1 << (minute % 256);
        emit SignOfLife(minute, msg.sender);
    }

    /// @inheritdoc IMarketFacts
    function recordMissedHeartbeats(bytes32 nodeId, bytes32 witness)
        external
        whenActive(RECORD)
        returns (bytes32 factId)
    {
        IDWSProviderRegistry registry = IDWSProviderRegistry(_facts().providerRegistry);
        IDWSProviderRegistry.ProviderNode memory node = registry.node(nodeId);
        // A node that serves nobody owes nobody a heartbeat.
        bool proven = node.lateSince != 0 && block.timestamp >= node.lateSince + SILENCE && node.liveLeases != 0;
        if (!proven) revert MarketFacts_NotProven(nodeId);
        _requireHeard(witness, nodeId, block.timestamp - SILENCE, block.timestamp);
        uint64 period = (block.timestamp / PERIOD).toUint64();
        factId = keccak256(abi.encode(address(this), "heartbeats", nodeId, period));
        Fact memory fact;
        fact.nodeId = node.stakingNodeId;
        fact.offence = Offence.MissedHeartbeats;
        fact.period = period;
        fact.provenAt = block.timestamp.toUint64();
        _record(factId, fact);
    }

    /// @inheritdoc IMarketFacts
    function recordFailedLease(bytes32 orderId, uint32 placement, bytes32 witness)
        external
        whenActive(RECORD)
        returns (bytes32 factId)
    {
        IExternalOffers market = IExternalOffers(_facts().externalChainProvider);
        IExternalChainProvider.Order memory order = market.order(orderId);
        IExternalChainProvider.Placement memory served = market.placementOf(orderId, placement);
        bool failed = served.endReason == IExternalChainProvider.EndReason.NeverReady
            || served.endReason == IExternalChainProvider.EndReason.Replaced;
        if (!failed || block.timestamp > uint256(served.endedAt) + EVIDENCE_WINDOW) {
            revert MarketFacts_NotProven(orderId);
        }
        // What it is judged by: its last hour, or what it had to become ready.
        uint256 until = served.readyAt == 0 ? _neededBy(served) : served.endedAt;
        _requireHeard(witness, served.nodeId, Math.max(served.requestedAt, until - SILENCE), until);
        factId = keccak256(abi.encode(address(this), "lease", orderId, placement));
        Fact memory fact;
        fact.nodeId = served.stakingNodeId;
        fact.service = market.kindSpec(order.kind, order.network).service;
        fact.offence = Offence.FailedLease;
        fact.period = (uint256(served.endedAt) / PERIOD).toUint64();
        fact.provenAt = served.endedAt;
        fact.harmed = order.consumer;
        // What the seconds that were not served would have cost, rounded down.
        fact.price = uint256(served.pricePerHour) * _secondsNotServed(served) / HOUR;
        _record(factId, fact);
    }

    /// @inheritdoc IFactSource
    function factOf(bytes32 factId) external view returns (Fact memory fact) {
        fact = _facts().facts[factId];
        if (fact.provenAt == 0) revert MarketFacts_UnknownFact(factId);
    }

    /// @inheritdoc IMarketFacts
    function hasSignOfLife(uint256 minute) public view returns (bool) {
        return (_facts().signsOfLife[minute / 256] >> (minute % 256)) & 1 == 1;
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = RECORD;
    }

    function _secondsNotServed(IExternalChainProvider.Placement memory served) private view returns (uint256) {
        if (served.readyAt == 0) return _neededBy(served) - served.requestedAt;
        IDWSProviderRegistry registry = IDWSProviderRegistry(_facts().providerRegistry);
        uint256 late = registry.lateSecondsAt(served.nodeId, served.endedAt)
            - registry.lateSecondsAt(served.nodeId, served.readyAt);
        return late + served.voidedSeconds;
    }

    // From the deadline on the consumer has his money back whenever he or anybody asks for it: that nobody did is no failure of the node.
    function _neededBy(IExternalChainProvider.Placement memory served) private pure returns (uint256) {
        return Math.min(served.endedAt, served.readyDeadline);
    }

    // Silence proves something only while others were heard. When the chain stood still, or took nobody's transactions, no node was in time.
    function _requireHeard(bytes32 witness, bytes32 accused, uint256 from, uint256 until) private view {
        bool heard =
            witness == bytes32(0) ? _lived(from, until) : witness != accused && _testifies(witness, from, until);
        if (!heard) revert MarketFacts_NobodyWasHeard(witness, from, until);
    }

    function _testifies(bytes32 witness, uint256 from, uint256 until) private view returns (bool) {
        IDWSProviderRegistry registry = IDWSProviderRegistry(_facts().providerRegistry);
        uint256 registeredAt = registry.node(witness).registeredAt;
        if (registeredAt == 0 || registeredAt > from) return false;
        // Between two heartbeats in time the chain may have stood still: of less than that a witness knows nothing.
        uint256 timeout = registry.parameters().heartbeatTimeout;
        if (until < from + timeout) return false;
        // What the settlement layer forced in came through while the chain took nobody else's transactions.
        uint256 forcedAt = registry.forcedHeartbeatAt(witness);
        if (forcedAt != 0 && forcedAt + timeout >= from) return false;
        return registry.lateSecondsAt(witness, until.toUint64()) == registry.lateSecondsAt(witness, from.toUint64());
    }

    // Every minute that lies wholly within, at most sixty.
    function _lived(uint256 from, uint256 until) private view returns (bool) {
        uint256 first = Math.ceilDiv(from, MINUTE);
        uint256 end = until / MINUTE;
        for (uint256 minute = first; minute < end; minute++) {
            if (!hasSignOfLife(minute)) return false;
        }
        return first < end;
    }

    function _record(bytes32 factId, Fact memory fact) private {
        if (_facts().facts[factId].provenAt != 0) revert MarketFacts_AlreadyRecorded(factId);
        fact.objective = true;
        _facts().facts[factId] = fact;
        emit FailureRecorded(factId, fact.nodeId, fact.offence, fact.period, fact.price);
    }

    function _facts() private pure returns (MarketFactsStorage storage $) {
        assembly ("memory-safe") {
            $.slot := MARKET_FACTS_STORAGE
        }
    }
}
