// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IJNSRegistrar} from "../../src/naming/IJNSRegistrar.sol";
import {IJNSRegistry} from "../../src/naming/IJNSRegistry.sol";
import {IJNSResolver} from "../../src/naming/IJNSResolver.sol";
import {Vm} from "../base/Vm.sol";
import {Replay} from "./Replay.sol";

/// @title Who owns which name, from the registry's events alone
contract NameRegistryReplayTest is Replay {
    function test_Events_RebuildTheNames() external {
        vm.startPrank(consumer);
        bytes32 child = names.setSubnodeRecord(nameNode, keccak256("www"), operator, address(resolver), 300);
        names.setTTL(nameNode, 600);
        names.setApprovalForAll(delegator, true);
        names.setApprovalForAll(stranger, true);
        names.setApprovalForAll(stranger, false);
        names.setSubnodeOwner(nameNode, keccak256("api"), consumer);
        vm.stopPrank();
        vm.startPrank(operator);
        names.setResolver(child, account("other resolver"));
        names.setOwner(child, delegator);
        vm.stopPrank();
        replay("JNSRegistry", 14);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 node = log.topics[1];
        if (topic == IJNSRegistry.NewOwner.selector) {
            _own(keccak256(abi.encodePacked(node, log.topics[2])), word(log, 0));
        } else if (topic == IJNSRegistry.Transfer.selector) {
            _own(node, word(log, 0));
        } else if (topic == IJNSRegistry.NewResolver.selector) {
            set("resolver", node, word(log, 0));
        } else if (topic == IJNSRegistry.NewTTL.selector) {
            set("time to live", node, word(log, 0));
        } else if (topic == IJNSRegistry.ApprovalForAll.selector) {
            set("operator", node, log.topics[2], word(log, 0));
        } else {
            return false;
        }
        return true;
    }

    // Every change of owner begins a new epoch.
    function _own(bytes32 node, bytes32 owner) private {
        if (get("owner", node, 0) != owner) add("epoch", node, 0, 1);
        set("owner", node, owner);
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        if (what == "owner") return asWord(names.owner(id));
        if (what == "epoch") return bytes32(uint256(names.epoch(id)));
        if (what == "resolver") return asWord(names.resolver(id));
        if (what == "time to live") return bytes32(uint256(names.ttl(id)));
        return asWord(names.isApprovedForAll(asAddress(id), asAddress(other)));
    }
}

