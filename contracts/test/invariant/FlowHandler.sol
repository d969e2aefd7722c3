// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DWSBilling} from "../../src/dws/DWSBilling.sol";
import {DWSProviderRegistry} from "../../src/dws/DWSProviderRegistry.sol";
import {ExternalChainProvider} from "../../src/external/ExternalChainProvider.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {IExternalOffers} from "../../src/external/IExternalOffers.sol";
import {DelegatedNodeStaking} from "../../src/staking/DelegatedNodeStaking.sol";
import {Test} from "../base/Test.sol";

/// @title Acts on the flow as operators, agents, consumers, delegators, slasher and strangers do, with time in between
/// @notice Each action first asks whether it is allowed; what is allowed must not revert.
contract FlowHandler is Test {
    struct Actors {
        address operator;
        address agent;
        address slasher;
        address[] consumers;
        address[] delegators;
        bytes32[] nodeIds;
        bytes32[] offerIds;
        bytes32 kind;
        bytes32 network;
    }

    uint256 private constant MAXIMUM_ORDERS = 24;

    DelegatedNodeStaking private immutable STAKING;
    DWSProviderRegistry private immutable REGISTRY;
    DWSBilling private immutable BILLING;
    ExternalChainProvider private immutable PROVIDER;
    IExternalOffers private immutable OFFERS;
    Actors private _actors;

    bytes32[] public orders;
    mapping(bytes32 orderId => bool) public ended;
    uint256 public revived;
    uint256 public slashed;
    /// @notice How often an action was done, and not only asked for.
    mapping(bytes4 action => uint256) public done;
    uint256 private _salt;

    constructor(
        DelegatedNodeStaking staking,
        DWSProviderRegistry registry,
        DWSBilling billing,
        ExternalChainProvider provider,
        Actors memory actors
    ) {
        STAKING = staking;
        REGISTRY = registry;
        BILLING = billing;
        PROVIDER = provider;
        OFFERS = IExternalOffers(address(provider));
        _actors = actors;
    }

    modifier counted() {
        _;
        for (uint256 i = 0; i < orders.length; i++) {
            IExternalChainProvider.OrderState state = PROVIDER.stateOf(orders[i]);
            bool over =
                state == IExternalChainProvider.OrderState.Ended || state == IExternalChainProvider.OrderState.Settled;
            if (ended[orders[i]] && !over) revived++;
            if (over) ended[orders[i]] = true;
        }
    }

    function orderCount() external view returns (uint256) {
        return orders.length;
    }

    // ---------------------------------------------------------------- time

    // Now and then the agents fall silent; most of the time they report.
    function pass(uint256 elapsed, uint8 silence) external counted {
        skipTime(within(elapsed, 1, 2 hours));
        for (uint256 i = 0; i < _actors.nodeIds.length; i++) {
            if (silence % 4 == i) continue;
            vm.prank(_actors.agent);
            REGISTRY.heartbeat(_actors.nodeIds[i]);
        }
    }

    function beat(uint256 which) external counted {
        vm.prank(_actors.agent);
        REGISTRY.heartbeat(_pick(_actors.nodeIds, which));
    }

    // ---------------------------------------------------------------- leases

    function order(uint256 who, uint256 which, uint256 leaseHours, bool failover) external counted {
        bytes32 offerId = _pick(_actors.offerIds, which);
        IExternalChainProvider.Offer memory offer = OFFERS.offer(offerId);
        address consumer = _actors.consumers[who % _actors.consumers.length];
        if (!offer.available || orders.length >= MAXIMUM_ORDERS) return;
        if (OFFERS.pendingOf(consumer, offer.nodeId) >= OFFERS.parameters().maxPendingPerPair) return;
        IExternalChainProvider.OrderRequest memory request;
        request.salt = bytes32(++_salt);
        request.offerId = offerId;
        request.kind = _actors.kind;
        request.network = _actors.network;
        request.leaseHours = uint32(within(leaseHours, 1, 6));
        request.maxPricePerHour = type(uint128).max;
        request.encryptionKey = "key";
        if (failover) request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        done[this.order.selector]++;
        vm.prank(consumer);
        orders.push(PROVIDER.provisionNode(request));
    }

    function ready(uint256 which) external counted {
        if (orders.length == 0) return;
        // The next one that waits, so that most orders are served.
        bytes32 orderId = _pick(orders, which);
        for (uint256 i = 0; i < orders.length; i++) {
            if (PROVIDER.stateOf(orderId) == IExternalChainProvider.OrderState.Requested) break;
            orderId = _pick(orders, which % orders.length + i);
        }
        if (PROVIDER.stateOf(orderId) != IExternalChainProvider.OrderState.Requested) return;
        IExternalChainProvider.Endpoint memory endpoint;
        endpoint.host = "h";
        endpoint.ports = new uint16[](1);
        done[this.ready.selector]++;
        vm.prank(_actors.agent);
        PROVIDER.reportNodeReady(orderId, endpoint, "");
    }

    function terminate(uint256 which) external counted {
        if (orders.length == 0) return;
        bytes32 orderId = _pick(orders, which);
        if (ended[orderId]) return;
        done[this.terminate.selector]++;
        vm.prank(OFFERS.order(orderId).consumer);
        PROVIDER.terminateNode(orderId);
    }

    function release(uint256 which) external counted {
        if (orders.length == 0) return;
        bytes32 orderId = _pick(orders, which);
        if (ended[orderId]) return;
        done[this.release.selector]++;
        vm.prank(_actors.agent);
        PROVIDER.releaseNode(orderId);
    }

    function expire(uint256 which) external counted {
        if (orders.length == 0) return;
        bytes32 orderId = _pick(orders, which);
        IExternalChainProvider.OrderState state = PROVIDER.stateOf(orderId);
        bool unserved = state == IExternalChainProvider.OrderState.Unserved;
        if (!unserved && state != IExternalChainProvider.OrderState.Expired) return;
        done[this.expire.selector]++;
        vm.prank(OFFERS.order(orderId).consumer);
        PROVIDER.expireNode(orderId);
    }

    function replace(uint256 which, uint256 whichOffer) external counted {
        if (orders.length == 0) return;
        bytes32 orderId = _pick(orders, which);
        IExternalChainProvider.Offer memory offer = OFFERS.offer(_pick(_actors.offerIds, whichOffer));
        IExternalChainProvider.Order memory info = OFFERS.order(orderId);
        bool open = info.state == IExternalChainProvider.OrderState.Degraded
            || info.state == IExternalChainProvider.OrderState.Unserved;
        if (!open || info.failover == IExternalChainProvider.FailoverPolicy.None || info.placements >= 8) return;
        if (!offer.available || offer.nodeId == info.nodeId) return;
        if (OFFERS.pendingOf(info.consumer, offer.nodeId) >= OFFERS.parameters().maxPendingPerPair) return;
        done[this.replace.selector]++;
        PROVIDER.replaceNode(orderId, offer.offerId);
    }

    function extend(uint256 which) external counted {
        if (orders.length == 0) return;
        bytes32 orderId = _pick(orders, which);
        IExternalChainProvider.Order memory info = OFFERS.order(orderId);
        bool open = info.state == IExternalChainProvider.OrderState.Ready
            || info.state == IExternalChainProvider.OrderState.Requested;
        if (!open || !REGISTRY.isAvailable(info.nodeId)) return;
        done[this.extend.selector]++;
        vm.prank(info.consumer);
        OFFERS.extendNode(orderId, 1);
    }

    function settle(uint256 which) external counted {
        if (orders.length == 0) return;
        (uint256 paid,) = PROVIDER.settleNode(_pick(orders, which));
        if (paid != 0) done[this.settle.selector]++;
    }

    function withdrawCredits(uint256 who, uint256 amount) external counted {
        address consumer = _actors.consumers[who % _actors.consumers.length];
        uint256 credits = BILLING.creditsOf(consumer);
        if (credits == 0) return;
        done[this.withdrawCredits.selector]++;
        vm.prank(consumer);
        BILLING.withdraw(within(amount, 1, credits));
    }

    // ---------------------------------------------------------------- stake

    function delegate(uint256 who, uint256 which, uint256 amount) external counted {
        bytes32 nodeId = REGISTRY.stakingNodeOf(_pick(_actors.nodeIds, which));
        amount = within(amount, 100 ether, 5000 ether);
        uint256 self = STAKING.node(nodeId).selfStake;
        if (self * 10 < STAKING.activeStakeOf(nodeId) + amount) return;
        done[this.delegate.selector]++;
        vm.prank(_actors.delegators[who % _actors.delegators.length]);
        STAKING.delegate(nodeId, amount);
    }

    function undelegate(uint256 who, uint256 which, uint256 amount) external counted {
        bytes32 nodeId = REGISTRY.stakingNodeOf(_pick(_actors.nodeIds, which));
        address delegator = _actors.delegators[who % _actors.delegators.length];
        (uint256 shares, uint256 worth) = STAKING.delegationOf(nodeId, delegator);
        if (shares == 0 || STAKING.unbondingRequestsOf(nodeId, delegator).length >= 32) return;
        amount = within(amount, 1, shares);
        // Too small a rest may not stay.
        if (worth - worth * amount / shares < 101 ether) amount = shares;
        done[this.undelegate.selector]++;
        vm.prank(delegator);
        STAKING.undelegate(nodeId, amount);
    }

    function bond(uint256 which, uint256 amount) external counted {
        bytes32 nodeId = REGISTRY.stakingNodeOf(_pick(_actors.nodeIds, which));
        done[this.bond.selector]++;
        // Enough to back the services again after a slash.
        vm.prank(_actors.operator);
        STAKING.stake(nodeId, within(amount, 10_008 ether, 30_000 ether));
    }

    function withdraw(uint256 who, uint256 which) external counted {
        bytes32 nodeId = REGISTRY.stakingNodeOf(_pick(_actors.nodeIds, which));
        uint256 paid = STAKING.withdraw(nodeId, _actors.delegators[who % _actors.delegators.length]);
        if (paid != 0) done[this.withdraw.selector]++;
    }

    function collect(uint256 who, uint256 which) external counted {
        bytes32 nodeId = REGISTRY.stakingNodeOf(_pick(_actors.nodeIds, which));
        address delegator = _actors.delegators[who % _actors.delegators.length];
        STAKING.collectRewards(nodeId, delegator);
        if (STAKING.claimableRewardsOf(delegator) == 0) return;
        done[this.collect.selector]++;
        vm.prank(delegator);
        STAKING.claimRewards();
    }

    function slash(uint256 which, uint256 amount) external counted {
        bytes32 nodeId = REGISTRY.stakingNodeOf(_pick(_actors.nodeIds, which));
        // Small slashes most of the time, now and then the whole own bond and some of the delegators', or everything.
        if (amount % 64 == 0) amount = type(uint128).max;
        else if (amount % 16 == 1) amount = STAKING.node(nodeId).selfStake + within(amount, 1, 300 ether);
        else amount = within(amount, 1, 300 ether);
        vm.prank(_actors.slasher);
        (uint256 own, uint256 delegated) =
            STAKING.slash(nodeId, bytes32(++_salt), amount, _actors.consumers[0], 1 ether);
        slashed += own + delegated;
        if (delegated != 0) done[this.slash.selector]++;
    }

    function _pick(bytes32[] storage list, uint256 which) private view returns (bytes32) {
        return list[which % list.length];
    }
}
