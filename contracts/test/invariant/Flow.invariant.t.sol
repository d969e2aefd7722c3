// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {FlowTest} from "../base/FlowTest.sol";
import {FlowHandler} from "./FlowHandler.sol";

/// @dev See README.md for what each invariant says.
contract FlowInvariantTest is FlowTest {
    uint256 private constant DOLLARS = 10_000_000e6;

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
                admin: admin,
                stranger: stranger,
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
        selectors = new bytes4[](21);
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
        selectors[17] = FlowHandler.leaveWhilePaused.selector;
        selectors[18] = FlowHandler.meddle.selector;
        selectors[19] = FlowHandler.lose.selector;
        selectors[20] = FlowHandler.sweep.selector;
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
        usd.mint(who, DOLLARS);
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
        vm.assertEq(
            jeju.balanceOf(address(staking)) - handler.lost(address(jeju)),
            owed,
            "Invariant violation: stake is not covered"
        );
    }

    function invariant_RewardsAreCovered() external view {
        uint256 owed = staking.claimableRewardsOf(treasury) + staking.claimableRewardsOf(operator);
        for (uint256 d = 0; d < delegators.length; d++) {
            owed += staking.claimableRewardsOf(delegators[d]);
            for (uint256 i = 0; i < nodeIds.length; i++) {
                owed += staking.pendingRewardsOf(registry.stakingNodeOf(nodeIds[i]), delegators[d]);
            }
        }
        vm.assertGe(
            usd.balanceOf(address(staking)) - handler.lost(address(usd)),
            owed,
            "Invariant violation: rewards are not covered"
        );
    }

    function invariant_SweepTakesNobodysAndNothingElse() external view {
        vm.assertEq(handler.misswept(), 0, "Invariant violation: a sweep took too much or too little");
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

    function invariant_SharePriceFallsOnlyByASlash() external view {
        vm.assertEq(handler.cheapened(), 0, "Invariant violation: a share lost without a slash");
    }

    function invariant_TotalsAndGenerationsOnlyGrow() external view {
        vm.assertEq(handler.fell(), 0, "Invariant violation: what only grows fell");
    }

    function invariant_ExitsAreOpenWhileEverythingIsPaused() external view {
        vm.assertEq(handler.refusedExits(), 0, "Invariant violation: an exit was closed");
    }

    // Tried on the state as it is; what it changes is not kept.
    function invariant_SlashNeverReverts_AndItsGasIsBounded() external {
        for (uint256 i = 0; i < nodeIds.length; i++) {
            bytes32 stakingNodeId = registry.stakingNodeOf(nodeIds[i]);
            uint256 there = staking.slashableStakeOf(stakingNodeId);
            uint256 before = gasleft();
            vm.prank(slasher);
            (uint256 own, uint256 delegated) =
                staking.slash(stakingNodeId, "all", type(uint128).max, treasury, type(uint128).max);
            vm.assertLt(before - gasleft(), 400_000, "Invariant violation: the gas of a slash");
            vm.assertEq(own + delegated, there, "Invariant violation: a slash takes what is there");
        }
    }

    function invariant_NobodyButThePartiesGains() external view {
        address[3] memory outsiders = [stranger, agent, slasher];
        for (uint256 i = 0; i < outsiders.length; i++) {
            uint256 gained =
                _dollarsOf(outsiders[i]) + jeju.balanceOf(outsiders[i]) + staking.stakeCreditOf(outsiders[i]);
            vm.assertEq(gained, 0, "Invariant violation: an outsider gained");
        }
        uint256 settled = 0;
        uint256 held = 0;
        for (uint256 i = 0; i < handler.orderCount(); i++) {
            IDWSBilling.Escrow memory escrow = billing.escrow(address(provider), handler.orders(i));
            settled += escrow.paid;
            held += escrow.funded - escrow.paid - escrow.refunded;
        }
        uint256 ofConsumers = held + settled;
        for (uint256 i = 0; i < consumers.length; i++) {
            ofConsumers += _dollarsOf(consumers[i]);
        }
        vm.assertEq(ofConsumers, consumers.length * DOLLARS, "Invariant violation: consumers paid for what was served");
        uint256 arrived = usd.balanceOf(address(staking)) + usd.balanceOf(treasury) + usd.balanceOf(operator);
        for (uint256 i = 0; i < delegators.length; i++) {
            arrived += usd.balanceOf(delegators[i]);
        }
        vm.assertEq(
            arrived,
            settled + 1_000_003e6 + delegators.length * DOLLARS,
            "Invariant violation: and that went to the node"
        );
    }

    // One contract at a time, so that all have their turn.
    function invariant_RolesAreTheDeclaredSet() external view {
        _requireDeclaredRoles(handler.orderCount() + vm.getBlockTimestamp());
    }

    function _dollarsOf(address who) private view returns (uint256) {
        return usd.balanceOf(who) + billing.creditsOf(who) + billing.claimableOf(who) + staking.claimableRewardsOf(who);
    }

    function _requireDeclaredRoles(uint256 turn) private view {
        address[9] memory contracts = [
            address(staking),
            address(ledger),
            address(registry),
            address(billing),
            address(provider),
            address(identity),
            address(names),
            address(jeju),
            address(usd)
        ];
        string[9] memory roles = ["", "REVENUE", "SLASHER", "LOCKER", "LEASE", "CURATOR", "LESSOR", "CATALOG", "PAUSER"];
        address[13] memory accounts = [
            admin,
            stranger,
            operator,
            agent,
            slasher,
            treasury,
            consumers[0],
            delegators[0],
            address(billing),
            address(registry),
            address(provider),
            address(handler),
            address(factory)
        ];
        address where = contracts[turn % contracts.length];
        for (uint256 r = 0; r < roles.length; r++) {
            bytes32 role = r == 0 ? bytes32(0) : keccak256(abi.encodePacked(roles[r], "_ROLE"));
            for (uint256 a = 0; a < accounts.length; a++) {
                vm.assertEq(
                    IAccessControl(where).hasRole(role, accounts[a]),
                    _isDeclared(where, r, accounts[a]),
                    "Invariant violation: a role that nobody declared, or one that is gone"
                );
            }
        }
    }

    // As the deployment declares them, and no other.
    function _isDeclared(address where, uint256 role, address who) private view returns (bool) {
        if (role == 0) return who == admin;
        if (role == 1) return where == address(staking) && who == address(billing);
        if (role == 2) return where == address(staking) && who == slasher;
        if (role == 3) return where == address(ledger) && who == address(registry);
        if (role == 4) return where == address(registry) && who == address(provider);
        if (role == 5) return where == address(registry) && who == admin;
        if (role == 6) return where == address(billing) && who == address(provider);
        return role == 7 && where == address(provider) && who == admin;
    }

    /// @notice At the end of each run: time alone ends every lease, and the last one out still gets his due.
    function afterInvariant() external {
        for (uint256 i = 0; i < 9; i++) {
            _requireDeclaredRoles(i);
        }
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
        _takeAllRewards();
    }

    // When everybody has his own, and the treasury what was nobody's, not one unit is stuck.
    function _takeAllRewards() private {
        skipTime(60 days);
        for (uint256 d = 0; d < delegators.length; d++) {
            for (uint256 i = 0; i < nodeIds.length; i++) {
                staking.collectRewards(registry.stakingNodeOf(nodeIds[i]), delegators[d]);
            }
            _claim(delegators[d]);
        }
        _claim(operator);
        _claim(treasury);
        (bool swept,) = address(staking).call(abi.encodeCall(staking.sweepSurplus, (address(usd))));
        vm.assertEq(usd.balanceOf(address(staking)), 0, swept ? "Invariant violation: stuck" : "Invariant: not swept");
    }

    function _claim(address who) private {
        if (staking.claimableRewardsOf(who) != 0) staking.claimRewardsFor(who);
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
