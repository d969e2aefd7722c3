// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "../src/external/IExternalChainProvider.sol";
import {FlowTest} from "./base/FlowTest.sol";

/// @title The story: stake, offer, order, ready, stream, discover, settle, share, end
contract FlowStoryTest is FlowTest {
    function test_Story_FromStakeToClaims() external {
        bytes32 nodeId = aProviderNode(operator, agent, "node");
        bytes32 stakingNodeId = registry.stakingNodeOf(nodeId);
        vm.prank(delegator);
        staking.delegate(stakingNodeId, 7001 ether);
        bytes32 offerId = anOffer(operator, nodeId, KIND, PRICE, 3);

        bytes32 orderId = placeOrder(offerId, KIND, "redis");
        vm.assertEq(uint256(provider.stateOf(orderId)), uint256(IExternalChainProvider.OrderState.Requested));
        vm.assertEq(billing.escrowBalance(address(provider), orderId), 24 * uint256(PRICE));

        becomeReady(orderId);
        vm.assertEq(uint256(provider.stateOf(orderId)), uint256(IExternalChainProvider.OrderState.Ready));
        vm.startPrank(admin);
        bytes32 name = names.setSubnodeOwner(bytes32(0), keccak256("redis"), consumer);
        vm.stopPrank();
        vm.prank(consumer);
        resolver.setService(name, address(provider), orderId);
        (IExternalChainProvider.OrderState state, string memory host, uint16[] memory ports) =
            resolver.serviceEndpoint(name);
        vm.assertEq(uint256(state), uint256(IExternalChainProvider.OrderState.Ready));
        vm.assertEq(host, "127.0.0.1");
        vm.assertEq(ports[0], 6379);

        passWithHeartbeats(nodeId, 1 hours + WINDOW);
        (uint256 paid,) = provider.settleNode(orderId);
        vm.assertEq(paid, PRICE);

        vm.prank(consumer);
        provider.terminateNode(orderId);
        vm.assertEq(uint256(provider.stateOf(orderId)), uint256(IExternalChainProvider.OrderState.Ended));
        skipTime(WINDOW);
        provider.settleNode(orderId);
        vm.assertEq(uint256(provider.stateOf(orderId)), uint256(IExternalChainProvider.OrderState.Settled));
        vm.assertEq(billing.escrowBalance(address(provider), orderId), 0);

        IExternalChainProvider.Order memory order = offers.order(orderId);
        vm.assertEq(order.settled + order.refunded, order.deposit);
        vm.assertEq(billing.creditsOf(consumer), order.refunded);
        skipTime(1 days);
        staking.collectRewards(stakingNodeId, delegator);
        uint256 shared = staking.claimableRewardsOf(treasury) + staking.claimableRewardsOf(operator)
            + staking.claimableRewardsOf(delegator);
        vm.assertApproxEqAbs(shared, order.settled, 1);
        vm.assertGt(staking.claimableRewardsOf(delegator), 0);
    }
}
