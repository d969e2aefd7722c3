// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {RentalScene} from "./RentalScene.sol";

/// @title Who rents, confirms and ends, and what may be set
contract ComputeRentalTest is RentalScene {
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

    // The slot of another rental would come free with it.
    function test_Release_OfAnEndedOrSettledRental_Refused() public {
        bytes32 rentalId = _running(1);
        vm.prank(bob);
        rentals.rent(NODE, "another", 1, PRICE, false, "");
        vm.prank(agent);
        rentals.release(rentalId);
        for (uint256 i = 0; i < 2; i++) {
            IComputeRental.State state = i == 0 ? IComputeRental.State.Ended : IComputeRental.State.Settled;
            _expectState(rentalId, state);
            vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_WrongState.selector, rentalId, state));
            vm.prank(agent);
            rentals.release(rentalId);
            if (i == 0) _finish(rentalId);
        }
        assertEq(rentals.liveRentalsOf(NODE), 1, "the other one");
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
