// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {IExternalLeases} from "../../src/external/IExternalLeases.sol";
import {IExternalOffers} from "../../src/external/IExternalOffers.sol";
import {ExternalChainScene} from "./ExternalChainScene.sol";

/// @title The states of an order: only the transitions of the interface's table, whatever is called, by whomever, whenever
contract ExternalChainStatesTest is ExternalChainScene {
    uint256 private constant STEPS = 24;
    uint256 private constant STATES = 8;
    bytes4 private constant PANIC = bytes4(keccak256("Panic(uint256)"));

    bool[STATES][STATES] private _allowed;

    function setUp() public override {
        super.setUp();
        _allow(IExternalChainProvider.OrderState.Requested, IExternalChainProvider.OrderState.Ready);
        // A node that is late when it reports is degraded at once.
        _allow(IExternalChainProvider.OrderState.Requested, IExternalChainProvider.OrderState.Degraded);
        _allow(IExternalChainProvider.OrderState.Requested, IExternalChainProvider.OrderState.Unserved);
        _allow(IExternalChainProvider.OrderState.Requested, IExternalChainProvider.OrderState.Ended);
        _allow(IExternalChainProvider.OrderState.Unserved, IExternalChainProvider.OrderState.Requested);
        _allow(IExternalChainProvider.OrderState.Unserved, IExternalChainProvider.OrderState.Ended);
        _allow(IExternalChainProvider.OrderState.Ready, IExternalChainProvider.OrderState.Degraded);
        _allow(IExternalChainProvider.OrderState.Ready, IExternalChainProvider.OrderState.Expired);
        _allow(IExternalChainProvider.OrderState.Ready, IExternalChainProvider.OrderState.Ended);
        _allow(IExternalChainProvider.OrderState.Degraded, IExternalChainProvider.OrderState.Ready);
        _allow(IExternalChainProvider.OrderState.Degraded, IExternalChainProvider.OrderState.Requested);
        _allow(IExternalChainProvider.OrderState.Degraded, IExternalChainProvider.OrderState.Expired);
        _allow(IExternalChainProvider.OrderState.Degraded, IExternalChainProvider.OrderState.Ended);
        _allow(IExternalChainProvider.OrderState.Expired, IExternalChainProvider.OrderState.Ended);
        // An order that is ended long after its time is settled in the same call.
        _allow(IExternalChainProvider.OrderState.Expired, IExternalChainProvider.OrderState.Settled);
        _allow(IExternalChainProvider.OrderState.Ended, IExternalChainProvider.OrderState.Settled);
    }

    function _allow(IExternalChainProvider.OrderState from, IExternalChainProvider.OrderState to) private {
        _allowed[uint256(from)][uint256(to)] = true;
    }

    function testFuzz_States_ChangeOnlyAsTheTableSays(uint256 seed) external {
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, "states");
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        request.leaseHours = 1;
        vm.prank(consumer);
        bytes32 orderId = provider.provisionNode(request);
        IExternalChainProvider.OrderState state = IExternalChainProvider.OrderState.Requested;
        for (uint256 i = 0; i < STEPS; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            _act(orderId, seed % 13, seed >> 128);
            IExternalChainProvider.OrderState next = provider.stateOf(orderId);
            vm.assertTrue(
                next == state || _allowed[uint256(state)][uint256(next)],
                string.concat(vm.toString(uint256(state)), " became ", vm.toString(uint256(next)))
            );
            state = next;
        }
    }

    // Any of the calls and any of the times; what is not allowed at the moment reverts, and changes nothing.
    function _act(bytes32 orderId, uint256 action, uint256 draw) private {
        address[4] memory callers = [consumer, agent, operator, stranger];
        address caller = callers[draw % 4];
        if (action < 3) {
            uint256[5] memory times = [uint256(10), WINDOW, HEARTBEAT_TIMEOUT + 1, DEADLINE + 1, 1 hours];
            skipTime(times[draw % 5]);
        } else if (action == 3) {
            _call(agent, address(registry), abi.encodeCall(registry.heartbeat, (nodeId)));
        } else if (action == 4) {
            _call(agent, address(registry), abi.encodeCall(registry.heartbeat, (otherNodeId)));
        } else if (action < 7) {
            _call(
                agent, address(provider), abi.encodeCall(IExternalLeases.reportNodeReady, (orderId, anEndpoint(), ""))
            );
        } else if (action == 7) {
            _call(caller, address(provider), abi.encodeCall(IExternalLeases.terminateNode, (orderId)));
        } else if (action == 8) {
            _call(caller, address(provider), abi.encodeCall(IExternalLeases.releaseNode, (orderId)));
        } else if (action == 9) {
            _call(caller, address(provider), abi.encodeCall(IExternalLeases.expireNode, (orderId)));
        } else if (action == 10) {
            bytes32 offer = draw & 16 == 0 ? otherOfferId : offerId;
            _call(caller, address(provider), abi.encodeCall(IExternalLeases.replaceNode, (orderId, offer)));
        } else if (action == 11) {
            _call(caller, address(provider), abi.encodeCall(IExternalLeases.settleNode, (orderId)));
        } else {
            _call(consumer, address(provider), abi.encodeCall(IExternalOffers.extendNode, (orderId, 1)));
        }
    }

    function _call(address caller, address target, bytes memory data) private {
        vm.prank(caller);
        (bool done, bytes memory reason) = target.call(data);
        // Refused is as good as done, but for a reason that has a name.
        if (!done) vm.assertTrue(bytes4(reason) != bytes4(0) && bytes4(reason) != PANIC, "a reason");
    }

    function test_States_OfAWholeLife_AreThoseOfTheTable() external {
        bytes32 orderId = _failover("life");
        _expectState(orderId, IExternalChainProvider.OrderState.Ready);
        skipTime(HEARTBEAT_TIMEOUT + 1);
        _expectState(orderId, IExternalChainProvider.OrderState.Degraded);
        vm.prank(agent);
        registry.heartbeat(otherNodeId);
        provider.replaceNode(orderId, otherOfferId);
        _expectState(orderId, IExternalChainProvider.OrderState.Requested);
        skipTime(DEADLINE + 1);
        _expectState(orderId, IExternalChainProvider.OrderState.Unserved);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        provider.replaceNode(orderId, offerId);
        becomeReady(orderId);
        vm.warp(offers.order(orderId).expiresAt);
        _expectState(orderId, IExternalChainProvider.OrderState.Expired);
        provider.expireNode(orderId);
        _expectState(orderId, IExternalChainProvider.OrderState.Ended);
        skipTime(WINDOW);
        provider.settleNode(orderId);
        _expectState(orderId, IExternalChainProvider.OrderState.Settled);
    }
}
