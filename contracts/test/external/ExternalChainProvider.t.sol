// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {SimulatedAttestationVerifier} from "../../src/dws/SimulatedAttestationVerifier.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {FlowTest} from "../base/FlowTest.sol";

contract ExternalChainProviderTest is FlowTest {
    bytes32 internal nodeId;
    bytes32 internal otherNodeId;
    bytes32 internal offerId;
    bytes32 internal otherOfferId;
    address internal otherOperator;

    function setUp() public override {
        super.setUp();
        otherOperator = account("other operator");
        jeju.mint(otherOperator, 1_000_003 ether);
        vm.prank(otherOperator);
        jeju.approve(address(staking), type(uint256).max);
        nodeId = aProviderNode(operator, agent, "node");
        otherNodeId = aProviderNode(otherOperator, agent, "other");
        offerId = anOffer(operator, nodeId, KIND, PRICE, 3);
        otherOfferId = anOffer(otherOperator, otherNodeId, KIND, PRICE + 1001, 3);
    }

    function _expectState(bytes32 orderId, IExternalChainProvider.OrderState state) internal view {
        vm.assertEq(uint256(provider.stateOf(orderId)), uint256(state));
    }

    function _ready(bytes32 salt) internal returns (bytes32 orderId) {
        orderId = placeOrder(offerId, KIND, salt);
        becomeReady(orderId);
    }

    function _failover(bytes32 salt) internal returns (bytes32 orderId) {
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, salt);
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        vm.prank(consumer);
        orderId = provider.provisionNode(request);
        becomeReady(orderId);
    }

    function _expectSettledExactly(bytes32 orderId) internal {
        skipTime(WINDOW);
        provider.settleNode(orderId);
        _expectState(orderId, IExternalChainProvider.OrderState.Settled);
        IExternalChainProvider.Order memory order = offers.order(orderId);
        vm.assertEq(order.settled + order.refunded, order.deposit);
        vm.assertEq(billing.escrowBalance(address(provider), orderId), 0);
    }

    // ---------------------------------------------------------------- ordering

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

    // ---------------------------------------------------------------- x402

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

    // ---------------------------------------------------------------- readiness

    function test_RevertWhen_AnotherReportsReady() external {
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        vm.expectRevert(
            abi.encodeWithSelector(
                IExternalChainProvider.ExternalChainProvider_NotProvider.selector, orderId, otherOperator
            )
        );
        vm.prank(otherOperator);
        provider.reportNodeReady(orderId, anEndpoint(), "");
    }

    function test_RevertWhen_ReadyIsReportedTwiceOrTooLate() external {
        bytes32 orderId = _ready("a");
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_WrongState.selector);
        becomeReady(orderId);
        bytes32 late = placeOrder(offerId, KIND, "b");
        skipTime(DEADLINE + 1);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_WrongState.selector);
        becomeReady(late);
        _expectState(late, IExternalChainProvider.OrderState.Unserved);
    }

    // predecessor: a stopped node could be revived
    function test_RevertGiven_OrderHasEnded_NothingRevivesIt() external {
        bytes32 orderId = _ready("a");
        vm.prank(consumer);
        provider.terminateNode(orderId);
        bytes4 wrong = IExternalChainProvider.ExternalChainProvider_WrongState.selector;
        vm.expectPartialRevert(wrong);
        becomeReady(orderId);
        vm.expectPartialRevert(wrong);
        vm.prank(agent);
        provider.updateEndpoint(orderId, anEndpoint());
        vm.expectPartialRevert(wrong);
        vm.prank(agent);
        provider.releaseNode(orderId);
        vm.expectPartialRevert(wrong);
        provider.expireNode(orderId);
        vm.expectPartialRevert(wrong);
        provider.replaceNode(orderId, otherOfferId);
        vm.expectPartialRevert(wrong);
        vm.prank(consumer);
        offers.extendNode(orderId, 1);
        vm.expectPartialRevert(wrong);
        vm.prank(consumer);
        provider.terminateNode(orderId);
    }

    function test_Ready_StoresTheEndpointAndOnlyItsProviderChangesIt() external {
        bytes32 orderId = _ready("a");
        vm.assertEq(offers.endpointOf(orderId).host, "127.0.0.1");
        IExternalChainProvider.Endpoint memory endpoint = anEndpoint();
        endpoint.ports = new uint16[](9);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_InvalidLength.selector);
        vm.prank(agent);
        provider.updateEndpoint(orderId, endpoint);
        endpoint = anEndpoint();
        endpoint.host = "10.0.0.7";
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_NotProvider.selector);
        vm.prank(stranger);
        provider.updateEndpoint(orderId, endpoint);
        vm.prank(agent);
        provider.updateEndpoint(orderId, endpoint);
        vm.assertEq(offers.endpointOf(orderId).host, "10.0.0.7");
    }

    // ---------------------------------------------------------------- TEE

    function _attested() private returns (bytes32 measurement, bytes32 teeOffer) {
        measurement = "measurement";
        SimulatedAttestationVerifier verifier = new SimulatedAttestationVerifier();
        vm.startPrank(admin);
        registry.setVerifier(address(verifier));
        registry.setMeasurement(measurement, true);
        vm.stopPrank();
        bytes memory quote = abi.encode(measurement, registry.attestationBinding(nodeId), uint64(block.timestamp));
        vm.prank(agent);
        registry.attest(nodeId, quote);
        teeOffer = anOffer(operator, nodeId, TEE_KIND, PRICE, 3);
    }

    // predecessor: TEE was any non-zero value and the requirement was never read
    function test_Tee_OnlyAVerifiedAttestationBoundToTheOrderMakesItReady() external {
        (bytes32 measurement, bytes32 teeOffer) = _attested();
        bytes32 orderId = placeOrder(teeOffer, TEE_KIND, "tee");
        vm.assertTrue(offers.order(orderId).tee);
        vm.expectRevert();
        becomeReady(orderId);
        bytes memory quote =
            abi.encode(measurement, offers.readinessBinding(orderId, anEndpoint()), uint64(block.timestamp));
        IExternalChainProvider.Endpoint memory elsewhere = anEndpoint();
        elsewhere.host = "elsewhere";
        vm.expectPartialRevert(SimulatedAttestationVerifier.SimulatedAttestationVerifier_WrongBinding.selector);
        vm.prank(agent);
        provider.reportNodeReady(orderId, elsewhere, quote);
        vm.prank(admin);
        registry.setMeasurement(measurement, false);
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_MeasurementNotAllowed.selector);
        vm.prank(agent);
        provider.reportNodeReady(orderId, anEndpoint(), quote);
        vm.prank(admin);
        registry.setMeasurement(measurement, true);
        vm.prank(agent);
        provider.reportNodeReady(orderId, anEndpoint(), quote);
        vm.assertEq(offers.placementOf(orderId, 0).measurement, measurement);
    }

    function test_Tee_StaleAttestationIsRefused() external {
        (bytes32 measurement, bytes32 teeOffer) = _attested();
        bytes32 orderId = placeOrder(teeOffer, TEE_KIND, "tee");
        bytes memory quote =
            abi.encode(measurement, offers.readinessBinding(orderId, anEndpoint()), uint64(block.timestamp - 301));
        vm.expectPartialRevert(IDWSProviderRegistry.DWSProviderRegistry_StaleAttestation.selector);
        vm.prank(agent);
        provider.reportNodeReady(orderId, anEndpoint(), quote);
        passWithHeartbeats(nodeId, 301);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_TeeRequired.selector);
        placeOrder(teeOffer, TEE_KIND, "tee 2");
    }

    function test_Tee_SimulatedQuotesAreRefusedOutsideTheLocalnet() external {
        SimulatedAttestationVerifier verifier = new SimulatedAttestationVerifier();
        vm.chainId(8453);
        vm.expectRevert(
            abi.encodeWithSelector(
                SimulatedAttestationVerifier.SimulatedAttestationVerifier_NotALocalnet.selector, 8453
            )
        );
        verifier.verify(abi.encode(bytes32(0), bytes32(0), uint64(0)), 0);
        vm.expectPartialRevert(SimulatedAttestationVerifier.SimulatedAttestationVerifier_NotALocalnet.selector);
        new SimulatedAttestationVerifier();
    }

    // ---------------------------------------------------------------- ending

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

    // ---------------------------------------------------------------- streaming and objection

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

    // ---------------------------------------------------------------- degraded and failover

    function test_Degraded_IsNotPaidAndReturnsAtTheNextHeartbeat() external {
        bytes32 orderId = _ready("a");
        skipTime(HEARTBEAT_TIMEOUT);
        _expectState(orderId, IExternalChainProvider.OrderState.Ready);
        skipTime(1000);
        _expectState(orderId, IExternalChainProvider.OrderState.Degraded);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        _expectState(orderId, IExternalChainProvider.OrderState.Ready);
        vm.prank(consumer);
        provider.terminateNode(orderId);
        vm.assertEq(offers.order(orderId).earned, uint256(PRICE) * HEARTBEAT_TIMEOUT / 3600);
    }

    function test_Replace_KeepsTheOrderAndPaysEachNodeItsOwnSeconds() external {
        bytes32 orderId = _failover("a");
        passWithHeartbeats(nodeId, 1 hours);
        skipTime(HEARTBEAT_TIMEOUT + 100);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        vm.prank(stranger);
        provider.replaceNode(orderId, otherOfferId);
        _expectState(orderId, IExternalChainProvider.OrderState.Requested);
        vm.assertEq(offers.order(orderId).nodeId, otherNodeId);
        vm.assertEq(offers.liveOrdersOfNode(nodeId, 0, 10).length, 0);
        vm.assertEq(bytes(offers.endpointOf(orderId).host).length, 0);
        skipTime(7);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        becomeReady(orderId);
        passWithHeartbeats(otherNodeId, 2 hours);
        vm.prank(consumer);
        provider.terminateNode(orderId);
        _expectSettledExactly(orderId);
        vm.assertEq(offers.placementOf(orderId, 0).settled, uint256(PRICE) * (1 hours + HEARTBEAT_TIMEOUT) / 3600);
        vm.assertEq(offers.placementOf(orderId, 1).settled, uint256(PRICE + 1001) * 2 hours / 3600);
    }

    function test_Replace_DearerNodeNeverCostsMoreThanTheDeposit() external {
        anOffer(otherOperator, otherNodeId, KIND, 2 * PRICE, 3);
        bytes32 orderId = _failover("a");
        skipTime(HEARTBEAT_TIMEOUT + 1);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        provider.replaceNode(orderId, otherOfferId);
        becomeReady(orderId);
        uint64 until = offers.order(orderId).expiresAt;
        vm.assertLe(until, block.timestamp + 12 hours);
        passWithHeartbeats(otherNodeId, 13 hours);
        provider.expireNode(orderId);
        _expectSettledExactly(orderId);
    }

    function test_RevertWhen_ReplacementIsOutsideThePolicy() external {
        bytes32 plain = _ready("plain");
        bytes32 orderId = _failover("a");
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_WrongState.selector);
        provider.replaceNode(orderId, otherOfferId);
        skipTime(HEARTBEAT_TIMEOUT + 1);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_FailoverNotAllowed.selector);
        provider.replaceNode(plain, otherOfferId);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_SameNode.selector);
        provider.replaceNode(orderId, offerId);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_NodeUnavailable.selector);
        provider.replaceNode(orderId, otherOfferId);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        anOffer(otherOperator, otherNodeId, KIND, 2 * PRICE + 1, 3);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_PriceTooHigh.selector);
        provider.replaceNode(orderId, otherOfferId);
    }

    function test_Replace_UnservedOrderMovesOnAndOthersLeaveTimeForIt() external {
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, "a");
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        vm.prank(consumer);
        bytes32 orderId = provider.provisionNode(request);
        skipTime(DEADLINE + 1);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_WrongState.selector);
        vm.prank(stranger);
        provider.expireNode(orderId);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        provider.replaceNode(orderId, otherOfferId);
        vm.prank(consumer);
        provider.terminateNode(orderId);
        // The start fee is for the node that the consumer chose; a replacement he did not choose.
        vm.assertEq(billing.creditsOf(consumer), 24 * uint256(PRICE));
    }

    // never an empty store under a living name
    function test_Replace_StatefulKindWithoutBackupIsNeverReplaced() external {
        bytes32 stateful = anOffer(operator, nodeId, STATEFUL_KIND, PRICE, 3);
        bytes32 other = anOffer(otherOperator, otherNodeId, STATEFUL_KIND, PRICE, 3);
        bytes32 orderId = placeOrder(stateful, STATEFUL_KIND, "db");
        becomeReady(orderId);
        skipTime(HEARTBEAT_TIMEOUT + 1);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_FailoverNotAllowed.selector);
        provider.replaceNode(orderId, other);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        _expectState(orderId, IExternalChainProvider.OrderState.Ready);
    }

    // ---------------------------------------------------------------- providers and catalog

    function test_RevertWhen_AnotherPublishesOrWithdrawsOffers() external {
        IExternalChainProvider.OfferInput[] memory inputs = new IExternalChainProvider.OfferInput[](0);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_NotNodeOwner.selector);
        vm.prank(stranger);
        offers.registerProvider(nodeId, inputs);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_NotNodeOwner.selector);
        vm.prank(otherOperator);
        offers.withdrawOffer(offerId);
        bytes32 role = provider.CATALOG_ROLE();
        expectMissingRole(stranger, role);
        vm.prank(stranger);
        offers.setKind(KIND, NETWORK, kindSpec(false, false));
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

    // ---------------------------------------------------------------- probes

    function _sortedWatchers() private returns (address[] memory watchers, string[] memory keys) {
        keys = new string[](2);
        watchers = new address[](2);
        (keys[0], keys[1]) = ("watcher one", "watcher two");
        (watchers[0], watchers[1]) = (account(keys[0]), account(keys[1]));
        if (watchers[0] > watchers[1]) {
            (keys[0], keys[1]) = (keys[1], keys[0]);
            (watchers[0], watchers[1]) = (watchers[1], watchers[0]);
        }
        vm.startPrank(admin);
        offers.setWatcher(watchers[0], true);
        offers.setWatcher(watchers[1], true);
        vm.stopPrank();
    }

    function _probe(bytes32 orderId, uint32 firstSlot, uint32 slots) private {
        (address[] memory watchers, string[] memory keys) = _sortedWatchers();
        IExternalChainProvider.ProbeRecord memory record =
            IExternalChainProvider.ProbeRecord({orderId: orderId, placement: 0, firstSlot: firstSlot, slots: slots});
        bytes[] memory signatures = new bytes[](2);
        bytes32 digest = offers.probeDigest(record);
        signatures[0] = signatureOf(keys[0], digest);
        signatures[1] = signatureOf(keys[1], digest);
        vm.prank(stranger);
        offers.recordProbe(record, watchers, signatures);
    }

    function test_Probe_VoidsEachSecondOnceWhateverTheOrderOfRecords() external {
        bytes32 orderId = _ready("a");
        skipTime(30);
        _probe(orderId, 1, 1);
        vm.assertEq(offers.placementOf(orderId, 0).voidedSeconds, 10);
        _probe(orderId, 0, 3);
        vm.assertEq(offers.placementOf(orderId, 0).voidedSeconds, 30);
        _probe(orderId, 0, 3);
        vm.assertEq(offers.placementOf(orderId, 0).voidedSeconds, 30);
        _expectState(orderId, IExternalChainProvider.OrderState.Degraded);
        skipTime(1);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        _expectState(orderId, IExternalChainProvider.OrderState.Ready);
        skipTime(9);
        vm.prank(consumer);
        provider.terminateNode(orderId);
        _expectSettledExactly(orderId);
        vm.assertEq(offers.order(orderId).settled, uint256(PRICE) * 10 / 3600);
    }

    function test_Probe_LateSecondsAreNotTakenTwice() external {
        bytes32 orderId = _ready("a");
        skipTime(HEARTBEAT_TIMEOUT + 5);
        _probe(orderId, 3, 2);
        // Slots 30 to 50, of which 45 to 50 were late already.
        vm.assertEq(offers.placementOf(orderId, 0).voidedSeconds, 15);
        vm.assertEq(offers.order(orderId).earned, uint256(PRICE) * 30 / 3600);
    }

    function test_RevertWhen_ProbeIsTooOldOrInTheFuture() external {
        bytes32 orderId = _ready("a");
        skipTime(30);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_InvalidProbe.selector);
        this.probe(orderId, 3, 1);
        skipTime(1);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_InvalidProbe.selector);
        this.probe(orderId, 0, 1);
        this.probe(orderId, 1, 1);
    }

    function probe(bytes32 orderId, uint32 firstSlot, uint32 slots) external {
        _probe(orderId, firstSlot, slots);
    }

    function test_RevertWhen_QuorumIsNotReached() external {
        bytes32 orderId = _ready("a");
        skipTime(30);
        (address[] memory watchers, string[] memory keys) = _sortedWatchers();
        IExternalChainProvider.ProbeRecord memory record =
            IExternalChainProvider.ProbeRecord({orderId: orderId, placement: 0, firstSlot: 0, slots: 1});
        bytes[] memory signatures = new bytes[](2);
        signatures[0] = signatureOf(keys[0], offers.probeDigest(record));
        signatures[1] = signatures[0];
        bytes4 invalid = IExternalChainProvider.ExternalChainProvider_InvalidQuorum.selector;
        vm.expectPartialRevert(invalid);
        offers.recordProbe(record, watchers, signatures);
        // One watcher twice is one watcher.
        watchers[1] = watchers[0];
        vm.expectPartialRevert(invalid);
        offers.recordProbe(record, watchers, signatures);
        vm.expectPartialRevert(invalid);
        offers.recordProbe(record, new address[](0), new bytes[](0));
    }

    // ---------------------------------------------------------------- authority follows the record

    function test_Provider_AuthorityFollowsTheStakingNode() external {
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        bytes32 stakingNodeId = registry.stakingNodeOf(nodeId);
        vm.prank(operator);
        staking.proposeNodeOperator(stakingNodeId, otherOperator);
        vm.prank(otherOperator);
        staking.acceptNodeOperator(stakingNodeId);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_NotProvider.selector);
        vm.prank(operator);
        provider.releaseNode(orderId);
        vm.prank(otherOperator);
        provider.releaseNode(orderId);
    }

    // threats 5.3.27: escrow belongs to its lessor
    function test_RevertWhen_StrangerTouchesEscrow() external {
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        bytes32 role = billing.LESSOR_ROLE();
        expectMissingRole(stranger, role);
        vm.prank(stranger);
        billing.refundEscrow(orderId, 1);
        vm.prank(admin);
        billing.grantRole(role, stranger);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_UnknownEscrow.selector);
        vm.prank(stranger);
        billing.payAccount(orderId, stranger, 1);
    }
}
