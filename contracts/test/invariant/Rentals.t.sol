// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ComputeRegistry} from "../../src/registry/ComputeRegistry.sol";
import {ComputeRental} from "../../src/market/ComputeRental.sol";
import {DWSBilling} from "../../src/dws/DWSBilling.sol";
import {DWSProviderRegistry} from "../../src/dws/DWSProviderRegistry.sol";
import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {IServiceNodes} from "../../src/registry/IServiceNodes.sol";
import {IVoucherChannels} from "../../src/dws/IVoucherChannels.sol";
import {TestUsd} from "../../src/token/TestUsd.sol";
import {VPNRegistry} from "../../src/registry/VPNRegistry.sol";
import {FlowTest} from "../base/FlowTest.sol";
import {Test} from "../base/Test.sol";

/// @title What consumers, provider, arbiter and strangers do, at any time and in any order
contract RentalsHandler is Test {
    struct World {
        ComputeRental rentals;
        VPNRegistry vpn;
        DWSBilling billing;
        DWSProviderRegistry registry;
        TestUsd usd;
        bytes32 computeNode;
        bytes32 vpnNode;
        address agent;
        address arbiter;
    }

    World private _world;
    string[3] private _consumers = ["first consumer", "second consumer", "third consumer"];
    bytes32[] public rentalIds;
    bytes32[] public channelIds;
    mapping(bytes32 => string) private _payers;
    uint256 private _salt;

    constructor(World memory world) {
        _world = world;
    }

    function rentalCount() external view returns (uint256) {
        return rentalIds.length;
    }

    function channelCount() external view returns (uint256) {
        return channelIds.length;
    }

    function consumer(uint256 index) external view returns (address) {
        return vm.addr(keyOf(_consumers[index]));
    }

    // ------------------------------------------------------------ time and liveness

    function pass(uint16 elapsed, bool withHeartbeat) external {
        skipTime(uint256(elapsed) + 1);
        if (!withHeartbeat) return;
        vm.startPrank(_world.agent);
        _world.registry.heartbeat(_world.computeNode);
        _world.registry.heartbeat(_world.vpnNode);
        vm.stopPrank();
    }

    // ------------------------------------------------------------ rentals

    function rent(uint8 who, uint8 leaseHours) external {
        if (!_world.registry.isAvailable(_world.computeNode)) return;
        if (_world.rentals.liveRentalsOf(_world.computeNode) >= 3) return;
        address payer = vm.addr(keyOf(_consumers[who % 3]));
        vm.prank(payer);
        bytes32 rentalId = _world.rentals
            .rent(_world.computeNode, bytes32(++_salt), uint32(leaseHours % 24) + 1, type(uint128).max, false, "");
        rentalIds.push(rentalId);
    }

    function confirm(uint256 index) external {
        (bytes32 rentalId, IComputeRental.State state) = _rental(index);
        if (state != IComputeRental.State.Requested) return;
        vm.prank(_world.agent);
        _world.rentals.confirm(rentalId, "");
    }

    function extend(uint256 index, uint8 leaseHours) external {
        (bytes32 rentalId, IComputeRental.State state) = _rental(index);
        if (state != IComputeRental.State.Running) return;
        vm.prank(_world.rentals.rental(rentalId).consumer);
        _world.rentals.extend(rentalId, uint32(leaseHours % 24) + 1);
    }

    function end(uint256 index, uint8 way) external {
        (bytes32 rentalId, IComputeRental.State state) = _rental(index);
        if (state == IComputeRental.State.None || state >= IComputeRental.State.Ended) return;
        if (state == IComputeRental.State.Expired || state == IComputeRental.State.Unserved) {
            _world.rentals.expire(rentalId);
        } else if (way % 2 == 0) {
            vm.prank(_world.rentals.rental(rentalId).consumer);
            _world.rentals.close(rentalId);
        } else {
            vm.prank(_world.agent);
            _world.rentals.release(rentalId);
        }
    }

    function settleAndRefund(uint256 index) external {
        (bytes32 rentalId, IComputeRental.State state) = _rental(index);
        if (state == IComputeRental.State.None) return;
        (uint256 payableNow, uint256 refundable) = _world.rentals.settleable(rentalId);
        if (payableNow != 0) _world.rentals.settle(rentalId);
        if (refundable != 0) _world.rentals.refund(rentalId);
    }

    function dispute(uint256 index) external {
        (bytes32 rentalId, IComputeRental.State state) = _rental(index);
        if (state != IComputeRental.State.Running) return;
        if (_world.rentals.disputeStateOf(rentalId) != IComputeRental.DisputeState.None) return;
        vm.prank(_world.rentals.rental(rentalId).consumer);
        _world.rentals.openDispute(rentalId, "");
    }

    function rule(uint256 index, bool upheld, uint16 into) external {
        (bytes32 rentalId,) = _rental(index);
        if (rentalId == 0 || _world.rentals.disputeStateOf(rentalId) != IComputeRental.DisputeState.Open) return;
        IComputeRental.Rental memory rental = _world.rentals.rental(rentalId);
        uint256 until = rental.endedAt != 0 ? rental.endedAt : vm.getBlockTimestamp();
        if (until > rental.expiresAt) until = rental.expiresAt;
        uint256 from = rental.startedAt + into;
        vm.prank(_world.arbiter);
        _world.rentals.rule(rentalId, upheld, uint64(from < until ? from : until));
    }

    function settleBond(uint256 index, bool claim) external {
        (bytes32 rentalId,) = _rental(index);
        if (rentalId == 0) return;
        IComputeRental.DisputeState state = _world.rentals.disputeStateOf(rentalId);
        if (state == IComputeRental.DisputeState.None || state == IComputeRental.DisputeState.Open) return;
        IComputeRental.Dispute memory opened = _world.rentals.disputeOf(rentalId);
        if (!opened.bondSettled) _world.rentals.settleBond(rentalId);
        if (claim && _world.rentals.claimableBondsOf(address(_world.usd), opened.opener) != 0) {
            _world.rentals.claimBonds(address(_world.usd), opened.opener);
        }
    }

    // ------------------------------------------------------------ channels

    function openChannel(uint8 who, uint32 amount) external {
        if (!_world.vpn.isServing(_world.vpnNode) || channelIds.length >= 12) return;
        string memory payer = _consumers[who % 3];
        vm.prank(vm.addr(keyOf(payer)));
        bytes32 channelId = _world.vpn.openChannel(_world.vpnNode, bytes32(++_salt), uint128(amount) + 1);
        channelIds.push(channelId);
        _payers[channelId] = payer;
    }

    function redeem(uint256 index, uint32 amount) external {
        if (channelIds.length == 0) return;
        bytes32 channelId = channelIds[index % channelIds.length];
        IVoucherChannels.Channel memory channel = _world.vpn.channel(channelId);
        if (channel.closed || channel.redeemed == channel.deposit) return;
        uint128 cumulative = channel.redeemed + 1 + uint128(amount) % (channel.deposit - channel.redeemed);
        IVoucherChannels.Voucher memory voucher = IVoucherChannels.Voucher(channelId, cumulative, type(uint64).max);
        _world.vpn.redeem(voucher, signatureOf(_payers[channelId], _world.vpn.voucherDigest(voucher)));
    }

    function closeChannel(uint256 index, bool bySubject) external {
        if (channelIds.length == 0) return;
        bytes32 channelId = channelIds[index % channelIds.length];
        IVoucherChannels.Channel memory channel = _world.vpn.channel(channelId);
        if (channel.closed) return;
        if (bySubject) {
            vm.prank(_world.agent);
            _world.vpn.closeChannel(channelId);
        } else if (channel.closesAt == 0) {
            vm.prank(channel.payer);
            _world.vpn.startClose(channelId);
        } else if (vm.getBlockTimestamp() >= channel.closesAt) {
            _world.vpn.closeChannel(channelId);
        }
    }

    function _rental(uint256 index) private view returns (bytes32 rentalId, IComputeRental.State state) {
        if (rentalIds.length == 0) return (0, IComputeRental.State.None);
        rentalId = rentalIds[index % rentalIds.length];
        state = _world.rentals.stateOf(rentalId);
    }
}

