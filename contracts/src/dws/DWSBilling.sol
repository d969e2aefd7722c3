// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "../governance/Governed.sol";
import {IDelegatedNodeStaking} from "../staking/IDelegatedNodeStaking.sol";
import {IERC3009} from "../token/IERC3009.sol";
import {IDWSBilling} from "./IDWSBilling.sol";

/// @title DWSBilling
/// @notice See {IDWSBilling}.
contract DWSBilling is IDWSBilling, Governed, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    struct Subscription {
        uint128 maximumPrice;
        uint64 paidUntil;
        bool renews;
    }

    /// @custom:storage-location erc7201:jeju.storage.DWSBilling
    struct BillingStorage {
        address paymentToken;
        uint16 protocolFeeBps;
        address staking;
        address treasury;
        uint256 totalCredits;
        uint256 totalEscrowed;
        uint256 totalClaimable;
        mapping(address account => uint256) credits;
        mapping(address account => uint256) claimable;
        mapping(address lessor => mapping(bytes32 leaseId => Escrow)) escrows;
        mapping(bytes32 planId => Plan) plans;
        mapping(bytes32 planId => mapping(address subscriber => Subscription)) subscriptions;
    }

    /// @notice May hold escrows: ExternalChainProvider and other sellers.
    bytes32 public constant LESSOR_ROLE = keccak256("LESSOR_ROLE");

    uint256 private constant BPS = 10_000;
    uint256 private constant MAXIMUM_FEE_BPS = 1000;
    bytes32 private constant DEPOSIT = "deposit";
    bytes32 private constant OPEN_ESCROW = "openEscrow";
    bytes32 private constant SUBSCRIBE = "subscribe";

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.DWSBilling")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant BILLING_STORAGE = 0x2092b6ce4b7248699fd3c2f61f3dbf73c171f761d4de986b1aefb739a2702e00;

    /// @inheritdoc IDWSBilling
    function initialize(address admin, address paymentToken_, address staking_, address treasury_)
        external
        initializer
    {
        __Governed_init(admin);
        _requireAddress(paymentToken_);
        _requireAddress(staking_);
        _requireAddress(treasury_);
        BillingStorage storage $ = _billingStorage();
        $.paymentToken = paymentToken_;
        $.protocolFeeBps = 500;
        $.staking = staking_;
        $.treasury = treasury_;
        emit WiringChanged(treasury_, staking_);
        emit ProtocolFeeChanged(500);
    }

    // ---------------------------------------------------------------- credits

    /// @inheritdoc IDWSBilling
    function deposit(address account, uint256 amount) external whenActive(DEPOSIT) nonReentrant {
        _requireAddress(account);
        if (amount == 0) revert DWSBilling_ZeroAmount();
        _pull(msg.sender, amount);
        _addCredits(_billingStorage(), account, amount);
        emit CreditsDeposited(account, msg.sender, amount);
    }

    /// @inheritdoc IDWSBilling
    function depositWithAuthorization(
        address from,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 salt,
        bytes calldata signature
    ) external whenActive(DEPOSIT) nonReentrant {
        if (amount == 0) revert DWSBilling_ZeroAmount();
        _receive(from, amount, validAfter, validBefore, depositNonce(from, salt), signature);
        _addCredits(_billingStorage(), from, amount);
        emit CreditsDeposited(from, from, amount);
    }

    /// @inheritdoc IDWSBilling
    function withdraw(uint256 amount) external nonReentrant {
        if (amount == 0) revert DWSBilling_ZeroAmount();
        BillingStorage storage $ = _billingStorage();
        _takeCredits($, msg.sender, amount);
        IERC20($.paymentToken).safeTransfer(msg.sender, amount);
        emit CreditsWithdrawn(msg.sender, amount);
    }

    // ---------------------------------------------------------------- escrow

    /// @inheritdoc IDWSBilling
    function openEscrow(bytes32 leaseId, address consumer, uint256 amount)
        external
        onlyRole(LESSOR_ROLE)
        whenActive(OPEN_ESCROW)
        nonReentrant
    {
        _newEscrow(leaseId, consumer, amount);
        _fund(leaseId, amount);
    }

    /// @inheritdoc IDWSBilling
    function openEscrowWithAuthorization(
        bytes32 leaseId,
        address consumer,
        uint256 amount,
        uint64 generation,
        bytes32 salt,
        uint256 validAfter,
        uint256 validBefore,
        bytes calldata signature
    ) external onlyRole(LESSOR_ROLE) whenActive(OPEN_ESCROW) nonReentrant {
        _newEscrow(leaseId, consumer, amount);
        bytes32 nonce = leaseNonce(msg.sender, leaseId, generation, salt);
        _receive(consumer, amount, validAfter, validBefore, nonce, signature);
        _escrow(leaseId, amount, 0);
    }

    /// @inheritdoc IDWSBilling
    function fundEscrow(bytes32 leaseId, uint256 amount)
        external
        onlyRole(LESSOR_ROLE)
        whenActive(OPEN_ESCROW)
        nonReentrant
    {
        if (amount == 0) revert DWSBilling_ZeroAmount();
        _knownEscrow(leaseId);
        _fund(leaseId, amount);
    }

    /// @inheritdoc IDWSBilling
    function payNode(bytes32 leaseId, bytes32 stakingNodeId, uint256 amount)
        external
        onlyRole(LESSOR_ROLE)
        nonReentrant
    {
        if (amount == 0) return;
        _spend(leaseId, amount).paid += amount.toUint128();
        BillingStorage storage $ = _billingStorage();
        // The staking contract takes exactly this amount and splits it; it is part of the suite and calls nobody back.
        IERC20($.paymentToken).forceApprove($.staking, amount);
        IDelegatedNodeStaking($.staking).distributeRevenue(stakingNodeId, amount);
        emit EscrowPaidNode(msg.sender, leaseId, stakingNodeId, amount);
    }

    /// @inheritdoc IDWSBilling
    function payAccount(bytes32 leaseId, address payee, uint256 amount) external onlyRole(LESSOR_ROLE) nonReentrant {
        if (amount == 0) return;
        _requireAddress(payee);
        _spend(leaseId, amount).paid += amount.toUint128();
        (uint256 fee, uint256 payeeAmount) = _split(payee, amount);
        emit EscrowPaidAccount(msg.sender, leaseId, payee, fee, payeeAmount);
    }

    /// @inheritdoc IDWSBilling
    function refundEscrow(bytes32 leaseId, uint256 amount) external onlyRole(LESSOR_ROLE) nonReentrant {
        if (amount == 0) return;
        Escrow storage record = _spend(leaseId, amount);
        record.refunded += amount.toUint128();
        _addCredits(_billingStorage(), record.consumer, amount);
        emit EscrowRefunded(msg.sender, leaseId, record.consumer, amount);
    }

    // ---------------------------------------------------------------- claims

    /// @inheritdoc IDWSBilling
    function claim() external nonReentrant returns (uint256 amount) {
        BillingStorage storage $ = _billingStorage();
        amount = $.claimable[msg.sender];
        if (amount == 0) revert DWSBilling_NothingToClaim(msg.sender);
        $.claimable[msg.sender] = 0;
        $.totalClaimable -= amount;
        IERC20($.paymentToken).safeTransfer(msg.sender, amount);
        emit Claimed(msg.sender, amount);
    }

    /// @inheritdoc IDWSBilling
    function sweepSurplus() external nonReentrant returns (uint256 amount) {
        BillingStorage storage $ = _billingStorage();
        uint256 debts = $.totalCredits + $.totalEscrowed + $.totalClaimable;
        amount = IERC20($.paymentToken).balanceOf(address(this)) - debts;
        if (amount == 0) revert DWSBilling_NothingToClaim($.treasury);
        _addClaimable($, $.treasury, amount);
        emit SurplusSwept($.treasury, amount);
    }

    // ---------------------------------------------------------------- plans

    /// @inheritdoc IDWSBilling
    function setPlan(bytes32 salt, uint128 price, uint32 period, bool active)
        external
        whenActive(SUBSCRIBE)
        returns (bytes32 planId)
    {
        if (price == 0) revert DWSBilling_ZeroAmount();
        _requireWithin("period", period, 1 hours, 366 days);
        planId = keccak256(abi.encode(address(this), msg.sender, salt));
        _billingStorage().plans[planId] = Plan({payee: msg.sender, price: price, period: period, active: active});
        emit PlanSet(planId, msg.sender, price, period, active);
    }

    /// @inheritdoc IDWSBilling
    function subscribe(bytes32 planId, uint128 maximumPrice) external whenActive(SUBSCRIBE) nonReentrant {
        Subscription storage subscription = _billingStorage().subscriptions[planId][msg.sender];
        subscription.maximumPrice = maximumPrice;
        subscription.renews = true;
        _paySubscription(planId, msg.sender, subscription);
    }

    /// @inheritdoc IDWSBilling
    function renew(bytes32 planId, address subscriber) external whenActive(SUBSCRIBE) nonReentrant {
        Subscription storage subscription = _billingStorage().subscriptions[planId][subscriber];
        if (!subscription.renews) revert DWSBilling_NotSubscribed(planId, subscriber);
        _paySubscription(planId, subscriber, subscription);
    }

    /// @inheritdoc IDWSBilling
    function cancelSubscription(bytes32 planId) external {
        Subscription storage subscription = _billingStorage().subscriptions[planId][msg.sender];
        if (!subscription.renews) revert DWSBilling_NotSubscribed(planId, msg.sender);
        subscription.renews = false;
        emit SubscriptionCancelled(planId, msg.sender);
    }

    // ---------------------------------------------------------------- settings

    /// @inheritdoc IDWSBilling
    function setProtocolFee(uint16 bps) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("protocolFeeBps", bps, 0, MAXIMUM_FEE_BPS);
        _billingStorage().protocolFeeBps = bps;
        emit ProtocolFeeChanged(bps);
    }

    /// @inheritdoc IDWSBilling
    function setWiring(address treasury_, address staking_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireAddress(treasury_);
        _requireAddress(staking_);
        BillingStorage storage $ = _billingStorage();
        $.treasury = treasury_;
        $.staking = staking_;
        emit WiringChanged(treasury_, staking_);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IDWSBilling
    function paymentToken() external view returns (address) {
        return _billingStorage().paymentToken;
    }

    /// @inheritdoc IDWSBilling
    function staking() external view returns (address) {
        return _billingStorage().staking;
    }

    /// @inheritdoc IDWSBilling
    function treasury() external view returns (address) {
        return _billingStorage().treasury;
    }

    /// @inheritdoc IDWSBilling
    function protocolFeeBps() external view returns (uint16) {
        return _billingStorage().protocolFeeBps;
    }

    /// @inheritdoc IDWSBilling
    function creditsOf(address account) external view returns (uint256) {
        return _billingStorage().credits[account];
    }

    /// @inheritdoc IDWSBilling
    function claimableOf(address account) external view returns (uint256) {
        return _billingStorage().claimable[account];
    }

    /// @inheritdoc IDWSBilling
    function escrow(address lessor, bytes32 leaseId) external view returns (Escrow memory) {
        return _billingStorage().escrows[lessor][leaseId];
    }

    /// @inheritdoc IDWSBilling
    function escrowBalance(address lessor, bytes32 leaseId) external view returns (uint256) {
        return _balanceOf(_billingStorage().escrows[lessor][leaseId]);
    }

    /// @inheritdoc IDWSBilling
    function liabilities() external view returns (uint256 credits, uint256 escrowed, uint256 claimable) {
        BillingStorage storage $ = _billingStorage();
        return ($.totalCredits, $.totalEscrowed, $.totalClaimable);
    }

    /// @inheritdoc IDWSBilling
    function plan(bytes32 planId) external view returns (Plan memory) {
        return _billingStorage().plans[planId];
    }

    /// @inheritdoc IDWSBilling
    function paidUntil(bytes32 planId, address subscriber) external view returns (uint64) {
        return _billingStorage().subscriptions[planId][subscriber].paidUntil;
    }

    /// @inheritdoc IDWSBilling
    function depositNonce(address from, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode("jeju/deposit/v1", address(this), from, salt));
    }

    /// @inheritdoc IDWSBilling
    function leaseNonce(address lessor, bytes32 leaseId, uint64 generation, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode("jeju/lease/v1", address(this), lessor, leaseId, generation, salt));
    }

    /// @inheritdoc Governed
    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](3);
        actions[0] = DEPOSIT;
        actions[1] = OPEN_ESCROW;
        actions[2] = SUBSCRIBE;
    }

    // ---------------------------------------------------------------- internals

    function _newEscrow(bytes32 leaseId, address consumer, uint256 amount) private {
        _requireAddress(consumer);
        if (amount == 0) revert DWSBilling_ZeroAmount();
        Escrow storage record = _billingStorage().escrows[msg.sender][leaseId];
        if (record.consumer != address(0)) revert DWSBilling_EscrowExists(msg.sender, leaseId);
        record.consumer = consumer;
    }

    function _fund(bytes32 leaseId, uint256 amount) private {
        BillingStorage storage $ = _billingStorage();
        address consumer = $.escrows[msg.sender][leaseId].consumer;
        uint256 fromCredits = Math.min($.credits[consumer], amount);
        if (fromCredits != 0) _takeCredits($, consumer, fromCredits);
        if (fromCredits != amount) _pull(consumer, amount - fromCredits);
        _escrow(leaseId, amount, fromCredits);
    }

    function _escrow(bytes32 leaseId, uint256 amount, uint256 fromCredits) private {
        BillingStorage storage $ = _billingStorage();
        Escrow storage record = $.escrows[msg.sender][leaseId];
        record.funded = (record.funded + amount).toUint128();
        $.totalEscrowed += amount;
        emit EscrowFunded(msg.sender, leaseId, record.consumer, amount, fromCredits);
    }

    // Takes money out of an escrow of the caller; who receives it is the caller's next line.
    function _spend(bytes32 leaseId, uint256 amount) private returns (Escrow storage record) {
        record = _knownEscrow(leaseId);
        uint256 available = _balanceOf(record);
        if (amount > available) {
            revert DWSBilling_InsufficientEscrow(msg.sender, leaseId, amount, available);
        }
        _billingStorage().totalEscrowed -= amount;
    }

    function _split(address payee, uint256 amount) private returns (uint256 fee, uint256 payeeAmount) {
        BillingStorage storage $ = _billingStorage();
        fee = Math.mulDiv(amount, $.protocolFeeBps, BPS, Math.Rounding.Ceil); // up: the fee is the protocol's
        payeeAmount = amount - fee;
        _addClaimable($, $.treasury, fee);
        _addClaimable($, payee, payeeAmount);
    }

    function _paySubscription(bytes32 planId, address subscriber, Subscription storage subscription) private {
        BillingStorage storage $ = _billingStorage();
        Plan memory terms = $.plans[planId];
        if (!terms.active || terms.price > subscription.maximumPrice) revert DWSBilling_InvalidPlan(planId);
        if (subscription.paidUntil > block.timestamp) {
            revert DWSBilling_NotDue(planId, subscriber, subscription.paidUntil);
        }
        // From now, not from the last end: time that was not paid was not served.
        subscription.paidUntil = uint64(block.timestamp + terms.period);
        _takeCredits($, subscriber, terms.price);
        (uint256 fee, uint256 payeeAmount) = _split(terms.payee, terms.price);
        emit SubscriptionPaid(planId, subscriber, fee, payeeAmount, subscription.paidUntil);
    }

    function _addCredits(BillingStorage storage $, address account, uint256 amount) private {
        $.credits[account] += amount;
        $.totalCredits += amount;
    }

    function _takeCredits(BillingStorage storage $, address account, uint256 amount) private {
        uint256 available = $.credits[account];
        if (amount > available) revert DWSBilling_InsufficientCredits(account, amount, available);
        $.credits[account] = available - amount;
        $.totalCredits -= amount;
    }

    function _addClaimable(BillingStorage storage $, address account, uint256 amount) private {
        $.claimable[account] += amount;
        $.totalClaimable += amount;
    }

    function _pull(address from, uint256 amount) private {
        IERC20 token = IERC20(_billingStorage().paymentToken);
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(from, address(this), amount);
        _requireReceived(token.balanceOf(address(this)) - before, amount);
    }

    function _receive(
        address from,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) private {
        address token = _billingStorage().paymentToken;
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC3009(token).receiveWithAuthorization(from, address(this), amount, validAfter, validBefore, nonce, signature);
        _requireReceived(IERC20(token).balanceOf(address(this)) - before, amount);
    }

    function _requireReceived(uint256 received, uint256 expected) private pure {
        if (received != expected) revert DWSBilling_UnexpectedTransferAmount(received, expected);
    }

    function _knownEscrow(bytes32 leaseId) private view returns (Escrow storage record) {
        record = _billingStorage().escrows[msg.sender][leaseId];
        if (record.consumer == address(0)) revert DWSBilling_UnknownEscrow(msg.sender, leaseId);
    }

    function _balanceOf(Escrow storage record) private view returns (uint256) {
        return uint256(record.funded) - record.paid - record.refunded;
    }

    function _billingStorage() private pure returns (BillingStorage storage $) {
        assembly ("memory-safe") {
            $.slot := BILLING_STORAGE
        }
    }
}
