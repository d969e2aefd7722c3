// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {StoryScene} from "./StoryScene.sol";

/// @title A thousand leases at one node cost nobody more than ten do, over the whole suite
contract LeasesTest is StoryScene {
    uint256 private constant FEW = 10;
    uint256 private constant MANY = 1000;

    struct Costs {
        uint256 order;
        uint256 ready;
        uint256 extend;
        uint256 heartbeat;
        uint256 settle;
        uint256 replace;
        uint256 terminate;
        uint256 expire;
        uint256 slashProposal;
    }

    bytes32 private nodeId;
    bytes32 private offerId;
    bytes32 private otherOffer;

    function setUp() public override {
        super.setUp();
        nodeId = aProviderNode(operator, agent, "node");
        offerId = anOffer(operator, nodeId, KIND, PRICE, type(uint32).max);
        otherOffer = anOffer(operator, aProviderNode(operator, agent, "other"), KIND, PRICE, type(uint32).max);
        useGrace(nodeId, offerId);
    }

    function test_ThousandLeases_EveryOperationCostsTheSame_AndEachIsPaid() external {
        _order(0, FEW);
        // The first of all pays for slots that nobody has written yet.
        _costs();
        Costs memory few = _costs();
        _order(FEW, MANY);
        vm.assertEq(registry.node(nodeId).liveLeases, MANY);
        Costs memory many = _costs();
        vm.assertApproxEqAbs(many.order, few.order, 5000, "order");
        vm.assertApproxEqAbs(many.ready, few.ready, 5000, "report ready");
        vm.assertApproxEqAbs(many.extend, few.extend, 5000, "extend");
        vm.assertApproxEqAbs(many.heartbeat, few.heartbeat, 5000, "heartbeat");
        vm.assertApproxEqAbs(many.settle, few.settle, 5000, "settle");
        vm.assertApproxEqAbs(many.replace, few.replace, 5000, "replace");
        vm.assertApproxEqAbs(many.terminate, few.terminate, 5000, "terminate");
        vm.assertApproxEqAbs(many.expire, few.expire, 5000, "expire");
        vm.assertApproxEqAbs(many.slashProposal, few.slashProposal, 5000, "propose a slash");

        // And the last one is paid like the first.
        passWithHeartbeats(nodeId, 1 hours + WINDOW);
        (uint256 paid,) = provider.settleNode(provider.orderIdOf(consumer, bytes32(MANY - 1), 1));
        vm.assertEq(paid, PRICE);
    }

    function _order(uint256 from, uint256 to) private {
        for (uint256 i = from; i < to; i++) {
            becomeReady(placeOrder(offerId, KIND, bytes32(i)));
        }
    }

    // What each operation costs one more order; rolled back.
    function _costs() private returns (Costs memory costs) {
        uint256 before = vm.snapshotState();
        uint256 left = gasleft();
        bytes32 orderId = automatic(offerId, "one more");
        costs.order = left - gasleft();
        left = gasleft();
        becomeReady(orderId);
        costs.ready = left - gasleft();
        vm.prank(consumer);
        left = gasleft();
        offers.extendNode(orderId, 1);
        costs.extend = left - gasleft();
        skipTime(WINDOW + 10);
        left = gasleft();
        beat(nodeId);
        costs.heartbeat = left - gasleft();
        left = gasleft();
        provider.settleNode(orderId);
        costs.settle = left - gasleft();
        skipTime(HEARTBEAT_TIMEOUT + 1);
        beat(offers.offer(otherOffer).nodeId);
        left = gasleft();
        provider.replaceNode(orderId, otherOffer);
        costs.replace = left - gasleft();
        becomeReady(orderId);
        vm.prank(consumer);
        left = gasleft();
        provider.terminateNode(orderId);
        costs.terminate = left - gasleft();
        _fail(costs);
        vm.revertToState(before);
    }

    function _fail(Costs memory costs) private {
        beat(nodeId);
        bytes32 orderId = placeOrder(offerId, KIND, "never ready");
        passHeard(DEADLINE + 1);
        uint256 left = gasleft();
        provider.expireNode(orderId);
        costs.expire = left - gasleft();
        bytes32 factId = facts.recordFailedLease(orderId, 0, witness);
        left = gasleft();
        autoSlasher.propose(address(facts), factId);
        costs.slashProposal = left - gasleft();
    }
}
