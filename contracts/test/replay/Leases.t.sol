// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAttestationVerifier} from "../../src/dws/IAttestationVerifier.sol";
import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {Vm} from "../base/Vm.sol";
import {Replay} from "./Replay.sol";

/// @title Catalog, offers and orders, from the events of ExternalChainProvider alone
contract ExternalChainReplayTest is Replay {
    mapping(bytes32 orderId => bytes32) private _offerOf;

    function test_Events_RebuildTheOffersAndTheOrders() external {
        bytes32 otherId = aProviderNode(operator, agent, "other");
        bytes32 otherOffer = anOffer(operator, otherId, KIND, PRICE + 7, 3);
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, "replaced");
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        vm.prank(consumer);
        bytes32 replaced = provider.provisionNode(request);
        becomeReady(replaced);
        bytes32 unserved = placeOrder(otherOffer, KIND, "unserved");
        vm.prank(consumer);
        offers.extendNode(orderId, 3);
        _probe();
        passWithHeartbeats(otherId, 1 hours);
        provider.replaceNode(replaced, otherOffer);
        becomeReady(replaced);
        vm.prank(agent);
        provider.updateEndpoint(replaced, _elsewhere());
        provider.expireNode(unserved);
        vm.prank(consumer);
        provider.terminateNode(replaced);
        skipTime(WINDOW);
        provider.settleNode(replaced);
        anOffer(operator, otherId, STATEFUL_KIND, PRICE, 1);
        bytes32 withdrawn = offers.offerIdOf(otherId, STATEFUL_KIND, NETWORK);
        vm.prank(operator);
        offers.withdrawOffer(withdrawn);
        replay("ExternalChainProvider", 30);
    }

    // Two watchers void the first ten seconds of an order, the first of these twice: each second counts once.
    function _probe() private {
        address first = account("watcher");
        address second = account("second watcher");
        vm.startPrank(admin);
        offers.setWatcher(first, true);
        offers.setWatcher(second, true);
        offers.setWatcher(stranger, true);
        offers.setWatcher(stranger, false);
        vm.stopPrank();
        passWithHeartbeats(nodeId, 20);
        bool ordered = first < second;
        address[] memory watchers = new address[](2);
        (watchers[0], watchers[1]) = ordered ? (first, second) : (second, first);
        IExternalChainProvider.Order memory order = offers.order(orderId);
        uint32 slot = uint32((vm.getBlockTimestamp() - order.readyAt) / 10 - 1);
        IExternalChainProvider.ProbeRecord memory record =
            IExternalChainProvider.ProbeRecord(orderId, order.placements - 1, slot, 1);
        bytes32 digest = offers.probeDigest(record);
        bytes[] memory signatures = new bytes[](2);
        signatures[0] = signatureOf(ordered ? "watcher" : "second watcher", digest);
        signatures[1] = signatureOf(ordered ? "second watcher" : "watcher", digest);
        offers.recordProbe(record, watchers, signatures);
        offers.recordProbe(record, watchers, signatures);
    }

    function _elsewhere() private pure returns (IExternalChainProvider.Endpoint memory endpoint) {
        endpoint = anEndpoint();
        endpoint.host = "node.example";
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == IExternalChainProvider.KindSet.selector) {
            set("kind", id, log.topics[2], keccak256(log.data));
        } else if (topic == IExternalChainProvider.OfferSet.selector) {
            set("offer", id, keccak256(abi.encode(log.topics[2], log.topics[3], log.data)));
            set("active", id, asWord(true));
        } else if (topic == IExternalChainProvider.OfferWithdrawn.selector) {
            set("active", id, asWord(false));
        } else if (topic == IExternalChainProvider.WatcherSet.selector) {
            set("watcher", id, word(log, 0));
        } else if (topic == IExternalChainProvider.ParametersChanged.selector) {
            set("parameters", 0, keccak256(log.data));
        } else if (topic == IExternalChainProvider.ComputeRegistryChanged.selector) {
            set("compute registry", 0, word(log, 0));
        } else {
            return topic == IExternalChainProvider.ProviderRegistered.selector || _applyOrder(topic, id, log)
                || _applyEnd(topic, id, log);
        }
        return true;
    }

    function _applyOrder(bytes32 topic, bytes32 id, Vm.Log memory log) private returns (bool) {
        if (topic == IExternalChainProvider.NodeRequested.selector) {
            _request(id, log);
        } else if (topic == IExternalChainProvider.NodeReady.selector) {
            IExternalChainProvider.Endpoint memory endpoint;
            (,,,, endpoint) = abi.decode(log.data, (uint32, uint64, uint64, bytes32, IExternalChainProvider.Endpoint));
            set("ready at", id, word(log, 1));
            set("expires at", id, word(log, 2));
            set("endpoint", id, keccak256(abi.encode(endpoint)));
        } else if (topic == IExternalChainProvider.EndpointUpdated.selector) {
            IExternalChainProvider.Endpoint memory endpoint = abi.decode(log.data, (IExternalChainProvider.Endpoint));
            set("endpoint", id, keccak256(abi.encode(endpoint)));
        } else if (topic == IExternalChainProvider.NodeExtended.selector) {
            add("deposit", id, 0, amountAt(log, 1));
            set("expires at", id, word(log, 2));
        } else if (topic == IExternalChainProvider.NodeReplaced.selector) {
            IExternalChainProvider.Endpoint memory none;
            _place(id, log.topics[3], word(log, 0), word(log, 2), word(log, 3));
            set("endpoint", id, keccak256(abi.encode(none)));
            add("live", 0, 0, 1);
        } else {
            return false;
        }
        return true;
    }

    function _request(bytes32 id, Vm.Log memory log) private {
        IExternalChainProvider.OrderRequest memory request;
        (,,,,,, request) =
            abi.decode(log.data, (uint64, bool, bool, uint128, uint256, uint64, IExternalChainProvider.OrderRequest));
        set("consumer", id, log.topics[2]);
        set("generation", id, word(log, 0));
        set("tee", id, word(log, 1));
        set("stateful", id, word(log, 2));
        set("deposit", id, word(log, 4));
        set("request", id, _hashOfRequest(request));
        _place(id, log.topics[3], request.offerId, word(log, 3), word(log, 5));
        add("live", 0, 0, 1);
    }

    function _place(bytes32 id, bytes32 node, bytes32 offer, bytes32 price, bytes32 deadline) private {
        set("node", id, node);
        set("price", id, price);
        set("deadline", id, deadline);
        set("ready at", id, 0);
        set("expires at", id, 0);
        set("ended at", id, 0);
        set("end reason", id, 0);
        add("placements", id, 0, 1);
        _offerOf[id] = offer;
        set("offer of", id, offer);
        add("used", offer, 0, 1);
    }

    // Without offer and hours, which a replacement and an extension change.
    function _hashOfRequest(IExternalChainProvider.OrderRequest memory request) private pure returns (bytes32) {
        bytes32 wish = keccak256(abi.encode(request.kind, request.network, request.region, request.maxPricePerHour));
        return keccak256(
            abi.encode(
                wish,
                request.salt,
                request.canonicalOnly,
                request.failover,
                request.restoreFrom,
                request.encryptionKey,
                request.parameters
            )
        );
    }

    function _applyEnd(bytes32 topic, bytes32 id, Vm.Log memory log) private returns (bool) {
        if (topic == IExternalChainProvider.NodeEnded.selector) {
            set("end reason", id, word(log, 1));
            set("ended at", id, word(log, 2));
            sub("used", _offerOf[id], 0, 1);
            sub("live", 0, 0, 1);
        } else if (topic == IExternalChainProvider.NodeSettled.selector) {
            add("settled", id, 0, amountAt(log, 1));
        } else if (topic == IExternalChainProvider.NodeRefunded.selector) {
            add("refunded", id, 0, amountAt(log, 0));
        } else if (topic == IExternalChainProvider.ProbeRecorded.selector) {
            add("voided", id, word(log, 0), amountAt(log, 3));
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        if (what == "kind") return keccak256(abi.encode(offers.kindSpec(id, other)));
        if (what == "watcher") return asWord(offers.isWatcher(asAddress(id)));
        if (what == "parameters") return keccak256(abi.encode(offers.parameters()));
        if (what == "compute registry") return bytes32(uint256(uint160(offers.computeRegistry())));
        if (what == "endpoint") return keccak256(abi.encode(offers.endpointOf(id)));
        if (what == "live") return bytes32(offers.liveOrders(0, 1000).length);
        if (what == "voided") return bytes32(uint256(offers.placementOf(id, uint32(uint256(other))).voidedSeconds));
        if (what == "offer" || what == "active" || what == "used") {
            IExternalChainProvider.Offer memory offer = offers.offer(id);
            if (what == "active") return asWord(offer.active);
            if (what == "used") return bytes32(uint256(offer.used));
            bytes memory data = abi.encode(offer.network, offer.pricePerHour, offer.capacity, offer.tee);
            return keccak256(abi.encode(offer.nodeId, offer.kind, data));
        }
        return _actualOrder(what, offers.order(id));
    }

    function _actualOrder(bytes32 what, IExternalChainProvider.Order memory order) private pure returns (bytes32) {
        if (what == "consumer") return asWord(order.consumer);
        if (what == "generation") return bytes32(uint256(order.generation));
        if (what == "tee") return asWord(order.tee);
        if (what == "stateful") return asWord(order.stateful);
        if (what == "node") return order.nodeId;
        if (what == "offer of") return order.offerId;
        if (what == "price") return bytes32(uint256(order.pricePerHour));
        if (what == "deadline") return bytes32(uint256(order.readyDeadline));
        if (what == "ready at") return bytes32(uint256(order.readyAt));
        if (what == "expires at") return bytes32(uint256(order.expiresAt));
        if (what == "ended at") return bytes32(uint256(order.endedAt));
        if (what == "end reason") return bytes32(uint256(order.endReason));
        if (what == "placements") return bytes32(uint256(order.placements));
        if (what == "deposit") return bytes32(uint256(order.deposit));
        if (what == "settled") return bytes32(uint256(order.settled));
        if (what == "refunded") return bytes32(uint256(order.refunded));
        IExternalChainProvider.OrderRequest memory request;
        (request.kind, request.network, request.region) = (order.kind, order.network, order.region);
        (request.salt, request.maxPricePerHour) = (order.salt, order.maxPricePerHour);
        (request.canonicalOnly, request.failover) = (order.canonicalOnly, order.failover);
        (request.restoreFrom, request.encryptionKey) = (order.restoreFrom, order.encryptionKey);
        request.parameters = order.parameters;
        return _hashOfRequest(request);
    }
}

