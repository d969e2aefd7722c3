// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Assets} from "../../src/token/Assets.sol";
import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IDAOFunding} from "../../src/governance/IDAOFunding.sol";
import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {IExternalLeases} from "../../src/external/IExternalLeases.sol";
import {IIdentityRegistry} from "../../src/registry/IIdentityRegistry.sol";
import {IJNSRegistrar} from "../../src/naming/IJNSRegistrar.sol";
import {ILiquidityRouter} from "../../src/market/ILiquidityRouter.sol";
import {INodeStakingManager} from "../../src/staking/INodeStakingManager.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {IServiceRegistry} from "../../src/market/IServiceRegistry.sol";
import {ITreasury} from "../../src/governance/ITreasury.sol";
import {IVoucherChannels} from "../../src/dws/IVoucherChannels.sol";
import {JejuToken} from "../../src/token/JejuToken.sol";
import {TestUsd} from "../../src/token/TestUsd.sol";
import {LiveSuiteTest} from "../base/LiveSuiteTest.sol";

/// @title A dollar that keeps one percent of every transfer
contract KeepingUsd is TestUsd {
    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && to != address(0)) super._update(to, address(0), value / 100);
    }
}

/// @title A stake token that keeps one percent of every transfer
contract KeepingJeju is JejuToken {
    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && to != address(0)) super._update(to, address(0), value / 100);
    }
}

/// @title A wallet that is a contract: what its key signs is what it signs (ERC-1271)
contract KeyWallet {
    address private immutable KEY;

    constructor(address key) {
        KEY = key;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (bytes32 r, bytes32 s, uint8 v) = (bytes32(signature[0:32]), bytes32(signature[32:64]), uint8(signature[64]));
        return ecrecover(digest, v, r, s) == KEY ? this.isValidSignature.selector : bytes4(0);
    }
}

/// @title The suite in use when its tokens begin to keep a fee, and payers that are contracts
contract OddTokensTest is LiveSuiteTest {
    function test_PaymentTokenThatKeepsAFee_IsRefusedByEveryContractThatTakesIt() external {
        string[6] memory payees =
            ["Treasury", "DAOFunding", "JNSRegistrar", "NodeStakingManager", "SequencerRegistry", "ComputeRental"];
        vm.startPrank(consumer);
        for (uint256 i = 0; i < payees.length; i++) {
            usd.approve(memberOf(payees[i]), type(uint256).max);
        }
        usd.transfer(admin, 1000);
        vm.stopPrank();
        vm.startPrank(admin);
        usd.approve(address(staking), type(uint256).max);
        staking.grantRole(staking.REVENUE_ROLE(), admin);
        usd.upgradeToAndCall(address(new KeepingUsd()), "");
        vm.stopPrank();

        _refused(consumer, memberOf("Treasury"), abi.encodeCall(ITreasury.deposit, (address(usd), 1000)));
        _refused(consumer, memberOf("DAOFunding"), abi.encodeCall(IDAOFunding.contribute, (projectId, agentId, 1000)));
        _refused(consumer, memberOf("DAOFunding"), abi.encodeCall(IDAOFunding.fundBudget, (1000)));
        _refused(consumer, memberOf("JNSRegistrar"), abi.encodeCall(IJNSRegistrar.renew, ("harbour", 30 days, 1e9)));
        _refused(consumer, memberOf("NodeStakingManager"), abi.encodeCall(INodeStakingManager.fund, (1000)));
        _refused(consumer, memberOf("SequencerRegistry"), abi.encodeCall(ISequencerRegistry.depositRevenue, (1000)));
        _refused(consumer, memberOf("ComputeRental"), abi.encodeCall(IComputeRental.openDispute, (rentalId, "slow")));
        _refused(
            admin, address(staking), abi.encodeCall(IDelegatedNodeStaking.distributeRevenue, (stakingNodeId, 1000))
        );
        // Through DWSBilling: deposits, leases, channels and purchases of somebody without credits.
        _refused(delegator, address(billing), abi.encodeCall(IDWSBilling.deposit, (delegator, 1000)));
        _refused(
            delegator,
            address(provider),
            abi.encodeCall(IExternalLeases.provisionNode, (aRequest(offerId, KIND, "odd")))
        );
        _refused(delegator, memberOf("VPNRegistry"), abi.encodeCall(IVoucherChannels.openChannel, (nodeId, "odd", 5e6)));
        _refused(
            delegator,
            memberOf("ServiceRegistry"),
            abi.encodeCall(IServiceRegistry.purchase, (listingId, "thousand", 1000, 1e18))
        );
    }

    function test_StakeTokenThatKeepsAFee_IsRefusedByEveryContractThatTakesIt() external {
        address keeping = address(new KeepingJeju());
        vm.prank(admin);
        jeju.upgradeToAndCall(keeping, "");
        _refused(operator, address(staking), abi.encodeCall(IDelegatedNodeStaking.stake, (stakingNodeId, 100 ether)));
        _refused(
            delegator,
            address(staking),
            abi.encodeWithSignature("delegate(bytes32,uint256)", stakingNodeId, uint256(1003 ether))
        );
        _refused(consumer, memberOf("DAOFunding"), abi.encodeCall(IDAOFunding.stake, (agentId, 100 ether)));
        _refused(consumer, address(identity), abi.encodeCall(IIdentityRegistry.stake, (agentId, 100 ether)));
        _refused(
            delegator,
            memberOf("LiquidityRouter"),
            abi.encodeCall(ILiquidityRouter.deposit, (1, 1003 ether, new uint256[](1)))
        );
    }

    function _refused(address caller, address target, bytes memory data) private {
        vm.prank(caller);
        (bool done, bytes memory reason) = target.call(data);
        bytes4 selector = bytes4(reason);
        vm.assertFalse(done, "a fee is refused");
        vm.assertTrue(
            selector == Assets.Assets_AmountMismatch.selector
                || selector == IDelegatedNodeStaking.DelegatedNodeStaking_UnexpectedTransferAmount.selector
                || selector == IDWSBilling.DWSBilling_UnexpectedTransferAmount.selector,
            "because of the amount that arrived"
        );
    }

    function test_PayerThatIsAContract_OpensAChannelByAuthorization_AndPaysByVoucher() external {
        IVoucherChannels channels = IVoucherChannels(memberOf("VPNRegistry"));
        address wallet = address(new KeyWallet(consumer));
        usd.mint(wallet, 5_000_003);
        bytes32 id = channels.channelIdOf(wallet, "wallet");
        bytes32 structHash = keccak256(
            abi.encode(
                usd.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                wallet,
                address(billing),
                5_000_003,
                0,
                type(uint256).max,
                billing.leaseNonce(address(channels), id, 1, nodeId)
            )
        );
        bytes memory signature =
            signatureOf("consumer", keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash)));
        channels.openChannelWithAuthorization(wallet, nodeId, "wallet", 5_000_003, 0, type(uint256).max, signature);
        IVoucherChannels.Voucher memory voucher = IVoucherChannels.Voucher(id, 3_000_001, type(uint64).max);
        bytes memory forged = signatureOf("stranger", channels.voucherDigest(voucher));
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.VoucherChannels_InvalidSignature.selector, id, wallet));
        channels.redeem(voucher, forged);
        channels.redeem(voucher, signatureOf("consumer", channels.voucherDigest(voucher)));
        vm.assertEq(channels.channel(id).redeemed, 3_000_001);
        vm.assertEq(billing.escrowBalance(address(channels), id), 2_000_002);
    }
}
