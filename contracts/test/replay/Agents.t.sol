// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IIdentityRegistry} from "../../src/registry/IIdentityRegistry.sol";
import {Vm} from "../base/Vm.sol";
import {Replay} from "./Replay.sol";

/// @title Agents, what they say of themselves and what they have at stake, from the events of IdentityRegistry alone
contract AgentReplayTest is Replay {
    bytes32[] private _keys;
    bytes32[] private _protocols;

    function test_Events_RebuildTheAgents() external {
        vm.startPrank(operator);
        IIdentityRegistry.MetadataEntry[] memory metadata = new IIdentityRegistry.MetadataEntry[](1);
        metadata[0] = IIdentityRegistry.MetadataEntry("model", "first");
        uint256 sold = identity.register("ipfs://sold", metadata);
        uint256 kept = identity.register("ipfs://kept", metadata);
        _describe(sold);
        _describe(kept);
        jeju.approve(address(identity), type(uint256).max);
        identity.stake(sold, 1003 ether);
        identity.stake(sold, 2003 ether);
        identity.stake(kept, 507 ether);
        identity.startUnstake(sold, 703 ether);
        identity.startUnstake(kept, 207 ether);
        identity.transferFrom(operator, delegator, sold);
        skipTime(60 days);
        identity.withdrawStake(kept);
        vm.stopPrank();
        IIdentityRegistry.Parameters memory parameters = identity.parameters();
        parameters.smallStake += 1;
        vm.startPrank(admin);
        identity.grantRole(keccak256("SLASHER_ROLE"), admin);
        identity.slash(sold, 2500 ether, "evidence");
        identity.setParameters(parameters);
        vm.stopPrank();
        identity.payTreasury();
        vm.prank(delegator);
        identity.setEndpoint(sold, "mcp", "https://bought.example/mcp");
        replay("IdentityRegistry", 40);
    }

    function _describe(uint256 id) private {
        identity.setAgentURI(id, "ipfs://changed");
        identity.setMetadata(id, "model", "second");
        identity.setMetadata(id, "language", "de");
        identity.addTag(id, "compute");
        identity.addTag(id, "storage");
        identity.removeTag(id, "storage");
        identity.setEndpoint(id, "a2a", "https://agent.example/a2a");
        identity.setEndpoint(id, "mcp", "https://agent.example/mcp");
        identity.setEndpoint(id, "mcp", "");
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == IERC721.Transfer.selector) {
            _transfer(log.topics[1], log.topics[2], log.topics[3]);
        } else if (topic == IIdentityRegistry.Registered.selector) {
            (string memory uri) = abi.decode(log.data, (string));
            set("uri", id, hashOf(uri));
            add("agents", 0, 0, 1);
        } else if (topic == IIdentityRegistry.URIUpdated.selector) {
            set("uri", id, hashOf(abi.decode(log.data, (string))));
        } else if (topic == IIdentityRegistry.MetadataSet.selector) {
            (string memory key, bytes memory value) = abi.decode(log.data, (string, bytes));
            if (bytes(textOf[hashOf(key)]).length == 0) _keys.push(hashOf(key));
            textOf[hashOf(key)] = key;
            set("metadata", id, hashOf(key), hashOf(string(value)));
        } else if (topic == IIdentityRegistry.AgentWalletSet.selector) {
            set("wallet", id, log.topics[2]);
        } else if (topic == IIdentityRegistry.TagAdded.selector) {
            add("tags", id, 0, 1);
            add("agents with", log.topics[2], 0, 1);
        } else if (topic == IIdentityRegistry.TagRemoved.selector) {
            sub("tags", id, 0, 1);
            sub("agents with", log.topics[2], 0, 1);
        } else if (topic == IIdentityRegistry.EndpointSet.selector) {
            _protocols.push(log.topics[2]);
            set("endpoint", id, log.topics[2], hashOf(abi.decode(log.data, (string))));
        } else {
            return topic == IERC721.Approval.selector || _applyStake(topic, id, log);
        }
        return true;
    }

    // What the seller said of the agent goes; its stake stays with it.
    function _transfer(bytes32 from, bytes32 to, bytes32 id) private {
        set("owner", id, to);
        if (from == 0) return;
        for (uint256 i = 0; i < _keys.length; i++) {
            set("metadata", id, _keys[i], 0);
        }
        for (uint256 i = 0; i < _protocols.length; i++) {
            set("endpoint", id, _protocols[i], 0);
        }
    }

    function _applyStake(bytes32 topic, bytes32 id, Vm.Log memory log) private returns (bool) {
        if (topic == IIdentityRegistry.AgentStaked.selector) {
            set("stake", id, word(log, 1));
            add("all stake", 0, 0, amountAt(log, 0));
        } else if (topic == IIdentityRegistry.AgentUnstakeStarted.selector) {
            sub("stake", id, 0, amountAt(log, 0));
            set("leaving", id, word(log, 1));
            set("leaves at", id, word(log, 2));
        } else if (topic == IIdentityRegistry.AgentStakeWithdrawn.selector) {
            set("leaving", id, 0);
            set("leaves at", id, 0);
            sub("all stake", 0, 0, amountAt(log, 0));
        } else if (topic == IIdentityRegistry.AgentSlashed.selector) {
            set("stake", id, word(log, 1));
            set("leaving", id, word(log, 2));
            sub("all stake", 0, 0, amountAt(log, 0));
        } else if (topic == IIdentityRegistry.ParametersChanged.selector) {
            set("parameters", 0, keccak256(log.data));
        } else {
            return topic == IIdentityRegistry.TreasuryPaid.selector;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        uint256 agent = uint256(id);
        if (what == "agents") return bytes32(identity.agentCount());
        if (what == "agents with") return bytes32(identity.countOfTag(id));
        if (what == "all stake") return bytes32(identity.totalStake());
        if (what == "parameters") return keccak256(abi.encode(identity.parameters()));
        if (what == "owner") return asWord(identity.ownerOf(agent));
        if (what == "uri") return hashOf(identity.tokenURI(agent));
        if (what == "metadata") return hashOf(string(identity.getMetadata(agent, textOf[other])));
        if (what == "wallet") return asWord(identity.getAgentWallet(agent));
        if (what == "tags") return bytes32(identity.tagsOf(agent).length);
        if (what == "endpoint") return hashOf(identity.endpointOf(agent, other));
        IIdentityRegistry.AgentStake memory stake = identity.stakeOf(agent);
        if (what == "stake") return bytes32(uint256(stake.amount));
        return what == "leaving" ? bytes32(uint256(stake.leaving)) : bytes32(uint256(stake.leavesAt));
    }
}
