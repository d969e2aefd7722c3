// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IJejuToken} from "../../src/token/IJejuToken.sol";
import {ITestUsd} from "../../src/token/ITestUsd.sol";
import {JejuToken} from "../../src/token/JejuToken.sol";
import {TestUsd} from "../../src/token/TestUsd.sol";
import {SuiteTest} from "../base/SuiteTest.sol";

/// @dev A wallet that signs by ERC-1271.
contract ContractWallet is IERC1271 {
    function isValidSignature(bytes32, bytes calldata signature) external pure returns (bytes4) {
        return keccak256(signature) == keccak256("yes") ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

contract TokensTest is SuiteTest {
    JejuToken private jeju;
    TestUsd private usd;
    address private alice;
    address private bob;
    uint256 private constant VALUE = 1_000_003;

    function setUp() public override {
        super.setUp();
        (jeju, usd) = deployTokens();
        alice = account("alice");
        bob = account("bob");
        usd.mint(alice, 10 * VALUE);
    }

    function test_Jeju_MintsUpToItsCapAndByRoleAlone() external {
        jeju.mint(alice, jeju.cap());
        vm.expectRevert(abi.encodeWithSelector(IJejuToken.JejuToken_CapExceeded.selector, jeju.cap() + 1, jeju.cap()));
        jeju.mint(alice, 1);
        bytes32 role = jeju.MINTER_ROLE();
        expectMissingRole(bob, role);
        vm.prank(bob);
        jeju.mint(bob, 1);
        vm.prank(alice);
        jeju.burn(7);
        vm.assertEq(jeju.totalSupply(), jeju.cap() - 7);
    }

    function test_Jeju_Permit() external {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                alice,
                bob,
                VALUE,
                0,
                block.timestamp
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", jeju.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf("alice"), digest);
        jeju.permit(alice, bob, VALUE, block.timestamp, v, r, s);
        vm.assertEq(jeju.allowance(alice, bob), VALUE);
    }

    // a test dollar has no place where money is real
    function test_Usd_CannotBeInitializedOnMainnet() external {
        vm.chainId(8453);
        vm.expectRevert(abi.encodeWithSelector(ITestUsd.TestUsd_NotATestNetwork.selector, 8453));
        factory.deploy("x", type(TestUsd).creationCode, abi.encodeCall(TestUsd.initialize, (admin)));
        vm.assertEq(usd.decimals(), 6);
    }

    function _digest(bytes32 typehash, address from, uint256 validAfter, uint256 validBefore)
        private
        view
        returns (bytes32)
    {
        bytes32 structHash = keccak256(abi.encode(typehash, from, bob, VALUE, validAfter, validBefore, bytes32("n")));
        return keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash));
    }

    function test_Usd_TransferWithAuthorization_OnceAndInItsTime() external {
        uint256 start = block.timestamp + 10;
        uint256 end = block.timestamp + 20;
        bytes memory signature =
            signatureOf("alice", _digest(usd.TRANSFER_WITH_AUTHORIZATION_TYPEHASH(), alice, start, end));
        vm.expectPartialRevert(ITestUsd.TestUsd_AuthorizationNotYetValid.selector);
        usd.transferWithAuthorization(alice, bob, VALUE, start, end, "n", signature);
        skipTime(20);
        vm.expectPartialRevert(ITestUsd.TestUsd_AuthorizationExpired.selector);
        usd.transferWithAuthorization(alice, bob, VALUE, start, end, "n", signature);
        vm.warp(start + 1);
        vm.expectPartialRevert(ITestUsd.TestUsd_InvalidSignature.selector);
        usd.transferWithAuthorization(alice, bob, VALUE + 1, start, end, "n", signature);
        usd.transferWithAuthorization(alice, bob, VALUE, start, end, "n", signature);
        vm.assertEq(usd.balanceOf(bob), VALUE);
        vm.assertTrue(usd.authorizationState(alice, "n"));
        vm.expectPartialRevert(ITestUsd.TestUsd_AuthorizationUsed.selector);
        usd.transferWithAuthorization(alice, bob, VALUE, start, end, "n", signature);
    }

    function test_Usd_ReceiveWithAuthorization_ByThePayeeAlone() external {
        bytes32 digest = _digest(usd.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(), alice, 0, type(uint256).max);
        bytes memory signature = signatureOf("alice", digest);
        vm.expectRevert(abi.encodeWithSelector(ITestUsd.TestUsd_CallerIsNotPayee.selector, address(this), bob));
        usd.receiveWithAuthorization(alice, bob, VALUE, 0, type(uint256).max, "n", signature);
        // It is no transfer authorization either.
        vm.expectPartialRevert(ITestUsd.TestUsd_InvalidSignature.selector);
        usd.transferWithAuthorization(alice, bob, VALUE, 0, type(uint256).max, "n", signature);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf("alice"), digest);
        vm.prank(bob);
        usd.receiveWithAuthorization(alice, bob, VALUE, 0, type(uint256).max, "n", v, r, s);
        vm.assertEq(usd.balanceOf(bob), VALUE);
    }

    function test_Usd_CancelledAuthorizationCannotBeUsed() external {
        bytes32 structHash = keccak256(abi.encode(usd.CANCEL_AUTHORIZATION_TYPEHASH(), alice, bytes32("n")));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash));
        bytes memory signature = signatureOf("bob", digest);
        vm.expectPartialRevert(ITestUsd.TestUsd_InvalidSignature.selector);
        usd.cancelAuthorization(alice, "n", signature);
        usd.cancelAuthorization(alice, "n", signatureOf("alice", digest));
        signature =
            signatureOf("alice", _digest(usd.TRANSFER_WITH_AUTHORIZATION_TYPEHASH(), alice, 0, type(uint256).max));
        vm.expectPartialRevert(ITestUsd.TestUsd_AuthorizationUsed.selector);
        usd.transferWithAuthorization(alice, bob, VALUE, 0, type(uint256).max, "n", signature);
    }

    // threats 5.4.44: ERC-1271 goes through the same path
    function test_Usd_ContractWalletsSignByErc1271() external {
        address wallet = address(new ContractWallet());
        usd.mint(wallet, VALUE);
        vm.expectPartialRevert(ITestUsd.TestUsd_InvalidSignature.selector);
        usd.transferWithAuthorization(wallet, bob, VALUE, 0, type(uint256).max, "n", "no");
        usd.transferWithAuthorization(wallet, bob, VALUE, 0, type(uint256).max, "n", "yes");
        vm.assertEq(usd.balanceOf(bob), VALUE);
    }
}