/// @title What names answer, from the resolver's events alone
/// @dev A name that changes hands loses its records: that is the registry's event, and no name does it here after it has records.
contract ResolverReplayTest is Replay {
    function test_Events_RebuildTheRecords() external {
        vm.startPrank(admin);
        resolver.setProvider(account("other provider"), true);
        resolver.setProvider(account("former provider"), true);
        resolver.setProvider(account("former provider"), false);
        vm.stopPrank();
        vm.startPrank(consumer);
        resolver.setText(nameNode, "url", "https://example.net");
        resolver.setText(nameNode, "email", "harbour@example.net");
        resolver.clearRecords(nameNode);
        resolver.setAddr(nameNode, operator);
        resolver.setContenthash(nameNode, hex"e3010170");
        resolver.setText(nameNode, "url", "https://example.org");
        resolver.setAppConfig(nameNode, "app", hex"c0ffee");
        resolver.setService(nameNode, address(provider), orderId);
        vm.stopPrank();
        replay("JNSResolver", 13);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 node = log.topics[1];
        if (topic == IJNSResolver.AddrChanged.selector) {
            set("address", node, word(log, 0));
        } else if (topic == IJNSResolver.ContenthashChanged.selector) {
            set("content hash", node, hashOf(string(abi.decode(log.data, (bytes)))));
        } else if (topic == IJNSResolver.TextChanged.selector) {
            (string memory key, string memory value) = abi.decode(log.data, (string, string));
            vm.assertEq(log.topics[2], hashOf(key), "the key's hash");
            textOf[hashOf(key)] = key;
            set("text", node, hashOf(key), hashOf(value));
        } else if (topic == IJNSResolver.AppConfigChanged.selector) {
            set("app", node, log.topics[2], hashOf(string(abi.decode(log.data, (bytes)))));
        } else if (topic == IJNSResolver.ServiceChanged.selector) {
            set("service's provider", node, log.topics[2]);
            set("service's order", node, log.topics[3]);
        } else if (topic == IJNSResolver.ProviderSet.selector) {
            set("provider", node, word(log, 0));
        } else if (topic == IJNSResolver.RecordsCleared.selector) {
            clear(node);
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        if (what == "address") return asWord(resolver.addr(id));
        if (what == "content hash") return hashOf(string(resolver.contenthash(id)));
        if (what == "text") return hashOf(resolver.text(id, textOf[other]));
        if (what == "app") return hashOf(string(resolver.appConfig(id, other)));
        if (what == "provider") return asWord(resolver.isProvider(asAddress(id)));
        IJNSResolver.ServiceRecord memory service = resolver.service(id);
        return what == "service's order" ? service.orderId : asWord(service.provider);
    }
}

/// @title Who bought which name until when, from the registrar's events alone
contract RegistrarReplayTest is Replay {
    function test_Events_RebuildTheNamesThatWereSold() external {
        IJNSRegistrar registrar = IJNSRegistrar(memberOf("JNSRegistrar"));
        uint256 short = _buy(registrar, "pier", 28 days);
        _buy(registrar, "jetty", 400 days);
        vm.startPrank(consumer);
        registrar.renew("harbour", 30 days, 1e9);
        registrar.approve(operator, nameToken);
        registrar.setApprovalForAll(delegator, true);
        vm.stopPrank();
        vm.prank(operator);
        registrar.transferFrom(consumer, delegator, nameToken);
        registrar.payTreasury();
        vm.prank(admin);
        registrar.setPrices(IJNSRegistrar.Prices({three: 7e6, four: 5e6, fiveAndMore: 3e6}));
        skipTime(28 days + 90 days);
        registrar.clearExpired(short);
        vm.prank(consumer);
        registrar.renew("jetty", 30 days, 1e9);
        replay("JNSRegistrar", 16);
    }

    function _buy(IJNSRegistrar registrar, string memory label, uint64 duration) private returns (uint256) {
        IJNSRegistrar.Registration memory wish =
            IJNSRegistrar.Registration(label, consumer, duration, address(resolver), "secret");
        registrar.commit(registrar.commitmentOf(wish));
        skipTime(60);
        vm.prank(consumer);
        return registrar.register(wish, 1e9);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == IERC721.Transfer.selector) {
            set("owner", log.topics[3], log.topics[2]);
            set("approved", log.topics[3], 0);
        } else if (topic == IERC721.Approval.selector) {
            set("approved", log.topics[3], log.topics[2]);
        } else if (topic == IERC721.ApprovalForAll.selector) {
            set("operator", id, log.topics[2], word(log, 0));
        } else if (topic == IJNSRegistrar.NameRegistered.selector || topic == IJNSRegistrar.NameRenewed.selector) {
            (string memory label, uint64 expiresAt, uint256 price) = abi.decode(log.data, (string, uint64, uint256));
            vm.assertEq(hashOf(label), id, "the token of the label");
            set("expires at", id, bytes32(uint256(expiresAt)));
            add("revenue", 0, 0, price);
        } else if (topic == IJNSRegistrar.RevenuePaid.selector) {
            sub("revenue", 0, 0, amountAt(log, 0));
        } else if (topic == IJNSRegistrar.PricesChanged.selector) {
            set("prices", 0, keccak256(log.data));
        } else {
            return topic == IJNSRegistrar.CommitmentMade.selector || topic == IJNSRegistrar.NameCleared.selector;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        IJNSRegistrar registrar = IJNSRegistrar(replayed);
        if (what == "owner" || what == "approved") {
            // A name that was cleared has no owner, which the token answers with a revert.
            if (registrar.stateOf(uint256(id)) != IJNSRegistrar.NameState.Registered) return 0;
            return asWord(what == "owner" ? registrar.ownerOf(uint256(id)) : registrar.getApproved(uint256(id)));
        }
        if (what == "operator") return asWord(registrar.isApprovedForAll(asAddress(id), asAddress(other)));
        if (what == "expires at") return bytes32(uint256(registrar.expiresAt(uint256(id))));
        if (what == "revenue") return bytes32(usd.balanceOf(replayed));
        return keccak256(abi.encode(registrar.prices()));
    }
}
