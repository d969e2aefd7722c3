// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ComputeRegistry} from "../../src/registry/ComputeRegistry.sol";
import {ComputeRental} from "../../src/market/ComputeRental.sol";
import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IFactSource} from "../../src/staking/IFactSource.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {BillingDesk} from "../support/BillingDesk.sol";
import {ProviderBook} from "../support/ProviderBook.sol";
import {Scene} from "../support/Scene.sol";
import {PlainToken} from "../support/Tokens.sol";

contract ComputeRentalTest is Scene {
    ComputeRental internal rentals;
    ComputeRegistry internal registry;
    ProviderBook internal book;
    BillingDesk internal billing;
    PlainToken internal usd;
    address internal owner;
    address internal agent;
    address internal arbiter;
    address internal treasury;
    bytes32 internal constant NODE = "node";
    uint128 internal constant PRICE = 3_600_000; // one unit of 1e-3 dollars a second

    function setUp() public virtual {
        owner = account("owner");
        agent = account("agent");
        arbiter = account("arbiter");
        treasury = account("treasury");
        usd = new PlainToken(6);
        book = new ProviderBook();
        billing = new BillingDesk(usd);
        registry = ComputeRegistry(
            _proxy(address(new ComputeRegistry()), abi.encodeCall(ComputeRegistry.initialize, (admin, address(book))))
        );
        rentals = ComputeRental(
            _proxy(
                address(new ComputeRental()),
                abi.encodeCall(
                    ComputeRental.initialize, (admin, address(registry), address(book), address(billing), treasury)
                )
            )
        );
        vm.startPrank(admin);
        registry.grantRole(registry.SELLER_ROLE(), address(rentals));
        rentals.grantRole(rentals.ARBITER_ROLE(), arbiter);
        rentals.grantRole(rentals.PAUSER_ROLE(), guardian);
        vm.stopPrank();
        book.add(NODE, owner, agent, "local", "compute");
        _setPrice(PRICE);
        address[3] memory consumers = [alice, bob, carol];
        for (uint256 i = 0; i < 3; i++) {
            usd.mint(consumers[i], 1e15);
            vm.startPrank(consumers[i]);
            usd.approve(address(billing), type(uint256).max);
            usd.approve(address(rentals), type(uint256).max);
            vm.stopPrank();
        }
    }

    function _setPrice(uint128 price) internal {
        IComputeRegistry.Capability memory capability;
        capability.cores = 4;
        capability.memoryMb = 8192;
        capability.pricePerHour = price;
        capability.slots = 2;
        capability.tee = true;
        capability.active = true;
        vm.prank(owner);
        registry.setCapability(NODE, capability);
    }

    function _rent(uint32 leaseHours) internal returns (bytes32) {
        vm.prank(alice);
        return rentals.rent(NODE, "salt", leaseHours, type(uint128).max, false, "key");
    }

    function _running(uint32 leaseHours) internal returns (bytes32 rentalId) {
        rentalId = _rent(leaseHours);
        vm.prank(agent);
        rentals.confirm(rentalId, "sealed");
    }

    function _escrow(bytes32 rentalId) internal view returns (uint256) {
        return billing.escrowBalance(address(rentals), rentalId);
    }

    function _nodeEarned() internal view returns (uint256) {
        return billing.paidToNode(book.stakingNodeOf(NODE));
    }

    function _expectState(bytes32 rentalId, IComputeRental.State state) internal view {
        assertEq(uint256(rentals.stateOf(rentalId)), uint256(state), "state");
    }

    function _finish(bytes32 rentalId) internal {
        (uint256 payableNow, uint256 refundable) = rentals.settleable(rentalId);
        if (payableNow != 0) rentals.settle(rentalId);
        if (refundable != 0) rentals.refund(rentalId);
    }

    // ------------------------------------------------------------ ordering

    function test_Rent_PaysTheWholeLeaseIntoEscrow() public {
        bytes32 rentalId = _rent(10);
        assertEq(_escrow(rentalId), 10 * PRICE);
        _expectState(rentalId, IComputeRental.State.Requested);
        assertEq(rentals.liveRentalsOf(NODE), 1);
        assertEq(book.node(NODE).liveLeases, 1);
        assertEq(rentalId, rentals.rentalIdOf(alice, "salt"));
    }

    function test_Rent_SameSaltTwice_Refused() public {
        bytes32 rentalId = _rent(1);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_Exists.selector, rentalId));
        rentals.rent(NODE, "salt", 1, type(uint128).max, false, "");
    }

    function test_Rent_AbovePriceCap_WithoutSlot_OrHours_Refused() public {
        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_PriceTooHigh.selector, PRICE, PRICE - 1));
        rentals.rent(NODE, "a", 1, PRICE - 1, false, "");
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_InvalidHours.selector, 0, 720));
        rentals.rent(NODE, "a", 0, PRICE, false, "");
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_InvalidHours.selector, 721, 720));
        rentals.rent(NODE, "a", 721, PRICE, false, "");
        rentals.rent(NODE, "a", 1, PRICE, false, "");
        rentals.rent(NODE, "b", 1, PRICE, false, "");
        vm.expectRevert(abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_NoSlot.selector, NODE, 2));
        rentals.rent(NODE, "c", 1, PRICE, false, "");
    }

    function test_Rent_OfALateOrUnbackedNode_Refused() public {
        book.setUnavailable(NODE, true);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_NotRentable.selector, NODE));
        rentals.rent(NODE, "a", 1, PRICE, false, "");
    }

    function test_Rent_WithTee_NeedsALiveAttestation() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_TeeRequired.selector, NODE));
        rentals.rent(NODE, "a", 1, PRICE, true, "");
        book.setAttested(NODE, true);
        rentals.rent(NODE, "a", 1, PRICE, true, "");
    }

    function test_Confirm_ByStranger_OrTwice_OrLate_Refused() public {
        bytes32 rentalId = _rent(1);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_NotProvider.selector, rentalId, stranger));
        rentals.confirm(rentalId, "");
        _skip(15 minutes + 1);
        vm.prank(agent);
        vm.expectRevert(
            abi.encodeWithSelector(
                IComputeRental.ComputeRental_WrongState.selector, rentalId, IComputeRental.State.Unserved
            )
        );
        rentals.confirm(rentalId, "");
    }

    // ------------------------------------------------------------ money

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

    // ------------------------------------------------------------ authority

    function test_Stranger_CannotCloseExtendReleaseDisputeOrRate() public {
        bytes32 rentalId = _running(1);
        bytes memory notConsumer =
            abi.encodeWithSelector(IComputeRental.ComputeRental_NotConsumer.selector, rentalId, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(notConsumer);
        rentals.close(rentalId);
        vm.expectRevert(notConsumer);
        rentals.extend(rentalId, 1);
        vm.expectRevert(notConsumer);
        rentals.openDispute(rentalId, "");
        vm.expectRevert(notConsumer);
        rentals.rate(rentalId, 5);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_NotProvider.selector, rentalId, stranger));
        rentals.release(rentalId);
        expectMissingRole(stranger, rentals.ARBITER_ROLE());
        rentals.rule(rentalId, true, 0);
    }

    function test_Authority_FollowsTheNode() public {
        bytes32 rentalId = _rent(1);
        book.add(NODE, carol, carol, "local", "compute");
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_NotProvider.selector, rentalId, owner));
        rentals.confirm(rentalId, "");
        vm.prank(carol);
        rentals.confirm(rentalId, "");
    }

    function test_EndedRental_IsNotRevived() public {
        bytes32 rentalId = _running(1);
        vm.startPrank(alice);
        rentals.close(rentalId);
        bytes memory ended = abi.encodeWithSelector(
            IComputeRental.ComputeRental_WrongState.selector, rentalId, IComputeRental.State.Ended
        );
        // At the second of its start nothing was earned: all is refundable, so it is not settled yet.
        vm.expectRevert(ended);
        rentals.close(rentalId);
        vm.expectRevert(ended);
        rentals.extend(rentalId, 1);
        vm.stopPrank();
        vm.prank(agent);
        vm.expectRevert(ended);
        rentals.confirm(rentalId, "");
        vm.expectRevert(ended);
        rentals.expire(rentalId);
    }

    // ------------------------------------------------------------ disputes

    function _disputed() internal returns (bytes32 rentalId) {
        rentalId = _running(10);
        _skip(6 hours);
        rentals.settle(rentalId); // five hours
        vm.prank(alice);
        rentals.openDispute(rentalId, "no answer");
    }

    function test_Dispute_CostsABond_AndHoldsBackWhatIsNotPaid() public {
        uint256 before = usd.balanceOf(alice);
        bytes32 rentalId = _disputed();
        assertEq(before - usd.balanceOf(alice), 10 * PRICE + 10 * PRICE / 20, "escrow and bond");
        _skip(1 hours);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_NothingToPay.selector, rentalId));
        rentals.settle(rentalId);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IComputeRental.ComputeRental_WrongDisputeState.selector, rentalId, IComputeRental.DisputeState.Open
            )
        );
        rentals.openDispute(rentalId, "again");
    }

    function test_Upheld_ConsumerIsRefunded_BondReturned_AndTheFactSlashesRealStake() public {
        bytes32 rentalId = _disputed();
        uint64 start = rentals.rental(rentalId).startedAt;
        vm.prank(arbiter);
        rentals.rule(rentalId, true, start + 4 hours);
        vm.prank(alice);
        rentals.close(rentalId);
        rentals.refund(rentalId);
        assertEq(billing.creditsOf(alice), 5 * PRICE, "what was paid stays paid, the rest comes back");
        rentals.settleBond(rentalId);
        rentals.claimBonds(address(usd), alice);
        assertEq(usd.balanceOf(alice), 1e15 - 10 * PRICE, "bond");
        IFactSource.Fact memory fact = rentals.factOf(rentalId);
        assertEq(fact.nodeId, book.stakingNodeOf(NODE));
        assertEq(fact.harmed, alice);
        assertEq(fact.price, 2 * PRICE, "the hours that failed");
        assertTrue(fact.objective);
        vm.expectRevert(
            abi.encodeWithSelector(
                IComputeRental.ComputeRental_WrongDisputeState.selector, rentalId, IComputeRental.DisputeState.Upheld
            )
        );
        rentals.settleBond(rentalId);
    }

    function test_Rejected_BondGoesToTheTreasury_AndTheProviderIsPaid() public {
        bytes32 rentalId = _disputed();
        vm.prank(arbiter);
        rentals.rule(rentalId, false, 0);
        rentals.settleBond(rentalId);
        assertEq(rentals.claimableBondsOf(address(usd), treasury), 10 * PRICE / 20);
        rentals.claimBonds(address(usd), treasury);
        _skip(1 hours);
        assertEq(rentals.settle(rentalId), PRICE);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_NoFact.selector, rentalId));
        rentals.factOf(rentalId);
    }

    function test_SilentArbiter_DropsTheDispute_AndReturnsTheBond() public {
        bytes32 rentalId = _disputed();
        vm.expectRevert(
            abi.encodeWithSelector(
                IComputeRental.ComputeRental_WrongDisputeState.selector, rentalId, IComputeRental.DisputeState.Open
            )
        );
        rentals.settleBond(rentalId);
        _skip(2 days);
        rentals.settleBond(rentalId);
        assertEq(rentals.claimableBondsOf(address(usd), alice), 10 * PRICE / 20);
        rentals.expire(rentalId);
        _finish(rentalId);
        assertEq(_nodeEarned(), 10 * PRICE);
        vm.prank(arbiter);
        vm.expectRevert(
            abi.encodeWithSelector(
                IComputeRental.ComputeRental_WrongDisputeState.selector, rentalId, IComputeRental.DisputeState.Dropped
            )
        );
        rentals.rule(rentalId, true, 0);
    }

    function test_Dispute_BeforeConfirmation_OrLongAfterTheEnd_Refused() public {
        bytes32 rentalId = _rent(1);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IComputeRental.ComputeRental_WrongState.selector, rentalId, IComputeRental.State.Requested
            )
        );
        rentals.openDispute(rentalId, "");
        vm.prank(agent);
        rentals.confirm(rentalId, "");
        _skip(2 hours + 1);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IComputeRental.ComputeRental_WrongState.selector, rentalId, IComputeRental.State.Expired
            )
        );
        rentals.openDispute(rentalId, "");
    }

    function test_Fault_OutsideTheRental_Refused() public {
        bytes32 rentalId = _disputed();
        uint64 start = rentals.rental(rentalId).startedAt;
        vm.startPrank(arbiter);
        vm.expectRevert(
            abi.encodeWithSelector(IComputeRental.ComputeRental_OutsideRental.selector, rentalId, start - 1)
        );
        rentals.rule(rentalId, true, start - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IComputeRental.ComputeRental_OutsideRental.selector, rentalId, _now() + 1)
        );
        rentals.rule(rentalId, true, uint64(_now() + 1));
    }

    // ------------------------------------------------------------ ratings, pause, settings

    function test_Rating_OnceAfterThePaidEnd() public {
        bytes32 rentalId = _running(1);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_InvalidRating.selector, rentalId, 5));
        rentals.rate(rentalId, 5);
        _skip(2 hours);
        rentals.expire(rentalId);
        rentals.settle(rentalId);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_InvalidRating.selector, rentalId, 6));
        rentals.rate(rentalId, 6);
        rentals.rate(rentalId, 4);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_InvalidRating.selector, rentalId, 4));
        rentals.rate(rentalId, 4);
        (uint256 stars, uint256 count) = rentals.ratingsOf(NODE);
        assertEq(stars, 4);
        assertEq(count, 1);
    }

    function test_Paused_ExitsStayOpen() public {
        bytes32 rentalId = _running(2);
        vm.startPrank(guardian);
        rentals.pauseAction(rentals.RENT());
        vm.stopPrank();
        _skip(1 hours);
        vm.prank(alice);
        rentals.close(rentalId);
        _skip(1 hours);
        _finish(rentalId);
        _expectState(rentalId, IComputeRental.State.Settled);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("rent")));
        rentals.rent(NODE, "x", 1, PRICE, false, "");
    }

    function test_Settings_AreBounded_AndTheAdministrators() public {
        IComputeRental.Parameters memory changed = rentals.parameters();
        vm.startPrank(stranger);
        expectMissingRole(stranger, bytes32(0));
        rentals.setParameters(changed);
        expectMissingRole(stranger, bytes32(0));
        rentals.setWiring(stranger, stranger);
        vm.stopPrank();
        changed.objectionWindow = 29;
        vm.prank(admin);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGoverned.Governed_ParameterOutOfBounds.selector, bytes32("objectionWindow"), 29, 30, 7 days
            )
        );
        rentals.setParameters(changed);
    }
}
