// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "../governance/Governed.sol";
import {IDelegatedNodeStaking} from "../staking/IDelegatedNodeStaking.sol";
import {IERC3009} from "../token/IERC3009.sol";
import {IDWSBilling} from "./IDWSBilling.sol";
import {BillingPlans} from "./BillingPlans.sol";

/// @title DWSBilling
/// @notice See {IDWSBilling}. Accounts and views are in {BillingAccounts}, subscriptions in {BillingPlans}.
contract DWSBilling is BillingPlans {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @notice May hold escrows: ExternalChainProvider and other sellers.
    bytes32 public constant LESSOR_ROLE = keccak256("LESSOR_ROLE");

    uint256 private constant MAXIMUM_FEE_BPS = 1000;
    bytes32 private constant DEPOSIT = "deposit";
    bytes32 private constant OPEN_ESCROW = "openEscrow";

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
    function refundEscrow(bytes32 leaseId, uint256 amount) external nonReentrant {
        if (amount == 0) return;
        // Without the role, because it only gives back: whoever is no lessor any more still returns what he holds.
        Escrow storage record = _spend(leaseId, amount);
        record.refunded += amount.toUint128();
        _addCredits(_billingStorage(), record.consumer, amount);
        emit EscrowRefunded(msg.sender, leaseId, record.consumer, amount);
    }

    // ---------------------------------------------------------------- claims

    /// @inheritdoc IDWSBilling
    function claim() external nonReentrant returns (uint256 amount) {
        return _claim(msg.sender);
    }

    /// @inheritdoc IDWSBilling
    function claimFor(address account) external nonReentrant returns (uint256 amount) {
        return _claim(account);
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

    function _claim(address account) private returns (uint256 amount) {
        BillingStorage storage $ = _billingStorage();
        amount = $.claimable[account];
        if (amount == 0) revert DWSBilling_NothingToClaim(account);
        $.claimable[account] = 0;
        $.totalClaimable -= amount;
        IERC20($.paymentToken).safeTransfer(account, amount);
        emit Claimed(account, amount);
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
}
