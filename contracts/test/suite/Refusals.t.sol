// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IContainerRegistry} from "../../src/artifacts/IContainerRegistry.sol";
import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IJNSResolver} from "../../src/naming/IJNSResolver.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {LiveSuiteTest} from "../base/LiveSuiteTest.sol";

/// @title Refusals that only a suite in use shows
/// @notice Each was found by taking a guard away without any test noticing.
contract RefusalsTest is LiveSuiteTest {
    IDWSServiceProvisioning private provisioning;

    function setUp() public override {
        super.setUp();
        provisioning = IDWSServiceProvisioning(memberOf("DWSServiceProvisioning"));
    }

    function _deployment(bytes32 service, IDWSServiceProvisioning.DeploymentState state)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            IDWSServiceProvisioning.DWSServiceProvisioning_WrongState.selector, service, nodeId, state
        );
    }

    function _goLive() private {
        vm.prank(agent);
        provisioning.reportLive(serviceId, nodeId, 1, "https://node.example/api");
    }

    function test_Records_OfEachKind_ByStranger_Refused() external {
        bytes memory refusal =
            abi.encodeWithSelector(IJNSResolver.JNSResolver_NotAuthorized.selector, nameNode, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(refusal);
        resolver.setAddr(nameNode, stranger);
        vm.expectRevert(refusal);
        resolver.setContenthash(nameNode, hex"01");
        vm.expectRevert(refusal);
        resolver.setText(nameNode, "url", "https://example.org");
        vm.expectRevert(refusal);
        resolver.setAppConfig(nameNode, "app", hex"01");
        vm.expectRevert(refusal);
        resolver.setService(nameNode, address(provider), orderId);
        vm.expectRevert(refusal);
        resolver.clearRecords(nameNode);
        vm.stopPrank();
    }

    function test_Service_WithoutProperName_Refused() external {
        (, IDWSServiceProvisioning.Definition memory definition) = provisioning.definitionOf(serviceId);
        vm.prank(consumer);
        vm.expectRevert(
            abi.encodeWithSelector(IDWSServiceProvisioning.DWSServiceProvisioning_InvalidName.selector, "Not A Name")
        );
        provisioning.defineService(_space(consumer), "Not A Name", definition);
    }

    function test_Deployment_ForNoHours_OrTooMany_IsNotExtended() external {
        _goLive();
        vm.startPrank(consumer);
        vm.expectRevert(
            abi.encodeWithSelector(IDWSServiceProvisioning.DWSServiceProvisioning_InvalidHours.selector, 0, 720)
        );
        provisioning.extend(serviceId, nodeId, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IDWSServiceProvisioning.DWSServiceProvisioning_InvalidHours.selector, 720, 720)
        );
        provisioning.extend(serviceId, nodeId, 720);
        vm.stopPrank();
    }

    function test_Deployment_EndsOnce_AndOnlyWhereOneWas() external {
        _goLive();
        vm.startPrank(consumer);
        vm.expectRevert(_deployment("other", IDWSServiceProvisioning.DeploymentState.None));
        provisioning.end("other", nodeId);
        provisioning.end(serviceId, nodeId);
        vm.expectRevert(_deployment(serviceId, IDWSServiceProvisioning.DeploymentState.Ended));
        provisioning.end(serviceId, nodeId);
        vm.stopPrank();
    }

    function test_SequencersKey_IsRotatedByItsOperatorAlone() external {
        ISequencerRegistry sequencers = ISequencerRegistry(memberOf("SequencerRegistry"));
        address key = account("another key");
        bytes memory proof = signatureOf("another key", sequencers.keyDigest(stakingNodeId, key));
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NotOperator.selector, stakingNodeId, stranger)
        );
        sequencers.rotateKey(stakingNodeId, key, proof);
        vm.prank(operator);
        sequencers.rotateKey(stakingNodeId, key, proof);
        vm.assertEq(sequencers.sequencer(stakingNodeId).key, key);
    }

    function test_Plan_WithoutPrice_Refused() external {
        vm.prank(operator);
        vm.expectRevert(IDWSBilling.DWSBilling_ZeroAmount.selector);
        billing.setPlan("plan", 0, 1 days, true);
    }

    function test_Node_WithAnEndpointThatIsTooLong_IsNotRegistered() external {
        bytes32 other = aStakingNode(operator, "other", 2 * MINIMUM_STAKE);
        bytes32[] memory services = new bytes32[](1);
        services[0] = SERVICE;
        vm.prank(operator);
        vm.expectRevert(abi.encodeWithSelector(IDWSProviderRegistry.DWSProviderRegistry_TooLong.selector, 1000, 256));
        registry.registerNode(
            IDWSProviderRegistry.Registration({
                salt: "other",
                stakingNodeId: other,
                agent: agent,
                agentId: 0,
                region: REGION,
                endpoint: string(new bytes(1000)),
                services: services
            })
        );
    }

    function test_Repository_OfTheSameName_IsNotCreatedTwice() external {
        IContainerRegistry containers = IContainerRegistry(memberOf("ContainerRegistry"));
        vm.prank(consumer);
        vm.expectRevert(abi.encodeWithSelector(IContainerRegistry.ContainerRegistry_Exists.selector, repositoryId));
        containers.create(_space(consumer), "image");
    }

    function test_UnknownAction_IsNeitherPausedNorResumed_InAnyContract() external {
        bytes memory refusal = abi.encodeWithSelector(IGoverned.Governed_UnknownAction.selector, bytes32("nothing"));
        vm.startPrank(admin);
        for (uint256 i = 0; i < members.length; i++) {
            IGoverned governed = IGoverned(memberOf(members[i]));
            vm.expectRevert(refusal);
            governed.pauseAction("nothing");
            vm.expectRevert(refusal);
            governed.resumeAction("nothing");
        }
        vm.stopPrank();
    }
}
