// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {SimulatedAttestationVerifier} from "../../src/dws/SimulatedAttestationVerifier.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {ExternalChainScene} from "./ExternalChainScene.sol";

/// @title Readiness: who reports it, and what proves it
contract ExternalChainReadinessTest is ExternalChainScene {
    // ------------------------------------------------------------ readiness

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
        endpoint.ciphertext = new bytes(2049);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_InvalidLength.selector);
        vm.prank(agent);
        provider.updateEndpoint(orderId, endpoint);
        endpoint = anEndpoint();
        endpoint.host = "";
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

    // ------------------------------------------------------------ TEE

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

    function test_Tee_IsTheKindsRequirementOrTheConsumersWish() external {
        (, bytes32 required) = _attested();
        IExternalChainProvider.OfferInput[] memory inputs = new IExternalChainProvider.OfferInput[](1);
        inputs[0] = IExternalChainProvider.OfferInput({
            kind: KIND, network: NETWORK, pricePerHour: PRICE, capacity: 3, tee: true
        });
        vm.prank(operator);
        bytes32 wished = offers.registerProvider(nodeId, inputs)[0];
        for (uint256 i = 0; i < 4; i++) {
            (bool isRequired, bool isWished) = (i & 1 == 1, i & 2 == 2);
            IExternalChainProvider.OrderRequest memory request =
                aRequest(isRequired ? required : wished, isRequired ? TEE_KIND : KIND, bytes32(i));
            request.tee = isWished;
            vm.prank(consumer);
            bytes32 orderId = provider.provisionNode(request);
            vm.assertEq(offers.order(orderId).tee, isRequired || isWished);
        }
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
        this.makeVerifier();
    }

    /// @dev Called from outside: a refused creation would end the test itself.
    function makeVerifier() external returns (address) {
        return address(new SimulatedAttestationVerifier());
    }

    // ------------------------------------------------------------ authority follows the record

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
        vm.expectPartialRevert(IDWSBilling.DWSBilling_UnknownEscrow.selector);
        vm.prank(stranger);
        billing.refundEscrow(orderId, 1);
        expectMissingRole(stranger, role);
        vm.prank(stranger);
        billing.payAccount(orderId, stranger, 1);
        vm.prank(admin);
        billing.grantRole(role, stranger);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_UnknownEscrow.selector);
        vm.prank(stranger);
        billing.payAccount(orderId, stranger, 1);
    }
}