/// @title Money of rentals and channels, over the real billing and staking
contract RentalsInvariants is FlowTest {
    ComputeRegistry internal compute;
    ComputeRental internal rentals;
    VPNRegistry internal vpn;
    RentalsHandler internal handler;
    bytes32 internal computeNode;
    uint256 internal supply;

    function setUp() public override {
        super.setUp();
        compute = ComputeRegistry(
            deploySuiteContract(
                "ComputeRegistry",
                type(ComputeRegistry).creationCode,
                abi.encodeCall(ComputeRegistry.initialize, (admin, address(registry)))
            )
        );
        rentals = ComputeRental(
            deploySuiteContract(
                "ComputeRental",
                type(ComputeRental).creationCode,
                abi.encodeCall(
                    ComputeRental.initialize, (admin, address(compute), address(registry), address(billing), treasury)
                )
            )
        );
        vpn = VPNRegistry(
            deploySuiteContract(
                "VPNRegistry",
                type(VPNRegistry).creationCode,
                abi.encodeCall(IServiceNodes.initialize, (admin, address(registry), address(billing)))
            )
        );
        address arbiter = account("arbiter");
        vm.startPrank(admin);
        billing.grantRole(billing.LESSOR_ROLE(), address(rentals));
        billing.grantRole(billing.LESSOR_ROLE(), address(vpn));
        registry.grantRole(registry.LEASE_ROLE(), address(rentals));
        compute.grantRole(compute.SELLER_ROLE(), address(rentals));
        rentals.grantRole(rentals.ARBITER_ROLE(), arbiter);
        vpn.grantRole(vpn.CURATOR_ROLE(), admin);
        vpn.setPlace("CH", true);
        ledger.setService("compute", MINIMUM_STAKE);
        ledger.setService("vpn", MINIMUM_STAKE);
        vm.stopPrank();
        vm.prank(operator);
        staking.registerOperator(2000);
        computeNode = _node("compute");
        bytes32 vpnNode = _node("vpn");
        IComputeRegistry.Capability memory capability;
        capability.cores = 8;
        capability.memoryMb = 8192;
        capability.pricePerHour = 1_234_567;
        capability.slots = 3;
        capability.active = true;
        vm.startPrank(operator);
        compute.setCapability(computeNode, capability);
        vpn.list(vpnNode, "CH", "key", 1e6);
        vm.stopPrank();
        handler = new RentalsHandler(
            RentalsHandler.World(rentals, vpn, billing, registry, usd, computeNode, vpnNode, agent, arbiter)
        );
        for (uint256 i = 0; i < 3; i++) {
            address payer = handler.consumer(i);
            usd.mint(payer, 1e15);
            vm.startPrank(payer);
            usd.approve(address(billing), type(uint256).max);
            usd.approve(address(rentals), type(uint256).max);
            vm.stopPrank();
        }
        supply = usd.totalSupply();
        targetContract(address(handler));
    }

    function _node(bytes32 service) private returns (bytes32 nodeId) {
        vm.startPrank(operator);
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

    function invariant_Rental_PaysOutAtMostWhatWasPaidIn_AndTheEscrowHoldsTheRest() public view {
        for (uint256 i = 0; i < handler.rentalCount(); i++) {
            bytes32 rentalId = handler.rentalIds(i);
            IComputeRental.Rental memory rental = rentals.rental(rentalId);
            vm.assertEq(
                billing.escrowBalance(address(rentals), rentalId),
                rental.deposit - rental.paid - rental.refunded,
                "Invariant violation: escrow of a rental"
            );
        }
    }

    function invariant_Channel_EscrowIsDepositLessRedeemed() public view {
        for (uint256 i = 0; i < handler.channelCount(); i++) {
            bytes32 channelId = handler.channelIds(i);
            IVoucherChannels.Channel memory channel = vpn.channel(channelId);
            vm.assertLe(channel.redeemed, channel.deposit, "Invariant violation: redeemed above the deposit");
            vm.assertEq(
                billing.escrowBalance(address(vpn), channelId),
                channel.closed ? 0 : channel.deposit - channel.redeemed,
                "Invariant violation: escrow of a channel"
            );
        }
    }

    function invariant_Billing_IsSolvent_AndNothingIsCreatedOrLost() public view {
        (uint256 credits, uint256 escrowed, uint256 claimable) = billing.liabilities();
        vm.assertLe(
            credits + escrowed + claimable,
            usd.balanceOf(address(billing)),
            "Invariant violation: billing owes too much"
        );
        vm.assertEq(usd.totalSupply(), supply, "Invariant violation: supply");
    }

    function invariant_Bonds_AreHeldInFull() public view {
        uint256 owed = rentals.claimableBondsOf(address(usd), treasury);
        for (uint256 i = 0; i < 3; i++) {
            owed += rentals.claimableBondsOf(address(usd), handler.consumer(i));
        }
        for (uint256 i = 0; i < handler.rentalCount(); i++) {
            IComputeRental.Dispute memory dispute = rentals.disputeOf(handler.rentalIds(i));
            if (dispute.opener != address(0) && !dispute.bondSettled) owed += dispute.bond;
        }
        vm.assertEq(usd.balanceOf(address(rentals)), owed, "Invariant violation: bonds");
    }

    function invariant_Slots_CountTheRentalsThatLive() public view {
        uint256 live;
        for (uint256 i = 0; i < handler.rentalCount(); i++) {
            if (rentals.rental(handler.rentalIds(i)).endedAt == 0) live++;
        }
        vm.assertEq(rentals.liveRentalsOf(computeNode), live, "Invariant violation: live rentals");
        vm.assertEq(registry.node(computeNode).liveLeases, live, "Invariant violation: leases of the node");
        (uint256 taken,) = compute.slotsOf(computeNode);
        vm.assertEq(taken, live, "Invariant violation: slots of the node");
        vm.assertLe(live, 3, "Invariant violation: capacity");
    }

    function invariant_NoDispute_StaysOpenBeyondItsTime() public view {
        for (uint256 i = 0; i < handler.rentalCount(); i++) {
            bytes32 rentalId = handler.rentalIds(i);
            if (rentals.disputeStateOf(rentalId) != IComputeRental.DisputeState.Open) continue;
            vm.assertLt(
                vm.getBlockTimestamp(),
                rentals.disputeOf(rentalId).openedAt + rentals.ARBITER_WINDOW(),
                "Invariant violation: a dispute without end"
            );
        }
    }

    function invariant_NothingIsPaid_OutsideReadyAndEnd() public view {
        for (uint256 i = 0; i < handler.rentalCount(); i++) {
            IComputeRental.Rental memory rental = rentals.rental(handler.rentalIds(i));
            uint256 until = rental.endedAt != 0 ? rental.endedAt : vm.getBlockTimestamp();
            uint256 most =
                rental.startedAt == 0 ? rental.startFee : rental.pricePerHour * (until - rental.startedAt) / 3600;
            vm.assertLe(rental.paid, most, "Invariant violation: paid for more than was served");
        }
    }
}
