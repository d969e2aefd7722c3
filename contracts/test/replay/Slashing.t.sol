// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAutoSlasher} from "../../src/staking/IAutoSlasher.sol";
import {IFactSource} from "../../src/staking/IFactSource.sol";
import {IMarketFacts} from "../../src/staking/IMarketFacts.sol";
import {Vm} from "../base/Vm.sol";
import {Replay} from "./Replay.sol";

/// @title Failures in the marketplace and what follows from them
abstract contract SlashingReplay is Replay {
    IAutoSlasher internal autoSlasher;
    IMarketFacts internal facts;
    bytes32 internal witness;

    function setUp() public override {
        super.setUp();
        autoSlasher = IAutoSlasher(memberOf("AutoSlasher"));
        facts = IMarketFacts(memberOf("MarketFacts"));
        witness = aProviderNode(operator, agent, "witness");
    }

    function _passHeard(uint256 elapsed) internal {
        vm.prank(agent);
        registry.heartbeat(witness);
        passWithHeartbeats(witness, elapsed);
    }

    function _neverReady(bytes32 salt) internal returns (bytes32 factId) {
        vm.prank(agent);
        registry.heartbeat(nodeId);
        bytes32 unserved = placeOrder(offerId, KIND, salt);
        _passHeard(DEADLINE + 1);
        provider.expireNode(unserved);
        factId = facts.recordFailedLease(unserved, 0, witness);
    }
}

/// @title Facts, from the events of MarketFacts alone
/// @dev Whom a failed lease harmed is in the events of ExternalChainProvider, under the order that the fact's id is made of.
contract FactsReplayTest is SlashingReplay {
    function test_Events_RebuildTheFacts() external {
        _neverReady("first");
        _passHeard(2 hours);
        facts.recordMissedHeartbeats(nodeId, witness);
        _neverReady("second");
        facts.giveSignOfLife();
        facts.giveSignOfLife();
        skipTime(180);
        facts.giveSignOfLife();
        replay("MarketFacts", 6);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        if (topic == IMarketFacts.SignOfLife.selector) set("sign of life", log.topics[1], asWord(true));
        if (topic != IMarketFacts.FailureRecorded.selector) return topic == IMarketFacts.SignOfLife.selector;
        bytes32 id = log.topics[1];
        set("node", id, log.topics[2]);
        set("offence", id, log.topics[3]);
        set("period", id, word(log, 0));
        set("price", id, word(log, 1));
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32) internal view override returns (bytes32) {
        if (what == "sign of life") return asWord(facts.hasSignOfLife(uint256(id)));
        IFactSource.Fact memory fact = facts.factOf(id);
        if (what == "node") return fact.nodeId;
        if (what == "offence") return bytes32(uint256(fact.offence));
        return what == "period" ? bytes32(uint256(fact.period)) : bytes32(fact.price);
    }
}

