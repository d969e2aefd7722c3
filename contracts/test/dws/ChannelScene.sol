// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IVoucherChannels} from "../../src/dws/IVoucherChannels.sol";
import {VoucherChannels} from "../../src/dws/VoucherChannels.sol";
import {BillingDesk} from "../support/BillingDesk.sol";
import {ProviderBook} from "../support/ProviderBook.sol";
import {Scene} from "../support/Scene.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @title How channels behave, run against every registry that has them
abstract contract ChannelScene is Scene {
    VoucherChannels internal channels;
    BillingDesk internal billing;
    ProviderBook internal book;
    PlainToken internal usd;
    bytes32 internal subject;

    function setUp() public virtual {
        usd = new PlainToken(6);
        billing = new BillingDesk(usd);
        book = new ProviderBook();
        usd.mint(alice, 1e12);
        vm.prank(alice);
        usd.approve(address(billing), type(uint256).max);
    }

    /// @dev What the subject was paid, and who speaks for it.
    function _subjectEarned() internal view virtual returns (uint256);

    function _speaker() internal view virtual returns (address);

    function _makeUnavailable() internal virtual;

    function _open(uint128 amount) internal returns (bytes32) {
        vm.prank(alice);
        return channels.openChannel(subject, "salt", amount);
    }

    function _voucher(bytes32 channelId, uint128 cumulative)
        internal
        view
        returns (IVoucherChannels.Voucher memory voucher)
    {
        voucher.channelId = channelId;
        voucher.cumulative = cumulative;
        voucher.deadline = uint64(_now() + 30 days);
    }

    function _sign(string memory who, IVoucherChannels.Voucher memory voucher) internal view returns (bytes memory) {
        return signatureOf(who, channels.voucherDigest(voucher));
    }

    function test_Channel_VouchersPayTheSubject_AndTheRestComesBack() public {
        bytes32 channelId = _open(100e6);
        IVoucherChannels.Voucher memory voucher = _voucher(channelId, 30e6);
        bytes memory signature = _sign("alice", voucher);
        vm.prank(stranger);
        channels.redeem(voucher, signature);
        assertEq(_subjectEarned(), 30e6, "anybody may bring it, the subject is paid");
        voucher.cumulative = 45e6;
        channels.redeem(voucher, _sign("alice", voucher));
        assertEq(_subjectEarned(), 45e6, "cumulative");
        vm.prank(alice);
        channels.startClose(channelId);
        _skip(1 days);
        channels.closeChannel(channelId);
        assertEq(billing.creditsOf(alice), 55e6);
        assertEq(billing.escrowBalance(address(channels), channelId), 0);
    }

    function test_Channel_VoucherTwice_OrLower_OrBeyondTheDeposit_Refused() public {
        bytes32 channelId = _open(100e6);
        IVoucherChannels.Voucher memory voucher = _voucher(channelId, 30e6);
        bytes memory signature = _sign("alice", voucher);
        channels.redeem(voucher, signature);
        vm.expectRevert(
            abi.encodeWithSelector(IVoucherChannels.VoucherChannels_NotIncreasing.selector, channelId, 30e6, 30e6)
        );
        channels.redeem(voucher, signature);
        voucher.cumulative = 100e6 + 1;
        signature = _sign("alice", voucher);
        vm.expectRevert(
            abi.encodeWithSelector(IVoucherChannels.VoucherChannels_AboveDeposit.selector, channelId, 100e6 + 1, 100e6)
        );
        channels.redeem(voucher, signature);
    }

    function test_Channel_VoucherOfAnother_ForAnotherChannelOrTooLate_Refused() public {
        bytes32 channelId = _open(100e6);
        vm.prank(alice);
        bytes32 other = channels.openChannel(subject, "other", 100e6);
        IVoucherChannels.Voucher memory voucher = _voucher(channelId, 30e6);
        bytes memory refused =
            abi.encodeWithSelector(IVoucherChannels.VoucherChannels_InvalidSignature.selector, channelId, alice);
        bytes memory signature = _sign("stranger", voucher);
        vm.expectRevert(refused);
        channels.redeem(voucher, signature);
        signature = _sign("alice", _voucher(other, 30e6));
        vm.expectRevert(refused);
        channels.redeem(voucher, signature);
        signature = _sign("alice", voucher);
        vm.chainId(1);
        vm.expectRevert(refused);
        channels.redeem(voucher, signature);
        vm.chainId(31_337);
        _skip(30 days + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IVoucherChannels.VoucherChannels_VoucherExpired.selector, voucher.deadline, _now())
        );
        channels.redeem(voucher, signature);
    }

    function test_Channel_PayerCannotTakeBackWhatHeSignedAway_WithinTheNotice() public {
        bytes32 channelId = _open(100e6);
        IVoucherChannels.Voucher memory voucher = _voucher(channelId, 100e6);
        bytes memory signature = _sign("alice", voucher);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.VoucherChannels_NotParty.selector, channelId, alice));
        channels.closeChannel(channelId);
        channels.startClose(channelId);
        uint256 closesAt = _now() + 1 days;
        _skip(1 days - 1);
        channels.startClose(channelId);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.VoucherChannels_TooEarly.selector, channelId, closesAt));
        channels.closeChannel(channelId);
        vm.stopPrank();
        channels.redeem(voucher, signature);
        assertEq(_subjectEarned(), 100e6);
    }

    function test_Channel_SubjectsSideClosesAtOnce_AndTheMoneyGoesBackToThePayer() public {
        bytes32 channelId = _open(100e6);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.VoucherChannels_NotParty.selector, channelId, stranger));
        channels.closeChannel(channelId);
        vm.prank(_speaker());
        channels.closeChannel(channelId);
        assertEq(billing.creditsOf(alice), 100e6);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.VoucherChannels_NotOpen.selector, channelId));
        channels.topUp(channelId, 1);
    }

    function test_Channel_ToppedUp_VoidsTheNotice() public {
        bytes32 channelId = _open(100e6);
        vm.startPrank(alice);
        channels.startClose(channelId);
        channels.topUp(channelId, 50e6);
        vm.stopPrank();
        assertEq(channels.channel(channelId).closesAt, 0);
        assertEq(channels.channel(channelId).deposit, 150e6);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.VoucherChannels_NotParty.selector, channelId, stranger));
        channels.topUp(channelId, 1);
    }

    function test_Channel_WithAnUnavailableSubject_OrUsedSalt_Refused() public {
        bytes32 channelId = _open(1e6);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.VoucherChannels_Exists.selector, channelId));
        channels.openChannel(subject, "salt", 1e6);
        vm.expectRevert(
            abi.encodeWithSelector(IVoucherChannels.VoucherChannels_SubjectUnavailable.selector, bytes32("nobody"))
        );
        channels.openChannel("nobody", "x", 1e6);
        vm.stopPrank();
        _makeUnavailable();
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.VoucherChannels_SubjectUnavailable.selector, subject));
        channels.openChannel(subject, "x", 1e6);
    }

    function test_Channel_Paused_ExitsStayOpen() public {
        bytes32 channelId = _open(100e6);
        bytes32 action = channels.OPEN_CHANNEL();
        vm.prank(admin);
        channels.pauseAction(action);
        IVoucherChannels.Voucher memory voucher = _voucher(channelId, 30e6);
        channels.redeem(voucher, _sign("alice", voucher));
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, action));
        channels.openChannel(subject, "x", 1);
        channels.startClose(channelId);
        _skip(1 days);
        channels.closeChannel(channelId);
        assertEq(billing.creditsOf(alice), 70e6);
    }

    function testFuzz_Channel_MoneyIsConserved(uint64[4] calldata steps) public {
        bytes32 channelId = _open(1000e6);
        uint256 last;
        for (uint256 i = 0; i < 4; i++) {
            IVoucherChannels.Voucher memory voucher = _voucher(channelId, uint128(_between(steps[i], 1, 1000e6)));
            if (voucher.cumulative <= last) continue;
            channels.redeem(voucher, _sign("alice", voucher));
            last = voucher.cumulative;
        }
        vm.prank(_speaker());
        channels.closeChannel(channelId);
        assertEq(_subjectEarned(), last, "the highest voucher");
        assertEq(billing.creditsOf(alice) + last, 1000e6, "conserved");
    }
}
