// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ICDNRegistry} from "../../src/registry/ICDNRegistry.sol";
import {IServiceNodes} from "../../src/registry/IServiceNodes.sol";
import {IVoucherChannels} from "../../src/dws/IVoucherChannels.sol";
import {IWorkerRegistry} from "../../src/dws/IWorkerRegistry.sol";
import {Vm} from "../base/Vm.sol";
import {Replay} from "./Replay.sol";

/// @title Payment channels, from their events: what four contracts have in common
abstract contract ChannelReplay is Replay {
    function _applyChannel(bytes32 topic, Vm.Log memory log) internal returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == IVoucherChannels.ChannelOpened.selector) {
            set("payer", id, log.topics[2]);
            set("subject", id, log.topics[3]);
            set("deposit", id, word(log, 0));
            set("channel's billing", id, get("billing", 0, 0));
        } else if (topic == IVoucherChannels.ChannelToppedUp.selector) {
            set("deposit", id, word(log, 1));
            set("closes at", id, 0);
        } else if (topic == IVoucherChannels.VoucherRedeemed.selector) {
            add("redeemed", id, 0, amountAt(log, 0));
            vm.assertEq(get("redeemed", id, 0), word(log, 1), "the sum since the beginning");
        } else if (topic == IVoucherChannels.CloseStarted.selector) {
            set("closes at", id, word(log, 0));
        } else if (topic == IVoucherChannels.ChannelClosed.selector) {
            set("closed", id, asWord(true));
        } else if (topic == IVoucherChannels.BillingChanged.selector) {
            set("billing", 0, word(log, 0));
        } else {
            return false;
        }
        return true;
    }

    function _actualChannel(bytes32 what, bytes32 id) internal view returns (bytes32) {
        if (what == "billing") return asWord(IVoucherChannels(replayed).billing());
        IVoucherChannels.Channel memory channel = IVoucherChannels(replayed).channel(id);
        if (what == "payer") return asWord(channel.payer);
        if (what == "subject") return channel.subject;
        if (what == "channel's billing") return asWord(channel.billing);
        if (what == "deposit") return bytes32(uint256(channel.deposit));
        if (what == "redeemed") return bytes32(uint256(channel.redeemed));
        if (what == "closes at") return bytes32(uint256(channel.closesAt));
        vm.assertTrue(what == "closed", "a known entry");
        return asWord(channel.closed);
    }

    // A channel that was used, got more money, was given notice of and got money again; one with notice; one that is closed.
    function _useChannels(address contract_, bytes32 subject, address side) internal {
        IVoucherChannels channels = IVoucherChannels(contract_);
        vm.startPrank(consumer);
        bytes32 first = channels.openChannel(subject, "replay 1", 7_000_003);
        bytes32 second = channels.openChannel(subject, "replay 2", 3_000_001);
        bytes32 third = channels.openChannel(subject, "replay 3", 2_000_001);
        channels.startClose(first);
        channels.topUp(first, 1_000_007);
        channels.startClose(second);
        vm.stopPrank();
        _redeem(channels, first, 4_000_003);
        _redeem(channels, first, 5_000_011);
        _redeem(channels, third, 1_000_003);
        vm.prank(side);
        channels.closeChannel(third);
    }

    function _redeem(IVoucherChannels channels, bytes32 id, uint128 cumulative) private {
        IVoucherChannels.Voucher memory voucher = IVoucherChannels.Voucher(id, cumulative, type(uint64).max);
        channels.redeem(voucher, signatureOf("consumer", channels.voucherDigest(voucher)));
    }
}

