// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {IMultiServiceStakeManager} from "../../src/staking/IMultiServiceStakeManager.sol";
import {INodeStakingManager} from "../../src/staking/INodeStakingManager.sol";
import {Vm} from "../base/Vm.sol";
import {Replay} from "./Replay.sol";

/// @title Stake, delegation, rewards and slashing, from the events of DelegatedNodeStaking alone
contract StakingReplayTest is Replay {
    function test_Events_RebuildTheStake() external {
        _stakeAndMove();
        _slashAndFreeze();
        _earnAndClaim();
        replay("DelegatedNodeStaking", 35);
    }

    function _stakeAndMove() private {
        vm.startPrank(operator);
        staking.announceCommission(2500);
        bytes32 second = staking.registerNode("second", false);
        staking.stake(second, 1003 ether);
        staking.setAcceptsDelegations(second, true);
        staking.unstake(second, 3 ether);
        staking.proposeNodeOperator(second, consumer);
        vm.stopPrank();
        vm.startPrank(consumer);
        jeju.approve(address(staking), type(uint256).max);
        staking.registerOperator(3000);
        staking.acceptNodeOperator(second);
        vm.stopPrank();
        vm.startPrank(delegator);
        staking.delegate(second, 307 ether);
        staking.delegate(stakingNodeId, 503 ether);
        vm.stopPrank();
    }

    function _slashAndFreeze() private {
        vm.startPrank(slasher);
        staking.slash(stakingNodeId, "case", 425_000 ether, consumer, 1001 ether);
        staking.freezeExit(stakingNodeId, "open", 77 ether, uint64(vm.getBlockTimestamp() + 3 days));
        staking.freezeExit(stakingNodeId, "closed", 33 ether, uint64(vm.getBlockTimestamp() + 3 days));
        staking.unfreezeExit(stakingNodeId, "closed");
        vm.stopPrank();
        vm.prank(consumer);
        staking.claimStakeCredit();
    }

    function _earnAndClaim() private {
        usd.mint(admin, 10_007e6);
        vm.startPrank(admin);
        staking.grantRole(staking.REVENUE_ROLE(), admin);
        usd.approve(address(staking), type(uint256).max);
        staking.distributeRevenue(stakingNodeId, 10_007e6);
        vm.stopPrank();
        skipTime(15 days);
        staking.collectRewards(stakingNodeId, delegator);
        staking.withdraw(stakingNodeId, delegator);
        vm.prank(delegator);
        staking.claimRewards();
        IDelegatedNodeStaking.Parameters memory parameters = staking.parameters();
        parameters.nodeCap = 9_000_000 ether;
        vm.startPrank(admin);
        staking.setParameters(parameters);
        staking.setWiring(account("new treasury"), address(ledger));
        vm.stopPrank();
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == IDelegatedNodeStaking.SelfStaked.selector) {
            add("self", id, 0, amountAt(log, 0));
        } else if (topic == IDelegatedNodeStaking.Delegated.selector) {
            add("delegated", id, 0, amountAt(log, 0));
            add("all shares", id, 0, amountAt(log, 1));
            add("shares", id, log.topics[2], amountAt(log, 1));
        } else if (topic == IDelegatedNodeStaking.UnbondingStarted.selector) {
            bool own = log.topics[3] != 0;
            sub(own ? bytes32("self") : bytes32("delegated"), id, 0, amountAt(log, 0));
            add(own ? bytes32("unbonding self") : bytes32("unbonding delegated"), id, 0, amountAt(log, 0));
            sub("all shares", id, 0, amountAt(log, 1));
            sub("shares", id, log.topics[2], amountAt(log, 1));
        } else if (topic == IDelegatedNodeStaking.Withdrawn.selector) {
            bool own = log.topics[3] != 0;
            sub(own ? bytes32("unbonding self") : bytes32("unbonding delegated"), id, 0, amountAt(log, 0));
        } else if (topic == IDelegatedNodeStaking.Slashed.selector) {
            sub("self", id, 0, amountAt(log, 0));
            sub("unbonding self", id, 0, amountAt(log, 1));
            sub("delegated", id, 0, amountAt(log, 2));
            sub("unbonding delegated", id, 0, amountAt(log, 3));
        } else if (topic == IDelegatedNodeStaking.ExitFrozen.selector) {
            add("frozen", id, 0, amountAt(log, 0));
        } else if (topic == IDelegatedNodeStaking.ExitUnfrozen.selector) {
            sub("frozen", id, 0, amountAt(log, 0));
        } else {
            return _applyMoney(topic, id, log) || _applyRecords(topic, id, log);
        }
        return true;
    }

    function _applyMoney(bytes32 topic, bytes32 id, Vm.Log memory log) private returns (bool) {
        if (topic == IDelegatedNodeStaking.RevenueDistributed.selector) {
            add("rewards", get("treasury", 0, 0), 0, amountAt(log, 1));
            add("rewards", log.topics[2], 0, amountAt(log, 2) + amountAt(log, 3));
        } else if (topic == IDelegatedNodeStaking.RewardsCollected.selector) {
            add("rewards", log.topics[2], 0, amountAt(log, 0));
        } else if (topic == IDelegatedNodeStaking.RewardsClaimed.selector) {
            sub("rewards", id, 0, amountAt(log, 0));
        } else if (topic == IDelegatedNodeStaking.SlashedStakeCredited.selector) {
            add("stake credit", log.topics[3], 0, amountAt(log, 0));
        } else if (topic == IDelegatedNodeStaking.StakeCreditClaimed.selector) {
            sub("stake credit", id, 0, amountAt(log, 0));
        } else {
            return false;
        }
        return true;
    }

    function _applyRecords(bytes32 topic, bytes32 id, Vm.Log memory log) private returns (bool) {
        if (topic == IDelegatedNodeStaking.OperatorRegistered.selector) {
            set("commission announced", id, word(log, 0));
        } else if (topic == IDelegatedNodeStaking.CommissionAnnounced.selector) {
            set("commission announced", id, word(log, 0));
        } else if (topic == IDelegatedNodeStaking.NodeRegistered.selector) {
            set("operator", id, log.topics[2]);
            set("accepts", id, word(log, 1));
            set("node at", get("nodes", 0, 0), id);
            add("nodes", 0, 0, 1);
        } else if (topic == IDelegatedNodeStaking.NodeOperatorChanged.selector) {
            set("operator", id, log.topics[3]);
        } else if (topic == IDelegatedNodeStaking.AcceptsDelegationsChanged.selector) {
            set("accepts", id, word(log, 0));
        } else if (topic == IDelegatedNodeStaking.ParametersChanged.selector) {
            set("parameters", 0, keccak256(log.data));
        } else if (topic == IDelegatedNodeStaking.WiringChanged.selector) {
            set("treasury", 0, id);
            set("stake manager", 0, log.topics[2]);
        } else {
            return topic == IDelegatedNodeStaking.NodeOperatorProposed.selector;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        if (what == "rewards") return bytes32(staking.claimableRewardsOf(asAddress(id)));
        if (what == "stake credit") return bytes32(staking.stakeCreditOf(asAddress(id)));
        if (what == "commission announced") {
            return bytes32(uint256(staking.operatorInfo(asAddress(id)).announcedCommissionBps));
        }
        if (what == "nodes") return bytes32(staking.nodeCount());
        if (what == "node at") return staking.nodes(uint256(id), 1)[0];
        if (what == "parameters") return keccak256(abi.encode(staking.parameters()));
        if (what == "treasury") return asWord(staking.treasury());
        if (what == "stake manager") return asWord(staking.stakeManager());
        if (what == "shares") {
            (uint256 shares,) = staking.delegationOf(id, asAddress(other));
            return bytes32(shares);
        }
        IDelegatedNodeStaking.Node memory node = staking.node(id);
        if (what == "self") return bytes32(node.selfStake);
        if (what == "delegated") return bytes32(node.delegatedStake);
        if (what == "unbonding self") return bytes32(node.unbondingSelf);
        if (what == "unbonding delegated") return bytes32(node.unbondingDelegated);
        if (what == "all shares") return bytes32(node.delegatedShares);
        if (what == "frozen") return bytes32(node.frozen);
        return what == "operator" ? asWord(node.operator) : asWord(node.acceptsDelegations);
    }
}

