// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ComputeRegistry} from "../../src/registry/ComputeRegistry.sol";
import {DWSServiceProvisioning} from "../../src/dws/DWSServiceProvisioning.sol";
import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {Namespaces} from "../../src/naming/Namespaces.sol";
import {BillingDesk} from "../support/BillingDesk.sol";
import {NameBook} from "../support/NameBook.sol";
import {ProviderBook} from "../support/ProviderBook.sol";
import {Scene} from "../support/Scene.sol";
import {PlainToken} from "../support/Tokens.sol";

contract DWSServiceProvisioningTest is Scene {
    DWSServiceProvisioning internal provisioning;
    ComputeRegistry internal compute;
    ProviderBook internal book;
    BillingDesk internal billing;
    NameBook internal names;
    PlainToken internal usd;
    address internal monitor;
    bytes32 internal serviceId;
    bytes32 internal constant PARENT = keccak256("jeju");
    bytes32 internal constant HARBOUR = keccak256(abi.encodePacked(PARENT, keccak256("harbour")));
    bytes32 internal constant ONE = "one";
    bytes32 internal constant TWO = "two";
    uint128 internal constant PRICE = 3_600_000;

    function setUp() public virtual {
        monitor = account("monitor");
        usd = new PlainToken(6);
        book = new ProviderBook();
        billing = new BillingDesk(usd);
        names = new NameBook(PARENT, address(this));
        names.setSubnodeOwner(PARENT, keccak256("harbour"), alice);
        compute = ComputeRegistry(
            _proxy(address(new ComputeRegistry()), abi.encodeCall(ComputeRegistry.initialize, (admin, address(book))))
        );
        provisioning = DWSServiceProvisioning(
            _proxy(
                address(new DWSServiceProvisioning()),
                abi.encodeCall(
                    DWSServiceProvisioning.initialize,
                    (admin, address(names), address(book), address(compute), address(billing))
                )
            )
        );
        vm.startPrank(admin);
        compute.grantRole(compute.SELLER_ROLE(), address(provisioning));
        provisioning.grantRole(provisioning.MONITOR_ROLE(), monitor);
        provisioning.grantRole(provisioning.PAUSER_ROLE(), guardian);
        vm.stopPrank();
        _node(ONE, 8);
        _node(TWO, 8);
        usd.mint(alice, 1e15);
        vm.startPrank(alice);
        usd.approve(address(billing), type(uint256).max);
        serviceId = provisioning.defineService(HARBOUR, "pilot", _definition());
        vm.stopPrank();
    }

    function _node(bytes32 nodeId, uint16 cores) internal {
        book.add(nodeId, bob, bob, "local", "compute");
        IComputeRegistry.Capability memory capability;
        capability.cores = cores;
        capability.memoryMb = 16_384;
        capability.pricePerHour = PRICE;
        capability.slots = 4;
        capability.active = true;
        vm.prank(bob);
        compute.setCapability(nodeId, capability);
    }

    function _definition() internal pure returns (IDWSServiceProvisioning.Definition memory definition) {
        definition.runtime = IDWSServiceProvisioning.Runtime.Container;
        definition.cores = 4;
        definition.memoryMb = 8192;
        definition.minimumInstances = 2;
        definition.maximumPricePerHour = PRICE;
        definition.codeHash = "code";
        definition.contentId = "bafy";
    }

    function _assign(bytes32 nodeId, uint32 leaseHours) internal {
        vm.prank(alice);
        provisioning.assign(serviceId, nodeId, leaseHours);
    }

    function _live(bytes32 nodeId, uint32 version) internal {
        vm.prank(bob);
        provisioning.reportLive(serviceId, nodeId, version, "https://node");
    }

    function _bothLive() internal {
        _assign(ONE, 10);
        _assign(TWO, 10);
        _live(ONE, 1);
        _live(TWO, 1);
    }

    function _expectState(bytes32 nodeId, IDWSServiceProvisioning.DeploymentState state) internal view {
        assertEq(uint256(provisioning.stateOf(serviceId, nodeId)), uint256(state), "state");
    }

    function _earned(bytes32 nodeId) internal view returns (uint256) {
        return billing.paidToNode(book.stakingNodeOf(nodeId));
    }

    function _finish(bytes32 nodeId) internal {
        (uint256 payableNow, uint256 refundable) = provisioning.settleable(serviceId, nodeId);
        if (payableNow != 0) provisioning.settle(serviceId, nodeId);
        if (refundable != 0) provisioning.refund(serviceId, nodeId);
    }

    function test_Service_IsActive_AtTheMinimumNumberOfInstances() public {
        _assign(ONE, 10);
        _assign(TWO, 10);
        _live(ONE, 1);
        assertFalse(provisioning.isActive(serviceId));
        assertEq(provisioning.endpointsOf(serviceId).length, 0);
        _live(TWO, 1);
        assertTrue(provisioning.isActive(serviceId));
        assertEq(provisioning.endpointsOf(serviceId).length, 2);
    }

    function test_RevertWhen_ADefinitionIsIncompleteOrTooLong() public {
        IDWSServiceProvisioning.Definition memory definition = _definition();
        definition.contentId = string(new bytes(129));
        _expectRefused(
            definition,
            abi.encodeWithSelector(IDWSServiceProvisioning.DWSServiceProvisioning_TooLong.selector, 129, 128)
        );
        definition = _definition();
        definition.codeHash = 0;
        _expectRefused(definition, _invalid("codeHash"));
        definition = _definition();
        definition.minimumInstances = 0;
        _expectRefused(definition, _invalid("minimumInstances"));
        definition.minimumInstances = 17;
        _expectRefused(definition, _invalid("minimumInstances"));
        definition = _definition();
        definition.maximumPricePerHour = 0;
        _expectRefused(definition, _invalid("maximumPricePerHour"));
    }

    function test_RevertWhen_AnEndpointIsTooLong() public {
        _assign(ONE, 1);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(IDWSServiceProvisioning.DWSServiceProvisioning_TooLong.selector, 257, 256)
        );
        provisioning.reportLive(serviceId, ONE, 1, string(new bytes(257)));
    }

    function _expectRefused(IDWSServiceProvisioning.Definition memory definition, bytes memory refusal) private {
        vm.prank(alice);
        vm.expectRevert(refusal);
        provisioning.update(serviceId, definition);
    }

    function _invalid(bytes32 field) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDWSServiceProvisioning.DWSServiceProvisioning_InvalidDefinition.selector, field);
    }

    function test_AnybodyPublishingAnEndpointUnderAnothersId_Refused() public {
        _assign(ONE, 10);
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(IDWSServiceProvisioning.DWSServiceProvisioning_NotNode.selector, ONE, stranger)
        );
        provisioning.reportLive(serviceId, ONE, 1, "https://evil");
        // A provider node that nobody assigned cannot either.
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSServiceProvisioning.DWSServiceProvisioning_WrongState.selector,
                serviceId,
                TWO,
                IDWSServiceProvisioning.DeploymentState.None
            )
        );
        provisioning.reportLive(serviceId, TWO, 1, "https://evil");
    }

    function test_AnybodyMarkingOthersFailed_Refused() public {
        _bothLive();
        address[2] memory callers = [stranger, bob];
        for (uint256 i = 0; i < 2; i++) {
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IDWSServiceProvisioning.DWSServiceProvisioning_NotMonitor.selector, serviceId, callers[i]
                )
            );
            provisioning.reportHealth(serviceId, ONE, false);
        }
        vm.prank(monitor);
        provisioning.reportHealth(serviceId, ONE, false);
        _expectState(ONE, IDWSServiceProvisioning.DeploymentState.Unhealthy);
        assertFalse(provisioning.isActive(serviceId));
    }

    function test_UnhealthyAndLateSeconds_AreNotPaid() public {
        _bothLive();
        vm.prank(alice);
        provisioning.reportHealth(serviceId, ONE, false);
        _skip(2 hours);
        vm.prank(alice);
        provisioning.reportHealth(serviceId, ONE, true);
        book.setLate(ONE, _now() + 1 hours, _now() + 4 hours);
        _skip(9 hours);
        provisioning.end(serviceId, ONE);
        _finish(ONE);
        assertEq(_earned(ONE), 5 * PRICE);
        assertEq(billing.creditsOf(alice), 5 * PRICE);
    }

    function test_OnlyCapableNodes_AreAssigned() public {
        _node("small", 2);
        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSServiceProvisioning.DWSServiceProvisioning_NotCapable.selector, bytes32("small"), bytes32("cores")
            )
        );
        provisioning.assign(serviceId, "small", 1);
        book.setUnavailable(ONE, true);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSServiceProvisioning.DWSServiceProvisioning_NotCapable.selector, ONE, bytes32("available")
            )
        );
        provisioning.assign(serviceId, ONE, 1);
        IDWSServiceProvisioning.Definition memory definition = _definition();
        definition.maximumPricePerHour = PRICE - 1;
        provisioning.update(serviceId, definition);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSServiceProvisioning.DWSServiceProvisioning_NotCapable.selector, TWO, bytes32("price")
            )
        );
        provisioning.assign(serviceId, TWO, 1);
        definition.maximumPricePerHour = PRICE;
        definition.tee = true;
        provisioning.update(serviceId, definition);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSServiceProvisioning.DWSServiceProvisioning_NotCapable.selector, TWO, bytes32("tee")
            )
        );
        provisioning.assign(serviceId, TWO, 1);
    }

    function test_Update_DrainsTheOldVersion_UntilTheNewOneIsActive() public {
        _bothLive();
        vm.prank(alice);
        provisioning.update(serviceId, _definition());
        assertEq(provisioning.endpointsOf(serviceId).length, 2, "the old version serves on");
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSServiceProvisioning.DWSServiceProvisioning_WrongVersion.selector, serviceId, 1, 2
            )
        );
        provisioning.reportLive(serviceId, ONE, 1, "");
        _node("three", 8);
        _assign("three", 10);
        _live(ONE, 2);
        assertEq(provisioning.endpointsOf(serviceId).length, 2, "one of each");
        _live("three", 2);
        assertEq(provisioning.endpointsOf(serviceId).length, 2, "the new version alone");
        assertEq(provisioning.endpointsOf(serviceId)[0].version, 2);
        assertEq(provisioning.endpointsOf(serviceId)[1].version, 2);
    }

    function test_NeverLive_IsRefundedInFull_ByAnybody() public {
        _assign(ONE, 10);
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(IDWSServiceProvisioning.DWSServiceProvisioning_NotNode.selector, ONE, stranger)
        );
        provisioning.end(serviceId, ONE);
        _skip(1 hours + 1);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSServiceProvisioning.DWSServiceProvisioning_WrongState.selector,
                serviceId,
                ONE,
                IDWSServiceProvisioning.DeploymentState.Unserved
            )
        );
        provisioning.reportLive(serviceId, ONE, 1, "");
        vm.prank(stranger);
        provisioning.end(serviceId, ONE);
        provisioning.refund(serviceId, ONE);
        assertEq(billing.creditsOf(alice), 10 * PRICE);
        assertEq(book.node(ONE).liveLeases, 0);
    }

    function test_GivingUpBeforeItIsLive_CostsFiveMinutes_SoSlotsAreNotHeldForFree() public {
        _assign(ONE, 10);
        vm.prank(alice);
        provisioning.end(serviceId, ONE);
        provisioning.refund(serviceId, ONE);
        assertEq(billing.creditsOf(alice), 10 * PRICE - 300_000, "less the fee");
        assertEq(provisioning.settle(serviceId, ONE), 300_000, "to the node");
        assertEq(_earned(ONE), 300_000);
        // The next one begins anew, and who gives up for the node pays nothing.
        _assign(ONE, 10);
        vm.prank(bob);
        provisioning.end(serviceId, ONE);
        provisioning.refund(serviceId, ONE);
        assertEq(billing.creditsOf(alice), 20 * PRICE - 300_000, "all of it");
    }

    function test_EndedDeployment_IsNotRevived_ButAssignedAnewWithItsOwnEscrow() public {
        _bothLive();
        bytes32 escrow = provisioning.deployment(serviceId, ONE).escrowId;
        _skip(5 hours);
        vm.prank(alice);
        provisioning.end(serviceId, ONE);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSServiceProvisioning.DWSServiceProvisioning_WrongState.selector,
                serviceId,
                ONE,
                IDWSServiceProvisioning.DeploymentState.Ended
            )
        );
        provisioning.reportLive(serviceId, ONE, 1, "");
        // Not before its money has gone where it belongs.
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSServiceProvisioning.DWSServiceProvisioning_WrongState.selector,
                serviceId,
                ONE,
                IDWSServiceProvisioning.DeploymentState.Ended
            )
        );
        provisioning.assign(serviceId, ONE, 1);
        _skip(1 hours);
        _finish(ONE);
        assertEq(_earned(ONE), 5 * PRICE);
        _assign(ONE, 1);
        assertTrue(provisioning.deployment(serviceId, ONE).escrowId != escrow);
    }

    function test_Extension_IsPaidAtThePriceOfTheAssignment() public {
        _bothLive();
        vm.prank(alice);
        provisioning.extend(serviceId, ONE, 5);
        _skip(30 hours);
        provisioning.end(serviceId, ONE);
        _finish(ONE);
        assertEq(_earned(ONE), 15 * PRICE);
    }

    function testFuzz_Money_IsConserved(uint16 served, uint16 sickFrom, uint16 sickFor, bool cured) public {
        _bothLive();
        uint256 total = _between(served, 2, 12 hours);
        uint256 from = _between(sickFrom, 1, total - 1);
        _skip(from);
        if (provisioning.stateOf(serviceId, ONE) == IDWSServiceProvisioning.DeploymentState.Live) {
            vm.prank(monitor);
            provisioning.reportHealth(serviceId, ONE, false);
        }
        uint256 sick = _between(sickFor, 0, total - from);
        _skip(sick);
        if (cured && provisioning.stateOf(serviceId, ONE) == IDWSServiceProvisioning.DeploymentState.Unhealthy) {
            vm.prank(monitor);
            provisioning.reportHealth(serviceId, ONE, true);
        }
        (uint256 payableNow,) = provisioning.settleable(serviceId, ONE);
        if (payableNow != 0) provisioning.settle(serviceId, ONE);
        _skip(total - from - sick);
        vm.prank(alice);
        provisioning.end(serviceId, ONE);
        _finish(ONE);
        _skip(1 hours);
        _finish(ONE);
        assertEq(_earned(ONE) + billing.creditsOf(alice), 10 * PRICE, "conserved");
    }

    function test_Stranger_CannotDefineUpdateAssignOrExtend() public {
        _bothLive();
        bytes memory notOwner = abi.encodeWithSelector(
            IDWSServiceProvisioning.DWSServiceProvisioning_NotOwner.selector, serviceId, stranger
        );
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Namespaces.Namespaces_NotOwner.selector, HARBOUR, stranger));
        provisioning.defineService(HARBOUR, "other", _definition());
        vm.expectRevert(notOwner);
        provisioning.update(serviceId, _definition());
        vm.expectRevert(notOwner);
        provisioning.assign(serviceId, ONE, 1);
        vm.expectRevert(notOwner);
        provisioning.extend(serviceId, ONE, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDWSServiceProvisioning.DWSServiceProvisioning_NotNode.selector, ONE, stranger)
        );
        provisioning.end(serviceId, ONE);
    }

    function test_AtMost16Nodes() public {
        for (uint256 i = 1; i <= 16; i++) {
            _node(bytes32(i), 8);
            _assign(bytes32(i), 1);
        }
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IDWSServiceProvisioning.DWSServiceProvisioning_TooManyNodes.selector, serviceId, 16)
        );
        provisioning.assign(serviceId, ONE, 1);
    }

    function test_Paused_ExitsStayOpen() public {
        _bothLive();
        vm.startPrank(guardian);
        provisioning.pauseAction(provisioning.ASSIGN());
        vm.stopPrank();
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("assign")));
        provisioning.extend(serviceId, ONE, 1);
        provisioning.end(serviceId, ONE);
        provisioning.refund(serviceId, ONE);
    }
}
