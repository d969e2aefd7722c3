// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IContainerRegistry} from "../../src/artifacts/IContainerRegistry.sol";
import {IIdentityRegistry} from "../../src/registry/IIdentityRegistry.sol";
import {ITestUsd} from "../../src/token/ITestUsd.sol";
import {IVoucherChannels} from "../../src/dws/IVoucherChannels.sol";
import {LiveSuiteTest} from "../base/LiveSuiteTest.sol";

/// @notice Code that answers nobody: what an account delegates to that wants to take back what its key has signed.
contract Mute {
    error Mute_Silent();

    fallback() external {
        revert Mute_Silent();
    }
}

/// @notice Code of an account that speaks for its own key by ERC-1271 when it is asked in words of its own.
contract Spokesman {
    function isValidSignature(bytes32, bytes calldata signature) external pure returns (bytes4) {
        return keccak256(signature) == keccak256("it was me") ? bytes4(0x1626ba7e) : bytes4(0);
    }
}

/// @title Who has signed: keys, keys of accounts with code, and contracts, wherever the suite takes a signature
contract SignersTest is LiveSuiteTest {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    IVoucherChannels private channels;

    function setUp() public override {
        super.setUp();
        channels = IVoucherChannels(memberOf("VPNRegistry"));
    }

    function _voucher(uint128 cumulative)
        private
        view
        returns (IVoucherChannels.Voucher memory voucher, bytes memory signature)
    {
        voucher = IVoucherChannels.Voucher(channelId, cumulative, type(uint64).max);
        signature = signatureOf("consumer", channels.voucherDigest(voucher));
    }

    // The other signature that the same key has for the same words.
    function _malleated(bytes memory signature) private pure returns (bytes memory) {
        (bytes32 r, uint256 s, uint8 v) = (bytes32(0), 0, uint8(signature[64]));
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
        }
        return abi.encodePacked(r, ORDER - s, v == 27 ? uint8(28) : uint8(27));
    }

    function _payment(uint256 amount) private view returns (bytes memory signature) {
        bytes32 structHash = keccak256(
            abi.encode(
                usd.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                consumer,
                address(billing),
                amount,
                0,
                type(uint256).max,
                billing.depositNonce(consumer, "salt")
            )
        );
        return signatureOf("consumer", keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash)));
    }

    function _walletProof() private view returns (uint256 deadline, bytes32 digest) {
        deadline = vm.getBlockTimestamp() + 60;
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("IdentityRegistry"),
                keccak256("1"),
                block.chainid,
                address(identity)
            )
        );
        digest = keccak256(
            abi.encodePacked(
                hex"1901",
                domain,
                keccak256(
                    abi.encode(
                        keccak256("AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)"),
                        agentId,
                        operator,
                        consumer,
                        deadline
                    )
                )
            )
        );
    }

    function test_Payer_WhoGivesHisAccountCode_TakesBackNothingThatHisKeyHasSigned() external {
        (IVoucherChannels.Voucher memory voucher, bytes memory signature) = _voucher(4_000_003);
        bytes memory payment = _payment(1_000_003);
        vm.etch(consumer, address(new Mute()).code);
        channels.redeem(voucher, signature);
        vm.assertEq(channels.channel(channelId).redeemed, 4_000_003, "the voucher was signed before");
        uint256 credits = billing.creditsOf(consumer);
        billing.depositWithAuthorization(consumer, 1_000_003, 0, type(uint256).max, "salt", payment);
        vm.assertEq(billing.creditsOf(consumer) - credits, 1_000_003, "and so was the payment");
    }

    function test_AccountWithCode_AlsoSpeaksByErc1271_AndNobodyElseForIt() external {
        (IVoucherChannels.Voucher memory voucher,) = _voucher(4_000_003);
        bytes memory refusal =
            abi.encodeWithSelector(IVoucherChannels.VoucherChannels_InvalidSignature.selector, channelId, consumer);
        vm.expectRevert(refusal);
        channels.redeem(voucher, "it was me");
        vm.etch(consumer, address(new Spokesman()).code);
        vm.expectRevert(refusal);
        channels.redeem(voucher, "it was him");
        bytes memory ofStranger = signatureOf("stranger", channels.voucherDigest(voucher));
        vm.expectRevert(refusal);
        channels.redeem(voucher, ofStranger);
        channels.redeem(voucher, "it was me");
        vm.assertEq(channels.channel(channelId).redeemed, 4_000_003);
    }

    function test_MalleableSignature_IsRefusedEverywhere() external {
        (IVoucherChannels.Voucher memory voucher, bytes memory signature) = _voucher(4_000_003);
        bytes memory other = _malleated(signature);
        vm.expectRevert(
            abi.encodeWithSelector(IVoucherChannels.VoucherChannels_InvalidSignature.selector, channelId, consumer)
        );
        channels.redeem(voucher, other);
        channels.redeem(voucher, signature);

        other = _malleated(_payment(1_000_003));
        vm.expectRevert(abi.encodeWithSelector(ITestUsd.TestUsd_InvalidSignature.selector, consumer));
        billing.depositWithAuthorization(consumer, 1_000_003, 0, type(uint256).max, "salt", other);

        (uint256 deadline, bytes32 digest) = _walletProof();
        signature = signatureOf("operator", digest);
        other = _malleated(signature);
        vm.startPrank(consumer);
        vm.expectRevert(
            abi.encodeWithSelector(IIdentityRegistry.IdentityRegistry_InvalidWalletProof.selector, operator)
        );
        identity.setAgentWallet(agentId, operator, deadline, other);
        identity.setAgentWallet(agentId, operator, deadline, signature);
        vm.stopPrank();

        IContainerRegistry images = IContainerRegistry(memberOf("ContainerRegistry"));
        vm.prank(consumer);
        images.setSigner(repositoryId, operator, true);
        signature = signatureOf("operator", images.imageDigest(repositoryId, keccak256("image")));
        other = _malleated(signature);
        vm.expectRevert(
            abi.encodeWithSelector(
                IContainerRegistry.ContainerRegistry_InvalidSignature.selector, repositoryId, operator
            )
        );
        images.attachSignature(repositoryId, keccak256("image"), operator, other);
        images.attachSignature(repositoryId, keccak256("image"), operator, signature);
    }
}