/// @title Which stake backs which service, from the ledger's events alone
contract StakeManagerReplayTest is Replay {
    function test_Events_RebuildTheAllocations() external {
        vm.startPrank(operator);
        ledger.allocate(stakingNodeId, "compute", 1003 ether);
        ledger.deallocate(stakingNodeId, "compute", 1003 ether);
        ledger.allocate(stakingNodeId, "storage", 2003 ether);
        ledger.deallocate(stakingNodeId, "storage", 503 ether);
        skipTime(14 days);
        ledger.completeDeallocation(stakingNodeId, "compute");
        vm.stopPrank();
        vm.startPrank(admin);
        ledger.setService("compute", MINIMUM_STAKE + 1);
        ledger.setUnbondingPeriod(15 days);
        ledger.grantRole(ledger.LOCKER_ROLE(), admin);
        ledger.lock(stakingNodeId, "storage", 701 ether);
        ledger.release(stakingNodeId, "storage", 201 ether);
        vm.stopPrank();
        replay("MultiServiceStakeManager", 40);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        if (topic == IMultiServiceStakeManager.UnbondingPeriodChanged.selector) {
            set("unbonding period", 0, word(log, 0));
            return true;
        }
        (bytes32 id, bytes32 service) = (log.topics[1], log.topics.length > 2 ? log.topics[2] : bytes32(0));
        if (topic == IMultiServiceStakeManager.ServiceSet.selector) {
            set("minimum", id, word(log, 0));
        } else if (topic == IMultiServiceStakeManager.StakeAllocated.selector) {
            add("all allocated", id, 0, amountAt(log, 0));
            set("allocated", id, service, word(log, 1));
        } else if (topic == IMultiServiceStakeManager.DeallocationStarted.selector) {
            set("leaving", id, service, word(log, 0));
            set("leaves at", id, service, word(log, 1));
        } else if (topic == IMultiServiceStakeManager.DeallocationCompleted.selector) {
            sub("all allocated", id, 0, amountAt(log, 0));
            set("allocated", id, service, word(log, 1));
            set("leaving", id, service, 0);
            set("leaves at", id, service, 0);
        } else if (topic == IMultiServiceStakeManager.StakeLocked.selector) {
            add("locked", id, service, amountAt(log, 0));
            add("all locked", id, 0, amountAt(log, 0));
            // In the suite in use there is one node.
            add("locked by", log.topics[3], service, amountAt(log, 0));
        } else if (topic == IMultiServiceStakeManager.StakeReleased.selector) {
            sub("locked", id, service, amountAt(log, 0));
            sub("all locked", id, 0, amountAt(log, 0));
            sub("locked by", log.topics[3], service, amountAt(log, 0));
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        if (what == "unbonding period") return bytes32(uint256(ledger.unbondingPeriod()));
        if (what == "minimum") return bytes32(uint256(ledger.serviceInfo(id).minimumStake));
        if (what == "all allocated") return bytes32(ledger.totalAllocatedOf(id));
        if (what == "all locked") return bytes32(ledger.totalLockedOf(id));
        if (what == "locked by") return bytes32(ledger.lockedBy(asAddress(id), stakingNodeId, other));
        IMultiServiceStakeManager.Allocation memory allocation = ledger.allocationOf(id, other);
        if (what == "allocated") return bytes32(uint256(allocation.amount));
        if (what == "locked") return bytes32(uint256(allocation.locked));
        return what == "leaving" ? bytes32(uint256(allocation.leaving)) : bytes32(uint256(allocation.leavesAt));
    }
}

/// @title Enrolments, epochs and the pool of RPC nodes, from their events alone
contract NodeStakingReplayTest is Replay {
    function test_Events_RebuildTheEnrolmentsAndTheEpochs() external {
        INodeStakingManager manager = INodeStakingManager(memberOf("NodeStakingManager"));
        vm.startPrank(consumer);
        usd.approve(address(manager), type(uint256).max);
        manager.fund(3_000_000_007);
        vm.stopPrank();
        uint256 epoch = _report(manager, 4711);
        uint256 late = _report(manager, 9001);
        skipTime(1 days);
        manager.closeEpoch(epoch);
        manager.closeEpoch(late);
        manager.claim(stakingNodeId, epoch);
        vm.prank(operator);
        manager.startExit(stakingNodeId);
        skipTime(100 days);
        manager.rollOver(late);
        manager.completeExit(stakingNodeId);
        INodeStakingManager.Parameters memory parameters = manager.parameters();
        parameters.regionBonusBps = 1001;
        vm.startPrank(admin);
        manager.setParameters(parameters);
        manager.setPrice(1.1e6);
        manager.setRegion("eu", true);
        vm.stopPrank();
        replay("NodeStakingManager", 18);
    }

    function _report(INodeStakingManager manager, uint128 requests) private returns (uint256 epoch) {
        vm.warp((vm.getBlockTimestamp() / 1 days + 1) * 1 days);
        epoch = vm.getBlockTimestamp() / 1 days - 1;
        vm.prank(admin);
        manager.report(stakingNodeId, epoch, 9990, requests, 100);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == INodeStakingManager.NodeEnrolled.selector) {
            _enrolment(id, bytes32(uint256(1)), log.topics[2], log.topics[3], word(log, 0), 0);
        } else if (topic == INodeStakingManager.ExitStarted.selector) {
            set("status", id, bytes32(uint256(2)));
            set("leaves at", id, word(log, 0));
        } else if (topic == INodeStakingManager.ExitCompleted.selector) {
            _enrolment(id, 0, 0, 0, 0, 0);
        } else if (topic == INodeStakingManager.PerformanceReported.selector) {
            add("requests", id, 0, amountAt(log, 1));
            add("score", id, log.topics[2], amountAt(log, 3));
            add("all scores", log.topics[2], 0, amountAt(log, 3));
        } else if (topic == INodeStakingManager.EpochClosed.selector) {
            set("closed", id, asWord(true));
            set("budget", id, word(log, 0));
            sub("pool", 0, 0, amountAt(log, 0));
        } else if (topic == INodeStakingManager.RewardPaid.selector) {
            set("score", id, log.topics[2], 0);
            add("paid", log.topics[2], 0, amountAt(log, 0));
        } else if (topic == INodeStakingManager.BudgetRolledOver.selector) {
            add("paid", id, 0, amountAt(log, 0));
            add("pool", 0, 0, amountAt(log, 0));
        } else if (topic == INodeStakingManager.PoolFunded.selector) {
            add("pool", 0, 0, amountAt(log, 0));
        } else if (topic == INodeStakingManager.PriceChanged.selector) {
            set("price", 0, word(log, 0));
        } else if (topic == INodeStakingManager.RegionSet.selector) {
            set("known region", id, word(log, 0));
        } else if (topic == INodeStakingManager.ParametersChanged.selector) {
            set("parameters", 0, keccak256(log.data));
        } else {
            return false;
        }
        return true;
    }

    function _enrolment(bytes32 id, bytes32 status, bytes32 by, bytes32 region, bytes32 locked, bytes32 leavesAt)
        private
    {
        set("status", id, status);
        set("by", id, by);
        set("region", id, region);
        set("locked", id, locked);
        set("leaves at", id, leavesAt);
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        INodeStakingManager manager = INodeStakingManager(replayed);
        if (what == "pool") return bytes32(manager.pool());
        if (what == "score") return bytes32(manager.scoreOf(id, uint256(other)));
        if (what == "known region") return asWord(manager.isRegion(id));
        if (what == "parameters") return keccak256(abi.encode(manager.parameters()));
        if (what == "price") {
            (uint256 price,) = manager.price();
            return bytes32(price);
        }
        INodeStakingManager.Epoch memory epoch = manager.epochInfo(uint256(id));
        if (what == "closed") return asWord(epoch.closed);
        if (what == "budget") return bytes32(uint256(epoch.budget));
        if (what == "paid") return bytes32(uint256(epoch.paid));
        if (what == "all scores") return bytes32(epoch.totalScore);
        INodeStakingManager.Enrolment memory enrolment = manager.enrolment(id);
        if (what == "status") return bytes32(uint256(enrolment.status));
        if (what == "by") return asWord(enrolment.enrolledBy);
        if (what == "region") return enrolment.region;
        if (what == "locked") return bytes32(uint256(enrolment.locked));
        return what == "requests" ? bytes32(uint256(enrolment.requests)) : bytes32(uint256(enrolment.leavesAt));
    }
}
