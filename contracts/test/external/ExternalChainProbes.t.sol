// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {ExternalChainScene} from "./ExternalChainScene.sol";

/// @title Records of watchers
contract ExternalChainProbesTest is ExternalChainScene {
    function _sortedWatchers() private returns (address[] memory watchers, string[] memory keys) {
        keys = new string[](2);
        watchers = new address[](2);
        (keys[0], keys[1]) = ("watcher one", "watcher two");
        (watchers[0], watchers[1]) = (account(keys[0]), account(keys[1]));
        if (watchers[0] > watchers[1]) {
            (keys[0], keys[1]) = (keys[1], keys[0]);
            (watchers[0], watchers[1]) = (watchers[1], watchers[0]);
        }
        vm.startPrank(admin);
        offers.setWatcher(watchers[0], true);
        offers.setWatcher(watchers[1], true);
        vm.stopPrank();
    }

    function _probe(bytes32 orderId, uint32 firstSlot, uint32 slots) private {
        (address[] memory watchers, string[] memory keys) = _sortedWatchers();
        IExternalChainProvider.ProbeRecord memory record =
            IExternalChainProvider.ProbeRecord({orderId: orderId, placement: 0, firstSlot: firstSlot, slots: slots});
        bytes[] memory signatures = new bytes[](2);
        bytes32 digest = offers.probeDigest(record);
        signatures[0] = signatureOf(keys[0], digest);
        signatures[1] = signatureOf(keys[1], digest);
        vm.prank(stranger);
        offers.recordProbe(record, watchers, signatures);
    }

    function test_Probe_VoidsEachSecondOnceWhateverTheOrderOfRecords() external {
        bytes32 orderId = _ready("a");
        skipTime(30);
        _probe(orderId, 1, 1);
        vm.assertEq(offers.placementOf(orderId, 0).voidedSeconds, 10);
        _probe(orderId, 0, 3);
        vm.assertEq(offers.placementOf(orderId, 0).voidedSeconds, 30);
        _probe(orderId, 0, 3);
        vm.assertEq(offers.placementOf(orderId, 0).voidedSeconds, 30);
        _expectState(orderId, IExternalChainProvider.OrderState.Degraded);
        skipTime(1);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        _expectState(orderId, IExternalChainProvider.OrderState.Ready);
        skipTime(9);
        vm.prank(consumer);
        provider.terminateNode(orderId);
        _expectSettledExactly(orderId);
        vm.assertEq(offers.order(orderId).settled, uint256(PRICE) * 10 / 3600);
    }

    function test_Probe_BroughtAgain_DoesNotTakeTheLeaseFromANodeThatHasComeBack() external {
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, "a");
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        vm.prank(consumer);
        bytes32 orderId = provider.provisionNode(request);
        becomeReady(orderId);
        skipTime(20);
        _probe(orderId, 0, 2);
        skipTime(1);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        _expectState(orderId, IExternalChainProvider.OrderState.Ready);
        uint64 voidedAt = offers.placementOf(orderId, 0).voidedAt;

        // The watchers' signatures are public, and the objection window has not passed.
        skipTime(1);
        _probe(orderId, 0, 2);
        _probe(orderId, 1, 1);
        vm.assertEq(offers.placementOf(orderId, 0).voidedAt, voidedAt);
        _expectState(orderId, IExternalChainProvider.OrderState.Ready);
        vm.expectRevert(
            abi.encodeWithSelector(
                IExternalChainProvider.ExternalChainProvider_WrongState.selector,
                orderId,
                IExternalChainProvider.OrderState.Ready
            )
        );
        vm.prank(otherOperator);
        provider.replaceNode(orderId, otherOfferId);

        // Seconds that were not voided before are another matter.
        _probe(orderId, 1, 2);
        _expectState(orderId, IExternalChainProvider.OrderState.Degraded);
    }

    function test_Probe_LateSecondsAreNotTakenTwice() external {
        bytes32 orderId = _ready("a");
        skipTime(HEARTBEAT_TIMEOUT + 5);
        _probe(orderId, 3, 2);
        // Slots 30 to 50, of which 45 to 50 were late already.
        vm.assertEq(offers.placementOf(orderId, 0).voidedSeconds, 15);
        vm.assertEq(offers.order(orderId).earned, uint256(PRICE) * 30 / 3600);
    }

    function test_RevertWhen_ProbeIsTooOldOrInTheFuture() external {
        bytes32 orderId = _ready("a");
        skipTime(30);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_InvalidProbe.selector);
        this.probe(orderId, 3, 1);
        skipTime(1);
        vm.expectPartialRevert(IExternalChainProvider.ExternalChainProvider_InvalidProbe.selector);
        this.probe(orderId, 0, 1);
        this.probe(orderId, 1, 1);
    }

    function probe(bytes32 orderId, uint32 firstSlot, uint32 slots) external {
        _probe(orderId, firstSlot, slots);
    }

    function test_RevertWhen_QuorumIsNotReached() external {
        bytes32 orderId = _ready("a");
        skipTime(30);
        (address[] memory watchers, string[] memory keys) = _sortedWatchers();
        IExternalChainProvider.ProbeRecord memory record =
            IExternalChainProvider.ProbeRecord({orderId: orderId, placement: 0, firstSlot: 0, slots: 1});
        bytes[] memory signatures = new bytes[](2);
        signatures[0] = signatureOf(keys[0], offers.probeDigest(record));
        signatures[1] = signatures[0];
        bytes4 invalid = IExternalChainProvider.ExternalChainProvider_InvalidQuorum.selector;
        vm.expectPartialRevert(invalid);
        offers.recordProbe(record, watchers, signatures);
        // One watcher twice is one watcher.
        watchers[1] = watchers[0];
        vm.expectPartialRevert(invalid);
        offers.recordProbe(record, watchers, signatures);
        vm.expectPartialRevert(invalid);
        offers.recordProbe(record, new address[](0), new bytes[](0));
    }
}
