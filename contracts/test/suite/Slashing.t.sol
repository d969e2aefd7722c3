// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAutoSlasher} from "../../src/staking/IAutoSlasher.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {IMarketFacts} from "../../src/staking/IMarketFacts.sol";
import {StoryScene} from "./StoryScene.sol";

/// @title From a failure in the marketplace to slashed stake, over the whole suite: what is proven, when, and against whom
contract SlashingTest is StoryScene {
    bytes32 internal nodeId;
    bytes32 internal stakingNodeId;
    bytes32 internal offerId;

    function setUp() public override {
        super.setUp();
        nodeId = aProviderNode(operator, agent, "node");
        stakingNodeId = registry.stakingNodeOf(nodeId);
        offerId = anOffer(operator, nodeId, KIND, PRICE, 10);
        delegateAs(delegator, stakingNodeId, 20_011 ether);
        setCompensationRate(DOLLAR_PER_JEJU);
        useGrace(nodeId, offerId);
    }

    function _neverReady(bytes32 salt) private returns (bytes32 factId) {
        return neverReady(consumer, nodeId, offerId, salt);
    }

    function test_LeaseNeverServed_SlashesTheOwnBond_AndCompensatesTheConsumer() public {
        bytes32 id = autoSlasher.propose(address(facts), _neverReady("failed"));
        IAutoSlasher.Proposal memory proposal = autoSlasher.proposal(id);
        vm.assertEq(proposal.amount, MINIMUM_STAKE * 500 / 10_000, "five percent of what backs the service");
        skipTime(3 days);
        uint256 before = staking.slashableStakeOf(stakingNodeId);
        (uint256 fromOwn, uint256 fromDelegation) = autoSlasher.execute(id);
        vm.assertEq(fromOwn, proposal.amount, "own bond first");
        vm.assertEq(fromDelegation, 0);
        vm.assertEq(before - staking.slashableStakeOf(stakingNodeId), proposal.amount);
        uint256 price = uint256(PRICE) * DEADLINE / 3600;
        vm.assertEq(staking.stakeCreditOf(consumer), price * 1e12, "the price of the time that failed");
        vm.assertEq(staking.stakeCreditOf(treasury), proposal.amount - price * 1e12, "the rest");
        vm.prank(consumer);
        staking.claimStakeCredit();
    }

    // From the deadline on he has his money back for the asking. What he waits longer is not the operator's to pay.
    function test_LeaseNeverServed_CompensatesNoMoreThanItsDeadline_HoweverLateItIsEnded() public {
        bytes32 orderId = placeOrder(offerId, KIND, "left to wait");
        passHeard(DEADLINE + 1);
        skipTime(20 days);
        provider.expireNode(orderId);
        bytes32 factId = facts.recordFailedLease(orderId, 0, witness);
        vm.assertEq(facts.factOf(factId).price, uint256(PRICE) * DEADLINE / 3600);
    }

    function test_CompetitorsManySmallOrders_InAnOutage_CostThePenaltyOnce() public {
        string[2] memory puppets = ["first puppet", "second puppet"];
        bytes32[] memory orders = new bytes32[](8);
        for (uint256 i = 0; i < 8; i++) {
            IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, bytes32(i));
            request.leaseHours = 1;
            address puppet = i % 4 == 0 ? aParty(puppets[i / 4], 0, 1e6) : account(puppets[i / 4]);
            vm.prank(puppet);
            orders[i] = provider.provisionNode(request);
        }
        passHeard(DEADLINE + 1);
        uint256 sum = 0;
        for (uint256 i = 0; i < 8; i++) {
            provider.expireNode(orders[i]);
            sum += autoSlasher.proposal(
                autoSlasher.propose(address(facts), facts.recordFailedLease(orders[i], 0, witness))
            )
            .amount;
        }
        uint256 compensation = uint256(PRICE) * DEADLINE / 3600 * 1e12;
        vm.assertEq(sum, MINIMUM_STAKE * 500 / 10_000 + 7 * compensation, "one outage, and what each paid for");
        vm.assertEq(staking.node(stakingNodeId).frozen, sum);
    }

    function test_SilentNode_IsSlashedOncePerPeriod() public {
        becomeReady(placeOrder(offerId, KIND, "order"));
        passHeard(HEARTBEAT_TIMEOUT + 1 hours);
        bytes32 factId = facts.recordMissedHeartbeats(nodeId, witness);
        vm.expectRevert(abi.encodeWithSelector(IMarketFacts.MarketFacts_AlreadyRecorded.selector, factId));
        facts.recordMissedHeartbeats(nodeId, witness);
        slashFor(factId);
        vm.assertEq(
            staking.slashableStakeOf(stakingNodeId),
            (2 * MINIMUM_STAKE + 20_011 ether) - (2 * MINIMUM_STAKE + 20_011 ether) / 100
        );
    }

    function _refusesWitness(bytes32 who) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IMarketFacts.MarketFacts_NobodyWasHeard.selector,
                who,
                vm.getBlockTimestamp() - 1 hours,
                vm.getBlockTimestamp()
            )
        );
        facts.recordMissedHeartbeats(nodeId, who);
    }

    // Nobody's heartbeat was taken: the chain stood still, and no node failed.
    function test_OutageOfTheChain_IsNobodysFailure_ButSilenceAfterItIs() public {
        becomeReady(placeOrder(offerId, KIND, "order"));
        bytes32 unserved = placeOrder(offerId, KIND, "unserved");
        skipTime(3 hours);
        _refusesWitness(witness);
        provider.expireNode(unserved);
        uint256 deadline = offers.placementOf(unserved, 0).readyDeadline;
        vm.expectRevert(
            abi.encodeWithSelector(
                IMarketFacts.MarketFacts_NobodyWasHeard.selector, witness, deadline - DEADLINE, deadline
            )
        );
        facts.recordFailedLease(unserved, 0, witness);

        // The chain is back, and others are heard: not yet for an hour.
        beat(witness);
        _refusesWitness(witness);
        passHeard(1 hours - 1);
        _refusesWitness(witness);
        passHeard(1);
        // A witness is another node, and one that was there.
        _refusesWitness(nodeId);
        _refusesWitness("unknown");
        _refusesWitness(aProviderNode(aParty("late", 2 * MINIMUM_STAKE, 0), agent, "late"));
        facts.recordMissedHeartbeats(nodeId, witness);
    }

    function test_SilentNodeWithoutLeases_OrShortSilence_ProvesNothing() public {
        passHeard(HEARTBEAT_TIMEOUT + 1 hours);
        vm.expectRevert(abi.encodeWithSelector(IMarketFacts.MarketFacts_NotProven.selector, nodeId));
        facts.recordMissedHeartbeats(nodeId, witness);
        vm.expectRevert(
            abi.encodeWithSelector(IMarketFacts.MarketFacts_UnknownFact.selector, bytes32("never recorded"))
        );
        facts.factOf("never recorded");
        beat(nodeId);
        becomeReady(placeOrder(offerId, KIND, "order"));
        passHeard(HEARTBEAT_TIMEOUT + 1 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(IMarketFacts.MarketFacts_NotProven.selector, nodeId));
        facts.recordMissedHeartbeats(nodeId, witness);
    }

    function test_LeaseThatItsConsumerEnded_ProvesNothing() public {
        bytes32 orderId = placeOrder(offerId, KIND, "order");
        becomeReady(orderId);
        vm.prank(consumer);
        provider.terminateNode(orderId);
        vm.expectRevert(abi.encodeWithSelector(IMarketFacts.MarketFacts_NotProven.selector, orderId));
        facts.recordFailedLease(orderId, 0, witness);
    }

    function test_SlashAfterExit_StillBites() public {
        bytes32 factId = _neverReady("failed");
        vm.prank(operator);
        staking.unstake(stakingNodeId, MINIMUM_STAKE);
        bytes32 id = autoSlasher.propose(address(facts), factId);
        uint256 amount = autoSlasher.proposal(id).amount;
        vm.prank(operator);
        autoSlasher.dispute(id, "my line was down");
        skipTime(2 days);
        (uint256 fromOwn,) = autoSlasher.execute(id);
        vm.assertEq(fromOwn, amount, "what is leaving is slashed too");
    }

    function test_OpenProposal_HoldsBackTheExit_UntilItEnds() public {
        vm.prank(delegator);
        staking.undelegate(stakingNodeId, type(uint256).max);
        skipTime(13 days);
        beat(nodeId);
        bytes32 id = autoSlasher.propose(address(facts), _neverReady("failed"));
        vm.assertEq(staking.node(stakingNodeId).frozen, autoSlasher.proposal(id).amount);
        skipTime(3 days);
        autoSlasher.execute(id);
        vm.assertEq(staking.node(stakingNodeId).frozen, 0);
        staking.withdraw(stakingNodeId, delegator);
        vm.assertEq(jeju.balanceOf(delegator), 1_000_003 ether, "the delegators lost nothing");
    }

    function test_NodeWithLittleStakeLeft_IsSlashedForWhatIsThere() public {
        bytes32 id = autoSlasher.propose(address(facts), _neverReady("first"));
        vm.prank(slasher);
        staking.slash(stakingNodeId, "all", type(uint128).max, address(0), 0);
        skipTime(3 days);
        (uint256 fromOwn, uint256 fromDelegation) = autoSlasher.execute(id);
        vm.assertEq(fromOwn + fromDelegation, 0);
        vm.assertTrue(autoSlasher.statusOf(id) == IAutoSlasher.Status.Executed);
    }
}
