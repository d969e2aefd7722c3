// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {FlowTest} from "../base/FlowTest.sol";
import {FlowHandler} from "./FlowHandler.sol";

/// @dev See README.md for what each invariant says.
contract FlowInvariantTest is FlowTest {
    FlowHandler private handler;
    bytes32[] private nodeIds;
    bytes32[] private offerIds;
    address[] private consumers;
    address[] private delegators;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < 2; i++) {
            bytes32 nodeId = aProviderNode(operator, agent, bytes32(i + 1));
            nodeIds.push(nodeId);
            offerIds.push(anOffer(operator, nodeId, KIND, PRICE + uint128(i) * 7001, 5));
            consumers.push(_actor("consumer", i));
            delegators.push(_actor("delegator", i));
        }
        delegators.push(_actor("delegator", 2));
        jeju.mint(operator, 100_000_000 ether);
        // Hours, as on a localnet: with weeks no sequence would be long enough for anybody to get his stake back.
        IDelegatedNodeStaking.Parameters memory parameters = staking.parameters();
        parameters.unbondingPeriod = 3 hours;
        vm.prank(admin);
        staking.setParameters(parameters);
        handler = new FlowHandler(
            staking,
            registry,
            billing,
            provider,
            FlowHandler.Actors({
                operator: operator,
                agent: agent,
                slasher: slasher,
                consumers: consumers,
                delegators: delegators,
                nodeIds: nodeIds,
                offerIds: offerIds,
                kind: KIND,
                network: NETWORK
            })
        );
        targetContract(address(handler));
        targetSelector(address(handler), _actions());
    }

    function _actions() private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](17);
        selectors[0] = FlowHandler.pass.selector;
        selectors[1] = FlowHandler.beat.selector;
        selectors[2] = FlowHandler.order.selector;
        selectors[3] = FlowHandler.ready.selector;
        selectors[4] = FlowHandler.terminate.selector;
        selectors[5] = FlowHandler.release.selector;
        selectors[6] = FlowHandler.expire.selector;
        selectors[7] = FlowHandler.replace.selector;
        selectors[8] = FlowHandler.extend.selector;
        selectors[9] = FlowHandler.settle.selector;
        selectors[10] = FlowHandler.withdrawCredits.selector;
        selectors[11] = FlowHandler.delegate.selector;
        selectors[12] = FlowHandler.undelegate.selector;
        selectors[13] = FlowHandler.bond.selector;
        selectors[14] = FlowHandler.withdraw.selector;
        selectors[15] = FlowHandler.collect.selector;
        selectors[16] = FlowHandler.slash.selector;
    }

    // An invariant says nothing about what its handler never does: time, orders, failures and slashes in an order that nobody chose reach every action.
    function test_Handler_DoesEverythingThatItIsAskedFor() external {
        bytes4[] memory actions = _actions();
        for (uint256 i = 0; i < 1500; i++) {
            uint256 draw = uint256(keccak256(abi.encode("flow", i)));
            // The arguments are numbers, of which each function takes as many as it has; small ones for those that are narrow.
            (bool success,) = address(handler)
                .call(
                    abi.encodePacked(
                        actions[draw % actions.length],
                        abi.encode(draw >> 8, (draw >> 40) % 256, draw >> 72, (draw >> 104) % 2)
                    )
                );
            vm.assertTrue(success, "an action that is allowed reverted");
        }
        for (uint256 i = 2; i < actions.length; i++) {
            vm.assertTrue(handler.done(actions[i]) != 0, vm.toString(uint256(i)));
        }
    }

    function _actor(string memory kind, uint256 index) private returns (address who) {
        who = account(string.concat(kind, " ", vm.toString(index)));
        jeju.mint(who, 10_000_000 ether);
        usd.mint(who, 10_000_000e6);
        vm.startPrank(who);
        jeju.approve(address(staking), type(uint256).max);
        usd.approve(address(billing), type(uint256).max);
        vm.stopPrank();
    }

    function invariant_StakeIsCovered() external view {
        uint256 owed = staking.stakeCreditOf(treasury) + staking.stakeCreditOf(consumers[0]);
        for (uint256 i = 0; i < nodeIds.length; i++) {
            owed += staking.slashableStakeOf(registry.stakingNodeOf(nodeIds[i]));
        }
        vm.assertEq(jeju.balanceOf(address(staking)), owed, "Invariant violation: stake is not covered");
    }

    function invariant_RewardsAreCovered() external view {
        uint256 owed = staking.claimableRewardsOf(treasury) + staking.claimableRewardsOf(operator);
        for (uint256 d = 0; d < delegators.length; d++) {
            owed += staking.claimableRewardsOf(delegators[d]);
            for (uint256 i = 0; i < nodeIds.length; i++) {
                owed += staking.pendingRewardsOf(registry.stakingNodeOf(nodeIds[i]), delegators[d]);
            }
        }
        vm.assertGe(usd.balanceOf(address(staking)), owed, "Invariant violation: rewards are not covered");
    }

    function invariant_BillingIsSolvent() external view {
        (uint256 credits, uint256 escrowed, uint256 claimable) = billing.liabilities();
        vm.assertEq(
            usd.balanceOf(address(billing)), credits + escrowed + claimable, "Invariant violation: billing is insolvent"
        );
    }

    function invariant_EscrowIsTheSumOfItsOrders() external view {
        (, uint256 escrowed,) = billing.liabilities();
        uint256 sum = 0;
        for (uint256 i = 0; i < handler.orderCount(); i++) {
            bytes32 orderId = handler.orders(i);
            IExternalChainProvider.Order memory order = offers.order(orderId);
            IDWSBilling.Escrow memory escrow = billing.escrow(address(provider), orderId);
            vm.assertEq(escrow.paid, order.settled, "Invariant violation: paid differs from settled");
            vm.assertEq(escrow.refunded, order.refunded, "Invariant violation: refunds differ");
            vm.assertEq(escrow.funded, order.deposit, "Invariant violation: funded differs from deposit");
            sum += escrow.funded - escrow.paid - escrow.refunded;
        }
        vm.assertEq(escrowed, sum, "Invariant violation: escrow is not the sum of its orders");
    }

    function invariant_SettledOrdersHaveNothingLeft() external view {
        for (uint256 i = 0; i < handler.orderCount(); i++) {
            IExternalChainProvider.Order memory order = offers.order(handler.orders(i));
            vm.assertLe(order.settled + order.refunded, order.deposit, "Invariant violation: more out than in");
            if (order.state != IExternalChainProvider.OrderState.Settled) continue;
            vm.assertEq(order.settled + order.refunded, order.deposit, "Invariant violation: money is stuck");
        }
    }

    function invariant_NothingIsPaidOutsideOfService() external view {
        for (uint256 i = 0; i < handler.orderCount(); i++) {
            bytes32 orderId = handler.orders(i);
            uint32 count = offers.order(orderId).placements;
            for (uint32 p = 0; p < count; p++) {
                IExternalChainProvider.Placement memory placement = offers.placementOf(orderId, p);
                uint256 end = placement.endedAt != 0 ? placement.endedAt : placement.expiresAt;
                uint256 seconds_ = placement.readyAt == 0 ? 300 : end - placement.readyAt;
                vm.assertLe(
                    placement.settled,
                    uint256(placement.pricePerHour) * seconds_ / 1 hours,
                    "Invariant violation: paid outside of service"
                );
            }
        }
    }

    function invariant_CapacityUsedIsTheNumberOfLiveLeases() external view {
        for (uint256 i = 0; i < nodeIds.length; i++) {
            IExternalChainProvider.Offer memory offer = offers.offer(offerIds[i]);
            uint256 live = offers.liveOrdersOfNode(nodeIds[i], 0, 256).length;
            vm.assertEq(offer.used, live, "Invariant violation: capacity leaks");
            vm.assertLe(offer.used, offer.capacity, "Invariant violation: capacity exceeded");
            vm.assertEq(registry.node(nodeIds[i]).liveLeases, live, "Invariant violation: leases miscounted");
        }
    }

    function invariant_StakeStaysLockedWhileANodeIsRegistered() external view {
        for (uint256 i = 0; i < nodeIds.length; i++) {
            bytes32 stakingNodeId = registry.stakingNodeOf(nodeIds[i]);
            vm.assertEq(ledger.totalLockedOf(stakingNodeId), MINIMUM_STAKE, "Invariant violation: stake unlocked");
        }
    }

    function invariant_WhatHasEndedStaysEnded() external view {
        vm.assertEq(handler.revived(), 0, "Invariant violation: an ended order came back");
    }

    function invariant_LiveListIsTheOrdersThatHaveNotEnded() external view {
        uint256 live = 0;
        for (uint256 i = 0; i < handler.orderCount(); i++) {
            if (offers.order(handler.orders(i)).endedAt == 0) live++;
        }
        vm.assertEq(offers.liveOrders(0, 256).length, live, "Invariant violation: live list differs");
    }

    function invariant_SlashedStakeIsCreditedInFull() external view {
        vm.assertEq(
            staking.stakeCreditOf(treasury) + staking.stakeCreditOf(consumers[0]),
            handler.slashed(),
            "Invariant violation: slashed stake is missing"
        );
    }

    /// @notice At the end of each run: time alone ends every lease, and the last one out still gets his due.
    function afterInvariant() external {
        skipTime(60 days);
        for (uint256 i = 0; i < handler.orderCount(); i++) {
            bytes32 orderId = handler.orders(i);
            if (offers.order(orderId).endedAt == 0) {
                vm.prank(stranger);
                provider.expireNode(orderId);
            }
        }
        skipTime(WINDOW);
        for (uint256 i = 0; i < handler.orderCount(); i++) {
            provider.settleNode(handler.orders(i));
            vm.assertEq(
                uint256(provider.stateOf(handler.orders(i))), uint256(IExternalChainProvider.OrderState.Settled)
            );
        }
        (, uint256 escrowed,) = billing.liabilities();
        vm.assertEq(escrowed, 0, "Invariant violation: escrow outlives its orders");
        for (uint256 d = 0; d < delegators.length; d++) {
            for (uint256 i = 0; i < nodeIds.length; i++) {
                _leave(registry.stakingNodeOf(nodeIds[i]), delegators[d]);
            }
        }
        for (uint256 i = 0; i < nodeIds.length; i++) {
            vm.assertEq(
                staking.node(registry.stakingNodeOf(nodeIds[i])).delegatedStake,
                0,
                "Invariant violation: delegation is stuck"
            );
        }
    }

    function _leave(bytes32 stakingNodeId, address who) private {
        staking.withdraw(stakingNodeId, who);
        (uint256 shares,) = staking.delegationOf(stakingNodeId, who);
        if (shares != 0) {
            vm.prank(who);
            staking.undelegate(stakingNodeId, shares);
        }
        skipTime(14 days);
        staking.withdraw(stakingNodeId, who);
    }
}
