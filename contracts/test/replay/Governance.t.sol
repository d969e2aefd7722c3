// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDAOFunding} from "../../src/governance/IDAOFunding.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {Vm} from "../base/Vm.sol";
import {Replay} from "./Replay.sol";

/// @title Stake behind agents, contributions and budgets, from the events of DAOFunding alone
contract FundingReplayTest is Replay {
    function test_Events_RebuildTheFunding() external {
        IDAOFunding funding = IDAOFunding(memberOf("DAOFunding"));
        vm.startPrank(consumer);
        bytes32 second = funding.registerProject(memberOf("PackageRegistry"), packageId);
        funding.stake(agentId, 107 ether);
        skipTime(10 days);
        funding.contribute(second, agentId, 7_000_003);
        funding.contribute(projectId, agentId, 1_000_003);
        funding.startUnstake(agentId, 201 ether);
        vm.stopPrank();
        usd.mint(address(funding), 4711);
        funding.bookSurplus();
        uint64 epoch = funding.currentEpoch();
        skipTime(90 days);
        funding.closeEpoch();
        funding.claimEpoch(second, epoch);
        funding.withdraw(consumer);
        vm.startPrank(consumer);
        funding.withdrawStake(agentId);
        funding.contribute(projectId, agentId, 3_000_001);
        vm.stopPrank();
        skipTime(365 days);
        funding.rollOver(epoch);
        funding.claimEpoch(projectId, epoch);
        IDAOFunding.Parameters memory parameters = funding.parameters();
        parameters.maximumShareBps -= 1;
        vm.startPrank(admin);
        funding.setParameters(parameters);
        funding.setSource(memberOf("ContainerRegistry"), true);
        funding.setSource(memberOf("ContainerRegistry"), false);
        vm.stopPrank();
        replay("DAOFunding", 20);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == IDAOFunding.Staked.selector) {
            add("stake", id, log.topics[2], amountAt(log, 0));
            set("since", id, log.topics[2], word(log, 1));
            add("all stake", 0, 0, amountAt(log, 0));
        } else if (topic == IDAOFunding.UnstakeStarted.selector) {
            sub("stake", id, log.topics[2], amountAt(log, 0));
            add("leaving", id, log.topics[2], amountAt(log, 0));
            set("leaves at", id, log.topics[2], word(log, 1));
        } else if (topic == IDAOFunding.StakeWithdrawn.selector) {
            set("leaving", id, log.topics[2], 0);
            set("leaves at", id, log.topics[2], 0);
            sub("all stake", 0, 0, amountAt(log, 0));
        } else if (topic == IDAOFunding.ProjectRegistered.selector) {
            set("source of", id, log.topics[2]);
            set("record of", id, log.topics[3]);
        } else if (topic == IDAOFunding.SourceSet.selector) {
            set("source", id, word(log, 0));
        } else if (topic == IDAOFunding.ParametersChanged.selector) {
            set("parameters", 0, keccak256(log.data));
        } else {
            return _applyMoney(topic, id, log);
        }
        return true;
    }

    function _applyMoney(bytes32 topic, bytes32 id, Vm.Log memory log) private returns (bool) {
        if (topic == IDAOFunding.Contributed.selector) {
            bytes32 epoch = log.topics[2];
            add("contributions", id, epoch, amountAt(log, 0));
            add("total weight", epoch, 0, amountAt(log, 1) - uint256(get("weight", id, epoch)));
            set("weight", id, epoch, word(log, 1));
            add("money", 0, 0, amountAt(log, 0));
        } else if (topic == IDAOFunding.BudgetFunded.selector) {
            add("budget", id, 0, amountAt(log, 0));
            add("money", 0, 0, amountAt(log, 0));
        } else if (topic == IDAOFunding.EpochClosed.selector) {
            set("epoch", 0, bytes32(uint256(id) + 1));
        } else if (topic == IDAOFunding.EpochClaimed.selector) {
            add("matched", log.topics[2], 0, amountAt(log, 1));
            add("owed", log.topics[3], 0, amountAt(log, 0) + amountAt(log, 1));
        } else if (topic == IDAOFunding.BudgetRolledOver.selector) {
            set("rolled over", id, asWord(true));
            add("budget", log.topics[2], 0, amountAt(log, 0));
        } else if (topic == IDAOFunding.Withdrawn.selector) {
            sub("owed", id, 0, amountAt(log, 0));
            sub("money", 0, 0, amountAt(log, 0));
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        IDAOFunding funding = IDAOFunding(replayed);
        if (what == "source") return asWord(funding.isSource(asAddress(id)));
        if (what == "source of") return asWord(funding.project(id).source);
        if (what == "record of") return funding.project(id).recordId;
        if (what == "parameters") return keccak256(abi.encode(funding.parameters()));
        if (what == "epoch") return bytes32(uint256(funding.currentEpoch()));
        if (what == "owed") return bytes32(funding.owedTo(asAddress(id)));
        if (what == "contributions" || what == "weight") {
            (uint256 contributions, uint256 weight) = funding.tallyOf(id, uint64(uint256(other)));
            return bytes32(what == "weight" ? weight : contributions);
        }
        if (what == "all stake" || what == "money") {
            (uint256 staked, uint256 money) = funding.liabilities();
            return bytes32(what == "money" ? money : staked);
        }
        IDAOFunding.Epoch memory epoch = funding.epochInfo(uint64(uint256(id)));
        if (what == "budget") return bytes32(uint256(epoch.budget));
        if (what == "matched") return bytes32(uint256(epoch.matched));
        if (what == "total weight") return bytes32(epoch.totalWeight);
        if (what == "rolled over") return asWord(epoch.rolledOver);
        IDAOFunding.Position memory position = funding.positionOf(uint256(id), asAddress(other));
        if (what == "stake") return bytes32(uint256(position.amount));
        if (what == "since") return bytes32(uint256(position.since));
        return what == "leaving" ? bytes32(uint256(position.leaving)) : bytes32(uint256(position.leavesAt));
    }
}

