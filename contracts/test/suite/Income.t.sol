// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {IJNSRegistrar} from "../../src/naming/IJNSRegistrar.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {IServiceRegistry} from "../../src/market/IServiceRegistry.sol";
import {ITreasury} from "../../src/governance/ITreasury.sol";
import {StoryScene} from "./StoryScene.sol";

/// @title What the network earns reaches the buckets of its treasury, and can be spent
/// @notice Wired as a deployment does it: the treasury is the contract, which asks nobody for its money. Whoever wants to brings it there.
contract IncomeTest is StoryScene {
    ITreasury private income;
    uint256 private dollars;
    uint256 private stakeTokens;

    function theTreasury() internal view override returns (address) {
        return suiteAddress("Treasury");
    }

    function setUp() public override {
        super.setUp();
        income = ITreasury(treasury);
        vm.assertGt(treasury.code.length, 0, "the treasury is a contract");
    }

    // What arrives there is divided over the buckets by anybody, to the unit.
    function _arrives(address asset, uint256 amount, string memory what) private {
        vm.assertGt(amount, 0, what);
        vm.prank(stranger);
        vm.assertEq(income.bookSurplus(asset), amount, what);
        if (asset == address(usd)) dollars += amount;
        else stakeTokens += amount;
        vm.assertEq(
            income.bucketBalance(asset, ITreasury.Bucket.Protocol), asset == address(usd) ? dollars : stakeTokens, what
        );
    }

    function test_EverythingThatTheNetworkEarns_ReachesTheTreasurysBuckets_AndIsSpentFromThere() external {
        bytes32 nodeId = aProviderNode(operator, agent, "node");
        bytes32 stakingNodeId = registry.stakingNodeOf(nodeId);
        bytes32 offerId = anOffer(operator, nodeId, KIND, PRICE, 3);
        setCompensationRate(DOLLAR_PER_JEJU);
        useGrace(nodeId, offerId);

        _feesOfLeases(nodeId, offerId);
        _slashedStake(nodeId, stakingNodeId, offerId);
        _feesOfBilling();
        _namesAgentsAndSequencers();

        // Nothing is left behind at any of them.
        vm.assertEq(staking.claimableRewardsOf(treasury) + staking.stakeCreditOf(treasury), 0);
        vm.assertEq(billing.claimableOf(treasury), 0);
        _spend(address(usd), dollars);
        _spend(address(jeju), stakeTokens);
    }

    function _feesOfLeases(bytes32 nodeId, bytes32 offerId) private {
        bytes32 orderId = placeOrder(offerId, KIND, "served");
        becomeReady(orderId);
        passWithHeartbeats(nodeId, 1 hours + WINDOW);
        (uint256 paid,) = provider.settleNode(orderId);
        vm.assertEq(paid, 36_007);
        vm.prank(stranger);
        vm.assertEq(staking.claimRewardsFor(treasury), 1801, "five percent, rounded up");
        _arrives(address(usd), 1801, "fees of leases");
        vm.expectRevert(
            abi.encodeWithSelector(IDelegatedNodeStaking.DelegatedNodeStaking_NothingToClaim.selector, treasury)
        );
        staking.claimRewardsFor(treasury);
    }

    function _slashedStake(bytes32 nodeId, bytes32 stakingNodeId, bytes32 offerId) private {
        (uint256 fromOwn,) = slashFor(neverReady(consumer, nodeId, offerId, "failed"));
        uint256 compensation = staking.stakeCreditOf(consumer);
        vm.prank(stranger);
        vm.assertEq(staking.claimStakeCreditFor(treasury), fromOwn - compensation);
        _arrives(address(jeju), fromOwn - compensation, "slashed stake");
        vm.expectRevert(
            abi.encodeWithSelector(IDelegatedNodeStaking.DelegatedNodeStaking_NothingToClaim.selector, treasury)
        );
        staking.claimStakeCreditFor(treasury);
        // The consumer's is the consumer's, whoever brings it.
        uint256 before = jeju.balanceOf(consumer);
        vm.prank(stranger);
        staking.claimStakeCreditFor(consumer);
        vm.assertEq(jeju.balanceOf(consumer) - before, compensation);
        vm.assertEq(heldStake(), staking.slashableStakeOf(stakingNodeId));
    }

    function _feesOfBilling() private {
        IServiceRegistry market = IServiceRegistry(memberOf("ServiceRegistry"));
        vm.prank(operator);
        bytes32 serviceId =
            market.list(bytes32(uint256(uint160(operator))), "service", 1_000_003, 1, "https://example.net", true);
        vm.prank(consumer);
        (, uint256 price) = market.purchase(serviceId, "seven", 7, type(uint256).max);
        uint256 fee = (price * 5 + 99) / 100;
        vm.prank(stranger);
        vm.assertEq(billing.claimFor(treasury), fee);
        _arrives(address(usd), fee, "fees of billing");
        usd.mint(address(billing), 1009);
        billing.sweepSurplus();
        billing.claimFor(treasury);
        _arrives(address(usd), 1009, "what was given to billing");
        vm.expectRevert(abi.encodeWithSelector(IDWSBilling.DWSBilling_NothingToClaim.selector, treasury));
        billing.claimFor(treasury);
        // The seller's is the seller's, whoever brings it.
        uint256 before = usd.balanceOf(operator);
        vm.prank(stranger);
        billing.claimFor(operator);
        vm.assertEq(usd.balanceOf(operator) - before, price - fee);
    }

    function _namesAgentsAndSequencers() private {
        IJNSRegistrar registrar = IJNSRegistrar(memberOf("JNSRegistrar"));
        IJNSRegistrar.Registration memory wish =
            IJNSRegistrar.Registration("harbour", consumer, 365 days, address(resolver), "secret");
        registrar.commit(registrar.commitmentOf(wish));
        skipTime(60);
        vm.startPrank(consumer);
        usd.approve(address(registrar), type(uint256).max);
        registrar.register(wish, 5e6);
        uint256 agentId = identity.register("ipfs://agent");
        jeju.approve(address(identity), type(uint256).max);
        identity.stake(agentId, 503 ether);
        vm.stopPrank();
        registrar.payTreasury();
        _arrives(address(usd), 5e6, "prices of names");

        vm.prank(admin);
        identity.slash(agentId, 101 ether, "evidence");
        identity.payTreasury();
        _arrives(address(jeju), 101 ether, "slashed stake of agents");

        ISequencerRegistry sequencers = ISequencerRegistry(memberOf("SequencerRegistry"));
        vm.startPrank(consumer);
        usd.approve(address(sequencers), type(uint256).max);
        sequencers.depositRevenue(1_000_003);
        vm.stopPrank();
        skipTime(1 days);
        sequencers.closeEpoch();
        sequencers.payTreasury();
        _arrives(address(usd), 1_000_003, "revenue of an epoch without sequencers");
    }

    function _spend(address asset, uint256 amount) private {
        vm.startPrank(admin);
        _grant("Treasury", "SPENDER_ROLE", admin);
        income.setLimit(asset, ITreasury.Limit(uint128(amount), 0));
        income.spend(asset, ITreasury.Bucket.Protocol, delegator, amount, "purpose");
        vm.stopPrank();
        vm.assertEq(income.withdraw(asset, delegator), amount);
        vm.assertEq(income.liabilities(asset), 0);
    }
}
