// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Payment channels with cumulative vouchers
/// @notice A payer puts money into escrow at DWSBilling for a subject (a provider node, a worker). Usage is settled by vouchers that the payer signs: each
/// names the sum since the beginning, so only the last one matters and none can be used twice. The payer closes with a day's notice, in which the last
/// voucher can still be brought; the other side can close at once.
///
/// Must: bind a voucher to chain, contract and channel (EIP-712; ERC-1271 accepted); pay only the subject's own payee.
/// Never: pay more than was paid in; let the payer take money back that he has signed away within the notice.
/// @dev Amounts in units of the payment token, times in Unix seconds. Channel id = keccak256(abi.encode(contract, payer, salt)).
interface IVoucherChannels {
    /// @notice A channel.
    /// @param billing where its escrow is
    /// @param closesAt when it can be closed; 0 when no notice was given
    struct Channel {
        address payer;
        address billing;
        bytes32 subject;
        uint128 deposit;
        uint128 redeemed;
        uint64 closesAt;
        bool closed;
    }

    /// @notice What the payer signs (EIP-712).
    /// @param cumulative the sum since the beginning of the channel
    /// @param deadline until when it can be redeemed
    struct Voucher {
        bytes32 channelId;
        uint128 cumulative;
        uint64 deadline;
    }

    /// @notice Thrown when the payer has used this salt.
    error VoucherChannels_Exists(bytes32 channelId);
    /// @notice Thrown when a channel is unknown or closed.
    error VoucherChannels_NotOpen(bytes32 channelId);
    /// @notice Thrown when the caller is neither payer nor, where that is allowed, the subject's.
    error VoucherChannels_NotParty(bytes32 channelId, address caller);
    /// @notice Thrown when an amount is zero.
    error VoucherChannels_ZeroAmount();
    /// @notice Thrown when a voucher is not signed by the payer.
    error VoucherChannels_InvalidSignature(bytes32 channelId, address payer);
    /// @notice Thrown when a voucher's time is over.
    error VoucherChannels_VoucherExpired(uint256 deadline, uint256 time);
    /// @notice Thrown when a voucher is no more than what was redeemed.
    error VoucherChannels_NotIncreasing(bytes32 channelId, uint256 cumulative, uint256 redeemed);
    /// @notice Thrown when a voucher is above the deposit.
    error VoucherChannels_AboveDeposit(bytes32 channelId, uint256 cumulative, uint256 deposit);
    /// @notice Thrown when the notice has not ended.
    error VoucherChannels_TooEarly(bytes32 channelId, uint256 closesAt);
    /// @notice Thrown when a subject takes no new channels now.
    error VoucherChannels_SubjectUnavailable(bytes32 subject);

    /// @notice Emitted when a channel was opened.
    event ChannelOpened(bytes32 indexed channelId, address indexed payer, bytes32 indexed subject, uint128 deposit);
    /// @notice Emitted when a channel got more money; a notice given before is void.
    event ChannelToppedUp(bytes32 indexed channelId, uint128 amount, uint128 deposit);
    /// @notice Emitted when a voucher was redeemed.
    event VoucherRedeemed(bytes32 indexed channelId, bytes32 indexed subject, uint128 amount, uint128 cumulative);
    /// @notice Emitted when the payer gave notice.
    event CloseStarted(bytes32 indexed channelId, uint64 closesAt);
    /// @notice Emitted when a channel was closed and the rest refunded.
    event ChannelClosed(bytes32 indexed channelId, uint128 refunded);
    /// @notice Emitted when billing, for new channels, changed.
    event BillingChanged(address billing);

    /// @notice Opens a channel; the caller pays from credits first, then his allowance to DWSBilling.
    function openChannel(bytes32 subject, bytes32 salt, uint128 amount) external returns (bytes32 channelId);

    /// @notice Opens a channel of somebody who pays by ERC-3009 (x402). Anybody may submit it.
    /// @dev The nonce is DWSBilling's `leaseNonce(this contract, channelId, 1, subject)`.
    function openChannelWithAuthorization(
        address payer,
        bytes32 subject,
        bytes32 salt,
        uint128 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes calldata signature
    ) external returns (bytes32 channelId);

    /// @notice Adds money. Payer.
    function topUp(bytes32 channelId, uint128 amount) external;

    /// @notice Redeems a voucher. Anybody may bring it; the money goes to the subject's payee.
    function redeem(Voucher calldata voucher, bytes calldata signature) external returns (uint256 amount);

    /// @notice Gives notice. Payer; never pausable.
    function startClose(bytes32 channelId) external;

    /// @notice Closes and refunds: anybody after the notice, the subject's side at once. Never pausable.
    function closeChannel(bytes32 channelId) external returns (uint256 refunded);

    /// @notice Changes billing for new channels. Administrator.
    function setBilling(address billing) external;

    /// @notice A channel; payer zero when unknown.
    function channel(bytes32 channelId) external view returns (Channel memory);

    /// @notice The id of a channel.
    function channelIdOf(address payer, bytes32 salt) external view returns (bytes32);

    /// @notice What the payer signs.
    function voucherDigest(Voucher calldata voucher) external view returns (bytes32);

    /// @notice Billing of new channels.
    function billing() external view returns (address);
}
