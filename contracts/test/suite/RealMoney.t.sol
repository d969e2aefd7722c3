// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {INodeStakingManager} from "../../src/staking/INodeStakingManager.sol";
import {IServiceRegistry} from "../../src/market/IServiceRegistry.sol";
import {IStorageManager} from "../../src/registry/IStorageManager.sol";
import {IVoucherChannels} from "../../src/dws/IVoucherChannels.sol";
import {IWorkerRegistry} from "../../src/dws/IWorkerRegistry.sol";
import {LiveSuiteTest} from "../base/LiveSuiteTest.sol";

/// @title What the contracts around it earn and hold, over the real ledger, provider records and billing
contract RealMoneyTest is LiveSuiteTest {
    function _receipts() private view returns (uint256) {
        return usd.balanceOf(address(staking));
    }

    function _voucher(address channels, bytes32 id, uint128 cumulative)
        private
        view
        returns (IVoucherChannels.Voucher memory voucher, bytes memory signature)
    {
        voucher = IVoucherChannels.Voucher(id, cumulative, type(uint64).max);
        signature = signatureOf("consumer", IVoucherChannels(channels).voucherDigest(voucher));
    }

    function test_Channels_OfEveryKind_PayByVoucher_AndReturnTheRest() external {
        string[3] memory kinds = ["VPNRegistry", "ProxyRegistry", "CDNRegistry"];
        for (uint256 i = 0; i < kinds.length; i++) {
            IVoucherChannels channels = IVoucherChannels(memberOf(kinds[i]));
            vm.prank(consumer);
            bytes32 id = channels.openChannel(nodeId, "session", 10_000_007);
            uint256 credits = billing.creditsOf(consumer);
            uint256 receipts = _receipts();
            (IVoucherChannels.Voucher memory voucher, bytes memory signature) =
                _voucher(address(channels), id, 4_000_003);
            vm.startPrank(agent);
            channels.redeem(voucher, signature);
            channels.closeChannel(id);
            vm.stopPrank();
            vm.assertEq(_receipts() - receipts, 4_000_003, kinds[i]);
            vm.assertEq(billing.creditsOf(consumer) - credits, 6_000_004, kinds[i]);
            vm.assertEq(billing.escrowBalance(address(channels), id), 0);
        }
    }

    function test_PurchaseOrPin_SentAgain_IsNotPaidAgain() external {
        IServiceRegistry market = IServiceRegistry(memberOf("ServiceRegistry"));
        IStorageManager store = IStorageManager(memberOf("StorageManager"));
        vm.startPrank(consumer);
        (bytes32 purchaseId,) = market.purchase(listingId, "again", 3, type(uint256).max);
        vm.assertEq(purchaseId, market.purchaseIdOf(consumer, "again"));
        bytes32 pinned = store.pin(uploadId, nodeId, "again", 2, 1e6);
        vm.assertEq(pinned, store.pinIdOf(consumer, "again"));
        uint256 held = usd.balanceOf(consumer) + billing.creditsOf(consumer);
        vm.expectRevert(
            abi.encodeWithSelector(IDWSBilling.DWSBilling_EscrowExists.selector, address(market), purchaseId)
        );
        market.purchase(listingId, "again", 3, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(IStorageManager.StorageManager_Exists.selector, pinned));
        store.pin(uploadId, nodeId, "again", 2, 1e6);
        vm.stopPrank();
        vm.assertEq(usd.balanceOf(consumer) + billing.creditsOf(consumer), held);
        // The name is the caller's own: nobody takes it from another.
        vm.assertTrue(store.pinIdOf(stranger, "again") != pinned);
        vm.assertTrue(market.purchaseIdOf(stranger, "again") != purchaseId);
    }

    function test_WorkerChannel_PaysItsOwner_AndNobodyElse() external {
        IWorkerRegistry workers = IWorkerRegistry(memberOf("WorkerRegistry"));
        vm.startPrank(consumer);
        workers.activate(workerId, 1);
        workers.setPrice(workerId, IWorkerRegistry.PaymentMode.Prepaid, 1000);
        vm.stopPrank();
        usd.mint(stranger, 10e6);
        vm.startPrank(stranger);
        usd.approve(address(billing), 10e6);
        bytes32 id = IVoucherChannels(address(workers)).openChannel(workerId, "calls", 10e6);
        vm.stopPrank();
        IVoucherChannels.Voucher memory voucher = IVoucherChannels.Voucher(id, 3e6, type(uint64).max);
        bytes memory signature = signatureOf("stranger", IVoucherChannels(address(workers)).voucherDigest(voucher));
        vm.startPrank(consumer);
        IVoucherChannels(address(workers)).redeem(voucher, signature);
        IVoucherChannels(address(workers)).closeChannel(id);
        vm.stopPrank();
        uint256 fee = 3e6 * uint256(billing.protocolFeeBps()) / 10_000;
        vm.assertEq(billing.claimableOf(consumer), 3e6 - fee);
        vm.assertEq(billing.claimableOf(treasury), fee);
        vm.assertEq(billing.creditsOf(stranger), 7e6);
    }

    function test_ChannelByAuthorization_IsOpenedByAnybody_ForThePayerAlone_AndNothingInItCanBeAltered() external {
        IVoucherChannels channels = IVoucherChannels(memberOf("VPNRegistry"));
        bytes32 id = channels.channelIdOf(consumer, "x402");
        bytes memory signature = _authorization(address(channels), id, 5_000_003);
        uint256 held = usd.balanceOf(consumer);
        vm.startPrank(stranger);
        vm.expectRevert();
        channels.openChannelWithAuthorization(consumer, nodeId, "x402", 5_000_002, 0, type(uint256).max, signature);
        vm.expectRevert();
        channels.openChannelWithAuthorization(consumer, nodeId, "else", 5_000_003, 0, type(uint256).max, signature);
        vm.expectRevert();
        channels.openChannelWithAuthorization(operator, nodeId, "x402", 5_000_003, 0, type(uint256).max, signature);
        vm.assertEq(
            channels.openChannelWithAuthorization(consumer, nodeId, "x402", 5_000_003, 0, type(uint256).max, signature),
            id
        );
        vm.expectRevert();
        channels.openChannelWithAuthorization(consumer, nodeId, "x402", 5_000_003, 0, type(uint256).max, signature);
        vm.stopPrank();
        vm.assertEq(channels.channel(id).payer, consumer);
        vm.assertEq(held - usd.balanceOf(consumer), 5_000_003);
        vm.assertEq(billing.escrowBalance(address(channels), id), 5_000_003);
    }

    function _authorization(address lessor, bytes32 leaseId, uint256 amount) private view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                usd.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                consumer,
                address(billing),
                amount,
                0,
                type(uint256).max,
                billing.leaseNonce(lessor, leaseId, 1, nodeId)
            )
        );
        return signatureOf("consumer", keccak256(abi.encodePacked(hex"1901", usd.DOMAIN_SEPARATOR(), structHash)));
    }

    function test_Rewards_OfRpcNodes_ReachOperatorAndDelegators_FromThePoolAlone() external {
        INodeStakingManager manager = INodeStakingManager(memberOf("NodeStakingManager"));
        vm.assertEq(manager.enrolment(stakingNodeId).locked, MINIMUM_STAKE);
        vm.startPrank(consumer);
        usd.approve(address(manager), type(uint256).max);
        manager.fund(1_000_000_007);
        vm.stopPrank();
        vm.warp((vm.getBlockTimestamp() / 1 days + 1) * 1 days);
        uint256 epoch = vm.getBlockTimestamp() / 1 days - 1;
        vm.prank(admin);
        manager.report(stakingNodeId, epoch, 10_000, 1000, 100);
        skipTime(1 days);
        manager.closeEpoch(epoch);
        uint256 receipts = _receipts();
        uint256 owed = staking.claimableRewardsOf(operator);
        vm.assertEq(manager.claim(stakingNodeId, epoch), 1000e6);
        vm.assertEq(_receipts() - receipts, 1000e6);
        vm.assertGt(staking.claimableRewardsOf(operator), owed, "the commission at once");
        skipTime(30 days);
        vm.assertGt(staking.pendingRewardsOf(stakingNodeId, delegator), 0, "the delegators as it vests");
        vm.assertEq(manager.pool(), 7);
        // Its stake stays locked until it has left.
        vm.startPrank(operator);
        vm.expectRevert();
        ledger.deallocate(stakingNodeId, "rpc", 1 ether);
        manager.startExit(stakingNodeId);
        skipTime(7 days);
        manager.completeExit(stakingNodeId);
        ledger.deallocate(stakingNodeId, "rpc", MINIMUM_STAKE);
        vm.stopPrank();
    }

    function test_Pin_WithoutProofs_IsRefundedInFull() external {
        IStorageManager store = IStorageManager(memberOf("StorageManager"));
        uint256 deposit = billing.escrowBalance(address(store), pinId);
        vm.assertGt(deposit, 0);
        uint256 credits = billing.creditsOf(consumer);
        skipTime(4 hours);
        vm.assertEq(store.refund(pinId), deposit);
        vm.assertEq(billing.creditsOf(consumer) - credits, deposit);
        vm.assertEq(billing.escrowBalance(address(store), pinId), 0);
    }

    function test_Service_IsPaidWhileItIsLive_AndTheRestComesBack() external {
        IDWSServiceProvisioning provisioning = IDWSServiceProvisioning(memberOf("DWSServiceProvisioning"));
        uint256 deposit = provisioning.deployment(serviceId, nodeId).deposit;
        vm.prank(agent);
        provisioning.reportLive(serviceId, nodeId, 1, "https://node.example/api");
        vm.assertTrue(provisioning.isActive(serviceId));
        passWithHeartbeats(nodeId, 1 hours);
        uint256 credits = billing.creditsOf(consumer);
        uint256 receipts = _receipts();
        vm.prank(consumer);
        provisioning.end(serviceId, nodeId);
        skipTime(7 days);
        provisioning.settle(serviceId, nodeId);
        vm.assertFalse(provisioning.isActive(serviceId));
        uint256 paid = _receipts() - receipts;
        vm.assertApproxEqAbs(paid, PRICE, PRICE / 50, "one hour");
        if (provisioning.deployment(serviceId, nodeId).deposit > 0) {
            (, uint256 rest) = provisioning.settleable(serviceId, nodeId);
            if (rest > 0) provisioning.refund(serviceId, nodeId);
        }
        vm.assertEq(paid + billing.creditsOf(consumer) - credits, deposit, "to the unit");
    }
}
