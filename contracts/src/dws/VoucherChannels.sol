// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "../governance/Governed.sol";
import {IDWSBilling} from "./IDWSBilling.sol";
import {IVoucherChannels} from "./IVoucherChannels.sol";
import {Signatures} from "../token/Signatures.sol";

/// @title The base of registries whose use is paid by vouchers
/// @notice See {IVoucherChannels}. A derived contract says which subjects take channels, who speaks for one, and how it is paid.
abstract contract VoucherChannels is IVoucherChannels, Governed, EIP712Upgradeable, ReentrancyGuardTransient {
    using SafeCast for uint256;

    /// @custom:storage-location erc7201:jeju.storage.VoucherChannels
    struct VoucherChannelsStorage {
        address billing;
        mapping(bytes32 channelId => Channel) channels;
    }

    /// @notice How long a payer's notice lasts, in seconds.
    uint256 public constant NOTICE = 1 days;
    /// @notice The pausable action of opening and topping up channels.
    bytes32 public constant OPEN_CHANNEL = "open-channel";

    bytes32 private constant VOUCHER_TYPEHASH =
        keccak256("Voucher(bytes32 channelId,uint128 cumulative,uint64 deadline)");
    bytes32 private constant VOUCHER_CHANNELS_STORAGE =
        0xcf79bddf221b8da81817bb52f538beb0ede49f0d2934d08c2b781cd95b860e00;

    /// @inheritdoc IVoucherChannels
    function openChannel(bytes32 subject, bytes32 salt, uint128 amount)
        external
        whenActive(OPEN_CHANNEL)
        nonReentrant
        returns (bytes32 channelId)
    {
        channelId = _open(msg.sender, subject, salt, amount);
        IDWSBilling(_channels().billing).openEscrow(channelId, msg.sender, amount);
    }

    /// @inheritdoc IVoucherChannels
    function openChannelWithAuthorization(
        address payer,
        bytes32 subject,
        bytes32 salt,
        uint128 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes calldata signature
    ) external whenActive(OPEN_CHANNEL) nonReentrant returns (bytes32 channelId) {
        channelId = _open(payer, subject, salt, amount);
        IDWSBilling(_channels().billing)
            .openEscrowWithAuthorization(channelId, payer, amount, 1, subject, validAfter, validBefore, signature);
    }

    /// @inheritdoc IVoucherChannels
    function topUp(bytes32 channelId, uint128 amount) external whenActive(OPEN_CHANNEL) nonReentrant {
        Channel storage $channel = _requireOpen(channelId);
        if ($channel.payer != msg.sender) revert VoucherChannels_NotParty(channelId, msg.sender);
        if (amount == 0) revert VoucherChannels_ZeroAmount();
        $channel.deposit += amount;
        $channel.closesAt = 0;
        emit ChannelToppedUp(channelId, amount, $channel.deposit);
        IDWSBilling($channel.billing).fundEscrow(channelId, amount);
    }

    /// @inheritdoc IVoucherChannels
    function redeem(Voucher calldata voucher, bytes calldata signature) external nonReentrant returns (uint256 amount) {
        bytes32 channelId = voucher.channelId;
        Channel storage $channel = _requireOpen(channelId);
        if (block.timestamp > voucher.deadline) {
            revert VoucherChannels_VoucherExpired(voucher.deadline, block.timestamp);
        }
        uint128 redeemed = $channel.redeemed;
        if (voucher.cumulative <= redeemed) {
            revert VoucherChannels_NotIncreasing(channelId, voucher.cumulative, redeemed);
        }
        if (voucher.cumulative > $channel.deposit) {
            revert VoucherChannels_AboveDeposit(channelId, voucher.cumulative, $channel.deposit);
        }
        if (!Signatures.isBy($channel.payer, voucherDigest(voucher), signature)) {
            revert VoucherChannels_InvalidSignature(channelId, $channel.payer);
        }
        amount = voucher.cumulative - redeemed;
        $channel.redeemed = voucher.cumulative;
        emit VoucherRedeemed(channelId, $channel.subject, amount.toUint128(), voucher.cumulative);
        _payFrom($channel.billing, channelId, $channel.subject, amount);
    }

    /// @inheritdoc IVoucherChannels
    function startClose(bytes32 channelId) external {
        Channel storage $channel = _requireOpen(channelId);
        if ($channel.payer != msg.sender) revert VoucherChannels_NotParty(channelId, msg.sender);
        // Giving notice again does not make it later or earlier.
        if ($channel.closesAt != 0) return;
        $channel.closesAt = (block.timestamp + NOTICE).toUint64();
        emit CloseStarted(channelId, $channel.closesAt);
    }

    /// @inheritdoc IVoucherChannels
    function closeChannel(bytes32 channelId) external nonReentrant returns (uint256 refunded) {
        Channel storage $channel = _requireOpen(channelId);
        if (!_speaksFor($channel.subject, msg.sender)) {
            if ($channel.closesAt == 0) revert VoucherChannels_NotParty(channelId, msg.sender);
            if (block.timestamp < $channel.closesAt) revert VoucherChannels_TooEarly(channelId, $channel.closesAt);
        }
        $channel.closed = true;
        refunded = $channel.deposit - $channel.redeemed;
        emit ChannelClosed(channelId, refunded.toUint128());
        if (refunded != 0) IDWSBilling($channel.billing).refundEscrow(channelId, refunded);
    }

    /// @inheritdoc IVoucherChannels
    function setBilling(address changed) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setBilling(changed);
    }

    /// @inheritdoc IVoucherChannels
    function channel(bytes32 channelId) external view returns (Channel memory) {
        return _channels().channels[channelId];
    }

    /// @inheritdoc IVoucherChannels
    function channelIdOf(address payer, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), payer, salt));
    }

    /// @inheritdoc IVoucherChannels
    function voucherDigest(Voucher calldata voucher) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(VOUCHER_TYPEHASH, voucher.channelId, voucher.cumulative, voucher.deadline))
        );
    }

    /// @inheritdoc IVoucherChannels
    function billing() public view returns (address) {
        return _channels().billing;
    }

    function _setBilling(address changed) internal {
        _requireAddress(changed);
        _channels().billing = changed;
        emit BillingChanged(changed);
    }

    /// @dev Whether a subject takes a new channel now.
    function _takesChannels(bytes32 subject) internal view virtual returns (bool);

    /// @dev Whether an account speaks for a subject.
    function _speaksFor(bytes32 subject, address account) internal view virtual returns (bool);

    /// @dev Pays the subject's payee out of a channel's escrow.
    function _payFrom(address fromBilling, bytes32 channelId, bytes32 subject, uint256 amount) internal virtual;

    function _open(address payer, bytes32 subject, bytes32 salt, uint128 amount) private returns (bytes32 channelId) {
        channelId = channelIdOf(payer, salt);
        Channel storage $channel = _channels().channels[channelId];
        if ($channel.payer != address(0)) revert VoucherChannels_Exists(channelId);
        if (amount == 0) revert VoucherChannels_ZeroAmount();
        if (!_takesChannels(subject)) revert VoucherChannels_SubjectUnavailable(subject);
        $channel.payer = payer;
        $channel.billing = _channels().billing;
        $channel.subject = subject;
        $channel.deposit = amount;
        emit ChannelOpened(channelId, payer, subject, amount);
    }

    function _requireOpen(bytes32 channelId) private view returns (Channel storage $channel) {
        $channel = _channels().channels[channelId];
        if ($channel.payer == address(0) || $channel.closed) revert VoucherChannels_NotOpen(channelId);
    }

    function _channels() private pure returns (VoucherChannelsStorage storage $) {
        assembly ("memory-safe") {
            $.slot := VOUCHER_CHANNELS_STORAGE
        }
    }
}
