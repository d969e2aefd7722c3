// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {Namespaces} from "../../src/naming/Namespaces.sol";
import {DeploymentScene} from "./DeploymentScene.sol";

contract DWSServiceProvisioningTest is DeploymentScene {
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

    function test_RevertWhen_AServiceIsDefinedWithMoreInstancesThanNodes() public {
        IDWSServiceProvisioning.Definition memory definition = _definition();
        definition.minimumInstances = 17;
        vm.startPrank(alice);
        vm.expectRevert(_invalid("minimumInstances"));
        provisioning.defineService(HARBOUR, "tug", definition);
        definition.minimumInstances = 16;
        provisioning.defineService(HARBOUR, "tug", definition);
        vm.stopPrank();
    }

    function test_RevertWhen_TheHoursOfALeaseAreNoneOrTooMany() public {
        uint32[3] memory wrong = [uint32(0), 721, type(uint32).max];
        vm.startPrank(alice);
        for (uint256 i = 0; i < wrong.length; i++) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IDWSServiceProvisioning.DWSServiceProvisioning_InvalidHours.selector, wrong[i], 720
                )
            );
            provisioning.assign(serviceId, ONE, wrong[i]);
        }
        vm.stopPrank();
        _assign(ONE, 720);
        _assign(TWO, 1);
        _expectState(ONE, IDWSServiceProvisioning.DeploymentState.Assigned);
    }

    function _expectHealthRefused(bool healthy, IDWSServiceProvisioning.DeploymentState state) private {
        vm.prank(monitor);
        vm.expectRevert(_wrongState(state));
        provisioning.reportHealth(serviceId, ONE, healthy);
    }

    function _wrongState(IDWSServiceProvisioning.DeploymentState state) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            IDWSServiceProvisioning.DWSServiceProvisioning_WrongState.selector, serviceId, ONE, state
        );
    }

    function test_RevertWhen_TheReportedHealthIsNoChange() public {
        _expectHealthRefused(false, IDWSServiceProvisioning.DeploymentState.None);
        _assign(ONE, 10);
        _expectHealthRefused(false, IDWSServiceProvisioning.DeploymentState.Assigned);
        _expectHealthRefused(true, IDWSServiceProvisioning.DeploymentState.Assigned);
        _live(ONE, 1);
        _expectHealthRefused(true, IDWSServiceProvisioning.DeploymentState.Live);
        vm.prank(monitor);
        provisioning.reportHealth(serviceId, ONE, false);
        _expectHealthRefused(false, IDWSServiceProvisioning.DeploymentState.Unhealthy);
        vm.prank(monitor);
        provisioning.reportHealth(serviceId, ONE, true);
        _expectState(ONE, IDWSServiceProvisioning.DeploymentState.Live);
        _skip(10 hours);
        _expectHealthRefused(false, IDWSServiceProvisioning.DeploymentState.Expired);
    }

    function _expectExtensionRefused(IDWSServiceProvisioning.DeploymentState state) private {
        vm.prank(alice);
        vm.expectRevert(_wrongState(state));
        provisioning.extend(serviceId, ONE, 1);
    }

    function test_RevertWhen_ADeploymentThatDoesNotServeIsExtended() public {
        _expectExtensionRefused(IDWSServiceProvisioning.DeploymentState.None);
        _assign(ONE, 10);
        _expectExtensionRefused(IDWSServiceProvisioning.DeploymentState.Assigned);
        _live(ONE, 1);
        vm.prank(alice);
        provisioning.extend(serviceId, ONE, 1);
        vm.prank(monitor);
        provisioning.reportHealth(serviceId, ONE, false);
        vm.prank(alice);
        provisioning.extend(serviceId, ONE, 1);
        _skip(12 hours);
        _expectExtensionRefused(IDWSServiceProvisioning.DeploymentState.Expired);
        provisioning.end(serviceId, ONE);
        _expectExtensionRefused(IDWSServiceProvisioning.DeploymentState.Ended);
        assertEq(provisioning.deployment(serviceId, ONE).deposit, 12 * PRICE);
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
        definition.memoryMb = 16_385;
        provisioning.update(serviceId, definition);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDWSServiceProvisioning.DWSServiceProvisioning_NotCapable.selector, TWO, bytes32("memoryMb")
            )
        );
        provisioning.assign(serviceId, TWO, 1);
        definition.memoryMb = 16_384;
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
