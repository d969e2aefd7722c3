// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {IMarketFacts} from "../../src/staking/IMarketFacts.sol";
import {StoryScene} from "./StoryScene.sol";

/// @title A node fails while the chain lives, and nobody fails while it stands still, also where no other node could tell
contract SignsOfLifeTest is StoryScene {
    bytes32 private nodeId;
    bytes32 private offerId;

    function setUp() public override {
        super.setUp();
        nodeId = aProviderNode(operator, agent, "node");
        offerId = anOffer(operator, nodeId, KIND, PRICE, 10);
        setCompensationRate(DOLLAR_PER_JEJU);
        useGrace(nodeId, offerId);
        // The clock of the chain and the minutes of the day need not agree.
        skipTime(60 - vm.getBlockTimestamp() % 60 + 17);
        beat(nodeId);
    }

    // A sign in every minute but one that is left out, none where `except` is the number of minutes.
    function _live(uint256 minutes_, uint256 except) private {
        for (uint256 i = 0; i < minutes_; i++) {
            if (i != except) {
                vm.prank(stranger);
                facts.giveSignOfLife();
            }
            skipTime(60);
        }
    }

    function _expectNobodyWasHeard(bytes32 who, uint256 from, uint256 until) private {
        vm.expectRevert(abi.encodeWithSelector(IMarketFacts.MarketFacts_NobodyWasHeard.selector, who, from, until));
    }

    function _refused(bytes32 who) private {
        _expectNobodyWasHeard(who, vm.getBlockTimestamp() - 1 hours, vm.getBlockTimestamp());
        facts.recordMissedHeartbeats(nodeId, who);
    }

    function test_OnlyNode_IsSlashedForSilence_WhereTheChainGaveASignOfLifeInEveryMinute() external {
        bytes32 stakingNodeId = registry.stakingNodeOf(nodeId);
        becomeReady(placeOrder(offerId, KIND, "order"));
        skipTime(HEARTBEAT_TIMEOUT + 1);
        _live(59, 59);
        skipTime(60);
        // The other node is as silent as the accused, and a minute is missing.
        _refused(witness);
        _refused(0);
        _live(60, 60);
        uint256 before = staking.slashableStakeOf(stakingNodeId);
        slashFor(facts.recordMissedHeartbeats(nodeId, 0));
        vm.assertEq(staking.slashableStakeOf(stakingNodeId), before - before / 100);
    }

    // Wherever the gap is: in that minute no heartbeat may have come through.
    function testFuzz_ChainThatStoodStillForAMinute_IsNobodysFailure(uint256 gap) external {
        becomeReady(placeOrder(offerId, KIND, "order"));
        skipTime(HEARTBEAT_TIMEOUT + 1);
        _live(61, within(gap, 2, 60));
        skipTime(1);
        _refused(0);
    }

    function test_SignsOfLife_AreNotGivenAfterwards_AndASecondOneInAMinuteChangesNothing() external {
        uint256 minute = vm.getBlockTimestamp() / 60;
        vm.assertFalse(facts.hasSignOfLife(minute));
        vm.expectEmit(address(facts));
        emit IMarketFacts.SignOfLife(minute, stranger);
        vm.prank(stranger);
        vm.assertEq(facts.giveSignOfLife(), minute);
        vm.recordLogs();
        vm.assertEq(facts.giveSignOfLife(), minute);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        skipTime(120);
        facts.giveSignOfLife();
        vm.assertTrue(facts.hasSignOfLife(minute));
        vm.assertFalse(facts.hasSignOfLife(minute + 1), "nobody gave one");
        vm.assertTrue(facts.hasSignOfLife(minute + 2));
        vm.assertFalse(facts.hasSignOfLife(minute + 3), "nor one ahead of time");
        vm.assertFalse(facts.hasSignOfLife(minute + 256), "nor in another word");
    }

    // A rollup's settlement layer forces transactions in while the rollup takes nobody else's. They pay no gas price.
    function test_ForcedTransactions_AreNoSignOfLife_AndForcedHeartbeatsNoTestimony() external {
        becomeReady(placeOrder(offerId, KIND, "order"));
        skipTime(HEARTBEAT_TIMEOUT + 1);
        vm.txGasPrice(0);
        vm.expectRevert(IMarketFacts.MarketFacts_ForcedTransaction.selector);
        facts.giveSignOfLife();
        vm.assertEq(registry.forcedHeartbeatAt(witness), 0);
        vm.expectEmit(address(registry));
        emit IDWSProviderRegistry.HeartbeatForced(witness);
        passHeard(1 hours);
        vm.assertEq(registry.forcedHeartbeatAt(witness), vm.getBlockTimestamp());
        vm.txGasPrice(1);
        _refused(witness);
        // The last one of them still covers the time after it, as long as a heartbeat may be late.
        uint256 forcedAt = vm.getBlockTimestamp();
        passHeard(1 hours + HEARTBEAT_TIMEOUT);
        vm.assertEq(registry.forcedHeartbeatAt(witness), forcedAt);
        _refused(witness);
        passHeard(1);
        facts.recordMissedHeartbeats(nodeId, witness);
    }

    // Two heartbeats in time may lie before and after a short outage.
    function test_TimeShorterThanAHeartbeatMayBeLate_HasNoWitnessButSignsOfLife() external {
        IDWSProviderRegistry.Parameters memory parameters = registry.parameters();
        parameters.heartbeatTimeout = DEADLINE + 1;
        vm.prank(admin);
        registry.setParameters(parameters);
        beat(witness);
        bytes32 orderId = placeOrder(offerId, KIND, "stood still");
        uint256 from = vm.getBlockTimestamp();
        skipTime(DEADLINE + 1);
        beat(witness);
        provider.expireNode(orderId);
        _expectNobodyWasHeard(witness, from, from + DEADLINE);
        facts.recordFailedLease(orderId, 0, witness);
        _expectNobodyWasHeard(0, from, from + DEADLINE);
        facts.recordFailedLease(orderId, 0, 0);

        beat(nodeId);
        orderId = placeOrder(offerId, KIND, "lived");
        skipTime(60 - vm.getBlockTimestamp() % 60);
        _live(5, 5);
        provider.expireNode(orderId);
        facts.recordFailedLease(orderId, 0, 0);
    }

    // With less than a whole minute there is nothing that could have a sign.
    function test_TimeWithoutAWholeMinute_ProvesNothing() external {
        IExternalChainProvider.KindSpec memory spec = kindSpec(false, false);
        spec.readyDeadline = 30;
        vm.prank(admin);
        offers.setKind(KIND, NETWORK, spec);
        bytes32 orderId = placeOrder(offerId, KIND, "hasty");
        uint256 from = vm.getBlockTimestamp();
        facts.giveSignOfLife();
        skipTime(60);
        facts.giveSignOfLife();
        provider.expireNode(orderId);
        _expectNobodyWasHeard(0, from, from + 30);
        facts.recordFailedLease(orderId, 0, 0);
    }
}
