// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Governed} from "../governance/Governed.sol";
import {IDWSBilling} from "./IDWSBilling.sol";

/// @title What DWSBilling owes to whom
/// @notice Credits, escrow and what can be claimed, each with its sum: nothing is owed to anybody that is not in one of the three.
abstract contract BillingAccounts is IDWSBilling, Governed {
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

    uint256 internal constant BPS = 10_000;

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.DWSBilling")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant BILLING_STORAGE = 0x2092b6ce4b7248699fd3c2f61f3dbf73c171f761d4de986b1aefb739a2702e00;

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

    function _split(address payee, uint256 amount) internal returns (uint256 fee, uint256 payeeAmount) {
        BillingStorage storage $ = _billingStorage();
        fee = Math.mulDiv(amount, $.protocolFeeBps, BPS, Math.Rounding.Ceil); // up: the fee is the protocol's
        payeeAmount = amount - fee;
        _addClaimable($, $.treasury, fee);
        _addClaimable($, payee, payeeAmount);
    }

    function _addCredits(BillingStorage storage $, address account, uint256 amount) internal {
        $.credits[account] += amount;
        $.totalCredits += amount;
    }

    function _takeCredits(BillingStorage storage $, address account, uint256 amount) internal {
        uint256 available = $.credits[account];
        if (amount > available) revert DWSBilling_InsufficientCredits(account, amount, available);
        $.credits[account] = available - amount;
        $.totalCredits -= amount;
    }

    function _addClaimable(BillingStorage storage $, address account, uint256 amount) internal {
        $.claimable[account] += amount;
        $.totalClaimable += amount;
    }

    function _balanceOf(Escrow storage record) internal view returns (uint256) {
        return uint256(record.funded) - record.paid - record.refunded;
    }

    function _billingStorage() internal pure returns (BillingStorage storage $) {
        assembly ("memory-safe") {
            $.slot := BILLING_STORAGE
        }
    }
}
