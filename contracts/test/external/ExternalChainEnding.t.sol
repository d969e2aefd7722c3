// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {ExternalChainScene} from "./ExternalChainScene.sol";

/// @title Ending and payment
contract ExternalChainEndingTest is ExternalChainScene {
    // ------------------------------------------------------------ ending

    function test_Terminate_BeforeReadyCostsTheStartFee() external {
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        vm.prank(consumer);
        provider.terminateNode(orderId);
        uint256 fee = uint256(PRICE) * 300 / 3600;
        vm.assertEq(billing.creditsOf(consumer), 24 * uint256(PRICE) - fee);
        _expectSettledExactly(orderId);
        vm.assertEq(offers.order(orderId).settled, fee);
    }

    function test_Release_ByTheProviderCostsNothing() external {
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        vm.prank(agent);
        provider.releaseNode(orderId);
        vm.assertEq(billing.creditsOf(consumer), 24 * uint256(PRICE));
        _expectSettledExactly(orderId);
        vm.assertEq(offers.order(orderId).settled, 0);
    }

    function test_Release_AfterTheDeadline_IsTheFailureThatItIs() external {
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        skipTime(DEADLINE + 1);
        vm.prank(agent);
        provider.releaseNode(orderId);
        vm.assertTrue(
            offers.placementOf(orderId, 0).endReason == IExternalChainProvider.EndReason.NeverReady,
            "who gives up too late is not who gives up in time"
        );
        vm.assertEq(billing.creditsOf(consumer), 24 * uint256(PRICE));
        vm.prank(agent);
        registry.heartbeat(nodeId);
        bytes32 inTime = placeOrder(offerId, KIND, "b");
        skipTime(DEADLINE);
        vm.prank(agent);
        provider.releaseNode(inTime);
        vm.assertTrue(offers.placementOf(inTime, 0).endReason == IExternalChainProvider.EndReason.ReleasedByProvider);
    }

    // predecessor: no escrow, refund or expiry
    function test_Expire_UnservedIsRefundedInFull() external {
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_WrongState.selector);
        provider.expireNode(orderId);
        skipTime(DEADLINE + 1);
        vm.prank(stranger);
        provider.expireNode(orderId);
        vm.assertEq(billing.creditsOf(consumer), 24 * uint256(PRICE));
        vm.assertEq(offers.offer(offerId).used, 0);
        vm.assertEq(offers.liveOrders(0, 10).length, 0);
    }

    function test_Expire_ProviderIsPaidForTheWholeTimeAndNotASecondMore() external {
        bytes32 orderId = _ready("a");
        passWithHeartbeats(nodeId, 24 hours);
        _expectState(orderId, IExternalChainProvider.OrderState.Expired);
        skipTime(3 days);
        vm.prank(stranger);
        provider.expireNode(orderId);
        _expectSettledExactly(orderId);
        vm.assertEq(offers.order(orderId).settled, 24 * uint256(PRICE));
    }

    function test_RevertWhen_StrangerTerminatesOrReleases() external {
        bytes32 orderId = _ready("a");
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_NotConsumer.selector);
        vm.prank(stranger);
        provider.terminateNode(orderId);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_NotProvider.selector);
        vm.prank(stranger);
        provider.releaseNode(orderId);
    }

    function test_Extend_PaysAtThePriceOfTheOrderAndIsBounded() external {
        bytes32 orderId = _ready("a");
        anOffer(operator, nodeId, KIND, 10 * PRICE, 3);
        uint64 expires = offers.order(orderId).expiresAt;
        vm.prank(consumer);
        offers.extendNode(orderId, 24);
        vm.assertEq(offers.order(orderId).expiresAt, expires + 24 hours);
        vm.assertEq(offers.order(orderId).deposit, 48 * uint256(PRICE));
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_InvalidHours.selector);
        vm.prank(consumer);
        offers.extendNode(orderId, 700);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_InvalidHours.selector);
        vm.prank(consumer);
        offers.extendNode(orderId, 0);
        passWithHeartbeats(nodeId, 48 hours);
        provider.expireNode(orderId);
        _expectSettledExactly(orderId);
        vm.assertEq(offers.order(orderId).settled, 48 * uint256(PRICE));
    }

    function test_RevertWhen_ALeaseIsExtendedAtANodeThatTakesNone() external {
        bytes32 orderId = _ready("a");
        vm.prank(operator);
        registry.setDraining(nodeId, true);
        vm.expectRevert(
            abi.encodeWithSelector(IExternalChainProvider.ExternalChainProvider_NodeUnavailable.selector, nodeId)
        );
        vm.prank(consumer);
        offers.extendNode(orderId, 24);
        vm.prank(operator);
        registry.setDraining(nodeId, false);
        vm.prank(consumer);
        offers.extendNode(orderId, 24);
    }

    // ------------------------------------------------------------ streaming and objection

    function test_Settle_NothingBeforeTheObjectionWindow() external {
        bytes32 orderId = _ready("a");
        skipTime(WINDOW);
        (uint256 paid,) = provider.settleNode(orderId);
        vm.assertEq(paid, 0);
        skipTime(10);
        (paid,) = provider.settleNode(orderId);
        vm.assertEq(paid, uint256(PRICE) * 10 / 3600);
        (paid,) = provider.settleNode(orderId);
        vm.assertEq(paid, 0);
    }

    function testFuzz_Money_AddsUpWheneverTheLeaseEnds(uint32 served, uint32 missed, uint32 more) external {
        served = uint32(within(served, 0, 6 hours));
        missed = uint32(within(missed, 0, 6 hours));
        more = uint32(within(more, 0, 6 hours));
        bytes32 orderId = _ready("a");
        passWithHeartbeats(nodeId, served);
        provider.settleNode(orderId);
        skipTime(missed);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        passWithHeartbeats(nodeId, more);
        provider.settleNode(orderId);
        vm.prank(consumer);
        provider.terminateNode(orderId);
        _expectSettledExactly(orderId);
        uint256 late = missed > HEARTBEAT_TIMEOUT ? missed - HEARTBEAT_TIMEOUT : 0;
        uint256 expected = uint256(PRICE) * (uint256(served) + missed + more - late) / 3600;
        vm.assertEq(offers.order(orderId).settled, expected);
    }
}
