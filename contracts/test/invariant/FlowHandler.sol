// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {DWSBilling} from "../../src/dws/DWSBilling.sol";
import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {DWSProviderRegistry} from "../../src/dws/DWSProviderRegistry.sol";
import {ExternalChainProvider} from "../../src/external/ExternalChainProvider.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {IExternalOffers} from "../../src/external/IExternalOffers.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {DelegatedNodeStaking} from "../../src/staking/DelegatedNodeStaking.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {Test} from "../base/Test.sol";

/// @title Acts on the flow as operators, agents, consumers, delegators, slasher and strangers do, with time in between
/// @notice Each action first asks whether it is allowed; what is allowed must not revert.
contract FlowHandler is Test {
    struct Actors {
        address admin;
        address stranger;
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
    /// @notice What was sent to the staking contract by mistake and is still there, per asset.
    mapping(address asset => uint256) public lost;
    /// @notice How often a sweep took anything but that and, of rewards, the dust of the collections so far.
    uint256 public misswept;
    uint256 private _collections;
    /// @notice How often the price of a delegated share fell by anything but a slash.
    uint256 public cheapened;
    /// @notice How often a number fell, or did not grow, that only grows: what was funded, paid and refunded of an order, the generation of a salt.
    uint256 public fell;
    /// @notice How often an exit was refused while everything that can be paused was.
    uint256 public refusedExits;
    mapping(bytes32 stakingNodeId => IDelegatedNodeStaking.Node) private _lastNode;
    mapping(bytes32 orderId => IDWSBilling.Escrow) private _lastEscrow;
    mapping(address consumer => uint64) private _generations;
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
        // Each action divides rewards at most a few times: a position, and the stream of its node.
        _collections += 4;
        for (uint256 i = 0; i < orders.length; i++) {
            IExternalChainProvider.OrderState state = PROVIDER.stateOf(orders[i]);
            bool over =
                state == IExternalChainProvider.OrderState.Ended || state == IExternalChainProvider.OrderState.Settled;
            if (ended[orders[i]] && !over) revived++;
            if (over) ended[orders[i]] = true;
            _watchEscrow(orders[i]);
        }
        for (uint256 i = 0; i < _actors.nodeIds.length; i++) {
            _watchShare(REGISTRY.stakingNodeOf(_actors.nodeIds[i]));
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
        request.salt = _saltOf(consumer);
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
        (bytes32 latest, uint64 generation,) = OFFERS.latestOrder(consumer, request.salt);
        if (latest != orders[orders.length - 1]) fell++;
        if (request.salt != bytes32(_salt)) {
            if (generation != _generations[consumer] + 1) fell++;
            _generations[consumer] = generation;
        }
    }

    // A name of his own that a consumer uses again when its last lease is over, else a new one.
    function _saltOf(address consumer) private returns (bytes32 salt) {
        salt = bytes32(uint256(uint160(consumer)));
        (,, IExternalChainProvider.OrderState state) = OFFERS.latestOrder(consumer, salt);
        bool isFree = state != IExternalChainProvider.OrderState.Requested
            && state != IExternalChainProvider.OrderState.Ready && state != IExternalChainProvider.OrderState.Degraded;
        return isFree ? salt : bytes32(++_salt);
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
        // The next one that has lost its node, so that failovers are not rare.
        bytes32 orderId = _pick(orders, which);
        for (uint256 i = 0; i < orders.length && !_hasLostItsNode(orderId); i++) {
            orderId = _pick(orders, which % orders.length + i);
        }
        if (!_hasLostItsNode(orderId)) return;
        IExternalChainProvider.Offer memory offer = OFFERS.offer(_pick(_actors.offerIds, whichOffer));
        IExternalChainProvider.Order memory info = OFFERS.order(orderId);
        if (!offer.available || offer.nodeId == info.nodeId) return;
        if (OFFERS.pendingOf(info.consumer, offer.nodeId) >= OFFERS.parameters().maxPendingPerPair) return;
        done[this.replace.selector]++;
        PROVIDER.replaceNode(orderId, offer.offerId);
    }

    function _hasLostItsNode(bytes32 orderId) private view returns (bool) {
        IExternalChainProvider.Order memory info = OFFERS.order(orderId);
        bool isOpen = info.state == IExternalChainProvider.OrderState.Degraded
            || info.state == IExternalChainProvider.OrderState.Unserved;
        return isOpen && info.failover != IExternalChainProvider.FailoverPolicy.None && info.placements < 8;
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

    // Somebody takes the contract for an account.
    function lose(uint256 who, uint256 amount, uint256 which) external counted {
        address asset = which % 2 == 0 ? STAKING.stakeAsset() : STAKING.rewardAsset();
        amount = within(amount, 1, 1e6);
        done[this.lose.selector]++;
        lost[asset] += amount;
        vm.prank(_actors.delegators[who % _actors.delegators.length]);
        IERC20(asset).transfer(address(STAKING), amount);
    }

    function sweep(uint256 which) external counted {
        bool stake = which % 2 == 0;
        address asset = stake ? STAKING.stakeAsset() : STAKING.rewardAsset();
        vm.prank(_actors.stranger);
        (bool success, bytes memory answer) = address(STAKING).call(abi.encodeCall(STAKING.sweepSurplus, (asset)));
        if (!success) {
            if (lost[asset] != 0) misswept++;
            return;
        }
        uint256 amount = abi.decode(answer, (uint256));
        uint256 most = lost[asset] + (stake ? 0 : _collections);
        if (amount < lost[asset] || amount > most) misswept++;
        lost[asset] = 0;
        if (!stake) _collections = 0;
        done[this.sweep.selector]++;
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

    // ---------------------------------------------------------------- pauses and strangers

    /// @notice Everything that can be paused is, and somebody leaves all the same.
    function leaveWhilePaused(uint256 which, uint256 way, uint256 amount) external {
        bytes[8] memory exits = [
            abi.encodeCall(this.terminate, (which)),
            abi.encodeCall(this.release, (which)),
            abi.encodeCall(this.expire, (which)),
            abi.encodeCall(this.settle, (which)),
            abi.encodeCall(this.withdrawCredits, (which, amount)),
            abi.encodeCall(this.undelegate, (which, amount, amount)),
            abi.encodeCall(this.withdraw, (which, amount)),
            abi.encodeCall(this.collect, (which, amount))
        ];
        bytes memory exit = exits[way % exits.length];
        uint256 before = done[bytes4(exit)];
        _pauseAll(true);
        (bool isOpen,) = address(this).call(exit);
        _pauseAll(false);
        if (!isOpen) refusedExits++;
        else if (done[bytes4(exit)] != before) done[this.leaveWhilePaused.selector]++;
    }

    /// @notice A stranger calls what there is. Whether he is refused or not, he gains nothing.
    function meddle(uint256 which, uint256 way, uint256 draw) external counted {
        bytes32 orderId = orders.length == 0 ? bytes32(0) : _pick(orders, which);
        bytes32 nodeId = REGISTRY.stakingNodeOf(_pick(_actors.nodeIds, which));
        address other = draw % 2 == 0 ? _actors.operator : _actors.delegators[draw % _actors.delegators.length];
        bytes[16] memory calls = [
            abi.encodeCall(PROVIDER.settleNode, (orderId)),
            abi.encodeCall(PROVIDER.expireNode, (orderId)),
            abi.encodeCall(PROVIDER.terminateNode, (orderId)),
            abi.encodeCall(PROVIDER.releaseNode, (orderId)),
            abi.encodeCall(PROVIDER.replaceNode, (orderId, _pick(_actors.offerIds, draw))),
            abi.encodeCall(OFFERS.extendNode, (orderId, 1)),
            abi.encodeCall(STAKING.withdraw, (nodeId, other)),
            abi.encodeCall(STAKING.collectRewards, (nodeId, other)),
            abi.encodeCall(STAKING.claimRewardsFor, (other)),
            abi.encodeCall(STAKING.undelegate, (nodeId, type(uint256).max)),
            abi.encodeCall(STAKING.unstake, (nodeId, 1)),
            abi.encodeCall(STAKING.slash, (nodeId, bytes32(draw), draw, _actors.stranger, draw)),
            abi.encodeCall(BILLING.refundEscrow, (orderId, 1)),
            abi.encodeCall(BILLING.payAccount, (orderId, _actors.stranger, 1)),
            abi.encodeCall(BILLING.withdraw, (1)),
            abi.encodeCall(STAKING.grantRole, (draw % 2 == 0 ? bytes32(0) : STAKING.SLASHER_ROLE(), _actors.stranger))
        ];
        address[16] memory targets;
        for (uint256 i = 0; i < 16; i++) {
            targets[i] = i < 6 ? address(PROVIDER) : i < 12 || i == 15 ? address(STAKING) : address(BILLING);
        }
        vm.prank(_actors.stranger);
        (bool taken,) = targets[way % 16].call(calls[way % 16]);
        if (taken) done[this.meddle.selector]++;
    }

    function _pauseAll(bool isPaused) private {
        address[4] memory contracts = [address(STAKING), address(REGISTRY), address(BILLING), address(PROVIDER)];
        vm.startPrank(_actors.admin);
        for (uint256 i = 0; i < contracts.length; i++) {
            bytes32[] memory actions = IGoverned(contracts[i]).pausableActions();
            for (uint256 j = 0; j < actions.length; j++) {
                if (isPaused) IGoverned(contracts[i]).pauseAction(actions[j]);
                else IGoverned(contracts[i]).resumeAction(actions[j]);
            }
        }
        vm.stopPrank();
    }

    function _watchEscrow(bytes32 orderId) private {
        IDWSBilling.Escrow memory present = BILLING.escrow(address(PROVIDER), orderId);
        IDWSBilling.Escrow storage last = _lastEscrow[orderId];
        if (present.funded < last.funded || present.paid < last.paid || present.refunded < last.refunded) fell++;
        _lastEscrow[orderId] = present;
    }

    // Compared as fractions, so that no rounding hides anything.
    function _watchShare(bytes32 stakingNodeId) private {
        IDelegatedNodeStaking.Node memory present = STAKING.node(stakingNodeId);
        IDelegatedNodeStaking.Node storage last = _lastNode[stakingNodeId];
        bool isHeld = last.delegatedShares != 0 && present.delegatedShares != 0;
        bool isLess = present.delegatedStake * last.delegatedShares < last.delegatedStake * present.delegatedShares;
        if (isHeld && isLess && msg.sig != this.slash.selector) cheapened++;
        _lastNode[stakingNodeId] = present;
    }

    function _pick(bytes32[] storage list, uint256 which) private view returns (bytes32) {
        return list[which % list.length];
    }
}
