// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {BillingDesk} from "../support/BillingDesk.sol";
import {PlainToken} from "../support/Tokens.sol";
import {RentalScene} from "./RentalScene.sol";

/// @title What a rental costs, earns and gives back
contract RentalMoneyTest is RentalScene {
    function test_ProvidersPresentPrice_IsNeverPaid_OnlyThePriceOfTheOrder() public {
        bytes32 rentalId = _running(10);
        _setPrice(PRICE * 1_000_000);
        _skip(10 hours + 1 hours);
        rentals.expire(rentalId);
        _finish(rentalId);
        assertEq(_nodeEarned(), 10 * PRICE, "the price of the order");
        assertEq(_escrow(rentalId), 0, "nothing left");
        _expectState(rentalId, IComputeRental.State.Settled);
    }

    function test_Extension_CostsThePriceOfTheOrder() public {
        bytes32 rentalId = _running(1);
        _setPrice(PRICE * 2);
        vm.prank(alice);
        rentals.extend(rentalId, 2);
        assertEq(_escrow(rentalId), 3 * PRICE);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_InvalidHours.selector, 718, 720));
        rentals.extend(rentalId, 718);
    }

    function test_Refund_IsInTheCurrencyThatWasPaid_EvenAfterRewiring() public {
        bytes32 rentalId = _running(10);
        PlainToken other = new PlainToken(18);
        BillingDesk next = new BillingDesk(other);
        vm.prank(admin);
        rentals.setWiring(address(next), treasury);
        _skip(4 hours);
        vm.prank(alice);
        rentals.close(rentalId);
        rentals.refund(rentalId);
        assertEq(billing.creditsOf(alice), 6 * PRICE, "from the billing that holds the escrow");
        assertEq(next.creditsOf(alice), 0, "not from another");
    }

    function test_Consumer_ClosesAtAnyTime_AndPaysTheSecondsServed() public {
        bytes32 rentalId = _running(10);
        _skip(1234);
        vm.prank(alice);
        rentals.close(rentalId);
        rentals.refund(rentalId);
        assertEq(billing.creditsOf(alice), 10 * PRICE - 1_234_000);
        _skip(1 hours);
        rentals.settle(rentalId);
        assertEq(_nodeEarned(), 1_234_000);
        _expectState(rentalId, IComputeRental.State.Settled);
        assertEq(book.node(NODE).liveLeases, 0);
    }

    function test_GivingUpBeforeConfirmation_CostsFiveMinutes_SoSlotsAreNotHeldForFree() public {
        bytes32 rentalId = _rent(1);
        vm.prank(alice);
        rentals.close(rentalId);
        rentals.refund(rentalId);
        assertEq(billing.creditsOf(alice), PRICE - 300_000);
        rentals.settle(rentalId);
        assertEq(_nodeEarned(), 300_000);
    }

    function test_NeverConfirmed_IsRefundedInFull_ByAnybody() public {
        bytes32 rentalId = _rent(5);
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(
                IComputeRental.ComputeRental_WrongState.selector, rentalId, IComputeRental.State.Requested
            )
        );
        rentals.expire(rentalId);
        _skip(15 minutes + 1);
        vm.prank(stranger);
        rentals.expire(rentalId);
        rentals.refund(rentalId);
        assertEq(billing.creditsOf(alice), 5 * PRICE);
        _expectState(rentalId, IComputeRental.State.Settled);
    }

    function test_ProviderReleases_ConsumerPaysNothingBeforeConfirmation() public {
        bytes32 rentalId = _rent(5);
        vm.prank(agent);
        rentals.release(rentalId);
        rentals.refund(rentalId);
        assertEq(billing.creditsOf(alice), 5 * PRICE);
    }

    function test_MissedHeartbeats_AreNotPaid() public {
        bytes32 rentalId = _running(10);
        book.setLate(NODE, _now() + 2 hours, _now() + 5 hours);
        _skip(11 hours);
        rentals.expire(rentalId);
        _finish(rentalId);
        assertEq(_nodeEarned(), 7 * PRICE);
        assertEq(billing.creditsOf(alice), 3 * PRICE);
    }

    function test_Earnings_WaitForTheObjectionWindow() public {
        bytes32 rentalId = _running(10);
        _skip(1 hours);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_NothingToPay.selector, rentalId));
        rentals.settle(rentalId);
        _skip(10);
        rentals.settle(rentalId);
        assertEq(_nodeEarned(), 10_000);
    }

    function test_ExpiredUnnoticed_CostsNoMoreThanWasPaid() public {
        bytes32 rentalId = _running(1);
        _skip(365 days);
        rentals.expire(rentalId);
        _finish(rentalId);
        assertEq(_nodeEarned(), PRICE);
    }

    function test_PayeeWhoCannotBePaid_DoesNotBlockTheRefund() public {
        bytes32 rentalId = _running(10);
        _skip(5 hours);
        vm.prank(alice);
        rentals.close(rentalId);
        billing.setNodePaymentsFail(true);
        _skip(1 hours);
        vm.expectRevert(BillingDesk.NodePaymentsFail.selector);
        rentals.settle(rentalId);
        rentals.refund(rentalId);
        assertEq(billing.creditsOf(alice), 5 * PRICE);
    }

    function testFuzz_Money_IsConserved(uint32 leaseHours, uint32 served, uint32 lateFrom, uint32 lateTo, uint8 settles)
        public
    {
        leaseHours = uint32(_between(leaseHours, 1, 720));
        served = uint32(_between(served, 0, uint256(leaseHours) * 3600 + 1 days));
        bytes32 rentalId = _running(leaseHours);
        uint256 start = _now();
        uint256 from = start + _between(lateFrom, 0, served);
        book.setLate(NODE, from, from + _between(lateTo, 0, served));
        uint256 steps = _between(settles, 1, 4);
        for (uint256 i = 0; i < steps; i++) {
            _skip(served / steps);
            (uint256 payableNow,) = rentals.settleable(rentalId);
            if (payableNow != 0) rentals.settle(rentalId);
        }
        vm.prank(alice);
        rentals.close(rentalId);
        _finish(rentalId);
        _skip(1 hours);
        _finish(rentalId);
        assertEq(_escrow(rentalId), 0, "escrow");
        assertEq(_nodeEarned() + billing.creditsOf(alice), uint256(PRICE) * leaseHours, "conserved");
        _expectState(rentalId, IComputeRental.State.Settled);
    }
}
