// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IJNSRegistrar} from "../../src/naming/IJNSRegistrar.sol";
import {JNSRegistrar} from "../../src/naming/JNSRegistrar.sol";
import {NameBook} from "../support/NameBook.sol";
import {Scene} from "../support/Scene.sol";
import {PlainToken} from "../support/Tokens.sol";

contract JNSRegistrarTest is Scene {
    JNSRegistrar internal registrar;
    NameBook internal book;
    PlainToken internal usd;
    address internal treasury;
    bytes32 internal constant PARENT = keccak256("jeju");
    uint64 internal constant YEAR = 365 days;
    uint256 internal constant HARBOUR = uint256(keccak256("harbour"));

    function setUp() public virtual {
        treasury = account("treasury");
        usd = new PlainToken(6);
        book = new NameBook(PARENT, address(this));
        registrar = JNSRegistrar(
            _proxy(
                address(new JNSRegistrar()),
                abi.encodeCall(JNSRegistrar.initialize, (admin, address(book), PARENT, address(usd), treasury))
            )
        );
        book.give(PARENT, address(registrar));
        bytes32 role = registrar.PAUSER_ROLE();
        vm.prank(admin);
        registrar.grantRole(role, guardian);
        address[3] memory buyers = [alice, bob, carol];
        for (uint256 i = 0; i < 3; i++) {
            usd.mint(buyers[i], 1e12);
            vm.prank(buyers[i]);
            usd.approve(address(registrar), type(uint256).max);
        }
    }

    function _wish(string memory label, address owner) internal pure returns (IJNSRegistrar.Registration memory) {
        return IJNSRegistrar.Registration({
            label: label, owner: owner, duration: YEAR, resolver: address(0xBEEF), secret: "s"
        });
    }

    function _register(string memory label, address owner) internal returns (uint256) {
        IJNSRegistrar.Registration memory wish = _wish(label, owner);
        registrar.commit(registrar.commitmentOf(wish));
        _skip(60);
        vm.prank(owner);
        return registrar.register(wish, type(uint256).max);
    }

    function _holder(uint256 tokenId) internal view returns (address) {
        return book.owner(registrar.nodeOf(tokenId));
    }

    function test_Register_GivesTokenAndRecord_AndTakesThePrice() public {
        uint256 tokenId = _register("harbour", alice);
        assertEq(tokenId, HARBOUR);
        assertEq(registrar.ownerOf(HARBOUR), alice);
        assertEq(_holder(HARBOUR), alice);
        assertEq(book.resolver(registrar.nodeOf(HARBOUR)), address(0xBEEF));
        assertEq(usd.balanceOf(alice), 1e12 - 5e6);
        assertEq(registrar.payTreasury(), 5e6);
        assertEq(usd.balanceOf(treasury), 5e6);
    }

    function test_Price_GoesByLength_RoundedUp() public view {
        assertEq(registrar.priceOf("abc", YEAR), 640e6);
        assertEq(registrar.priceOf("abcd", YEAR), 160e6);
        assertEq(registrar.priceOf("abcde", YEAR), 5e6);
        assertEq(registrar.priceOf("abcde", 1), 1, "never for nothing");
    }

    function test_Register_WithoutCommitment_TooEarlyOrTooLate_Refused() public {
        IJNSRegistrar.Registration memory wish = _wish("harbour", alice);
        bytes32 commitment = registrar.commitmentOf(wish);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_CommitmentInvalid.selector, commitment, 0));
        registrar.register(wish, type(uint256).max);
        registrar.commit(commitment);
        uint256 at = _now();
        _skip(59);
        vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_CommitmentInvalid.selector, commitment, at));
        registrar.register(wish, type(uint256).max);
        _skip(1 days);
        vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_CommitmentInvalid.selector, commitment, at));
        registrar.register(wish, type(uint256).max);
    }

    function test_SeenWish_CannotBeTakenByAnother() public {
        IJNSRegistrar.Registration memory wish = _wish("harbour", alice);
        registrar.commit(registrar.commitmentOf(wish));
        _skip(60);
        wish.owner = bob;
        bytes32 commitment = registrar.commitmentOf(wish);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_CommitmentInvalid.selector, commitment, 0));
        registrar.register(wish, type(uint256).max);
    }

    function test_Commitment_RepeatedByAStranger_DoesNotStartItsAgeAnew() public {
        IJNSRegistrar.Registration memory wish = _wish("harbour", alice);
        bytes32 commitment = registrar.commitmentOf(wish);
        registrar.commit(commitment);
        _skip(59);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_CommitmentExists.selector, commitment));
        registrar.commit(commitment);
        _skip(1);
        vm.prank(alice);
        registrar.register(wish, type(uint256).max);
    }

    function test_Register_AboveThePriceAccepted_Refused() public {
        IJNSRegistrar.Registration memory wish = _wish("harbour", alice);
        registrar.commit(registrar.commitmentOf(wish));
        _skip(60);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_PriceTooHigh.selector, 5e6, 5e6 - 1));
        registrar.register(wish, 5e6 - 1);
    }

    function test_Label_OfWrongShape_Refused() public {
        string[7] memory wrong = ["ab", "", "-abc", "abc-", "Abc", "a.b", unicode"münze"];
        for (uint256 i = 0; i < wrong.length; i++) {
            IJNSRegistrar.Registration memory wish = _wish(wrong[i], alice);
            registrar.commit(registrar.commitmentOf(wish));
            _skip(60);
            vm.prank(alice);
            vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_InvalidLabel.selector, wrong[i]));
            registrar.register(wish, type(uint256).max);
        }
    }

    function test_Duration_OutOfBounds_Refused() public {
        IJNSRegistrar.Registration memory wish = _wish("harbour", alice);
        wish.duration = 28 days - 1;
        registrar.commit(registrar.commitmentOf(wish));
        _skip(60);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_InvalidDuration.selector, 28 days - 1, 28 days, 3650 days)
        );
        registrar.register(wish, type(uint256).max);
    }

    function test_TakenName_Refused_EvenInItsGrace() public {
        _register("harbour", alice);
        IJNSRegistrar.Registration memory wish = _wish("harbour", bob);
        bytes32 commitment = registrar.commitmentOf(wish);
        registrar.commit(commitment);
        _skip(60);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJNSRegistrar.JNSRegistrar_NotAvailable.selector, HARBOUR, IJNSRegistrar.NameState.Registered
            )
        );
        registrar.register(wish, type(uint256).max);
        vm.warp(registrar.expiresAt(HARBOUR) + 90 days - 61);
        wish.secret = "t";
        registrar.commit(registrar.commitmentOf(wish));
        _skip(60);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJNSRegistrar.JNSRegistrar_NotAvailable.selector, HARBOUR, IJNSRegistrar.NameState.Grace
            )
        );
        registrar.register(wish, type(uint256).max);
    }

    function test_ExpiredName_CanBeRegisteredAgain_WithoutTheOldRecords() public {
        _register("harbour", alice);
        uint64 epoch = book.epoch(registrar.nodeOf(HARBOUR));
        vm.warp(registrar.expiresAt(HARBOUR) + 90 days);
        _register("harbour", bob);
        assertEq(registrar.ownerOf(HARBOUR), bob);
        assertEq(_holder(HARBOUR), bob);
        assertTrue(book.epoch(registrar.nodeOf(HARBOUR)) > epoch, "new epoch");
    }

    function test_ExpiredName_RegisteredByTheSameOwner_BeginsAnewToo() public {
        _register("harbour", alice);
        uint64 epoch = book.epoch(registrar.nodeOf(HARBOUR));
        vm.warp(registrar.expiresAt(HARBOUR) + 90 days);
        _register("harbour", alice);
        assertTrue(book.epoch(registrar.nodeOf(HARBOUR)) > epoch, "new epoch");
        assertEq(registrar.balanceOf(alice), 1);
    }

    function test_Expired_OwnerCannotTransferNorReclaim_ButRenewInGrace() public {
        _register("harbour", alice);
        uint64 expiry = registrar.expiresAt(HARBOUR);
        vm.warp(expiry);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_Expired.selector, HARBOUR, expiry));
        registrar.transferFrom(alice, bob, HARBOUR);
        vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_Expired.selector, HARBOUR, expiry));
        registrar.reclaim(HARBOUR, bob);
        registrar.renew("harbour", YEAR, type(uint256).max);
        assertEq(registrar.expiresAt(HARBOUR), expiry + YEAR);
        registrar.transferFrom(alice, bob, HARBOUR);
    }

    function test_Renew_AfterGrace_OrNeverRegistered_OrForEver_Refused() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_NotRenewable.selector, HARBOUR));
        registrar.renew("harbour", YEAR, type(uint256).max);
        vm.stopPrank();
        _register("harbour", alice);
        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_InvalidDuration.selector, 3650 days, 1, 3650 days)
        );
        registrar.renew("harbour", 3650 days, type(uint256).max);
        vm.warp(registrar.expiresAt(HARBOUR) + 90 days);
        vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_NotRenewable.selector, HARBOUR));
        registrar.renew("harbour", YEAR, type(uint256).max);
    }

    function test_Transfer_TakesTheRecordAlong_AndClearsIt() public {
        _register("harbour", alice);
        uint64 epoch = book.epoch(registrar.nodeOf(HARBOUR));
        vm.prank(alice);
        registrar.transferFrom(alice, bob, HARBOUR);
        assertEq(_holder(HARBOUR), bob);
        assertTrue(book.epoch(registrar.nodeOf(HARBOUR)) > epoch, "records cleared");
        assertEq(book.resolver(registrar.nodeOf(HARBOUR)), address(0));
    }

    function test_Transfer_TakesTheRecordBackFromAFormerHolder() public {
        _register("harbour", alice);
        vm.prank(alice);
        registrar.reclaim(HARBOUR, carol);
        assertEq(_holder(HARBOUR), carol);
        vm.prank(alice);
        registrar.transferFrom(alice, bob, HARBOUR);
        assertEq(_holder(HARBOUR), bob);
    }

    function test_Stranger_CanNeitherTransferNorReclaim() public {
        _register("harbour", alice);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, stranger, HARBOUR));
        registrar.transferFrom(alice, stranger, HARBOUR);
        vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_NotOwner.selector, HARBOUR, stranger));
        registrar.reclaim(HARBOUR, stranger);
    }

    function test_ArbitraryCallWithTheRegistrarsRights_DoesNotExist() public {
        // The only ways to the registry are those tested above; what multicall runs, runs with the caller's own rights.
        _register("harbour", alice);
        bytes[] memory calls = new bytes[](1);
        calls[0] = abi.encodeCall(IJNSRegistrar.reclaim, (HARBOUR, stranger));
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IJNSRegistrar.JNSRegistrar_NotOwner.selector, HARBOUR, stranger));
        registrar.multicall(calls);
        calls[0] = abi.encodeCall(NameBook.setOwner, (PARENT, stranger));
        vm.expectRevert();
        registrar.multicall(calls);
        assertEq(book.owner(PARENT), address(registrar));
    }

    function test_ClearExpired_OnlyAfterTheGrace() public {
        _register("harbour", alice);
        vm.warp(registrar.expiresAt(HARBOUR) + 90 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJNSRegistrar.JNSRegistrar_StillHeld.selector, HARBOUR, IJNSRegistrar.NameState.Grace
            )
        );
        registrar.clearExpired(HARBOUR);
        _skip(1);
        vm.prank(stranger);
        registrar.clearExpired(HARBOUR);
        assertEq(_holder(HARBOUR), address(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                IJNSRegistrar.JNSRegistrar_StillHeld.selector, HARBOUR, IJNSRegistrar.NameState.Available
            )
        );
        registrar.clearExpired(HARBOUR);
        _register("harbour", bob);
        assertEq(registrar.ownerOf(HARBOUR), bob);
    }

    function test_Paused_NamesAreStillRenewed() public {
        _register("harbour", alice);
        vm.startPrank(guardian);
        registrar.pauseAction(registrar.REGISTER());
        vm.stopPrank();
        vm.prank(bob);
        registrar.renew("harbour", YEAR, type(uint256).max);
        IJNSRegistrar.Registration memory wish = _wish("other", alice);
        registrar.commit(registrar.commitmentOf(wish));
        _skip(60);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("register")));
        registrar.register(wish, type(uint256).max);
    }

    function test_Prices_AreBounded_AndTheAdministrators() public {
        vm.prank(stranger);
        expectMissingRole(stranger, bytes32(0));
        registrar.setPrices(IJNSRegistrar.Prices(1, 1, 1));
        vm.prank(admin);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGoverned.Governed_ParameterOutOfBounds.selector, bytes32("three"), 1e12 + 1, 0, 1e12
            )
        );
        registrar.setPrices(IJNSRegistrar.Prices(1e12 + 1, 1, 1));
    }

    function testFuzz_Revenue_EqualsWhatWasPaid(uint64 duration) public {
        duration = uint64(_between(duration, 28 days, 3650 days));
        IJNSRegistrar.Registration memory wish = _wish("harbour", alice);
        wish.duration = duration;
        registrar.commit(registrar.commitmentOf(wish));
        _skip(60);
        uint256 price = registrar.priceOf("harbour", duration);
        vm.prank(alice);
        registrar.register(wish, price);
        assertEq(usd.balanceOf(address(registrar)), price);
        assertEq(registrar.payTreasury(), price);
        vm.expectRevert(IJNSRegistrar.JNSRegistrar_NothingToPay.selector);
        registrar.payTreasury();
    }
}
