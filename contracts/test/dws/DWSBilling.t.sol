// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DWSBilling} from "../../src/dws/DWSBilling.sol";
import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {ITestUsd} from "../../src/token/ITestUsd.sol";
import {FlowTest} from "../base/FlowTest.sol";
import {FeeToken} from "../mocks/FeeToken.sol";
import {ReentrantToken} from "../mocks/ReentrantToken.sol";

contract DWSBillingTest is FlowTest {
    bytes32 private constant LEASE = "lease";
    uint256 private constant AMOUNT = 1_000_003;

    bytes32 private stakingNodeId;

    function setUp() public override {
        super.setUp();
        stakingNodeId = aStakingNode(operator, "node", 2 * MINIMUM_STAKE);
        bytes32 role = billing.LESSOR_ROLE();
        vm.prank(admin);
        billing.grantRole(role, address(this));
    }

    function _expectSolvent(DWSBilling bill) private view {
        (uint256 credits, uint256 escrowed, uint256 claimable) = bill.liabilities();
        vm.assertGe(usd.balanceOf(address(bill)), credits + escrowed + claimable);
    }

    // predecessor: tokens never arrived, so every claim reverted
    function test_Claim_WhatWasEarnedIsThere() external {
        billing.openEscrow(LEASE, consumer, AMOUNT);
        billing.payAccount(LEASE, operator, AMOUNT);
        uint256 fee = (AMOUNT * 500 + 9999) / 10_000;
        vm.assertEq(billing.claimableOf(treasury), fee);
        uint256 before = usd.balanceOf(operator);
        vm.prank(operator);
        vm.assertEq(billing.claim(), AMOUNT - fee);
        vm.assertEq(usd.balanceOf(operator), before + AMOUNT - fee);
        _expectSolvent(billing);
    }

    // predecessor: two thirds of a single provider's share vanished
    function testFuzz_Pay_PartsAddUpToTheUnit(uint64 amount, uint64 paid) external {
        amount = uint64(within(amount, 1, 1_000_000e6));
        paid = uint64(within(paid, 0, amount));
        billing.openEscrow(LEASE, consumer, amount);
        billing.payAccount(LEASE, operator, paid);
        billing.refundEscrow(LEASE, amount - paid);
        vm.assertEq(billing.claimableOf(treasury) + billing.claimableOf(operator) + billing.creditsOf(consumer), amount);
        vm.assertEq(billing.escrowBalance(address(this), LEASE), 0);
        _expectSolvent(billing);
    }

    function test_PayNode_GoesToTheStakersAndLeavesNothingBehind() external {
        billing.openEscrow(LEASE, consumer, AMOUNT);
        billing.payNode(LEASE, stakingNodeId, AMOUNT);
        vm.assertEq(usd.balanceOf(address(billing)), 0);
        vm.assertEq(usd.balanceOf(address(staking)), AMOUNT);
        vm.assertEq(staking.claimableRewardsOf(treasury) + staking.claimableRewardsOf(operator), AMOUNT);
    }

    function test_RevertWhen_MoreIsTakenThanTheEscrowHolds() external {
        billing.openEscrow(LEASE, consumer, AMOUNT);
        billing.refundEscrow(LEASE, 3);
        bytes memory expected = abi.encodeWithSelector(
            IDWSBilling.DWSBilling_InsufficientEscrow.selector, address(this), LEASE, AMOUNT - 2, AMOUNT - 3
        );
        vm.expectRevert(expected);
        billing.payNode(LEASE, stakingNodeId, AMOUNT - 2);
        vm.expectRevert(expected);
        billing.payAccount(LEASE, operator, AMOUNT - 2);
        vm.expectRevert(expected);
        billing.refundEscrow(LEASE, AMOUNT - 2);
    }

    function test_RevertWhen_NobodyIsPaid() external {
        billing.openEscrow(LEASE, consumer, AMOUNT);
        vm.expectRevert(IGoverned.Governed_ZeroAddress.selector);
        billing.payAccount(LEASE, address(0), AMOUNT);
    }

    function test_RevertGiven_EscrowExistsOrDoesNot() external {
        billing.openEscrow(LEASE, consumer, AMOUNT);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_EscrowExists.selector);
        billing.openEscrow(LEASE, consumer, AMOUNT);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_UnknownEscrow.selector);
        billing.fundEscrow("other", 1);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_ZeroAmount.selector);
        billing.openEscrow("zero", consumer, 0);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_ZeroAmount.selector);
        billing.fundEscrow(LEASE, 0);
    }

    // threats 5.3.29: money in an escrow is out of the consumer's reach
    function test_RevertWhen_EscrowedCreditsAreWithdrawn() external {
        vm.prank(consumer);
        billing.deposit(consumer, AMOUNT);
        billing.openEscrow(LEASE, consumer, AMOUNT - 7);
        vm.prank(consumer);
        billing.withdraw(7);
        vm.expectRevert(abi.encodeWithSelector(IDWSBilling.DWSBilling_InsufficientCredits.selector, consumer, 1, 0));
        vm.prank(consumer);
        billing.withdraw(1);
    }

    function test_RevertWhen_NothingIsThereToClaim() external {
        vm.expectRevert(abi.encodeWithSelector(IDWSBilling.DWSBilling_NothingToClaim.selector, consumer));
        vm.prank(consumer);
        billing.claim();
    }

    function test_Sweep_TakesDonationsAndNothingElse() external {
        vm.prank(consumer);
        billing.deposit(consumer, AMOUNT);
        billing.openEscrow(LEASE, consumer, AMOUNT);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_NothingToClaim.selector);
        billing.sweepSurplus();
        vm.prank(operator);
        usd.transfer(address(billing), 77);
        vm.assertEq(billing.sweepSurplus(), 77);
        vm.assertEq(billing.claimableOf(treasury), 77);
        _expectSolvent(billing);
    }

    // ---------------------------------------------------------------- tokens that behave oddly

    function _billingWith(address token) private returns (DWSBilling odd) {
        odd = DWSBilling(
            payable(deploySuiteContract(
                    "Odd",
                    type(DWSBilling).creationCode,
                    abi.encodeCall(DWSBilling.initialize, (admin, token, address(staking), treasury))
                ))
        );
    }

    function test_RevertWhen_TheTokenKeepsAFee() external {
        FeeToken token = new FeeToken();
        DWSBilling odd = _billingWith(address(token));
        token.mint(address(this), AMOUNT);
        token.approve(address(odd), AMOUNT);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_UnexpectedTransferAmount.selector);
        odd.deposit(address(this), AMOUNT);
    }

    function test_RevertWhen_TheTokenKeepsAFeeOfAnAuthorizedTransfer() external {
        FeeToken token = new FeeToken();
        DWSBilling odd = _billingWith(address(token));
        token.mint(consumer, AMOUNT);
        uint256 received = AMOUNT - AMOUNT / 100;
        vm.expectRevert(
            abi.encodeWithSelector(IDWSBilling.DWSBilling_UnexpectedTransferAmount.selector, received, AMOUNT)
        );
        odd.depositWithAuthorization(consumer, AMOUNT, 0, type(uint256).max, "salt", "");
        // of so little nothing is kept
        odd.depositWithAuthorization(consumer, 99, 0, type(uint256).max, "salt", "");
        vm.assertEq(odd.creditsOf(consumer), 99);
    }

    function test_Withdraw_CannotBeReentered() external {
        ReentrantToken token = new ReentrantToken();
        DWSBilling odd = _billingWith(address(token));
        token.mint(address(this), AMOUNT);
        token.approve(address(odd), AMOUNT);
        odd.deposit(address(token), 100);
        odd.deposit(address(this), 100);
        token.arm(address(odd), abi.encodeCall(odd.withdraw, (100)));
        odd.withdraw(100);
        vm.assertFalse(token.succeeded());
        vm.assertEq(odd.creditsOf(address(token)), 100);
    }

    // ---------------------------------------------------------------- ERC-3009 deposits

    function _signed(bytes32 salt, uint256 amount) private view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                usd.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                consumer,
                address(billing),
                amount,
                0,
                type(uint256).max,
                billing.depositNonce(consumer, salt)
            )
        );
        return signatureOf("consumer", keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash)));
    }

    // threats 5.4.42: a public signature is harmless in anybody's hands
    function test_DepositWithAuthorization_AnybodySubmitsAndTheMoneyGoesNowhereElse() external {
        bytes memory signature = _signed("salt", AMOUNT);
        vm.prank(stranger);
        billing.depositWithAuthorization(consumer, AMOUNT, 0, type(uint256).max, "salt", signature);
        vm.assertEq(billing.creditsOf(consumer), AMOUNT);
        vm.expectPartialRevert(ITestUsd.TestUsd_AuthorizationUsed.selector);
        billing.depositWithAuthorization(consumer, AMOUNT, 0, type(uint256).max, "salt", signature);
        vm.expectPartialRevert(ITestUsd.TestUsd_InvalidSignature.selector);
        billing.depositWithAuthorization(consumer, AMOUNT, 0, type(uint256).max, "other salt", signature);
    }

    // ---------------------------------------------------------------- plans

    // Who agreed to a price for a month would pay it every hour.
    function test_Plan_CannotShortenItsPeriod_UnderSubscribers() external {
        vm.prank(operator);
        bytes32 planId = billing.setPlan("plan", 100, 30 days, true);
        vm.startPrank(consumer);
        billing.deposit(consumer, 100_000);
        billing.subscribe(planId, 100);
        vm.stopPrank();
        vm.prank(operator);
        vm.expectRevert(abi.encodeWithSelector(IDWSBilling.DWSBilling_PeriodFixed.selector, planId, 30 days));
        billing.setPlan("plan", 100, 1 hours, true);
        skipTime(1 hours);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_NotDue.selector);
        billing.renew(planId, consumer);
        vm.assertEq(billing.creditsOf(consumer), 100_000 - 100);
    }

    function test_LessorWithoutHisRole_StillRefunds_AndPaysNobody() external {
        billing.openEscrow(LEASE, consumer, AMOUNT);
        bytes32 role = billing.LESSOR_ROLE();
        vm.prank(admin);
        billing.revokeRole(role, address(this));
        expectMissingRole(address(this), role);
        billing.payAccount(LEASE, operator, 1);
        expectMissingRole(address(this), role);
        billing.payNode(LEASE, stakingNodeId, 1);
        billing.refundEscrow(LEASE, AMOUNT);
        vm.assertEq(billing.creditsOf(consumer), AMOUNT);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_UnknownEscrow.selector);
        vm.prank(stranger);
        billing.refundEscrow(LEASE, 1);
    }

    function test_Subscription_RenewsWhenDueWithinTheSubscribersLimit() external {
        vm.prank(operator);
        bytes32 planId = billing.setPlan("plan", 101, 30 days, true);
        vm.startPrank(consumer);
        billing.deposit(consumer, 1000);
        billing.subscribe(planId, 150);
        vm.stopPrank();
        vm.assertEq(billing.creditsOf(consumer), 899);
        vm.assertEq(billing.claimableOf(operator) + billing.claimableOf(treasury), 101);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_NotDue.selector);
        billing.renew(planId, consumer);
        skipTime(30 days);
        vm.prank(operator);
        billing.setPlan("plan", 151, 30 days, true);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_InvalidPlan.selector);
        billing.renew(planId, consumer);
        vm.prank(operator);
        billing.setPlan("plan", 150, 30 days, true);
        billing.renew(planId, consumer);
        vm.assertEq(billing.paidUntil(planId, consumer), block.timestamp + 30 days);
        vm.prank(consumer);
        billing.cancelSubscription(planId);
        skipTime(30 days);
        vm.expectPartialRevert(IDWSBilling.DWSBilling_NotSubscribed.selector);
        billing.renew(planId, consumer);
    }

    function test_Subscription_ThatIsNone_OrNoMore_IsNotCancelled() external {
        vm.prank(operator);
        bytes32 planId = billing.setPlan("plan", 100, 30 days, true);
        bytes memory refusal = abi.encodeWithSelector(IDWSBilling.DWSBilling_NotSubscribed.selector, planId, consumer);
        vm.startPrank(consumer);
        vm.expectRevert(refusal);
        billing.cancelSubscription(planId);
        billing.deposit(consumer, 100);
        billing.subscribe(planId, 100);
        billing.cancelSubscription(planId);
        vm.expectRevert(refusal);
        billing.cancelSubscription(planId);
        vm.stopPrank();
    }

    function test_RevertWhen_SettingsAreOutOfBoundsOrByAStranger() external {
        vm.expectPartialRevert(IGoverned.Governed_ParameterOutOfBounds.selector);
        vm.prank(admin);
        billing.setProtocolFee(1001);
        expectMissingRole(stranger, bytes32(0));
        vm.prank(stranger);
        billing.setProtocolFee(1);
        expectMissingRole(stranger, bytes32(0));
        vm.prank(stranger);
        billing.setWiring(stranger, stranger);
        bytes32 role = billing.LESSOR_ROLE();
        expectMissingRole(stranger, role);
        vm.prank(stranger);
        billing.openEscrow(LEASE, consumer, 1);
    }
}
