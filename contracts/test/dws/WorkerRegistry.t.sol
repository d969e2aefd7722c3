// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IVoucherChannels} from "../../src/dws/IVoucherChannels.sol";
import {IWorkerRegistry} from "../../src/dws/IWorkerRegistry.sol";
import {Namespaces} from "../../src/naming/Namespaces.sol";
import {VoucherChannels} from "../../src/dws/VoucherChannels.sol";
import {WorkerRegistry} from "../../src/dws/WorkerRegistry.sol";
import {NameBook} from "../support/NameBook.sol";
import {ChannelScene} from "./ChannelScene.sol";

contract WorkerRegistryTest is ChannelScene {
    WorkerRegistry internal registry;
    NameBook internal names;
    bytes32 internal constant PARENT = keccak256("jeju");
    bytes32 internal constant HARBOUR = keccak256(abi.encodePacked(PARENT, keccak256("harbour")));
    bytes32 internal constant NODE = "node";

    function setUp() public override {
        super.setUp();
        names = new NameBook(PARENT, address(this));
        names.setSubnodeOwner(PARENT, keccak256("harbour"), bob);
        registry = WorkerRegistry(
            _proxy(
                address(new WorkerRegistry()),
                abi.encodeCall(WorkerRegistry.initialize, (admin, address(names), address(book), address(billing)))
            )
        );
        channels = VoucherChannels(address(registry));
        book.add(NODE, carol, carol, "local", "worker");
        vm.startPrank(bob);
        subject = registry.createWorker(HARBOUR, "pilot");
        registry.publishVersion(subject, "code", "bafy");
        registry.activate(subject, 1);
        registry.setPrice(subject, IWorkerRegistry.PaymentMode.Prepaid, 1000);
        vm.stopPrank();
    }

    function _subjectEarned() internal view override returns (uint256) {
        return billing.claimableOf(bob);
    }

    function _speaker() internal view override returns (address) {
        return bob;
    }

    function _makeUnavailable() internal override {
        vm.prank(bob);
        registry.activate(subject, 0);
    }

    function _giveNameTo(address to) internal {
        names.setSubnodeOwner(PARENT, keccak256("harbour"), to);
    }

    function _notOwner(address caller) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IWorkerRegistry.WorkerRegistry_NotOwner.selector, subject, caller);
    }

    function test_AnybodyAddingEndpointsToAnyWorker_Refused() public {
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(IWorkerRegistry.WorkerRegistry_Assignment.selector, subject, NODE));
        registry.setEndpoint(subject, NODE, "https://evil");
        vm.prank(stranger);
        vm.expectRevert(_notOwner(stranger));
        registry.assignNode(subject, NODE, true);
        vm.prank(bob);
        registry.assignNode(subject, NODE, true);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IWorkerRegistry.WorkerRegistry_NotNode.selector, NODE, stranger));
        registry.setEndpoint(subject, NODE, "https://evil");
        vm.prank(carol);
        registry.setEndpoint(subject, NODE, "https://node");
        assertEq(registry.endpointsOf(subject)[0].url, "https://node");
    }

    function test_OnlyRegisteredProviderNodes_AreAssigned_AtMost32() public {
        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(IWorkerRegistry.WorkerRegistry_NotProvider.selector, bytes32("nobody")));
        registry.assignNode(subject, "nobody", true);
        for (uint256 i = 1; i <= 32; i++) {
            book.add(bytes32(i), carol, carol, "local", "worker");
            registry.assignNode(subject, bytes32(i), true);
        }
        vm.expectRevert(abi.encodeWithSelector(IWorkerRegistry.WorkerRegistry_Assignment.selector, subject, NODE));
        registry.assignNode(subject, NODE, true);
        registry.assignNode(subject, bytes32(uint256(1)), false);
        registry.assignNode(subject, NODE, true);
        assertEq(registry.endpointsOf(subject).length, 32);
    }

    function test_RevertWhen_AContentIdOrAnEndpointIsTooLong() public {
        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(IWorkerRegistry.WorkerRegistry_TooLong.selector, 129, 128));
        registry.publishVersion(subject, "code", string(new bytes(129)));
        registry.assignNode(subject, NODE, true);
        vm.stopPrank();
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(IWorkerRegistry.WorkerRegistry_TooLong.selector, 257, 256));
        registry.setEndpoint(subject, NODE, string(new bytes(257)));
    }

    function test_Node_IsAssignedOnce_AndRemovedOnce() public {
        bytes memory refusal = abi.encodeWithSelector(IWorkerRegistry.WorkerRegistry_Assignment.selector, subject, NODE);
        vm.startPrank(bob);
        vm.expectRevert(refusal);
        registry.assignNode(subject, NODE, false);
        registry.assignNode(subject, NODE, true);
        vm.expectRevert(refusal);
        registry.assignNode(subject, NODE, true);
        assertEq(registry.endpointsOf(subject).length, 1);
        registry.assignNode(subject, NODE, false);
        assertEq(registry.endpointsOf(subject).length, 0);
    }

    function test_RemovedNode_LosesItsEndpoint() public {
        vm.prank(bob);
        registry.assignNode(subject, NODE, true);
        vm.prank(carol);
        registry.setEndpoint(subject, NODE, "https://node");
        vm.startPrank(bob);
        registry.assignNode(subject, NODE, false);
        registry.assignNode(subject, NODE, true);
        assertEq(registry.endpointsOf(subject)[0].url, "");
    }

    function test_Money_MovesFromTheCallerToTheOwnerOfNow() public {
        bytes32 channelId = _open(100e6);
        _giveNameTo(carol);
        vm.prank(bob);
        vm.expectRevert();
        channels.closeChannel(channelId);
        channels.redeem(_voucher(channelId, 10e6), _sign("alice", _voucher(channelId, 10e6)));
        assertEq(billing.claimableOf(carol), 10e6, "owner of now");
        assertEq(billing.claimableOf(bob), 0);
        assertEq(usd.balanceOf(alice), 1e12 - 100e6, "the caller pays");
    }

    function test_WorkerWithoutOwner_EarnsNothing_AndThePayerLosesNothing() public {
        bytes32 channelId = _open(100e6);
        _giveNameTo(address(0));
        IVoucherChannels.Voucher memory voucher = _voucher(channelId, 10e6);
        bytes memory signature = _sign("alice", voucher);
        vm.expectRevert(IGoverned.Governed_ZeroAddress.selector);
        channels.redeem(voucher, signature);
        vm.prank(alice);
        channels.startClose(channelId);
        _skip(1 days);
        channels.closeChannel(channelId);
        assertEq(billing.creditsOf(alice), 100e6);
    }

    function test_Versions_CountUp_AndNeverChange() public {
        vm.startPrank(bob);
        assertEq(registry.publishVersion(subject, "two", "bafy2"), 2);
        assertEq(registry.version(subject, 1).codeHash, "code");
        vm.expectRevert(abi.encodeWithSelector(IWorkerRegistry.WorkerRegistry_InvalidVersion.selector, subject, 3));
        registry.activate(subject, 3);
        vm.expectRevert(abi.encodeWithSelector(IWorkerRegistry.WorkerRegistry_InvalidVersion.selector, subject, 3));
        registry.publishVersion(subject, 0, "");
    }

    function test_Route_BelongsToTheName_AndEndsWithItsOwner() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Namespaces.Namespaces_NotOwner.selector, HARBOUR, stranger));
        registry.setRoute(HARBOUR, subject);
        vm.prank(bob);
        registry.setRoute(HARBOUR, subject);
        assertEq(registry.route(HARBOUR), subject);
        _giveNameTo(carol);
        assertEq(registry.route(HARBOUR), bytes32(0));
    }

    function test_Stranger_CannotChangeAWorker() public {
        vm.startPrank(stranger);
        vm.expectRevert(_notOwner(stranger));
        registry.publishVersion(subject, "x", "");
        vm.expectRevert(_notOwner(stranger));
        registry.activate(subject, 0);
        vm.expectRevert(_notOwner(stranger));
        registry.setPrice(subject, IWorkerRegistry.PaymentMode.Free, 0);
        vm.expectRevert(abi.encodeWithSelector(Namespaces.Namespaces_NotOwner.selector, HARBOUR, stranger));
        registry.createWorker(HARBOUR, "other");
        expectMissingRole(stranger, bytes32(0));
        registry.setBilling(stranger);
    }

    function test_FreeWorker_HasNoPriceAndTakesNoMoney() public {
        vm.startPrank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                IWorkerRegistry.WorkerRegistry_InvalidPrice.selector, IWorkerRegistry.PaymentMode.Free, 1
            )
        );
        registry.setPrice(subject, IWorkerRegistry.PaymentMode.Free, 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IWorkerRegistry.WorkerRegistry_InvalidPrice.selector, IWorkerRegistry.PaymentMode.X402, 0
            )
        );
        registry.setPrice(subject, IWorkerRegistry.PaymentMode.X402, 0);
        registry.setPrice(subject, IWorkerRegistry.PaymentMode.Free, 0);
        vm.stopPrank();
        vm.prank(alice);
        vm.expectRevert();
        channels.openChannel(subject, "x", 1);
    }
}