/// @title Nodes that serve in a place, from their events: what three contracts have in common
abstract contract ServiceNodesReplay is ChannelReplay {
    function _serve(string memory name, bytes32 key) internal {
        IServiceNodes nodes = IServiceNodes(memberOf(name));
        vm.startPrank(admin);
        nodes.setPlace("DE", true);
        nodes.setPlace("FR", true);
        nodes.setPlace("FR", false);
        vm.stopPrank();
        vm.startPrank(operator);
        nodes.list(nodeId, "DE", key, 2e6);
        nodes.unlist(nodeId);
        nodes.list(nodeId, "CH", key, 3e6);
        vm.stopPrank();
        _useChannels(address(nodes), nodeId, agent);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal virtual override returns (bool) {
        if (_applyChannel(topic, log)) return true;
        bytes32 id = log.topics[1];
        if (topic == IServiceNodes.PlaceSet.selector) {
            set("allowed", id, word(log, 0));
        } else if (topic == IServiceNodes.NodeListed.selector) {
            if (get("listed", id, 0) != 0) sub("count", get("place", id, 0), 0, 1);
            add("count", log.topics[2], 0, 1);
            set("place", id, log.topics[2]);
            set("key", id, word(log, 0));
            set("price", id, word(log, 1));
            set("listed", id, asWord(true));
        } else if (topic == IServiceNodes.NodeUnlisted.selector) {
            sub("count", log.topics[2], 0, 1);
            set("listed", id, asWord(false));
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32) internal view virtual override returns (bytes32) {
        IServiceNodes nodes = IServiceNodes(replayed);
        if (what == "allowed") return asWord(nodes.isPlaceAllowed(id));
        if (what == "count") return bytes32(nodes.countAt(id));
        IServiceNodes.Listing memory listing = nodes.listing(id);
        if (what == "place") return listing.place;
        if (what == "key") return listing.key;
        if (what == "price") return bytes32(uint256(listing.pricePerGib));
        if (what == "listed") return asWord(listing.listed);
        return _actualChannel(what, id);
    }
}

/// @title The VPN nodes and their sessions, from their events alone
contract VpnReplayTest is ServiceNodesReplay {
    function test_Events_RebuildTheVpnNodesAndTheirSessions() external {
        _serve("VPNRegistry", "another key");
        replay("VPNRegistry", 20);
    }
}

/// @title The proxy nodes and their sessions, from their events alone
contract ProxyReplayTest is ServiceNodesReplay {
    function test_Events_RebuildTheProxyNodesAndTheirSessions() external {
        _serve("ProxyRegistry", 0);
        replay("ProxyRegistry", 19);
    }
}

/// @title Edge nodes, their channels and the sites, from their events alone
contract CdnReplayTest is ServiceNodesReplay {
    function test_Events_RebuildTheEdgeNodesAndTheSites() external {
        ICDNRegistry cdn = ICDNRegistry(memberOf("CDNRegistry"));
        _serve("CDNRegistry", 0);
        vm.prank(admin);
        cdn.setNames(address(names));
        vm.startPrank(consumer);
        bytes32 site = cdn.setSite(_space(consumer), "www.example.net", "https://origin.example.net", 0, true);
        cdn.setSite(_space(consumer), "old.example.net", "https://origin.example.net", "content", false);
        cdn.setSite(_space(consumer), "www.example.net", "https://origin.example.org", "content", true);
        cdn.invalidate(site, "/");
        cdn.invalidate(site, "/images");
        vm.stopPrank();
        replay("CDNRegistry", 24);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        if (super.apply_(topic, log)) return true;
        bytes32 id = log.topics[1];
        if (topic == ICDNRegistry.SiteSet.selector) {
            (string memory host, string memory origin, bytes32 contentHash, bool active) =
                abi.decode(log.data, (string, string, bytes32, bool));
            set("site", id, keccak256(abi.encode(log.topics[2], host, origin, contentHash, active)));
        } else if (topic == ICDNRegistry.SiteInvalidated.selector) {
            (uint64 number,) = abi.decode(log.data, (uint64, string));
            set("invalidations", id, bytes32(uint256(number)));
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        ICDNRegistry.Site memory site = ICDNRegistry(replayed).site(id);
        if (what == "invalidations") return bytes32(uint256(site.invalidations));
        if (what != "site") return super.actual(what, id, other);
        return keccak256(abi.encode(site.namespace, site.host, site.origin, site.contentHash, site.active));
    }
}

/// @title Workers, their versions, routes, nodes and channels, from their events alone
contract WorkerReplayTest is ChannelReplay {
    function test_Events_RebuildTheWorkers() external {
        IWorkerRegistry workers = IWorkerRegistry(memberOf("WorkerRegistry"));
        vm.startPrank(consumer);
        workers.publishVersion(workerId, keccak256("second"), "second");
        workers.activate(workerId, 2);
        workers.activate(workerId, 1);
        workers.setPrice(workerId, IWorkerRegistry.PaymentMode.Prepaid, 1003);
        workers.setRoute(nameNode, workerId);
        workers.assignNode(workerId, nodeId, true);
        bytes32 other = workers.createWorker(_space(consumer), "other");
        workers.assignNode(other, nodeId, true);
        workers.assignNode(other, nodeId, false);
        vm.stopPrank();
        vm.prank(agent);
        workers.setEndpoint(workerId, nodeId, "https://node.example/worker");
        _useChannels(address(workers), workerId, consumer);
        replay("WorkerRegistry", 21);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        if (_applyChannel(topic, log)) return true;
        bytes32 id = log.topics[1];
        if (topic == IWorkerRegistry.WorkerCreated.selector) {
            set("namespace", id, log.topics[2]);
            setText("name", id, abi.decode(log.data, (string)));
        } else if (topic == IWorkerRegistry.WorkerVersionPublished.selector) {
            (uint32 version, bytes32 codeHash, string memory contentId) =
                abi.decode(log.data, (uint32, bytes32, string));
            set("versions", id, bytes32(uint256(version)));
            set("version", id, bytes32(uint256(version)), keccak256(abi.encode(codeHash, contentId)));
        } else if (topic == IWorkerRegistry.WorkerVersionActivated.selector) {
            set("active version", id, word(log, 0));
        } else if (topic == IWorkerRegistry.WorkerPriceChanged.selector) {
            set("mode", id, word(log, 0));
            set("price", id, word(log, 1));
        } else if (topic == IWorkerRegistry.RouteSet.selector) {
            set("route", id, log.topics[2]);
        } else if (topic == IWorkerRegistry.NodeAssigned.selector) {
            set("endpoint", id, log.topics[2], amountAt(log, 0) == 0 ? bytes32(0) : _endpoint(""));
        } else if (topic == IWorkerRegistry.EndpointSet.selector) {
            set("endpoint", id, log.topics[2], _endpoint(abi.decode(log.data, (string))));
        } else {
            return false;
        }
        return true;
    }

    // An assigned node, with or without an address; zero where there is no such node.
    function _endpoint(string memory url) private pure returns (bytes32) {
        return keccak256(abi.encode("assigned", url));
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        IWorkerRegistry workers = IWorkerRegistry(replayed);
        if (what == "route") return workers.route(id);
        if (what == "version") {
            IWorkerRegistry.Version memory version = workers.version(id, uint32(uint256(other)));
            return keccak256(abi.encode(version.codeHash, version.contentId));
        }
        if (what == "endpoint") {
            IWorkerRegistry.WorkerEndpoint[] memory endpoints = workers.endpointsOf(id);
            for (uint256 i = 0; i < endpoints.length; i++) {
                if (endpoints[i].nodeId == other) return _endpoint(endpoints[i].url);
            }
            return 0;
        }
        IWorkerRegistry.Worker memory worker = workers.worker(id);
        if (what == "namespace") return worker.namespace;
        if (what == "name") return hashOf(worker.name);
        if (what == "versions") return bytes32(uint256(worker.versions));
        if (what == "active version") return bytes32(uint256(worker.activeVersion));
        if (what == "mode") return bytes32(uint256(worker.mode));
        if (what == "price") return bytes32(uint256(worker.pricePerCall));
        return _actualChannel(what, id);
    }
}
