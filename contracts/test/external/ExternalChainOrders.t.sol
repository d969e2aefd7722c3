// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {ExternalChainScene} from "./ExternalChainScene.sol";

/// @title Ordering: what is accepted, what it costs, who may order for whom
contract ExternalChainOrdersTest is ExternalChainScene {
    // ------------------------------------------------------------ ordering

    // predecessor: paid the provider before anything ran
    function test_Provision_PaysNobodyAndHoldsTheDepositInEscrow() external {
        uint256 before = usd.balanceOf(consumer);
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        vm.assertEq(usd.balanceOf(consumer), before - 24 * uint256(PRICE));
        vm.assertEq(billing.escrowBalance(address(provider), orderId), 24 * uint256(PRICE));
        (uint256 paid,) = provider.settleNode(orderId);
        vm.assertEq(paid, 0);
        vm.assertEq(staking.claimableRewardsOf(operator), 0);
        vm.assertEq(offers.liveOrdersOfNode(nodeId, 0, 10)[0], orderId);
        vm.assertEq(offers.offer(offerId).used, 1);
    }

    // predecessor: two orders in one block collided
    function test_Provision_TwoOrdersInOneBlockAreTwo() external {
        vm.assertNotEq(placeOrder(offerId, KIND, "a"), placeOrder(offerId, KIND, "b"));
    }

    function test_RevertGiven_OrderWithThisSaltLives() external {
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, "a");
        vm.expectRevert(
            abi.encodeWithSelector(IExternalChainProvider.ExternalChainProvider_OrderLives.selector, orderId)
        );
        vm.prank(consumer);
        provider.provisionNode(request);
        (bytes32 latest, uint64 generation,) = offers.latestOrder(consumer, "a");
        vm.assertEq(latest, orderId);
        vm.assertEq(generation, 1);
    }

    function test_Provision_NextGenerationAfterTheLastHasEnded() external {
        bytes32 first = placeOrder(offerId, KIND, "a");
        vm.prank(consumer);
        provider.terminateNode(first);
        bytes32 second = placeOrder(offerId, KIND, "a");
        vm.assertEq(second, provider.orderIdOf(consumer, "a", 2));
        // An order that time has ended need not be closed first.
        skipTime(DEADLINE + 1);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        bytes32 third = placeOrder(offerId, KIND, "a");
        vm.assertEq(third, provider.orderIdOf(consumer, "a", 3));
        vm.assertGt(offers.order(second).endedAt, 0);
    }

    function test_RevertWhen_RequestIsInvalid() external {
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, "unknown", "a");
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_UnknownKind.selector);
        request = aRequest(offerId, KIND, "a");
        request.leaseHours = 721;
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_InvalidHours.selector);
        request.leaseHours = 0;
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_InvalidHours.selector);
        request = aRequest(offerId, KIND, "a");
        request.encryptionKey = 0;
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_NoEncryptionKey.selector);
        request = aRequest(offerId, KIND, "a");
        request.parameters = new bytes(1025);
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_InvalidLength.selector);
        request = aRequest(offerId, KIND, "a");
        request.failover = IExternalChainProvider.FailoverPolicy.Restore;
        request.restoreFrom = "backup";
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_InvalidFailover.selector);
        request = aRequest(offerId, STATEFUL_KIND, "a");
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_InvalidFailover.selector);
        request.failover = IExternalChainProvider.FailoverPolicy.Restore;
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_InvalidFailover.selector);
    }

    // predecessor: first match always won
    function test_RevertWhen_OfferDoesNotFitThePolicy() external {
        IExternalChainProvider.OrderRequest memory request = aRequest("unknown", KIND, "a");
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_UnknownOffer.selector);
        request = aRequest(offerId, STATEFUL_KIND, "a");
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_OfferMismatch.selector);
        request = aRequest(offerId, KIND, "a");
        request.maxPricePerHour = PRICE - 1;
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_PriceTooHigh.selector);
        request = aRequest(offerId, KIND, "a");
        request.region = "elsewhere";
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_WrongRegion.selector);
        request = aRequest(offerId, KIND, "a");
        request.tee = true;
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_TeeRequired.selector);
        request = aRequest(offerId, KIND, "a");
        request.canonicalOnly = true;
        _expectRefused(request, IExternalChainProvider.ExternalChainProvider_NotCanonical.selector);
        vm.prank(admin);
        registry.setCanonical(nodeId, true);
        vm.prank(consumer);
        provider.provisionNode(request);
    }

    function test_RevertGiven_NodeTakesNoLeases() external {
        vm.prank(operator);
        registry.setDraining(nodeId, true);
        _expectRefused(
            aRequest(offerId, KIND, "a"), IExternalChainProvider.ExternalChainProvider_NodeUnavailable.selector
        );
        vm.prank(operator);
        registry.setDraining(nodeId, false);
        skipTime(HEARTBEAT_TIMEOUT + 1);
        _expectRefused(
            aRequest(offerId, KIND, "a"), IExternalChainProvider.ExternalChainProvider_NodeUnavailable.selector
        );
        vm.prank(operator);
        offers.withdrawOffer(offerId);
        _expectRefused(aRequest(offerId, KIND, "a"), IExternalChainProvider.ExternalChainProvider_OfferClosed.selector);
    }

    function test_RevertGiven_CapacityIsUsedUp_AndItComesBack() external {
        bytes32 first = placeOrder(offerId, KIND, "a");
        placeOrder(offerId, KIND, "b");
        placeOrder(offerId, KIND, "c");
        _expectRefused(aRequest(offerId, KIND, "d"), IExternalChainProvider.ExternalChainProvider_NoCapacity.selector);
        vm.prank(consumer);
        provider.terminateNode(first);
        placeOrder(offerId, KIND, "d");
    }

    function test_RevertGiven_TooManyPending() external {
        anOffer(operator, nodeId, KIND, PRICE, 100);
        for (uint256 i = 0; i < 4; i++) {
            placeOrder(offerId, KIND, bytes32(i));
        }
        _expectRefused(
            aRequest(offerId, KIND, "e"), IExternalChainProvider.ExternalChainProvider_TooManyPending.selector
        );
        becomeReady(provider.orderIdOf(consumer, bytes32(uint256(0)), 1));
        placeOrder(offerId, KIND, "e");
    }

    function _expectRefused(IExternalChainProvider.OrderRequest memory request, bytes4 selector) private {
        vm.expectPartialRevert(selector);
        vm.prank(consumer);
        provider.provisionNode(request);
    }

    function test_Provision_CreditsArePaidBeforeTokens() external {
        vm.prank(consumer);
        billing.deposit(consumer, 24 * uint256(PRICE) - 5);
        uint256 before = usd.balanceOf(consumer);
        placeOrder(offerId, KIND, "a");
        vm.assertEq(usd.balanceOf(consumer), before - 5);
        vm.assertEq(billing.creditsOf(consumer), 0);
    }

    // ------------------------------------------------------------ x402

    function _authorization(IExternalChainProvider.OrderRequest memory request, uint256 amount)
        private
        view
        returns (IExternalChainProvider.PaymentAuthorization memory payment)
    {
        bytes32 orderId = provider.orderIdOf(consumer, request.salt, 1);
        bytes32 nonce = billing.leaseNonce(address(provider), orderId, 1, keccak256(abi.encode(request)));
        bytes32 structHash = keccak256(
            abi.encode(
                usd.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                consumer,
                address(billing),
                amount,
                0,
                type(uint256).max,
                nonce
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash));
        payment.consumer = consumer;
        payment.validBefore = type(uint256).max;
        payment.signature = signatureOf("consumer", digest);
    }

    function test_ProvisionWithAuthorization_AnybodySubmitsAndTheConsumerOwnsIt() external {
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, "x402");
        IExternalChainProvider.PaymentAuthorization memory payment = _authorization(request, 24 * uint256(PRICE));
        vm.prank(stranger);
        bytes32 orderId = provider.provisionNodeWithAuthorization(request, payment);
        vm.assertEq(offers.order(orderId).consumer, consumer);
        vm.assertEq(billing.escrow(address(provider), orderId).consumer, consumer);
    }

    function test_ProvisionWithAuthorization_NothingAboutTheOrderCanBeAltered() external {
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, "x402");
        IExternalChainProvider.PaymentAuthorization memory payment = _authorization(request, 24 * uint256(PRICE));
        request.encryptionKey = "the submitter's own key";
        vm.expectRevert();
        vm.prank(stranger);
        provider.provisionNodeWithAuthorization(request, payment);
    }

    // ------------------------------------------------------------ providers and catalog

    function test_RevertWhen_AnotherPublishesOrWithdrawsOffers() external {
        IExternalChainProvider.OfferInput[] memory inputs = new IExternalChainProvider.OfferInput[](0);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_NotNodeOwner.selector);
        vm.prank(stranger);
        offers.registerProvider(nodeId, inputs);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_InvalidLength.selector);
        vm.prank(operator);
        offers.registerProvider(nodeId, new IExternalChainProvider.OfferInput[](33));
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_NotNodeOwner.selector);
        vm.prank(otherOperator);
        offers.withdrawOffer(offerId);
        bytes32 role = provider.CATALOG_ROLE();
        expectMissingRole(stranger, role);
        vm.prank(stranger);
        offers.setKind(KIND, NETWORK, kindSpec(false, false));
    }

    function _input(bytes32 kind, uint128 price) private pure returns (IExternalChainProvider.OfferInput memory) {
        return
            IExternalChainProvider.OfferInput({
                kind: kind, network: NETWORK, pricePerHour: price, capacity: 1, tee: false
            });
    }

    function _publish(IExternalChainProvider.OfferInput memory input, bytes memory refusal) private {
        IExternalChainProvider.OfferInput[] memory inputs = new IExternalChainProvider.OfferInput[](1);
        inputs[0] = input;
        if (refusal.length != 0) vm.expectRevert(refusal);
        vm.prank(operator);
        offers.registerProvider(nodeId, inputs);
    }

    function test_RevertWhen_AnOfferIsOfAClosedKind() external {
        IExternalChainProvider.KindSpec memory spec = kindSpec(false, false);
        spec.active = false;
        vm.prank(admin);
        offers.setKind("closed", NETWORK, spec);
        _publish(
            _input("closed", PRICE),
            abi.encodeWithSelector(
                IExternalChainProvider.ExternalChainProvider_UnknownKind.selector, bytes32("closed"), NETWORK
            )
        );
        spec.active = true;
        vm.prank(admin);
        offers.setKind("closed", NETWORK, spec);
        _publish(_input("closed", PRICE), "");
    }

    function test_RevertWhen_AnOfferHasNoPriceOrTooHighAOne() external {
        uint128[3] memory wrong = [uint128(0), 1e30 + 1, type(uint128).max];
        for (uint256 i = 0; i < wrong.length; i++) {
            _publish(
                _input(KIND, wrong[i]),
                abi.encodeWithSelector(IExternalChainProvider.ExternalChainProvider_InvalidPrice.selector, wrong[i])
            );
        }
        _publish(_input(KIND, 1), "");
        _publish(_input(KIND, 1e30), "");
        vm.assertEq(offers.offer(offerId).pricePerHour, 1e30);
    }

    function test_RevertWhen_AnOfferLacksTheTeeOfItsKind() external {
        IExternalChainProvider.OfferInput memory input = _input(TEE_KIND, PRICE);
        bytes32 teeOfferId = offers.offerIdOf(nodeId, TEE_KIND, NETWORK);
        _publish(
            input, abi.encodeWithSelector(IExternalChainProvider.ExternalChainProvider_TeeRequired.selector, teeOfferId)
        );
        input.tee = true;
        _publish(input, "");
        vm.assertTrue(offers.offer(teeOfferId).tee);
    }

    function test_Lists_AreReadInPages() external {
        vm.assertEq(offers.offersOfKind(KIND, NETWORK, 0, 10).length, 2);
        vm.assertEq(offers.offersOfKind(KIND, NETWORK, 1, 10).length, 1);
        vm.assertEq(offers.offersOfKind(KIND, NETWORK, 2, 10).length, 0);
        vm.assertEq(offers.offersOfNode(nodeId, 0, 10)[0].offerId, offerId);
        (bytes32[] memory kinds,) = offers.catalog(1, 1);
        vm.assertEq(kinds[0], STATEFUL_KIND);
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        vm.assertEq(offers.ordersOfConsumer(consumer, 0, 10)[0], orderId);
        vm.assertEq(offers.ordersOfNode(nodeId, 0, 10)[0], orderId);
        vm.assertEq(offers.liveOrders(0, 10)[0], orderId);
        vm.assertEq(offers.pendingOf(consumer, nodeId), 1);
    }

    // threats 5.3.38: a pause blocks no exit, and lets no provider work unpaid
    function test_Pause_ExitsReadinessAndSettlementStayOpen() external {
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        bytes32 served = _ready("b");
        vm.startPrank(admin);
        bytes32[] memory actions = provider.pausableActions();
        for (uint256 i = 0; i < actions.length; i++) {
            provider.pauseAction(actions[i]);
        }
        actions = billing.pausableActions();
        for (uint256 i = 0; i < actions.length; i++) {
            billing.pauseAction(actions[i]);
        }
        vm.stopPrank();
        becomeReady(orderId);
        skipTime(WINDOW + 10);
        (uint256 paid,) = provider.settleNode(served);
        vm.assertGt(paid, 0);
        vm.startPrank(consumer);
        provider.terminateNode(orderId);
        provider.terminateNode(served);
        billing.withdraw(billing.creditsOf(consumer));
        vm.stopPrank();
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, "c");
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("provisionNode")));
        vm.prank(consumer);
        provider.provisionNode(request);
    }
}
