// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {IJNSRegistrar} from "../../src/naming/IJNSRegistrar.sol";
import {IMarketFacts} from "../../src/staking/IMarketFacts.sol";
import {StoryScene} from "./StoryScene.sol";

/// @title The economy in four stories over the whole suite, each judged to the unit; the fifth is in Delegators.t.sol
contract StoriesTest is StoryScene {
    uint256 private constant DEPOSIT = 24 * uint256(PRICE); // 864 168

    /// @notice How a payment is divided, by the words of the specification: 5 % of the gross, rounded up; 20 % commission of the rest; the remainder
    /// pro rata to all stake.
    struct Parts {
        uint256 fee;
        uint256 operators;
        uint256 delegators;
    }

    function _add(Parts memory sum, uint256 gross, uint256 own, uint256 delegated)
        private
        pure
        returns (uint256 delegators)
    {
        uint256 fee = (gross * 5 + 99) / 100;
        uint256 rest = (gross - fee) - (gross - fee) / 5;
        delegators = rest * delegated / (own + delegated);
        sum.fee += fee;
        sum.delegators += delegators;
        sum.operators += gross - fee - delegators;
    }

    function _claimRewards(address who) private returns (uint256 amount) {
        uint256 before = usd.balanceOf(who);
        vm.prank(who);
        amount = staking.claimRewards();
        vm.assertEq(usd.balanceOf(who) - before, amount, "what is claimed arrives");
    }

    function _claimStake(address who) private returns (uint256 amount) {
        uint256 before = jeju.balanceOf(who);
        vm.prank(who);
        amount = staking.claimStakeCredit();
        vm.assertEq(jeju.balanceOf(who) - before, amount, "what is claimed arrives");
    }

    // ------------------------------------------------------------ the full cycle

    function test_Story_FullCycle_StakeOfferOrderReadyStreamSettle_CommissionAndDelegatorsRewards_ToTheUnit() external {
        bytes32 nodeId = aProviderNode(operator, agent, "node");
        bytes32 stakingNodeId = registry.stakingNodeOf(nodeId);
        address second = aParty("second delegator", 5003 ether, 0);
        delegateAs(delegator, stakingNodeId, 7001 ether);
        delegateAs(second, stakingNodeId, 3003 ether);
        bytes32 name = _buyName(nodeId);
        uint256 held = usd.balanceOf(consumer);

        // Paid in: the price of the whole lease, into escrow; nobody is paid at the order.
        bytes32 orderId = placeOrder(anOffer(operator, nodeId, KIND, PRICE, 3), KIND, "redis");
        vm.assertEq(held - usd.balanceOf(consumer), DEPOSIT);
        vm.assertEq(billing.escrowBalance(address(provider), orderId), DEPOSIT);
        passWithHeartbeats(nodeId, 61);
        becomeReady(orderId);
        _discover(name, orderId);

        // Money streams from readiness on, and is held back for the objection window.
        passWithHeartbeats(nodeId, WINDOW);
        (uint256 paid,) = provider.settleNode(orderId);
        vm.assertEq(paid, 0, "within the objection window");
        passWithHeartbeats(nodeId, 1 hours);
        (paid,) = provider.settleNode(orderId);
        vm.assertEq(paid, 36_007, "one hour");
        passWithHeartbeats(nodeId, 1033);
        vm.prank(consumer);
        provider.terminateNode(orderId);
        vm.assertEq(offers.order(orderId).settled, 46_339, "4633 seconds");
        vm.assertEq(billing.creditsOf(consumer), DEPOSIT - 46_639, "all but 4663 seconds comes back at once");
        skipTime(WINDOW);
        (paid,) = provider.settleNode(orderId);
        vm.assertEq(paid, 300, "the last thirty seconds");
        vm.assertTrue(provider.stateOf(orderId) == IExternalChainProvider.OrderState.Settled);

        skipTime(1 days);
        Parts memory sum;
        uint256[3] memory vesting;
        vesting[0] = _add(sum, 36_007, 20_014, 10_004);
        vesting[1] = _add(sum, 10_332, 20_014, 10_004);
        vesting[2] = _add(sum, 300, 20_014, 10_004);
        vm.assertEq(sum.fee + sum.operators + sum.delegators, 46_639);
        vm.assertEq(_claimRewards(treasury), sum.fee, "the protocol's part");
        vm.assertEq(_claimRewards(operator), sum.operators, "commission and the part of his stake");
        uint256 perToken = _perToken(vesting);
        staking.collectRewards(stakingNodeId, delegator);
        staking.collectRewards(stakingNodeId, second);
        uint256 ofFirst = _claimRewards(delegator);
        uint256 ofSecond = _claimRewards(second);
        vm.assertEq(ofFirst, 7001 * perToken / 1e18, "pro rata, rounded down");
        vm.assertEq(ofSecond, 3003 * perToken / 1e18, "pro rata, rounded down");
        vm.assertLe(sum.delegators - ofFirst - ofSecond, 2, "a unit for each delegator at most");
        vm.assertEq(usd.balanceOf(address(staking)), sum.delegators - ofFirst - ofSecond, "and that stays");

        vm.prank(consumer);
        billing.withdraw(DEPOSIT - 46_639);
        vm.assertEq(held - usd.balanceOf(consumer), 46_639, "the consumer has paid what was served");
        vm.assertEq(usd.balanceOf(address(billing)), 0);
        vm.assertEq(registry.node(nodeId).liveLeases, 0);
    }

    // What one whole token of delegation earns, times 1e18: the parts vest over a day, and what comes later joins what is vesting.
    function _perToken(uint256[3] memory parts) private pure returns (uint256 perToken) {
        uint256 vested = parts[0] * 1033 / 1 days;
        uint256 unvested = parts[0] - vested + parts[1];
        perToken = vested * 1e18 / 10_004;
        vested = unvested * WINDOW / 1 days;
        unvested = unvested - vested + parts[2];
        perToken += vested * 1e18 / 10_004 + unvested * 1e18 / 10_004;
    }

    function _buyName(bytes32 nodeId) private returns (bytes32) {
        IJNSRegistrar registrar = IJNSRegistrar(memberOf("JNSRegistrar"));
        IJNSRegistrar.Registration memory wish =
            IJNSRegistrar.Registration("harbour", consumer, 365 days, address(resolver), "secret");
        registrar.commit(registrar.commitmentOf(wish));
        passWithHeartbeats(nodeId, 60);
        vm.startPrank(consumer);
        usd.approve(address(registrar), type(uint256).max);
        uint256 tokenId = registrar.register(wish, 5e6);
        vm.stopPrank();
        return registrar.nodeOf(tokenId);
    }

    // The consumer finds the node by its name, from the chain alone.
    function _discover(bytes32 name, bytes32 orderId) private {
        vm.prank(consumer);
        resolver.setService(name, address(provider), orderId);
        (IExternalChainProvider.OrderState state, string memory host, uint16[] memory ports) =
            resolver.serviceEndpoint(name);
        vm.assertTrue(state == IExternalChainProvider.OrderState.Ready);
        vm.assertEq(host, "127.0.0.1");
        vm.assertEq(ports[0], 6379);
    }

    // ------------------------------------------------------------ failure

    function test_Story_MissedHeartbeats_DegradedRefundSlash_CompensationBoundedByTheOwnBond() external {
        bytes32 nodeId = aProviderNode(operator, agent, "node");
        bytes32 stakingNodeId = registry.stakingNodeOf(nodeId);
        bytes32 offerId = anOffer(operator, nodeId, KIND, PRICE, 10);
        bytes32 otherId = aProviderNode(aParty("other operator", 30_000 ether, 0), agent, "other");
        bytes32 otherOffer = anOffer(account("other operator"), otherId, KIND, 41_003, 1);
        delegateAs(delegator, stakingNodeId, 20_011 ether);
        setCompensationRate(DOLLAR_PER_JEJU);
        useGrace(nodeId, offerId);

        // Two leases are served for an hour; then their node falls silent.
        uint256 before = usd.balanceOf(consumer) + billing.creditsOf(consumer);
        bytes32 moved = automatic(offerId, "moved");
        bytes32 stayed = placeOrder(offerId, KIND, "stayed");
        becomeReady(moved);
        becomeReady(stayed);
        passWithHeartbeats(nodeId, 1 hours);
        skipTime(HEARTBEAT_TIMEOUT);
        beat(witness);
        vm.assertTrue(provider.stateOf(moved) == IExternalChainProvider.OrderState.Ready);
        skipTime(1);
        vm.assertTrue(provider.stateOf(moved) == IExternalChainProvider.OrderState.Degraded);
        passHeard(1 hours - 2);
        vm.expectRevert(abi.encodeWithSelector(IMarketFacts.MarketFacts_NotProven.selector, nodeId));
        facts.recordMissedHeartbeats(nodeId, witness);
        passHeard(1);
        bytes32 silence = facts.recordMissedHeartbeats(nodeId, witness);

        // One goes to another node, one is ended: the silent hour is paid by neither.
        beat(otherId);
        provider.replaceNode(moved, otherOffer);
        bytes32 failure = facts.recordFailedLease(moved, 0, witness);
        becomeReady(moved);
        passWithHeartbeats(otherId, 30 minutes);
        vm.startPrank(consumer);
        provider.terminateNode(moved);
        provider.terminateNode(stayed);
        vm.stopPrank();
        skipTime(WINDOW);
        provider.settleNode(moved);
        provider.settleNode(stayed);
        vm.assertEq(offers.order(stayed).settled, 36_457, "an hour and the timeout");
        vm.assertEq(offers.order(stayed).refunded, DEPOSIT - 36_457);
        vm.assertEq(offers.order(moved).settled, 36_457 + 20_501, "and half an hour of the other node");
        vm.assertEq(offers.order(moved).refunded, DEPOSIT - 36_457 - 20_501);
        vm.assertEq(before - usd.balanceOf(consumer) - billing.creditsOf(consumer), 2 * 36_457 + 20_501);
        vm.assertEq(usd.balanceOf(address(staking)), 2 * 36_457 + 20_501);

        _slashForSilence(stakingNodeId, silence, failure);
        _slashAtTheHighestRate(nodeId, stakingNodeId, offerId);
    }

    // One percent of all stake for the silence, five of what backs the service for the lease; the consumer gets the price of the silent hour of it.
    function _slashForSilence(bytes32 stakingNodeId, bytes32 silence, bytes32 failure) private {
        bytes32 first = autoSlasher.propose(address(facts), silence);
        bytes32 second = autoSlasher.propose(address(facts), failure);
        vm.assertEq(autoSlasher.proposal(first).amount, 400.25 ether);
        vm.assertEq(autoSlasher.proposal(second).amount, 500.35 ether);
        vm.assertEq(staking.node(stakingNodeId).frozen, 900.6 ether);
        skipTime(3 days);
        autoSlasher.execute(first);
        (uint256 fromOwn, uint256 fromDelegation) = autoSlasher.execute(second);
        vm.assertEq(fromOwn, 500.35 ether);
        vm.assertEq(fromDelegation, 0);
        vm.assertEq(staking.node(stakingNodeId).selfStake, 20_014 ether - 900.6 ether);
        vm.assertEq(staking.node(stakingNodeId).delegatedStake, 20_011 ether);
        vm.assertEq(staking.node(stakingNodeId).frozen, 0);
        vm.assertEq(_claimStake(consumer), 36_007e12, "the price of the hour that failed");
        vm.assertEq(_claimStake(treasury), 900.6 ether - 36_007e12, "the rest");
    }

    // Even where governance values a dollar at a million million JEJU, the consumer gets no more than the operator's own bond lost.
    function _slashAtTheHighestRate(bytes32 nodeId, bytes32 stakingNodeId, bytes32 offerId) private {
        setCompensationRate(HIGHEST_RATE);
        beat(nodeId);
        bytes32 id = autoSlasher.propose(address(facts), neverReady(consumer, nodeId, offerId, "bounded"));
        vm.assertEq(autoSlasher.proposal(id).compensation, 3000 ether, "300 seconds, at that rate");
        skipTime(3 days);
        autoSlasher.execute(id);
        vm.assertEq(_claimStake(consumer), 500.35 ether, "what the own bond lost, and no more");
        vm.assertEq(staking.stakeCreditOf(treasury), 0);
        vm.assertEq(staking.node(stakingNodeId).delegatedStake, 20_011 ether, "the delegators lost nothing");
        vm.assertEq(heldStake(), (40_025 + 20_014) * 1 ether - 1400.95 ether, "nor anybody else");
    }

    // ------------------------------------------------------------ self-dealing

    function test_Story_SelfDealingOperator_GainsNothing() external {
        bytes32 nodeId = aProviderNode(operator, agent, "node");
        bytes32 stakingNodeId = registry.stakingNodeOf(nodeId);
        bytes32 offerId = anOffer(operator, nodeId, KIND, PRICE, 10);
        delegateAs(delegator, stakingNodeId, 100_000 ether);
        useGrace(nodeId, offerId);
        address puppet = aParty("puppet", 0, 100e6);

        // He serves himself: the fee and the delegators' part are gone, to the unit.
        uint256 dollars = _dollarsOf(operator) + _dollarsOf(puppet);
        vm.prank(puppet);
        bytes32 orderId = provider.provisionNode(aRequest(offerId, KIND, "wash"));
        becomeReady(orderId);
        passWithHeartbeats(nodeId, 1 hours);
        vm.prank(puppet);
        provider.terminateNode(orderId);
        skipTime(WINDOW);
        provider.settleNode(orderId);
        Parts memory sum;
        _add(sum, 35_706, 20_014, 100_000);
        _add(sum, 301, 20_014, 100_000);
        uint256 lost = dollars - _dollarsOf(operator) - _dollarsOf(puppet);
        vm.assertEq(lost, sum.fee + sum.delegators);
        vm.assertEq(lost, 1802 + 22_799);

        _failHimself(nodeId, stakingNodeId, puppet);
    }

    // Everything favours him: a price of his choice, the highest rate, half of the stake, and an own bond that is the smaller part.
    function _failHimself(bytes32 nodeId, bytes32 stakingNodeId, address puppet) private {
        setCompensationRate(HIGHEST_RATE);
        setFailedLeasePenalty(5000);
        vm.prank(operator);
        ledger.allocate(stakingNodeId, SERVICE, 100_000 ether);
        uint256 stakes = _stakeOf(operator, stakingNodeId) + _stakeOf(puppet, 0);
        uint256 dollars = _dollarsOf(operator) + _dollarsOf(puppet);
        beat(nodeId);
        IExternalChainProvider.OrderRequest memory request =
            aRequest(anOffer(operator, nodeId, KIND, 400_000, 10), KIND, "failed");
        request.maxPricePerHour = 400_000;
        vm.prank(puppet);
        bytes32 id = autoSlasher.propose(address(facts), letPass(provider.provisionNode(request)));
        vm.assertEq(autoSlasher.proposal(id).compensation, 33_333 ether, "more than his own bond");
        skipTime(3 days);
        (uint256 fromOwn, uint256 fromDelegation) = autoSlasher.execute(id);
        vm.assertEq(fromOwn, 20_014 ether);
        vm.assertEq(fromDelegation, 34_989.5 ether);
        vm.assertEq(_stakeOf(operator, stakingNodeId) + _stakeOf(puppet, 0), stakes, "his own bond, from hand to hand");
        vm.assertEq(_dollarsOf(operator) + _dollarsOf(puppet), dollars, "and his deposit back");
        vm.assertEq(_claimStake(puppet), 20_014 ether);
        vm.assertEq(_claimStake(treasury), 34_989.5 ether, "what the delegators lost is not his");
    }

    function _dollarsOf(address who) private view returns (uint256) {
        return usd.balanceOf(who) + billing.creditsOf(who) + billing.claimableOf(who) + staking.claimableRewardsOf(who);
    }

    function _stakeOf(address who, bytes32 stakingNodeId) private view returns (uint256) {
        return jeju.balanceOf(who) + staking.stakeCreditOf(who) + staking.node(stakingNodeId).selfStake
            + staking.node(stakingNodeId).unbondingSelf;
    }

    // ------------------------------------------------------------ unbonding

    function test_Story_Unbonding_WithASlashInBetween_LeaversAndStayersPayAlike() external {
        bytes32 nodeId = aProviderNode(operator, agent, "node");
        bytes32 stakingNodeId = registry.stakingNodeOf(nodeId);
        bytes32 offerId = anOffer(operator, nodeId, KIND, PRICE, 10);
        address second = aParty("second delegator", 30_011 ether, 0);
        delegateAs(delegator, stakingNodeId, 50_003 ether);
        delegateAs(second, stakingNodeId, 30_011 ether);
        useGrace(nodeId, offerId);
        setFailedLeasePenalty(5000);
        vm.prank(operator);
        ledger.allocate(stakingNodeId, SERVICE, 89_993 ether);

        // With the failure in sight, the operator and a delegator run for the door.
        bytes32 orderId = placeOrder(offerId, KIND, "failed");
        vm.prank(operator);
        staking.unstake(stakingNodeId, 21 ether);
        vm.prank(delegator);
        staking.undelegate(stakingNodeId, 20_001 ether);
        (uint256 fromOwn, uint256 fromDelegation) = slashFor(letPass(orderId));
        vm.assertEq(fromOwn, 20_014 ether, "the own bond first, what was leaving included");
        vm.assertEq(fromDelegation, 29_986 ether);

        // Who leaves pays the same part as who stays; the odd unit is the stayers'.
        uint256 stayers = _roundedUp(29_986 ether * 60_013, 80_014);
        uint256 leaver = 20_001 ether - (29_986 ether - stayers);
        vm.assertEq(staking.node(stakingNodeId).delegatedStake, 60_013 ether - stayers);
        vm.assertEq(staking.withdraw(stakingNodeId, delegator), 0, "not before its time");
        skipTime(14 days);
        vm.assertEq(staking.withdraw(stakingNodeId, operator), 0, "nothing is left of it");
        vm.assertEq(staking.withdraw(stakingNodeId, delegator), leaver);
        vm.assertEq(jeju.balanceOf(delegator), 1_000_003 ether - 50_003 ether + leaver);

        // The rest leaves; the last one gets all that is there.
        uint256 rest = 60_013 ether - stayers;
        uint256 ofFirst = rest * 30_002 / 60_013;
        _leaveAll(delegator, stakingNodeId);
        _leaveAll(second, stakingNodeId);
        skipTime(14 days);
        vm.assertEq(staking.withdraw(stakingNodeId, delegator), ofFirst);
        vm.assertEq(staking.withdraw(stakingNodeId, second), rest - ofFirst);
        vm.assertEq(_claimStake(treasury), 50_000 ether);
        vm.assertEq(heldStake(), 0, "what came in has gone out, to the wei");
    }

    function _leaveAll(address who, bytes32 stakingNodeId) private {
        vm.prank(who);
        staking.undelegate(stakingNodeId, type(uint256).max);
    }

    function _roundedUp(uint256 value, uint256 divisor) private pure returns (uint256) {
        return (value + divisor - 1) / divisor;
    }
}