/// @title Provider nodes, from the events of DWSProviderRegistry alone
contract ProviderReplayTest is Replay {
    function test_Events_RebuildTheProviderNodes() external {
        bytes32 otherId = aProviderNode(operator, agent, "other");
        vm.startPrank(operator);
        registry.setAgent(otherId, account("other agent"));
        registry.setEndpoint(otherId, "https://other.example");
        registry.setDraining(otherId, true);
        registry.removeService(otherId, SERVICE);
        registry.deregisterNode(otherId);
        registry.setDraining(nodeId, true);
        registry.setDraining(nodeId, false);
        uint256 ownAgent = identity.register("ipfs://operator");
        registry.setAgentId(nodeId, ownAgent);
        vm.stopPrank();
        skipTime(HEARTBEAT_TIMEOUT + 101);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        vm.txGasPrice(0);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        vm.txGasPrice(1);
        vm.startPrank(admin);
        registry.setCanonical(nodeId, true);
        registry.setMeasurement("enclave", true);
        registry.setMeasurement("old enclave", true);
        registry.setMeasurement("old enclave", false);
        registry.setVerifier(account("verifier"));
        vm.stopPrank();
        vm.mockCall(
            account("verifier"),
            abi.encodeWithSelector(IAttestationVerifier.verify.selector),
            abi.encode(bytes32("enclave"), uint64(vm.getBlockTimestamp()))
        );
        vm.prank(agent);
        registry.attest(nodeId, "quote");
        replay("DWSProviderRegistry", 30);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == IDWSProviderRegistry.ProviderNodeRegistered.selector) {
            (, address hotKey, uint256 agentNumber, bytes32 region, string memory endpoint) =
                abi.decode(log.data, (bytes32, address, uint256, bytes32, string));
            set("status", id, bytes32(uint256(1)));
            set("owner", id, log.topics[2]);
            set("staking node", id, log.topics[3]);
            set("agent", id, asWord(hotKey));
            set("agent id", id, bytes32(agentNumber));
            set("region", id, region);
            set("endpoint", id, hashOf(endpoint));
            add("nodes", 0, 0, 1);
        } else if (topic == IDWSProviderRegistry.EndpointChanged.selector) {
            set("endpoint", id, hashOf(abi.decode(log.data, (string))));
        } else if (topic == IDWSProviderRegistry.AgentChanged.selector) {
            set("agent", id, log.topics[2]);
        } else if (topic == IDWSProviderRegistry.AgentIdChanged.selector) {
            set("agent id", id, log.topics[2]);
        } else if (topic == IDWSProviderRegistry.DrainingSet.selector) {
            set("status", id, bytes32(uint256(amountAt(log, 0) == 1 ? 2 : 1)));
        } else if (topic == IDWSProviderRegistry.ProviderNodeDeregistered.selector) {
            set("status", id, bytes32(uint256(3)));
        } else if (topic == IDWSProviderRegistry.Heartbeat.selector) {
            set("last heartbeat", id, word(log, 0));
            add("late seconds", id, 0, amountAt(log, 1));
        } else if (topic == IDWSProviderRegistry.HeartbeatForced.selector) {
            set("forced heartbeat", id, get("last heartbeat", id, 0));
        } else {
            return _applyFacts(topic, id, log);
        }
        return true;
    }

    function _applyFacts(bytes32 topic, bytes32 id, Vm.Log memory log) private returns (bool) {
        if (topic == IDWSProviderRegistry.ServiceAdded.selector) {
            set("service", id, log.topics[2], asWord(true));
        } else if (topic == IDWSProviderRegistry.ServiceRemoved.selector) {
            set("service", id, log.topics[2], asWord(false));
        } else if (topic == IDWSProviderRegistry.NodeAttested.selector) {
            set("measurement", id, log.topics[2]);
            set("attested until", id, word(log, 0));
        } else if (topic == IDWSProviderRegistry.CanonicalSet.selector) {
            set("canonical", id, word(log, 0));
        } else if (topic == IDWSProviderRegistry.LiveLeasesChanged.selector) {
            set("leases", id, word(log, 0));
        } else if (topic == IDWSProviderRegistry.MeasurementSet.selector) {
            set("allowed measurement", id, word(log, 0));
        } else if (topic == IDWSProviderRegistry.VerifierChanged.selector) {
            set("verifier", 0, id);
        } else if (topic == IDWSProviderRegistry.ParametersChanged.selector) {
            set("parameters", 0, keccak256(log.data));
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        if (what == "nodes") return bytes32(registry.nodeCount());
        if (what == "parameters") return keccak256(abi.encode(registry.parameters()));
        if (what == "allowed measurement") return asWord(registry.isMeasurementAllowed(id));
        if (what == "service") return asWord(registry.offersService(id, other));
        if (what == "forced heartbeat") return bytes32(uint256(registry.forcedHeartbeatAt(id)));
        if (what == "late seconds") {
            return bytes32(uint256(registry.lateSecondsAt(id, uint64(vm.getBlockTimestamp()))));
        }
        if (what == "verifier") {
            (,,, address verifier) = registry.wiring();
            return asWord(verifier);
        }
        return _actualNode(what, registry.node(id));
    }

    function _actualNode(bytes32 what, IDWSProviderRegistry.ProviderNode memory node) private pure returns (bytes32) {
        if (what == "status") return bytes32(uint256(node.status));
        if (what == "owner") return asWord(node.owner);
        if (what == "staking node") return node.stakingNodeId;
        if (what == "agent") return asWord(node.agent);
        if (what == "agent id") return bytes32(node.agentId);
        if (what == "region") return node.region;
        if (what == "endpoint") return hashOf(node.endpoint);
        if (what == "last heartbeat") return bytes32(uint256(node.lastHeartbeat));
        if (what == "measurement") return node.measurement;
        if (what == "attested until") return bytes32(uint256(node.attestedUntil));
        return what == "canonical" ? asWord(node.canonical) : bytes32(uint256(node.liveLeases));
    }
}