/// @title Sequencers, their weights and epochs, from the events of SequencerRegistry alone
/// @dev What a sequencer has earned and not drawn follows from weights and revenue by the contract's division; its own tests compare it to the unit.
contract SequencerReplayTest is Replay {
    bytes32[] private _nodes;

    function test_Events_RebuildTheSequencers() external {
        ISequencerRegistry sequencers = ISequencerRegistry(memberOf("SequencerRegistry"));
        usd.mint(address(this), 10_007e6);
        usd.approve(address(sequencers), type(uint256).max);
        vm.startPrank(operator);
        sequencers.rotateKey(
            stakingNodeId,
            account("second key"),
            signatureOf("second key", sequencers.keyDigest(stakingNodeId, account("second key")))
        );
        ledger.allocate(stakingNodeId, "sequencer", 10_007 ether);
        vm.stopPrank();
        _epoch(sequencers, 1_000_003);
        sequencers.syncWeight(stakingNodeId);
        _epoch(sequencers, 3_000_001);
        sequencers.payRevenue(stakingNodeId);
        sequencers.payTreasury();
        _epoch(sequencers, 2_000_003);
        _signTwice(sequencers);
        vm.prank(operator);
        sequencers.startExit(stakingNodeId);
        skipTime(14 days);
        sequencers.completeExit(stakingNodeId);
        _epoch(sequencers, 7);
        ISequencerRegistry.Parameters memory parameters = sequencers.parameters();
        parameters.revenueShareBps -= 1;
        vm.startPrank(admin);
        sequencers.setParameters(parameters);
        sequencers.setFactSources(account("outputs"), account("queue"));
        vm.stopPrank();
        replay("SequencerRegistry", 20);
    }

    function _epoch(ISequencerRegistry sequencers, uint256 revenue) private {
        sequencers.depositRevenue(revenue);
        skipTime(1 days);
        sequencers.closeEpoch();
    }

    function _signTwice(ISequencerRegistry sequencers) private {
        ISequencerRegistry.Seal memory first = ISequencerRegistry.Seal(420_690, 7, "a");
        ISequencerRegistry.Seal memory second = ISequencerRegistry.Seal(420_690, 7, "b");
        sequencers.reportDoubleSigning(
            stakingNodeId,
            first,
            signatureOf("second key", sequencers.sealDigest(first)),
            second,
            signatureOf("second key", sequencers.sealDigest(second))
        );
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == ISequencerRegistry.SequencerRegistered.selector) {
            _nodes.push(id);
            _status(id, ISequencerRegistry.Status.Active);
            set("key", id, log.topics[2]);
            set("node of", log.topics[2], id);
        } else if (topic == ISequencerRegistry.KeyRotated.selector) {
            set("key", id, log.topics[2]);
            set("node of", log.topics[2], id);
        } else if (topic == ISequencerRegistry.WeightChanged.selector) {
            _weigh(id, amountAt(log, 0));
            set("next weight", id, word(log, 1));
            set("next from", id, word(log, 2));
        } else if (topic == ISequencerRegistry.ExitStarted.selector) {
            _status(id, ISequencerRegistry.Status.Exiting);
            set("exits at", id, word(log, 0));
        } else if (topic == ISequencerRegistry.ExitCompleted.selector) {
            _status(id, ISequencerRegistry.Status.Exited);
        } else if (topic == ISequencerRegistry.FailureRecorded.selector) {
            _status(log.topics[2], ISequencerRegistry.Status.Jailed);
        } else if (topic == ISequencerRegistry.RevenueReceived.selector) {
            add("revenue", 0, 0, amountAt(log, 0));
        } else if (topic == ISequencerRegistry.EpochClosed.selector) {
            _close(uint256(id) + 1, log);
        } else if (topic == ISequencerRegistry.TreasuryPaid.selector) {
            sub("treasury's", 0, 0, amountAt(log, 0));
        } else if (topic == ISequencerRegistry.ParametersChanged.selector) {
            set("parameters", 0, keccak256(log.data));
        } else {
            return
                topic == ISequencerRegistry.RevenuePaid.selector
                    || topic == ISequencerRegistry.FactSourcesChanged.selector;
        }
        return true;
    }

    function _status(bytes32 id, ISequencerRegistry.Status status) private {
        set("status", id, bytes32(uint256(status)));
    }

    function _weigh(bytes32 id, uint256 weight) private {
        sub("total weight", 0, 0, uint256(get("weight", id, 0)));
        add("total weight", 0, 0, weight);
        set("weight", id, bytes32(weight));
    }

    // Increases that wait for the epoch that begins count from now on.
    function _close(uint256 next, Vm.Log memory log) private {
        set("epoch", 0, bytes32(next));
        set("revenue", 0, 0);
        add("treasury's", 0, 0, amountAt(log, 1));
        set("on duty", bytes32(next), word(log, 2));
        for (uint256 i = 0; i < _nodes.length; i++) {
            uint256 from = uint256(get("next from", _nodes[i], 0));
            if (from == 0 || from > next) continue;
            _weigh(_nodes[i], uint256(get("next weight", _nodes[i], 0)));
            set("next from", _nodes[i], 0);
        }
    }

    function actual(bytes32 what, bytes32 id, bytes32) internal view override returns (bytes32) {
        ISequencerRegistry sequencers = ISequencerRegistry(replayed);
        if (what == "node of") return sequencers.nodeOfKey(asAddress(id));
        if (what == "total weight") return bytes32(sequencers.totalWeight());
        if (what == "treasury's") return bytes32(sequencers.unpaidTreasury());
        if (what == "parameters") return keccak256(abi.encode(sequencers.parameters()));
        if (what == "on duty") return sequencers.onDuty(uint64(uint256(id)));
        if (what == "epoch" || what == "revenue") {
            (uint64 epoch,, uint256 revenue) = sequencers.currentEpoch();
            return bytes32(what == "epoch" ? uint256(epoch) : revenue);
        }
        ISequencerRegistry.Sequencer memory sequencer = sequencers.sequencer(id);
        if (what == "status") return bytes32(uint256(sequencer.status));
        if (what == "key") return asWord(sequencer.key);
        if (what == "weight") return bytes32(uint256(sequencer.weight));
        if (what == "exits at") return bytes32(uint256(sequencer.exitsAt));
        if (what == "next from") return bytes32(uint256(sequencer.nextFrom));
        // What it was to become is of interest while it waits.
        return sequencer.nextFrom == 0 ? get("next weight", id, 0) : bytes32(uint256(sequencer.nextWeight));
    }
}
