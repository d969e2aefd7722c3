// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDAOFunding} from "../../src/governance/IDAOFunding.sol";
import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {ILiquidityRouter} from "../../src/market/ILiquidityRouter.sol";
import {INodeStakingManager} from "../../src/staking/INodeStakingManager.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {IServiceRegistry} from "../../src/market/IServiceRegistry.sol";
import {IWorkerRegistry} from "../../src/dws/IWorkerRegistry.sol";
import {RefusingSuiteTest} from "../base/RefusingSuiteTest.sol";

/// @title What is unknown, there already, or does not fit
contract MisfitsTest is RefusingSuiteTest {
    bytes32 private constant UNKNOWN = "unknown";

    function test_Staking_OfAnUnknownNode_OrOfMoreThanIsThere_Refused() external {
        (caller, reason) = (operator, IDelegatedNodeStaking.DelegatedNodeStaking_UnknownNode.selector);
        _refuses(address(staking), abi.encodeCall(IDelegatedNodeStaking.stake, (UNKNOWN, 1)), abi.encode(UNKNOWN));
        _refuses(
            address(staking),
            abi.encodeWithSignature("delegate(bytes32,uint256)", UNKNOWN, 1000 ether),
            abi.encode(UNKNOWN)
        );
        _refuses(
            address(staking), abi.encodeCall(IDelegatedNodeStaking.withdraw, (UNKNOWN, operator)), abi.encode(UNKNOWN)
        );

        reason = IDelegatedNodeStaking.DelegatedNodeStaking_InsufficientStake.selector;
        uint256 own = staking.node(stakingNodeId).selfStake;
        _refuses(
            address(staking),
            abi.encodeCall(IDelegatedNodeStaking.unstake, (stakingNodeId, own + 1)),
            abi.encode(stakingNodeId, own + 1, own)
        );
        caller = delegator;
        (uint256 shares,) = staking.delegationOf(stakingNodeId, delegator);
        _refuses(
            address(staking),
            abi.encodeCall(IDelegatedNodeStaking.undelegate, (stakingNodeId, shares + 1)),
            abi.encode(stakingNodeId, shares + 1, shares)
        );

        reason = IDelegatedNodeStaking.DelegatedNodeStaking_WrongValue.selector;
        _refuses(address(staking), abi.encodeWithSignature("delegate(bytes32)", stakingNodeId), abi.encode(0, 0));
        vm.assertEq(refused, 6);
    }

    function test_ProviderNode_Twice_OrNowhere_OrUnknown_Refused() external {
        caller = operator;
        IDWSProviderRegistry.Registration memory registration;
        registration.salt = "elsewhere";
        registration.stakingNodeId = stakingNodeId;
        registration.agent = agent;
        reason = IDWSProviderRegistry.DWSProviderRegistry_EmptyRegion.selector;
        _refuses(address(registry), abi.encodeCall(IDWSProviderRegistry.registerNode, (registration)));
        registration.salt = "node";
        registration.region = REGION;
        reason = IDWSProviderRegistry.DWSProviderRegistry_NodeExists.selector;
        _refuses(
            address(registry), abi.encodeCall(IDWSProviderRegistry.registerNode, (registration)), abi.encode(nodeId)
        );
        reason = IDWSProviderRegistry.DWSProviderRegistry_ServiceExists.selector;
        _refuses(
            address(registry),
            abi.encodeCall(IDWSProviderRegistry.addService, (nodeId, "compute")),
            abi.encode(nodeId, bytes32("compute"))
        );
        bytes32 fresh = aProviderNode(operator, agent, "fresh");
        vm.prank(operator);
        registry.setDraining(fresh, true);
        reason = IDWSProviderRegistry.DWSProviderRegistry_UnknownService.selector;
        _refuses(
            address(registry),
            abi.encodeCall(IDWSProviderRegistry.removeService, (fresh, "compute")),
            abi.encode(fresh, bytes32("compute"))
        );
        reason = IDWSProviderRegistry.DWSProviderRegistry_UnknownNode.selector;
        _refuses(
            address(registry), abi.encodeCall(IDWSProviderRegistry.setDraining, (UNKNOWN, true)), abi.encode(UNKNOWN)
        );
        caller = admin;
        _refuses(
            address(registry), abi.encodeCall(IDWSProviderRegistry.setCanonical, (UNKNOWN, true)), abi.encode(UNKNOWN)
        );
        vm.assertEq(refused, 6);
    }

    function test_Offer_WithoutPrice_OrOfAServiceThatTheNodeHasNot_Refused() external {
        IExternalChainProvider.KindSpec memory spec = kindSpec(false, false);
        spec.service = "database";
        vm.startPrank(admin);
        ledger.setService("database", MINIMUM_STAKE);
        offers.setKind("mysql", NETWORK, spec);
        vm.stopPrank();
        IExternalChainProvider.OfferInput[] memory inputs = new IExternalChainProvider.OfferInput[](1);
        inputs[0] = IExternalChainProvider.OfferInput(KIND, NETWORK, 0, 1, false);
        (caller, reason) = (operator, IExternalChainProvider.ExternalChainProvider_InvalidPrice.selector);
        _refuses(address(provider), abi.encodeCall(offers.registerProvider, (nodeId, inputs)), abi.encode(0));
        inputs[0].pricePerHour = 1e30 + 1;
        _refuses(address(provider), abi.encodeCall(offers.registerProvider, (nodeId, inputs)), abi.encode(1e30 + 1));
        inputs[0] = IExternalChainProvider.OfferInput("mysql", NETWORK, PRICE, 1, false);
        reason = IExternalChainProvider.ExternalChainProvider_ServiceNotOffered.selector;
        _refuses(
            address(provider),
            abi.encodeCall(offers.registerProvider, (nodeId, inputs)),
            abi.encode(nodeId, bytes32("database"))
        );

        // Or has no more, when it is ordered.
        bytes32 fresh = aProviderNode(operator, agent, "fresh");
        bytes32 offer = anOffer(operator, fresh, KIND, PRICE, 1);
        vm.startPrank(operator);
        registry.setDraining(fresh, true);
        registry.removeService(fresh, SERVICE);
        registry.setDraining(fresh, false);
        vm.stopPrank();
        caller = consumer;
        _refuses(
            address(provider),
            abi.encodeCall(provider.provisionNode, (aRequest(offer, KIND, "late"))),
            abi.encode(fresh, SERVICE)
        );
        vm.assertEq(refused, 4);
    }

    function test_Order_Unknown_OrPlacedTooOften_Refused() external {
        (caller, reason) = (stranger, IExternalChainProvider.ExternalChainProvider_UnknownOrder.selector);
        _refuses(address(provider), abi.encodeCall(provider.settleNode, (UNKNOWN)), abi.encode(UNKNOWN));
        _refuses(address(provider), abi.encodeCall(provider.expireNode, (UNKNOWN)), abi.encode(UNKNOWN));
        bytes32[2] memory places = [aProviderNode(operator, agent, "one"), aProviderNode(operator, agent, "two")];
        bytes32[2] memory found =
            [anOffer(operator, places[0], KIND, PRICE, 2), anOffer(operator, places[1], KIND, PRICE, 2)];
        IExternalChainProvider.OrderRequest memory request = aRequest(found[0], KIND, "wanderer");
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        vm.prank(consumer);
        bytes32 wanderer = provider.provisionNode(request);
        for (uint256 placements = 1; placements <= 8; placements++) {
            skipTime(DEADLINE + 1);
            vm.startPrank(agent);
            registry.heartbeat(places[0]);
            registry.heartbeat(places[1]);
            vm.stopPrank();
            if (placements < 8) provider.replaceNode(wanderer, found[placements % 2]);
        }
        reason = IExternalChainProvider.ExternalChainProvider_TooManyPlacements.selector;
        _refuses(address(provider), abi.encodeCall(provider.replaceNode, (wanderer, found[0])), abi.encode(wanderer, 8));
        vm.assertEq(refused, 3);
    }

    function test_Watchers_AreAtMost64() external {
        vm.startPrank(admin);
        for (uint160 i = 1; i <= 64; i++) {
            offers.setWatcher(address(i), true);
        }
        vm.stopPrank();
        (caller, reason) = (admin, IExternalChainProvider.ExternalChainProvider_TooManyWatchers.selector);
        _refuses(address(provider), abi.encodeCall(offers.setWatcher, (address(65), true)), abi.encode(64));
    }

    function test_Service_Twice_OrUnknown_OrWithNothingToPay_Refused() external {
        address provisioning = memberOf("DWSServiceProvisioning");
        (, IDWSServiceProvisioning.Definition memory definition) =
            IDWSServiceProvisioning(provisioning).definitionOf(serviceId);
        (caller, reason) = (consumer, IDWSServiceProvisioning.DWSServiceProvisioning_Exists.selector);
        _refuses(
            provisioning,
            abi.encodeCall(IDWSServiceProvisioning.defineService, (_space(consumer), "api", definition)),
            abi.encode(serviceId)
        );
        reason = IDWSServiceProvisioning.DWSServiceProvisioning_Unknown.selector;
        _refuses(
            provisioning, abi.encodeCall(IDWSServiceProvisioning.update, (UNKNOWN, definition)), abi.encode(UNKNOWN)
        );
        _refuses(
            provisioning, abi.encodeCall(IDWSServiceProvisioning.assign, (UNKNOWN, nodeId, 1)), abi.encode(UNKNOWN)
        );
        reason = IDWSServiceProvisioning.DWSServiceProvisioning_NothingToPay.selector;
        _refuses(
            provisioning,
            abi.encodeWithSignature("settle(bytes32,bytes32)", serviceId, nodeId),
            abi.encode(serviceId, nodeId)
        );
        _refuses(
            provisioning,
            abi.encodeWithSignature("refund(bytes32,bytes32)", serviceId, nodeId),
            abi.encode(serviceId, nodeId)
        );
        vm.assertEq(refused, 5);
    }

    function test_Worker_Twice_OrMalformed_OrUnknown_Refused() external {
        address workers = memberOf("WorkerRegistry");
        (caller, reason) = (consumer, IWorkerRegistry.WorkerRegistry_Exists.selector);
        _refuses(
            workers, abi.encodeCall(IWorkerRegistry.createWorker, (_space(consumer), "worker")), abi.encode(workerId)
        );
        reason = IWorkerRegistry.WorkerRegistry_InvalidName.selector;
        _refuses(
            workers,
            abi.encodeCall(IWorkerRegistry.createWorker, (_space(consumer), "Not A Name")),
            abi.encode("Not A Name")
        );
        reason = IWorkerRegistry.WorkerRegistry_Unknown.selector;
        _refuses(workers, abi.encodeCall(IWorkerRegistry.setRoute, (_space(consumer), UNKNOWN)), abi.encode(UNKNOWN));
        _refuses(workers, abi.encodeCall(IWorkerRegistry.publishVersion, (UNKNOWN, "code", "cid")), abi.encode(UNKNOWN));
        vm.assertEq(refused, 4);
    }

    function test_Listing_Malformed_Refused() external {
        (caller, reason) = (consumer, IServiceRegistry.ServiceRegistry_InvalidListing.selector);
        address market = memberOf("ServiceRegistry");
        bytes32 space = _space(consumer);
        string memory long = string(new bytes(257));
        _refuses(
            market,
            abi.encodeCall(IServiceRegistry.list, (space, "Not A Name", 1, 1, "", true)),
            abi.encode(bytes32("name"))
        );
        _refuses(
            market,
            abi.encodeCall(IServiceRegistry.list, (space, "name", 0, 1, "", true)),
            abi.encode(bytes32("basePrice"))
        );
        _refuses(
            market,
            abi.encodeCall(IServiceRegistry.list, (space, "name", 1, 0, "", true)),
            abi.encode(bytes32("targetPerHour"))
        );
        _refuses(
            market,
            abi.encodeCall(IServiceRegistry.list, (space, "name", 1, 1, long, true)),
            abi.encode(bytes32("endpoint"))
        );
        vm.assertEq(refused, 4);
    }

    function test_Project_Twice_OrUnknown_OrStrategyWithOtherBounds_Refused() external {
        address funding = memberOf("DAOFunding");
        (caller, reason) = (consumer, IDAOFunding.DAOFunding_ProjectExists.selector);
        _refuses(
            funding,
            abi.encodeCall(IDAOFunding.registerProject, (memberOf("RepoRegistry"), repoId)),
            abi.encode(projectId)
        );
        reason = IDAOFunding.DAOFunding_UnknownProject.selector;
        _refuses(funding, abi.encodeCall(IDAOFunding.contribute, (UNKNOWN, agentId, 1e6)), abi.encode(UNKNOWN));
        (caller, reason) = (delegator, ILiquidityRouter.LiquidityRouter_WrongBounds.selector);
        _refuses(
            memberOf("LiquidityRouter"),
            abi.encodeCall(ILiquidityRouter.deposit, (1, 1, new uint256[](2))),
            abi.encode(2, 1)
        );
        vm.assertEq(refused, 3);
    }

    function test_Enrolment_InAnUnknownRegion_OrOutOfItsState_Refused() external {
        address rewards = memberOf("NodeStakingManager");
        bytes32 fresh = aStakingNode(operator, "fresh", 2 * MINIMUM_STAKE);
        (caller, reason) = (operator, INodeStakingManager.NodeStakingManager_UnknownRegion.selector);
        _refuses(rewards, abi.encodeCall(INodeStakingManager.enroll, (fresh, UNKNOWN)), abi.encode(UNKNOWN));
        reason = INodeStakingManager.NodeStakingManager_WrongStatus.selector;
        _refuses(
            rewards,
            abi.encodeCall(INodeStakingManager.enroll, (stakingNodeId, REGION)),
            abi.encode(stakingNodeId, INodeStakingManager.Status.Enrolled)
        );
        _refuses(
            rewards,
            abi.encodeCall(INodeStakingManager.startExit, (fresh)),
            abi.encode(fresh, INodeStakingManager.Status.None)
        );
        _refuses(
            rewards,
            abi.encodeCall(INodeStakingManager.completeExit, (stakingNodeId)),
            abi.encode(stakingNodeId, INodeStakingManager.Status.Enrolled)
        );
        vm.assertEq(refused, 4);
    }

    function test_Sequencer_OutOfItsState_OrUnknownFact_Refused() external {
        ISequencerRegistry sequencers = ISequencerRegistry(memberOf("SequencerRegistry"));
        address key = account("key");
        bytes memory proof = signatureOf("key", sequencers.keyDigest(stakingNodeId, key));
        (caller, reason) = (operator, ISequencerRegistry.SequencerRegistry_WrongStatus.selector);
        _refuses(
            address(sequencers),
            abi.encodeCall(ISequencerRegistry.register, (stakingNodeId, key, proof)),
            abi.encode(stakingNodeId, ISequencerRegistry.Status.Active)
        );
        _refuses(
            address(sequencers),
            abi.encodeCall(ISequencerRegistry.completeExit, (stakingNodeId)),
            abi.encode(stakingNodeId, ISequencerRegistry.Status.Active)
        );
        vm.prank(operator);
        sequencers.startExit(stakingNodeId);
        _refuses(
            address(sequencers),
            abi.encodeCall(ISequencerRegistry.startExit, (stakingNodeId)),
            abi.encode(stakingNodeId, ISequencerRegistry.Status.Exiting)
        );
        _refuses(
            address(sequencers),
            abi.encodeCall(ISequencerRegistry.rotateKey, (stakingNodeId, key, proof)),
            abi.encode(stakingNodeId, ISequencerRegistry.Status.Exiting)
        );
        _refuses(
            address(sequencers),
            abi.encodeCall(ISequencerRegistry.syncWeight, (stakingNodeId)),
            abi.encode(stakingNodeId, ISequencerRegistry.Status.Exiting)
        );
        reason = ISequencerRegistry.SequencerRegistry_UnknownFact.selector;
        _refuses(address(sequencers), abi.encodeWithSignature("factOf(bytes32)", UNKNOWN), abi.encode(UNKNOWN));
        vm.assertEq(refused, 6);
    }
}
