// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDWSBilling} from "../src/dws/IDWSBilling.sol";
import {IExternalChainProvider} from "../src/external/IExternalChainProvider.sol";
import {IDelegatedNodeStaking} from "../src/staking/IDelegatedNodeStaking.sol";
import {FlowTest} from "./base/FlowTest.sol";
import {Vm} from "./base/Vm.sol";

/// @title Events alone rebuild what off-chain code needs: stake, orders, endpoints, money
contract EventReplayTest is FlowTest {
    struct Rebuilt {
        bytes32 nodeId;
        uint256 deposit;
        uint256 settled;
        uint256 refunded;
        uint64 readyAt;
        uint64 endedAt;
        string host;
    }

    mapping(bytes32 orderId => Rebuilt) private rebuilt;
    mapping(bytes32 nodeId => uint256) private selfStake;
    mapping(bytes32 nodeId => uint256) private delegated;
    mapping(address account => uint256) private credits;
    bytes32[] private orderIds;

    function test_Events_RebuildTheState() external {
        vm.recordLogs();
        bytes32 nodeId = aProviderNode(operator, agent, "node");
        bytes32 otherId = aProviderNode(operator, agent, "other");
        bytes32 stakingNodeId = registry.stakingNodeOf(nodeId);
        bytes32 offerId = anOffer(operator, nodeId, KIND, PRICE, 3);
        bytes32 otherOffer = anOffer(operator, otherId, KIND, PRICE + 7, 3);
        vm.startPrank(delegator);
        staking.delegate(stakingNodeId, 1001 ether);
        staking.undelegate(stakingNodeId, 300 ether);
        vm.stopPrank();
        vm.prank(slasher);
        staking.slash(stakingNodeId, "case", 5 ether, address(0), 0);
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, "a");
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        vm.prank(consumer);
        bytes32 first = provider.provisionNode(request);
        becomeReady(first);
        bytes32 second = placeOrder(otherOffer, KIND, "b");
        passWithHeartbeats(otherId, 1 hours);
        provider.replaceNode(first, otherOffer);
        becomeReady(first);
        vm.prank(consumer);
        provider.terminateNode(first);
        provider.expireNode(second);
        skipTime(WINDOW);
        provider.settleNode(first);
        vm.prank(consumer);
        billing.withdraw(1001);

        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; i++) {
            _apply(logs[i]);
        }
        vm.assertEq(orderIds.length, 2);
        for (uint256 i = 0; i < orderIds.length; i++) {
            _compare(orderIds[i]);
        }
        vm.assertEq(selfStake[stakingNodeId], staking.node(stakingNodeId).selfStake);
        vm.assertEq(delegated[stakingNodeId], staking.node(stakingNodeId).delegatedStake);
        vm.assertEq(credits[consumer], billing.creditsOf(consumer));
    }

    function _compare(bytes32 orderId) private view {
        IExternalChainProvider.Order memory order = offers.order(orderId);
        Rebuilt storage mine = rebuilt[orderId];
        vm.assertEq(mine.nodeId, order.nodeId);
        vm.assertEq(mine.deposit, order.deposit);
        vm.assertEq(mine.settled, order.settled);
        vm.assertEq(mine.refunded, order.refunded);
        vm.assertEq(mine.readyAt, order.readyAt);
        vm.assertEq(mine.endedAt, order.endedAt);
        vm.assertEq(mine.host, offers.endpointOf(orderId).host);
    }

    function _apply(Vm.Log memory log) private {
        if (log.emitter == address(provider)) _applyProvider(log);
        else if (log.emitter == address(staking)) _applyStaking(log);
        else if (log.emitter == address(billing)) _applyBilling(log);
    }

    function _applyProvider(Vm.Log memory log) private {
        bytes32 topic = log.topics[0];
        if (log.topics.length < 2) return;
        Rebuilt storage order = rebuilt[log.topics[1]];
        if (topic == IExternalChainProvider.NodeRequested.selector) {
            orderIds.push(log.topics[1]);
            order.nodeId = log.topics[3];
            (,,,, order.deposit,,) = abi.decode(
                log.data, (uint64, bool, bool, uint128, uint256, uint64, IExternalChainProvider.OrderRequest)
            );
        } else if (topic == IExternalChainProvider.NodeReady.selector) {
            IExternalChainProvider.Endpoint memory endpoint;
            (, order.readyAt,,, endpoint) =
                abi.decode(log.data, (uint32, uint64, uint64, bytes32, IExternalChainProvider.Endpoint));
            order.host = endpoint.host;
        } else if (topic == IExternalChainProvider.NodeReplaced.selector) {
            order.nodeId = log.topics[3];
            (order.readyAt, order.endedAt, order.host) = (0, 0, "");
        } else if (topic == IExternalChainProvider.NodeEnded.selector) {
            (,, order.endedAt) = abi.decode(log.data, (uint32, uint8, uint64));
        } else if (topic == IExternalChainProvider.NodeSettled.selector) {
            (, uint256 amount,) = abi.decode(log.data, (uint32, uint128, bool));
            order.settled += amount;
        } else if (topic == IExternalChainProvider.NodeRefunded.selector) {
            order.refunded += abi.decode(log.data, (uint128));
        }
    }

    function _applyStaking(Vm.Log memory log) private {
        bytes32 topic = log.topics[0];
        if (topic == IDelegatedNodeStaking.SelfStaked.selector) {
            selfStake[log.topics[1]] += abi.decode(log.data, (uint256));
        } else if (topic == IDelegatedNodeStaking.Delegated.selector) {
            (uint256 amount,) = abi.decode(log.data, (uint256, uint256));
            delegated[log.topics[1]] += amount;
        } else if (topic == IDelegatedNodeStaking.UnbondingStarted.selector) {
            (uint256 amount,,,) = abi.decode(log.data, (uint256, uint256, uint256, uint64));
            bool own = log.topics[3] != bytes32(0);
            if (own) selfStake[log.topics[1]] -= amount;
            else delegated[log.topics[1]] -= amount;
        } else if (topic == IDelegatedNodeStaking.Slashed.selector) {
            (uint256 self,, uint256 pool,) = abi.decode(log.data, (uint256, uint256, uint256, uint256));
            selfStake[log.topics[1]] -= self;
            delegated[log.topics[1]] -= pool;
        }
    }

    function _applyBilling(Vm.Log memory log) private {
        bytes32 topic = log.topics[0];
        if (topic == IDWSBilling.EscrowRefunded.selector) {
            credits[address(uint160(uint256(log.topics[3])))] += abi.decode(log.data, (uint256));
        } else if (topic == IDWSBilling.EscrowFunded.selector) {
            (, uint256 fromCredits) = abi.decode(log.data, (uint256, uint256));
            credits[address(uint160(uint256(log.topics[3])))] -= fromCredits;
        } else if (topic == IDWSBilling.CreditsWithdrawn.selector) {
            credits[address(uint160(uint256(log.topics[1])))] -= abi.decode(log.data, (uint256));
        }
    }
}
