// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {DeploymentScene} from "./DeploymentScene.sol";

/// @title What a deployment costs, earns and gives back
contract DeploymentMoneyTest is DeploymentScene {
    function test_UnhealthyAndLateSeconds_AreNotPaid() public {
        _bothLive();
        vm.prank(alice);
        provisioning.reportHealth(serviceId, ONE, false);
        _skip(2 hours);
        vm.prank(alice);
        provisioning.reportHealth(serviceId, ONE, true);
        book.setLate(ONE, _now() + 1 hours, _now() + 4 hours);
        _skip(9 hours);
        provisioning.end(serviceId, ONE);
        _finish(ONE);
        assertEq(_earned(ONE), 5 * PRICE);
        assertEq(billing.creditsOf(alice), 5 * PRICE);
    }

    function test_NeverLive_IsRefundedInFull_ByAnybody() public {
        _assign(ONE, 10);
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(IDWSServiceProvisioning.DWSServiceProvisioning_NotNode.selector, ONE, stranger)
        );
        provisioning.end(serviceId, ONE);
        _skip(1 hours + 1);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSServiceProvisioning.DWSServiceProvisioning_WrongState.selector,
                serviceId,
                ONE,
                IDWSServiceProvisioning.DeploymentState.Unserved
            )
        );
        provisioning.reportLive(serviceId, ONE, 1, "");
        vm.prank(stranger);
        provisioning.end(serviceId, ONE);
        provisioning.refund(serviceId, ONE);
        assertEq(billing.creditsOf(alice), 10 * PRICE);
        assertEq(book.node(ONE).liveLeases, 0);
    }

    function test_GivingUpBeforeItIsLive_CostsFiveMinutes_SoSlotsAreNotHeldForFree() public {
        _assign(ONE, 10);
        vm.prank(alice);
        provisioning.end(serviceId, ONE);
        provisioning.refund(serviceId, ONE);
        assertEq(billing.creditsOf(alice), 10 * PRICE - 300_000, "less the fee");
        assertEq(provisioning.settle(serviceId, ONE), 300_000, "to the node");
        assertEq(_earned(ONE), 300_000);
        // The next one begins anew, and who gives up for the node pays nothing.
        _assign(ONE, 10);
        vm.prank(bob);
        provisioning.end(serviceId, ONE);
        provisioning.refund(serviceId, ONE);
        assertEq(billing.creditsOf(alice), 20 * PRICE - 300_000, "all of it");
    }

    function test_Extension_IsPaidAtThePriceOfTheAssignment() public {
        _bothLive();
        vm.prank(alice);
        provisioning.extend(serviceId, ONE, 5);
        _skip(30 hours);
        provisioning.end(serviceId, ONE);
        _finish(ONE);
        assertEq(_earned(ONE), 15 * PRICE);
    }

    function testFuzz_Money_IsConserved(uint16 served, uint16 sickFrom, uint16 sickFor, bool cured) public {
        _bothLive();
        uint256 total = _between(served, 2, 12 hours);
        uint256 from = _between(sickFrom, 1, total - 1);
        _skip(from);
        if (provisioning.stateOf(serviceId, ONE) == IDWSServiceProvisioning.DeploymentState.Live) {
            vm.prank(monitor);
            provisioning.reportHealth(serviceId, ONE, false);
        }
        uint256 sick = _between(sickFor, 0, total - from);
        _skip(sick);
        if (cured && provisioning.stateOf(serviceId, ONE) == IDWSServiceProvisioning.DeploymentState.Unhealthy) {
            vm.prank(monitor);
            provisioning.reportHealth(serviceId, ONE, true);
        }
        (uint256 payableNow,) = provisioning.settleable(serviceId, ONE);
        if (payableNow != 0) provisioning.settle(serviceId, ONE);
        _skip(total - from - sick);
        vm.prank(alice);
        provisioning.end(serviceId, ONE);
        _finish(ONE);
        _skip(1 hours);
        _finish(ONE);
        assertEq(_earned(ONE) + billing.creditsOf(alice), 10 * PRICE, "conserved");
    }

    // The escrow is his who opened it; a name may have been sold since.
    function test_BuyerOfTheName_CannotExtendFromTheSellersMoney() public {
        _bothLive();
        names.setSubnodeOwner(PARENT, keccak256("harbour"), carol);
        assertEq(provisioning.serviceOwner(serviceId), carol);
        uint256 before = usd.balanceOf(alice);
        vm.prank(carol);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSServiceProvisioning.DWSServiceProvisioning_NotPayer.selector, serviceId, ONE, alice
            )
        );
        provisioning.extend(serviceId, ONE, 5);
        assertEq(usd.balanceOf(alice), before);
        // He ends it, and what is left is the seller's.
        vm.prank(carol);
        provisioning.end(serviceId, ONE);
        provisioning.refund(serviceId, ONE);
        assertEq(billing.creditsOf(alice), 10 * PRICE);
    }
}
