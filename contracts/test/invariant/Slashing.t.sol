// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AutoSlasher} from "../../src/staking/AutoSlasher.sol";
import {IAutoSlasher} from "../../src/staking/IAutoSlasher.sol";
import {IFactSource} from "../../src/staking/IFactSource.sol";
import {DelegatedNodeStaking} from "../../src/staking/DelegatedNodeStaking.sol";
import {FlowTest} from "../base/FlowTest.sol";
import {Test} from "../base/Test.sol";
import {FactBook} from "../staking/AutoSlasherScene.sol";

/// @title Failures, disputes, rulings and exits, at any time and in any order
contract SlashingHandler is Test {
    struct World {
        AutoSlasher slasher;
        DelegatedNodeStaking staking;
        FactBook facts;
        bytes32 nodeId;
        bytes32 service;
        address operator;
        address arbiter;
        address delegator;
        address harmed;
    }

    uint256 private constant MAXIMUM_PROPOSALS = 32;

    World private _world;
    bytes32[] public proposalIds;
    /// @notice What each case holds back; zero once it was let go.
    mapping(bytes32 proposalId => uint256) public held;
    /// @notice What was slashed for each.
    mapping(bytes32 proposalId => uint256) public slashed;
    uint256 public fromOwnBonds;
    uint256 public fromDelegations;
    uint256 public compensable;
    mapping(bytes4 action => uint256) public done;
    uint256 private _salt;

    constructor(World memory world) {
        _world = world;
    }

    function proposalCount() external view returns (uint256) {
        return proposalIds.length;
    }

    function pass(uint256 elapsed) external {
        skipTime(within(elapsed, 1, 2 days));
    }

    // A failure is heard, or refused for a reason that has a name.
    function fail(uint256 offence, bool objective, uint256 price) external {
        if (proposalIds.length >= MAXIMUM_PROPOSALS) return;
        IFactSource.Fact memory fact;
        fact.nodeId = _world.nodeId;
        fact.service = offence % 5 == 4 ? bytes32(0) : _world.service;
        fact.offence = offence % 3 == 0
            ? IFactSource.Offence.MissedHeartbeats
            : offence % 3 == 1 ? IFactSource.Offence.FailedLease : IFactSource.Offence.FalseStatement;
        fact.objective = objective;
        fact.period = uint64(vm.getBlockTimestamp() / 7 days);
        fact.provenAt = uint64(vm.getBlockTimestamp());
        fact.harmed = _world.harmed;
        fact.price = within(price, 0, 5000e6);
        bytes32 factId = bytes32(++_salt);
        _world.facts.write(factId, fact);
        try _world.slasher.propose(address(_world.facts), factId) returns (bytes32 id) {
            proposalIds.push(id);
            held[id] = _world.slasher.proposal(id).amount;
            if (held[id] != 0) done[this.fail.selector]++;
        } catch (bytes memory reason) {
            bytes4 why = bytes4(reason);
            require(
                why == IAutoSlasher.AutoSlasher_AlreadyProposed.selector
                    || why == IAutoSlasher.AutoSlasher_NothingAtStake.selector
            );
        }
    }

    function dispute(uint256 which) external {
        bytes32 id = _first(which, IAutoSlasher.Status.Open);
        if (id == 0) return;
        vm.prank(_world.operator);
        _world.slasher.dispute(id, "not so");
        done[this.dispute.selector]++;
    }

    function rule(uint256 which, bool upheld, uint256 amount) external {
        bytes32 id = _first(which, IAutoSlasher.Status.Disputed);
        if (id == 0) return;
        vm.prank(_world.arbiter);
        _world.slasher.rule(id, upheld, amount);
        if (!upheld) held[id] = 0;
        done[this.rule.selector]++;
    }

    function execute(uint256 which) external {
        bytes32 id = _first(which, IAutoSlasher.Status.Executable);
        // Now and then nobody executes, and the case lapses.
        if (id == 0 || uint256(id) % 3 == 0) return;
        compensable += _world.slasher.proposal(id).compensation;
        (uint256 own, uint256 delegated) = _world.slasher.execute(id);
        slashed[id] = own + delegated;
        fromOwnBonds += own;
        fromDelegations += delegated;
        held[id] = 0;
        done[this.execute.selector]++;
    }

    // Every other case that came to nothing; the others wait for their time.
    function close(uint256 which) external {
        for (uint256 i = 0; i < proposalIds.length; i++) {
            bytes32 id = proposalIds[(which % proposalIds.length + i) % proposalIds.length];
            IAutoSlasher.Status status = _world.slasher.statusOf(id);
            bool isNothing = status == IAutoSlasher.Status.Lapsed || status == IAutoSlasher.Status.Dismissed;
            if (!isNothing || held[id] == 0 || uint256(id) % 2 == 0) continue;
            if (vm.getBlockTimestamp() >= _world.slasher.proposal(id).proposedAt + 12 days) continue;
            _world.slasher.close(id);
            held[id] = 0;
            done[this.close.selector]++;
            return;
        }
    }

    // Once its time has passed, anybody ends what a case holds back.
    function unfreeze(uint256 which) external {
        for (uint256 i = 0; i < proposalIds.length; i++) {
            bytes32 id = proposalIds[(which % proposalIds.length + i) % proposalIds.length];
            if (held[id] == 0 || !_isPast(id)) continue;
            _world.staking.unfreezeExit(_world.nodeId, id);
            held[id] = 0;
            done[this.unfreeze.selector]++;
            return;
        }
    }

    function delegate(uint256 amount) external {
        amount = within(amount, 100 ether, 2000 ether);
        uint256 self = _world.staking.node(_world.nodeId).selfStake;
        if (self * 10 < _world.staking.activeStakeOf(_world.nodeId) + amount) return;
        vm.prank(_world.delegator);
        _world.staking.delegate(_world.nodeId, amount);
        done[this.delegate.selector]++;
    }

    function leave() external {
        (uint256 shares,) = _world.staking.delegationOf(_world.nodeId, _world.delegator);
        if (shares == 0) return;
        if (_world.staking.unbondingRequestsOf(_world.nodeId, _world.delegator).length >= 32) return;
        vm.prank(_world.delegator);
        _world.staking.undelegate(_world.nodeId, type(uint256).max);
        done[this.leave.selector]++;
    }

    function withdraw() external {
        if (_world.staking.withdraw(_world.nodeId, _world.delegator) != 0) done[this.withdraw.selector]++;
    }

    function _isPast(bytes32 id) private view returns (bool) {
        return vm.getBlockTimestamp() > _world.slasher.proposal(id).proposedAt + 12 days;
    }

    function _first(uint256 which, IAutoSlasher.Status status) private view returns (bytes32) {
        for (uint256 i = 0; i < proposalIds.length; i++) {
            bytes32 id = proposalIds[(which % proposalIds.length + i) % proposalIds.length];
            if (_world.slasher.statusOf(id) == status) return id;
        }
        return 0;
    }
}

