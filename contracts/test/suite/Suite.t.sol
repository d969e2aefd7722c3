// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAutoSlasher} from "../../src/staking/IAutoSlasher.sol";
import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {IJNSRegistrar} from "../../src/naming/IJNSRegistrar.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {ITreasury} from "../../src/governance/ITreasury.sol";
import {IVoucherChannels} from "../../src/dws/IVoucherChannels.sol";
import {IVPNRegistry} from "../../src/registry/IVPNRegistry.sol";
import {JejuTimelock} from "../../src/governance/JejuTimelock.sol";
import {Treasury} from "../../src/governance/Treasury.sol";
import {WholeSuiteTest} from "../base/WholeSuiteTest.sol";

/// @title The contracts together: one stake ledger, one billing, one provider record, each wired by roles alone
contract SuiteStoryTest is WholeSuiteTest {
    // ------------------------------------------------------------ sequencers

    function test_Sequencer_EarnsForItsDelegators_AndIsSlashedForTwoSeals() public {
        ISequencerRegistry sequencers = ISequencerRegistry(memberOf("SequencerRegistry"));
        IAutoSlasher autoSlasher = IAutoSlasher(memberOf("AutoSlasher"));

        // 1. Stake, allocate, register; the stake is locked in the one ledger.
        vm.startPrank(operator);
        staking.registerOperator(2000);
        bytes32 nodeId = staking.registerNode("sequencer", true);
        staking.stake(nodeId, 200_000 ether);
        ledger.allocate(nodeId, "sequencer", 150_000 ether);
        address key = account("key");
        sequencers.register(nodeId, key, signatureOf("key", sequencers.keyDigest(nodeId, key)));
        vm.stopPrank();
        vm.assertEq(ledger.totalLockedOf(nodeId), 150_000 ether);
        vm.prank(delegator);
        staking.delegate(nodeId, 100_000 ether);

        // 2. An epoch's revenue reaches operator, delegators and treasury, to the unit.
        skipTime(1 days);
        sequencers.closeEpoch();
        usd.mint(address(this), 10_000e6);
        usd.approve(address(sequencers), 10_000e6);
        sequencers.depositRevenue(10_000e6);
        skipTime(1 days);
        sequencers.closeEpoch();
        vm.assertEq(sequencers.payRevenue(nodeId), 8000e6 - 1, "rounded down");
        vm.assertEq(sequencers.payTreasury(), 2000e6);
        vm.assertEq(usd.balanceOf(address(staking)), 8000e6 - 1);
        skipTime(40 days);
        vm.assertGt(staking.pendingRewardsOf(nodeId, delegator), 0);

        // 3. Two seals of one height: jailed at once, slashed after the dispute window, half of what backs the service.
        ISequencerRegistry.Seal memory first = ISequencerRegistry.Seal(420_690, 7, "a");
        ISequencerRegistry.Seal memory second = ISequencerRegistry.Seal(420_690, 7, "b");
        bytes32 factId = sequencers.reportDoubleSigning(
            nodeId,
            first,
            signatureOf("key", sequencers.sealDigest(first)),
            second,
            signatureOf("key", sequencers.sealDigest(second))
        );
        bytes32 id = autoSlasher.propose(address(sequencers), factId);
        skipTime(3 days);
        (uint256 fromOwn, uint256 fromDelegation) = autoSlasher.execute(id);
        vm.assertEq(fromOwn, 75_000 ether);
        vm.assertEq(fromDelegation, 0);

        // 4. It leaves; the stake is free for the ledger only after the exit.
        vm.startPrank(operator);
        sequencers.startExit(nodeId);
        vm.expectRevert();
        ledger.deallocate(nodeId, "sequencer", 1 ether);
        vm.stopPrank();
        skipTime(14 days);
        sequencers.completeExit(nodeId);
        vm.assertEq(ledger.totalLockedOf(nodeId), 0);
    }

    // ------------------------------------------------------------ rentals and vouchers

    function _providerFor(bytes32 service) private returns (bytes32 nodeId) {
        vm.startPrank(operator);
        staking.registerOperator(2000);
        bytes32 stakingNodeId = staking.registerNode(service, true);
        staking.stake(stakingNodeId, 2 * MINIMUM_STAKE);
        ledger.allocate(stakingNodeId, service, MINIMUM_STAKE);
        bytes32[] memory services = new bytes32[](1);
        services[0] = service;
        nodeId = registry.registerNode(
            IDWSProviderRegistry.Registration({
                salt: service,
                stakingNodeId: stakingNodeId,
                agent: agent,
                agentId: 0,
                region: REGION,
                endpoint: "http://127.0.0.1:4030",
                services: services
            })
        );
        vm.stopPrank();
    }

    function test_Rental_IsPaidThroughTheOneBilling_AndLateSecondsAreRefunded() public {
        IComputeRegistry compute = IComputeRegistry(memberOf("ComputeRegistry"));
        IComputeRental rentals = IComputeRental(memberOf("ComputeRental"));
        bytes32 nodeId = _providerFor("compute");
        IComputeRegistry.Capability memory capability;
        capability.cores = 8;
        capability.memoryMb = 8192;
        capability.pricePerHour = 3_600_000;
        capability.slots = 2;
        capability.active = true;
        vm.prank(operator);
        compute.setCapability(nodeId, capability);

        vm.prank(consumer);
        bytes32 rentalId = rentals.rent(nodeId, "salt", 2, 3_600_000, false, "key");
        vm.assertEq(billing.escrowBalance(address(rentals), rentalId), 7_200_000);
        vm.prank(agent);
        rentals.confirm(rentalId, "sealed");
        // An hour with heartbeats, then silence.
        passWithHeartbeats(nodeId, 1 hours);
        skipTime(1 hours + 1);
        rentals.expire(rentalId);
        rentals.refund(rentalId);
        skipTime(1 hours);
        rentals.settle(rentalId);
        uint256 served = 3600 + HEARTBEAT_TIMEOUT;
        vm.assertEq(billing.creditsOf(consumer), (7200 - served) * 1000, "the silent seconds");
        vm.assertEq(billing.escrowBalance(address(rentals), rentalId), 0);
        vm.assertEq(usd.balanceOf(address(staking)), served * 1000, "what was served, to the stakers");
        vm.assertEq(registry.node(nodeId).liveLeases, 0);
    }

    function test_VpnSession_IsPaidByVoucher_ToTheNodesStakers() public {
        IVPNRegistry vpn = IVPNRegistry(memberOf("VPNRegistry"));
        bytes32 nodeId = _providerFor("vpn");
        vm.prank(operator);
        vpn.list(nodeId, "CH", "wireguard", 1e6);
        vm.prank(consumer);
        bytes32 channelId = vpn.openChannel(nodeId, "session", 10e6);
        IVoucherChannels.Voucher memory voucher = IVoucherChannels.Voucher(channelId, 4e6, type(uint64).max);
        bytes memory signature = signatureOf("consumer", vpn.voucherDigest(voucher));
        vm.prank(agent);
        vpn.redeem(voucher, signature);
        vm.prank(agent);
        vpn.closeChannel(channelId);
        vm.assertEq(usd.balanceOf(address(staking)), 4e6);
        vm.assertEq(billing.creditsOf(consumer), 6e6);
    }

    // ------------------------------------------------------------ names

    function test_Name_BoughtByCommitment_LosesItsRecordsWithItsOwner() public {
        IJNSRegistrar registrar = IJNSRegistrar(memberOf("JNSRegistrar"));
        IJNSRegistrar.Registration memory wish =
            IJNSRegistrar.Registration("harbour", consumer, 365 days, address(resolver), "secret");
        registrar.commit(registrar.commitmentOf(wish));
        skipTime(60);
        vm.startPrank(consumer);
        usd.approve(address(registrar), type(uint256).max);
        uint256 tokenId = registrar.register(wish, 5e6);
        bytes32 node = registrar.nodeOf(tokenId);
        resolver.setAddr(node, consumer);
        vm.assertEq(resolver.addr(node), consumer);
        registrar.transferFrom(consumer, operator, tokenId);
        vm.stopPrank();
        vm.assertEq(names.owner(node), operator);
        vm.assertEq(resolver.addr(node), address(0), "nothing of the seller stays");
        vm.prank(consumer);
        vm.expectRevert();
        resolver.setAddr(node, consumer);
    }

    // ------------------------------------------------------------ governance

    function _timelock(uint256 delay) private returns (JejuTimelock timelock) {
        address[] memory proposers = new address[](1);
        proposers[0] = account("safe");
        address[] memory executors = new address[](1);
        timelock = JejuTimelock(
            payable(deploySuiteContract(
                    "JejuTimelock",
                    type(JejuTimelock).creationCode,
                    abi.encodeCall(JejuTimelock.initialize, (delay, proposers, executors))
                ))
        );
    }

    function test_Timelock_ChangesNothingBeforeItsDelay_AndThenAlsoUpgrades() public {
        JejuTimelock timelock = _timelock(7 days);
        Treasury held = Treasury(
            payable(deploySuiteContract(
                    "TreasuryOfTheTimelock",
                    type(Treasury).creationCode,
                    abi.encodeCall(Treasury.initialize, (address(timelock)))
                ))
        );
        usd.mint(address(held), 1000e6);
        held.bookSurplus(address(usd));
        bytes memory split = abi.encodeCall(ITreasury.setSplit, (ITreasury.Split(2500, 2500, 2500, 2500)));
        vm.startPrank(account("safe"));
        expectMissingRole(account("safe"), bytes32(0));
        held.setSplit(ITreasury.Split(2500, 2500, 2500, 2500));
        timelock.schedule(address(held), 0, split, 0, 0, 7 days);
        address next = address(new Treasury());
        bytes memory upgrade = abi.encodeCall(held.upgradeToAndCall, (next, ""));
        timelock.schedule(address(held), 0, upgrade, 0, 0, 7 days);
        vm.stopPrank();
        skipTime(7 days - 1);
        vm.expectRevert();
        timelock.execute(address(held), 0, split, 0, 0);
        skipTime(1);
        timelock.execute(address(held), 0, split, 0, 0);
        timelock.execute(address(held), 0, upgrade, 0, 0);
        vm.assertEq(held.currentSplit().stakersBps, 2500);
        vm.assertEq(held.bucketBalance(address(usd), ITreasury.Bucket.Protocol), 1000e6, "the upgrade keeps the data");
    }

    function test_Timelock_WithoutDelay_IsTheSameOnLocalnet() public {
        JejuTimelock timelock = _timelock(0);
        Treasury held = Treasury(
            payable(deploySuiteContract(
                    "TreasuryOfTheTimelock",
                    type(Treasury).creationCode,
                    abi.encodeCall(Treasury.initialize, (address(timelock)))
                ))
        );
        bytes memory split = abi.encodeCall(ITreasury.setSplit, (ITreasury.Split(0, 10_000, 0, 0)));
        vm.prank(account("safe"));
        timelock.schedule(address(held), 0, split, 0, 0, 0);
        vm.prank(stranger);
        timelock.execute(address(held), 0, split, 0, 0);
        vm.assertEq(held.currentSplit().stakersBps, 10_000);
        vm.prank(stranger);
        vm.expectRevert();
        timelock.schedule(address(held), 0, split, 0, "other", 0);
    }
}
