// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Treasury} from "../../src/governance/Treasury.sol";
import {ITreasury} from "../../src/governance/ITreasury.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {Assets} from "../../src/token/Assets.sol";
import {Scene} from "../support/Scene.sol";
import {FeeToken, PlainToken, Reenterer, Refuser} from "../support/Tokens.sol";

contract QuoteVerifier {
    error Forged();

    function verify(bytes calldata quote, bytes32 binding) external pure returns (bytes32, uint64) {
        (bytes32 measurement, uint64 issuedAt, bytes32 reportData) = abi.decode(quote, (bytes32, uint64, bytes32));
        if (reportData != binding) revert Forged();
        return (measurement, issuedAt);
    }
}

contract TreasuryTest is Scene {
    Treasury internal treasury;
    PlainToken internal usd;
    address internal constant NATIVE = address(0);

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        treasury = Treasury(payable(_proxy(address(new Treasury()), abi.encodeCall(Treasury.initialize, (admin)))));
        usd = new PlainToken(6);
        vm.startPrank(admin);
        treasury.grantRole(treasury.SPENDER_ROLE(), bob);
        treasury.grantRole(treasury.PAUSER_ROLE(), guardian);
        treasury.setSplit(ITreasury.Split(4000, 3000, 2000, 1000));
        treasury.setLimit(address(usd), ITreasury.Limit(500e6, 50e6));
        treasury.setLimit(NATIVE, ITreasury.Limit(5 ether, 1 ether));
        treasury.setVerifier(address(new QuoteVerifier()));
        treasury.setMeasurement("enclave", true);
        vm.stopPrank();
        usd.mint(alice, 1_000_000e6);
        vm.prank(alice);
        usd.approve(address(treasury), type(uint256).max);
        vm.deal(alice, 1000 ether);
    }

    function _deposit(uint256 amount) internal {
        vm.prank(alice);
        treasury.deposit(address(usd), amount);
    }

    function _quote(address operator, bytes32 measurement, uint256 issuedAt) internal view returns (bytes memory) {
        return abi.encode(measurement, uint64(issuedAt), treasury.operatorBinding(operator));
    }

    function test_Deposit_IsDividedByTheSplit() public {
        _deposit(1000e6);
        assertEq(treasury.bucketBalance(address(usd), ITreasury.Bucket.Protocol), 400e6);
        assertEq(treasury.bucketBalance(address(usd), ITreasury.Bucket.Stakers), 300e6);
        assertEq(treasury.bucketBalance(address(usd), ITreasury.Bucket.Insurance), 200e6);
        assertEq(treasury.bucketBalance(address(usd), ITreasury.Bucket.Operator), 100e6);
    }

    function testFuzz_Parts_AddUpToTheWhole(uint96 amount, uint16 a, uint16 b, uint16 c) public {
        amount = uint96(_between(amount, 1, 1_000_000e6));
        uint16 first = uint16(_between(a, 0, 10_000));
        uint16 second = uint16(_between(b, 0, 10_000 - first));
        uint16 third = uint16(_between(c, 0, 10_000 - first - second));
        vm.prank(admin);
        treasury.setSplit(ITreasury.Split(first, second, third, 10_000 - first - second - third));
        _deposit(amount);
        uint256 sum;
        for (uint256 i = 0; i < 4; i++) {
            sum += treasury.bucketBalance(address(usd), ITreasury.Bucket(i));
        }
        assertEq(sum, amount);
        assertEq(treasury.liabilities(address(usd)), amount);
    }

    function test_Deposit_OfFeeToken_Refused() public {
        FeeToken fee = new FeeToken();
        fee.mint(alice, 100e18);
        vm.startPrank(alice);
        fee.approve(address(treasury), 100e18);
        vm.expectRevert(abi.encodeWithSelector(Assets.Assets_AmountMismatch.selector, address(fee), 100e18, 99e18));
        treasury.deposit(address(fee), 100e18);
    }

    function test_Deposit_OfNative_NeedsTheExactValue() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(Assets.Assets_WrongValue.selector, 2 ether, 1 ether));
        treasury.deposit{value: 1 ether}(NATIVE, 2 ether);
        vm.expectRevert(abi.encodeWithSelector(Assets.Assets_WrongValue.selector, 0, 1));
        treasury.deposit{value: 1}(address(usd), 1);
        treasury.deposit{value: 1 ether}(NATIVE, 1 ether);
        assertEq(treasury.liabilities(NATIVE), 1 ether);
    }

    function test_Deposit_OfNothing_Refused() public {
        vm.expectRevert(ITreasury.Treasury_ZeroAmount.selector);
        treasury.deposit(address(usd), 0);
    }

    function test_PlainTransfer_IsBookedByAnybody() public {
        usd.mint(address(treasury), 1000e6);
        vm.prank(stranger);
        assertEq(treasury.bookSurplus(address(usd)), 1000e6);
        assertEq(treasury.bookSurplus(address(usd)), 0, "twice");
        assertEq(treasury.bucketBalance(address(usd), ITreasury.Bucket.Protocol), 400e6);
    }

    function test_Spend_PromisesAndThePayeeTakes() public {
        _deposit(1000e6);
        vm.prank(bob);
        treasury.spend(address(usd), ITreasury.Bucket.Protocol, carol, 123e6, "audit");
        assertEq(treasury.owed(address(usd), carol), 123e6);
        vm.prank(stranger);
        treasury.withdraw(address(usd), carol);
        assertEq(usd.balanceOf(carol), 123e6);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.Treasury_NothingOwed.selector, carol, address(usd)));
        treasury.withdraw(address(usd), carol);
    }

    function test_Spend_ByStranger_Refused() public {
        _deposit(1000e6);
        bytes32 role = treasury.SPENDER_ROLE();
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, stranger, role)
        );
        treasury.spend(address(usd), ITreasury.Bucket.Protocol, stranger, 1, "");
    }

    function test_Spend_AboveTheWindowsLimit_Refused_AndFreeInTheNext() public {
        _deposit(10_000e6);
        vm.startPrank(bob);
        treasury.spend(address(usd), ITreasury.Bucket.Protocol, carol, 500e6, "");
        vm.expectRevert(
            abi.encodeWithSelector(ITreasury.Treasury_LimitExceeded.selector, address(usd), 500e6 + 1, 500e6)
        );
        treasury.spend(address(usd), ITreasury.Bucket.Stakers, carol, 1, "");
        _skip(1 days);
        treasury.spend(address(usd), ITreasury.Bucket.Stakers, carol, 1, "");
        assertEq(treasury.spentInWindow(address(usd)), 1);
    }

    function test_AssetWithoutLimit_CannotBeSpent() public {
        PlainToken other = new PlainToken(18);
        other.mint(address(treasury), 100e18);
        treasury.bookSurplus(address(other));
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.Treasury_LimitExceeded.selector, address(other), 1, 0));
        treasury.spend(address(other), ITreasury.Bucket.Protocol, bob, 1, "");
    }

    function test_Spend_BeyondItsBucket_Refused() public {
        _deposit(100e6);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITreasury.Treasury_BucketTooLow.selector, address(usd), ITreasury.Bucket.Operator, 10e6 + 1, 10e6
            )
        );
        treasury.spend(address(usd), ITreasury.Bucket.Operator, carol, 10e6 + 1, "");
    }

    function test_BucketWithBeneficiary_IsSpentToHimAlone() public {
        _deposit(100e6);
        vm.prank(admin);
        treasury.setBeneficiary(ITreasury.Bucket.Stakers, carol);
        vm.startPrank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(ITreasury.Treasury_NotBeneficiary.selector, ITreasury.Bucket.Stakers, bob, carol)
        );
        treasury.spend(address(usd), ITreasury.Bucket.Stakers, bob, 1e6, "");
        treasury.spend(address(usd), ITreasury.Bucket.Stakers, carol, 1e6, "");
    }

    function test_RevertingPayee_BlocksNobody() public {
        vm.prank(alice);
        treasury.deposit{value: 10 ether}(NATIVE, 10 ether);
        address refuser = address(new Refuser());
        vm.startPrank(bob);
        treasury.spend(NATIVE, ITreasury.Bucket.Protocol, refuser, 1 ether, "");
        treasury.spend(NATIVE, ITreasury.Bucket.Protocol, carol, 1 ether, "");
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(Assets.Assets_NativeTransferFailed.selector, refuser, 1 ether));
        treasury.withdraw(NATIVE, refuser);
        treasury.withdraw(NATIVE, carol);
        assertEq(carol.balance, 1 ether);
    }

    function test_ReentrantPayee_TakesNothingTwice_AndBooksNothingInFlight() public {
        vm.prank(alice);
        treasury.deposit{value: 10 ether}(NATIVE, 10 ether);
        Reenterer payee = new Reenterer();
        vm.prank(bob);
        treasury.spend(NATIVE, ITreasury.Bucket.Protocol, address(payee), 1 ether, "");
        payee.aim(address(treasury), abi.encodeCall(ITreasury.bookSurplus, (NATIVE)));
        treasury.withdraw(NATIVE, address(payee));
        assertFalse(payee.reentered());
        assertEq(address(treasury).balance, treasury.liabilities(NATIVE), "solvent");
    }

    function test_Operator_ByOneByteThatNobodyVerified_Refused() public {
        vm.startPrank(stranger);
        vm.expectRevert();
        treasury.registerOperator(hex"01");
        vm.expectRevert(abi.encodeWithSelector(ITreasury.Treasury_NotOperator.selector, stranger));
        treasury.drawAsOperator(address(usd), 1);
    }

    function test_Operator_WithoutAnyVerifier_Refused() public {
        vm.prank(admin);
        treasury.setVerifier(address(0));
        bytes memory quote = _quote(carol, "enclave", _now());
        vm.prank(carol);
        vm.expectRevert(IGoverned.Governed_ZeroAddress.selector);
        treasury.registerOperator(quote);
    }

    function test_Operator_OfUnknownMeasurement_Refused() public {
        bytes memory quote = _quote(carol, "other", _now());
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.Treasury_MeasurementNotAllowed.selector, bytes32("other")));
        treasury.registerOperator(quote);
    }

    function test_Operator_ByStaleOrFutureQuote_Refused() public {
        bytes memory quote = _quote(carol, "enclave", _now() - 301);
        vm.startPrank(carol);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.Treasury_StaleAttestation.selector, _now() - 301, _now()));
        treasury.registerOperator(quote);
        quote = _quote(carol, "enclave", _now() + 1);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.Treasury_StaleAttestation.selector, _now() + 1, _now()));
        treasury.registerOperator(quote);
    }

    function test_Operator_QuoteOfAnother_OrUsedTwice_Refused() public {
        bytes memory quote = _quote(carol, "enclave", _now());
        vm.prank(stranger);
        vm.expectRevert(QuoteVerifier.Forged.selector);
        treasury.registerOperator(quote);
        vm.startPrank(carol);
        treasury.registerOperator(quote);
        vm.expectRevert(QuoteVerifier.Forged.selector);
        treasury.registerOperator(quote);
    }

    function test_Operator_DrawsWithinHisLimit_UntilTheAttestationExpires() public {
        _deposit(10_000e6);
        bytes memory quote = _quote(carol, "enclave", _now());
        vm.startPrank(carol);
        treasury.registerOperator(quote);
        treasury.drawAsOperator(address(usd), 50e6);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.Treasury_LimitExceeded.selector, address(usd), 50e6 + 1, 50e6));
        treasury.drawAsOperator(address(usd), 1);
        assertEq(treasury.owed(address(usd), carol), 50e6);
        _skip(1 days);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.Treasury_NotOperator.selector, carol));
        treasury.drawAsOperator(address(usd), 1);
    }

    function test_OperatorsTogether_StayWithinTheAssetsLimit() public {
        _deposit(10_000e6);
        bytes memory quote = _quote(carol, "enclave", _now());
        vm.prank(carol);
        treasury.registerOperator(quote);
        vm.prank(bob);
        treasury.spend(address(usd), ITreasury.Bucket.Protocol, alice, 480e6, "");
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.Treasury_LimitExceeded.selector, address(usd), 501e6, 500e6));
        treasury.drawAsOperator(address(usd), 21e6);
    }

    function test_RevokedOperator_DrawsNothing() public {
        _deposit(10_000e6);
        bytes memory quote = _quote(carol, "enclave", _now());
        vm.prank(carol);
        treasury.registerOperator(quote);
        vm.prank(guardian);
        treasury.revokeOperator(carol);
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.Treasury_NotOperator.selector, carol));
        treasury.drawAsOperator(address(usd), 1);
        bytes32 role = treasury.PAUSER_ROLE();
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, stranger, role)
        );
        treasury.revokeOperator(carol);
    }

    function test_Settings_ByStranger_Refused() public {
        bytes memory refusal =
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, stranger, bytes32(0));
        vm.startPrank(stranger);
        vm.expectRevert(refusal);
        treasury.setSplit(ITreasury.Split(10_000, 0, 0, 0));
        vm.expectRevert(refusal);
        treasury.setLimit(address(usd), ITreasury.Limit(1, 1));
        vm.expectRevert(refusal);
        treasury.setBeneficiary(ITreasury.Bucket.Protocol, stranger);
        vm.expectRevert(refusal);
        treasury.setVerifier(stranger);
        vm.expectRevert(refusal);
        treasury.setMeasurement("mine", true);
        vm.expectRevert(refusal);
        treasury.upgradeToAndCall(address(1), "");
    }

    function test_Split_NotOfTenThousand_Refused() public {
        vm.prank(admin);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.Treasury_SplitSum.selector, 9999));
        treasury.setSplit(ITreasury.Split(9999, 0, 0, 0));
    }

    function test_Paused_PayeesStillWithdraw() public {
        _deposit(1000e6);
        vm.prank(bob);
        treasury.spend(address(usd), ITreasury.Bucket.Protocol, carol, 5e6, "");
        vm.startPrank(guardian);
        treasury.pauseAction(treasury.SPEND());
        treasury.pauseAction(treasury.DRAW());
        vm.stopPrank();
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("spend")));
        treasury.spend(address(usd), ITreasury.Bucket.Protocol, carol, 5e6, "");
        treasury.withdraw(address(usd), carol);
        assertEq(usd.balanceOf(carol), 5e6);
    }

    function test_Upgrade_KeepsBucketsAndDebts() public {
        _deposit(1000e6);
        vm.prank(bob);
        treasury.spend(address(usd), ITreasury.Bucket.Protocol, carol, 5e6, "");
        address next = address(new Treasury());
        vm.prank(admin);
        treasury.upgradeToAndCall(next, "");
        assertEq(treasury.bucketBalance(address(usd), ITreasury.Bucket.Protocol), 395e6);
        assertEq(treasury.owed(address(usd), carol), 5e6);
    }
}