/// @title Cases against a node, over the real staking contract and its ledger
contract SlashingInvariants is FlowTest {
    AutoSlasher private autoSlasher;
    SlashingHandler private handler;
    bytes32 private nodeId;
    address private harmed;

    function setUp() public override {
        super.setUp();
        autoSlasher = AutoSlasher(
            deploySuiteContract(
                "AutoSlasher",
                type(AutoSlasher).creationCode,
                abi.encodeCall(AutoSlasher.initialize, (admin, address(staking), address(ledger)))
            )
        );
        FactBook facts = new FactBook();
        address arbiter = account("arbiter");
        harmed = account("harmed");
        nodeId = aStakingNode(operator, "node", 5 * MINIMUM_STAKE);
        vm.startPrank(admin);
        staking.grantRole(staking.SLASHER_ROLE(), address(autoSlasher));
        autoSlasher.grantRole(autoSlasher.ARBITER_ROLE(), arbiter);
        autoSlasher.setSource(address(facts), true);
        autoSlasher.setCompensationRate(1e12 * 1e18);
        vm.stopPrank();
        handler = new SlashingHandler(
            SlashingHandler.World(autoSlasher, staking, facts, nodeId, SERVICE, operator, arbiter, delegator, harmed)
        );
        targetContract(address(handler));
        targetSelector(address(handler), _actions());
    }

    function _actions() private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](10);
        selectors[0] = SlashingHandler.pass.selector;
        selectors[1] = SlashingHandler.fail.selector;
        selectors[2] = SlashingHandler.dispute.selector;
        selectors[3] = SlashingHandler.rule.selector;
        selectors[4] = SlashingHandler.execute.selector;
        selectors[5] = SlashingHandler.close.selector;
        selectors[6] = SlashingHandler.unfreeze.selector;
        selectors[7] = SlashingHandler.delegate.selector;
        selectors[8] = SlashingHandler.leave.selector;
        selectors[9] = SlashingHandler.withdraw.selector;
    }

    // An invariant says nothing about what its handler never does.
    function test_Handler_DoesEverythingThatItIsAskedFor() external {
        bytes4[] memory actions = _actions();
        for (uint256 i = 0; i < 900; i++) {
            uint256 draw = uint256(keccak256(abi.encode("cases", i)));
            (bool success,) = address(handler)
                .call(abi.encodePacked(actions[draw % 10], abi.encode(draw >> 8, draw >> 40 & 1, draw >> 72)));
            vm.assertTrue(success, "an action that is allowed reverted");
        }
        for (uint256 i = 1; i < actions.length; i++) {
            vm.assertTrue(handler.done(actions[i]) != 0, vm.toString(i));
        }
    }

    function invariant_WhatIsHeldBack_IsTheSumOfTheCases() external view {
        uint256 sum = 0;
        for (uint256 i = 0; i < handler.proposalCount(); i++) {
            sum += handler.held(handler.proposalIds(i));
        }
        vm.assertEq(staking.node(nodeId).frozen, sum, "Invariant violation: stake is held back for no case");
    }

    function invariant_EveryCase_EndsByTimeAlone() external view {
        for (uint256 i = 0; i < handler.proposalCount(); i++) {
            IAutoSlasher.Proposal memory proposal = autoSlasher.proposal(handler.proposalIds(i));
            IAutoSlasher.Status status = autoSlasher.statusOf(handler.proposalIds(i));
            bool isOpen = status == IAutoSlasher.Status.Open || status == IAutoSlasher.Status.Disputed
                || status == IAutoSlasher.Status.Executable;
            if (!isOpen) continue;
            vm.assertLt(
                vm.getBlockTimestamp(), proposal.proposedAt + 12 days, "Invariant violation: a case without end"
            );
        }
    }

    function invariant_SlashesTakeAtMostWhatWasProposed() external view {
        for (uint256 i = 0; i < handler.proposalCount(); i++) {
            bytes32 id = handler.proposalIds(i);
            vm.assertLe(
                handler.slashed(id), autoSlasher.proposal(id).amount, "Invariant violation: slashed beyond the case"
            );
        }
    }

    function invariant_CompensationComesFromTheOwnBondAlone() external view {
        uint256 compensated = staking.stakeCreditOf(harmed);
        vm.assertLe(compensated, handler.fromOwnBonds(), "Invariant violation: delegators compensated");
        vm.assertLe(compensated, handler.compensable(), "Invariant violation: compensated beyond the price");
        vm.assertEq(
            compensated + staking.stakeCreditOf(treasury),
            handler.fromOwnBonds() + handler.fromDelegations(),
            "Invariant violation: slashed stake is missing"
        );
    }

    /// @notice At the end of each run: no case holds anybody for ever.
    function afterInvariant() external {
        skipTime(12 days + 1);
        for (uint256 i = 0; i < handler.proposalCount(); i++) {
            handler.unfreeze(i);
        }
        vm.assertEq(staking.node(nodeId).frozen, 0, "Invariant violation: a case holds back for ever");
        handler.leave();
        skipTime(14 days);
        handler.withdraw();
        vm.assertEq(staking.unbondingRequestsOf(nodeId, delegator).length, 0, "Invariant violation: an exit is stuck");
    }
}