/// @title Proposals and rulings, from the events of AutoSlasher alone
contract AutoSlasherReplayTest is SlashingReplay {
    function test_Events_RebuildTheProposals() external {
        autoSlasher.propose(address(facts), _neverReady("forgiven"));
        skipTime(30 days);
        vm.startPrank(admin);
        autoSlasher.setCompensationRate(1e30);
        autoSlasher.setSource(account("former source"), true);
        autoSlasher.setSource(account("former source"), false);
        _grant("AutoSlasher", "ARBITER_ROLE", admin);
        vm.stopPrank();
        bytes32 executed = autoSlasher.propose(address(facts), _neverReady("executed"));
        bytes32 milder = autoSlasher.propose(address(facts), _neverReady("milder"));
        bytes32 dismissed = autoSlasher.propose(address(facts), _neverReady("dismissed"));
        bytes32 lapsed = autoSlasher.propose(address(facts), _neverReady("lapsed"));
        vm.startPrank(operator);
        autoSlasher.dispute(milder, "not all of it");
        autoSlasher.dispute(dismissed, "not at all");
        vm.stopPrank();
        uint256 half = autoSlasher.proposal(milder).amount / 2;
        IAutoSlasher.Penalties memory penalties = autoSlasher.penalties();
        penalties.failedLeaseBps = 733;
        vm.startPrank(admin);
        autoSlasher.rule(milder, true, half);
        autoSlasher.rule(dismissed, false, 0);
        autoSlasher.setPenalties(penalties);
        vm.stopPrank();
        autoSlasher.execute(milder);
        skipTime(3 days);
        autoSlasher.execute(executed);
        skipTime(10 days);
        autoSlasher.close(lapsed);
        replay("AutoSlasher", 22);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == IAutoSlasher.SourceSet.selector) {
            set("source", id, word(log, 0));
        } else if (topic == IAutoSlasher.PenaltiesChanged.selector) {
            set("penalties", 0, keccak256(log.data));
        } else if (topic == IAutoSlasher.CompensationRateChanged.selector) {
            set("rate", 0, word(log, 0));
        } else if (topic == IAutoSlasher.SlashProposed.selector) {
            set("node", id, log.topics[2]);
            set("offence", id, log.topics[3]);
            set("period", id, word(log, 0));
            set("accused", id, word(log, 1));
            set("amount", id, word(log, 2));
            set("harmed", id, word(log, 3));
            set("compensation", id, word(log, 4));
            set("objective", id, word(log, 5));
            add("proposals", 0, 0, 1);
        } else if (topic == IAutoSlasher.OffenceForgiven.selector) {
            set("node", id, log.topics[2]);
            set("accused", id, log.topics[3]);
            set("forgiven", id, asWord(true));
            set("grace until", log.topics[3], word(log, 0));
            add("proposals", 0, 0, 1);
        } else {
            return _applyDecision(topic, id, log);
        }
        return true;
    }

    function _applyDecision(bytes32 topic, bytes32 id, Vm.Log memory log) private returns (bool) {
        if (topic == IAutoSlasher.SlashDisputed.selector) {
            set("disputed", id, asWord(true));
        } else if (topic == IAutoSlasher.SlashRuled.selector) {
            set("ruled", id, asWord(true));
            set("upheld", id, word(log, 0));
            if (amountAt(log, 0) == 1) set("amount", id, word(log, 1));
        } else if (topic == IAutoSlasher.SlashExecuted.selector) {
            set("executed", id, asWord(true));
        } else if (topic == IAutoSlasher.ProposalClosed.selector) {
            set("closed as", id, word(log, 0));
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32) internal view override returns (bytes32) {
        if (what == "source") return asWord(autoSlasher.isSource(asAddress(id)));
        if (what == "penalties") return keccak256(abi.encode(autoSlasher.penalties()));
        if (what == "rate") return bytes32(autoSlasher.compensationRate());
        if (what == "proposals") return bytes32(autoSlasher.proposalCount());
        if (what == "grace until") return bytes32(autoSlasher.graceUntilOf(asAddress(id)));
        if (what == "closed as") return bytes32(uint256(autoSlasher.statusOf(id)));
        IAutoSlasher.Proposal memory proposal = autoSlasher.proposal(id);
        if (what == "node") return proposal.nodeId;
        if (what == "offence") return bytes32(uint256(proposal.offence));
        if (what == "period") return bytes32(uint256(proposal.period));
        if (what == "accused") return asWord(proposal.accused);
        if (what == "harmed") return asWord(proposal.harmed);
        if (what == "amount") return bytes32(proposal.amount);
        if (what == "compensation") return bytes32(proposal.compensation);
        if (what == "objective") return asWord(proposal.objective);
        if (what == "forgiven") return asWord(proposal.forgiven);
        if (what == "disputed") return asWord(proposal.disputedAt != 0);
        if (what == "ruled") return asWord(proposal.ruled);
        return what == "upheld" ? asWord(proposal.upheld) : asWord(proposal.executed);
    }
}
