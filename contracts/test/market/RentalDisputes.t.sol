// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IFactSource} from "../../src/staking/IFactSource.sol";
import {RentalScene} from "./RentalScene.sol";

/// @title Disputes, rulings and ratings
contract RentalDisputesTest is RentalScene {
    function test_RevertWhen_AReasonAnAccessOrACiphertextIsTooLong() public {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_TooLong.selector, 513, 512));
        rentals.rent(NODE, "long", 1, PRICE, false, new bytes(513));
        bytes32 rentalId = _rent(1);
        vm.prank(agent);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_TooLong.selector, 2049, 2048));
        rentals.confirm(rentalId, new bytes(2049));
        vm.prank(agent);
        rentals.confirm(rentalId, "key");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IComputeRental.ComputeRental_TooLong.selector, 1025, 1024));
        rentals.openDispute(rentalId, string(new bytes(1025)));
    }

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

    function test_Upheld_TheFailedPeriod_EndsWithTheRuling_ThoughTheRentalRunsOn() public {
        bytes32 rentalId = _running(10);
        uint64 began = uint64(_now());
        _skip(2 hours);
        vm.prank(alice);
        rentals.openDispute(rentalId, "no answer");
        vm.prank(arbiter);
        rentals.rule(rentalId, true, began + 1 hours);
        uint256 price = rentals.factOf(rentalId).price;
        assertEq(price, PRICE);
        _skip(5 hours);
        assertEq(rentals.factOf(rentalId).price, price, "the same fact, whenever it is heard");
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
}
