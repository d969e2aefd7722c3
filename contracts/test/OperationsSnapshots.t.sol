// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAutoSlasher} from "../src/staking/IAutoSlasher.sol";
import {ICDNRegistry} from "../src/registry/ICDNRegistry.sol";
import {IComputeRegistry} from "../src/registry/IComputeRegistry.sol";
import {IContainerRegistry} from "../src/artifacts/IContainerRegistry.sol";
import {IExternalChainProvider} from "../src/external/IExternalChainProvider.sol";
import {IJNSRegistrar} from "../src/naming/IJNSRegistrar.sol";
import {ILiquidityRouter} from "../src/market/ILiquidityRouter.sol";
import {IMarketFacts} from "../src/staking/IMarketFacts.sol";
import {INodeStakingManager} from "../src/staking/INodeStakingManager.sol";
import {IPackageRegistry} from "../src/artifacts/IPackageRegistry.sol";
import {IRepoRegistry} from "../src/artifacts/IRepoRegistry.sol";
import {IServiceNodes} from "../src/registry/IServiceNodes.sol";
import {IServiceRegistry} from "../src/market/IServiceRegistry.sol";
import {IStorageManager} from "../src/registry/IStorageManager.sol";
import {ITreasury} from "../src/governance/ITreasury.sol";
import {IVoucherChannels} from "../src/dws/IVoucherChannels.sol";
import {IWorkerRegistry} from "../src/dws/IWorkerRegistry.sol";
import {GasSnapshots} from "./base/GasSnapshots.sol";

/// @title Gas of the main operations of every contract, in the suite in use; those of rentals, deployments, funding, agents and sequencers are beside it
contract OperationsSnapshotsTest is GasSnapshots {
    function test_Snapshot_GasOfStakingOperations() external {
        vm.startPrank(operator);
        bytes32 second = staking.registerNode("second", true);
        _gas("DelegatedNodeStaking_registerNode");
        staking.stake(second, 1003 ether);
        _gas("DelegatedNodeStaking_stake");
        staking.unstake(second, 3 ether);
        _gas("DelegatedNodeStaking_unstake");
        ledger.allocate(stakingNodeId, "compute", 1003 ether);
        _gas("MultiServiceStakeManager_allocate");
        ledger.deallocate(stakingNodeId, "compute", 1003 ether);
        _gas("MultiServiceStakeManager_deallocate");
        vm.stopPrank();
        skipTime(14 days);
        ledger.completeDeallocation(stakingNodeId, "compute");
        _gas("MultiServiceStakeManager_completeDeallocation");
        staking.withdraw(second, operator);
        _gas("DelegatedNodeStaking_withdraw");
        usd.mint(admin, 1001e6);
        vm.startPrank(admin);
        staking.grantRole(staking.REVENUE_ROLE(), admin);
        usd.approve(address(staking), 1001e6);
        staking.distributeRevenue(stakingNodeId, 1001e6);
        _gas("DelegatedNodeStaking_distributeRevenue");
        vm.stopPrank();
        skipTime(1 days);
        staking.collectRewards(stakingNodeId, delegator);
        _gas("DelegatedNodeStaking_collectRewards");
        vm.startPrank(delegator);
        staking.claimRewards();
        _gas("DelegatedNodeStaking_claimRewards");
        staking.undelegate(stakingNodeId, 1003 ether);
        _gas("DelegatedNodeStaking_undelegate");
        vm.stopPrank();
        vm.prank(slasher);
        staking.freezeExit(stakingNodeId, "case", 1 ether, uint64(vm.getBlockTimestamp() + 1 days));
        _gas("DelegatedNodeStaking_freezeExit");
    }

    function test_Snapshot_GasOfSlashing() external {
        IAutoSlasher autoSlasher = IAutoSlasher(memberOf("AutoSlasher"));
        IMarketFacts facts = IMarketFacts(memberOf("MarketFacts"));
        vm.startPrank(admin);
        _grant("AutoSlasher", "ARBITER_ROLE", admin);
        vm.stopPrank();
        bytes32 witness = aProviderNode(operator, agent, "witness");
        bytes32 unserved = placeOrder(offerId, KIND, "unserved");
        passWithHeartbeats(witness, DEADLINE + 1);
        provider.expireNode(unserved);
        _gas("ExternalChainProvider_expireNode");
        bytes32 factId = facts.recordFailedLease(unserved, 0, witness);
        _gas("MarketFacts_recordFailedLease");
        autoSlasher.propose(address(facts), factId);
        _gas("AutoSlasher_propose_forgiven");
        skipTime(30 days);
        _beat(witness);
        passWithHeartbeats(witness, 1 hours);
        // A lease whose node is silent: its rental and deployment live on.
        facts.recordMissedHeartbeats(nodeId, witness);
        _gas("MarketFacts_recordMissedHeartbeats");
        vm.prank(agent);
        registry.heartbeat(nodeId);
        bytes32 first = autoSlasher.propose(address(facts), _failed(facts, "first", witness));
        _gas("AutoSlasher_propose");
        vm.prank(operator);
        autoSlasher.dispute(first, "my line was down");
        _gas("AutoSlasher_dispute");
        vm.prank(admin);
        autoSlasher.rule(first, true, 1 ether);
        _gas("AutoSlasher_rule");
        autoSlasher.execute(first);
        _gas("AutoSlasher_execute");
    }

    function _beat(bytes32 node) private {
        vm.prank(agent);
        registry.heartbeat(node);
    }

    function _failed(IMarketFacts facts, bytes32 salt, bytes32 witness) private returns (bytes32) {
        bytes32 failed = placeOrder(offerId, KIND, salt);
        _beat(witness);
        passWithHeartbeats(witness, DEADLINE + 1);
        provider.expireNode(failed);
        return facts.recordFailedLease(failed, 0, witness);
    }

    function test_Snapshot_GasOfRpcNodes() external {
        INodeStakingManager manager = INodeStakingManager(memberOf("NodeStakingManager"));
        vm.startPrank(consumer);
        usd.approve(address(manager), type(uint256).max);
        manager.fund(3_000_000_007);
        _gas("NodeStakingManager_fund");
        vm.stopPrank();
        vm.warp((vm.getBlockTimestamp() / 1 days + 1) * 1 days);
        uint256 epoch = vm.getBlockTimestamp() / 1 days - 1;
        vm.prank(admin);
        manager.report(stakingNodeId, epoch, 9990, 4711, 100);
        _gas("NodeStakingManager_report");
        skipTime(1 days);
        manager.closeEpoch(epoch);
        _gas("NodeStakingManager_closeEpoch");
        manager.claim(stakingNodeId, epoch);
        _gas("NodeStakingManager_claim");
        vm.prank(operator);
        manager.startExit(stakingNodeId);
        _gas("NodeStakingManager_startExit");
        skipTime(7 days);
        manager.completeExit(stakingNodeId);
        _gas("NodeStakingManager_completeExit");
    }

    function test_Snapshot_GasOfLeases() external {
        bytes32 otherId = aProviderNode(operator, agent, "other");
        _gas("DWSProviderRegistry_registerNode");
        bytes32 otherOffer = anOffer(operator, otherId, KIND, PRICE, 3);
        vm.prank(consumer);
        offers.extendNode(orderId, 1);
        _gas("ExternalChainProvider_extendNode");
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, "replaced");
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        vm.prank(consumer);
        bytes32 replaced = provider.provisionNode(request);
        becomeReady(replaced);
        passWithHeartbeats(otherId, HEARTBEAT_TIMEOUT + 1);
        provider.replaceNode(replaced, otherOffer);
        _gas("ExternalChainProvider_replaceNode");
        vm.startPrank(operator);
        provider.releaseNode(replaced);
        _gas("ExternalChainProvider_releaseNode");
        offers.withdrawOffer(otherOffer);
        _gas("ExternalChainProvider_withdrawOffer");
        registry.setEndpoint(otherId, "https://other.example");
        _gas("DWSProviderRegistry_setEndpoint");
        registry.setDraining(otherId, true);
        _gas("DWSProviderRegistry_setDraining");
        registry.deregisterNode(otherId);
        _gas("DWSProviderRegistry_deregisterNode");
        vm.stopPrank();
    }

    function test_Snapshot_GasOfBillingAndTreasury() external {
        vm.prank(operator);
        bytes32 planId = billing.setPlan("plan", 1_000_003, 1 days, true);
        _gas("DWSBilling_setPlan");
        vm.startPrank(consumer);
        billing.deposit(consumer, 5_000_007);
        _gas("DWSBilling_deposit");
        billing.withdraw(1001);
        _gas("DWSBilling_withdraw");
        billing.subscribe(planId, 2e6);
        _gas("DWSBilling_subscribe");
        vm.stopPrank();
        vm.prank(operator);
        billing.claim();
        _gas("DWSBilling_claim");
        ITreasury money = ITreasury(memberOf("Treasury"));
        vm.startPrank(admin);
        money.setLimit(address(usd), ITreasury.Limit({perWindow: 900e6, operatorPerWindow: 50e6}));
        _grant("Treasury", "SPENDER_ROLE", admin);
        money.spend(address(usd), ITreasury.Bucket.Protocol, delegator, 11e6, "audit");
        _gas("Treasury_spend");
        vm.stopPrank();
        money.withdraw(address(usd), delegator);
        _gas("Treasury_withdraw");
        usd.mint(address(money), 4711);
        money.bookSurplus(address(usd));
        _gas("Treasury_bookSurplus");
    }

    function test_Snapshot_GasOfServiceNodesAndChannels() external {
        IServiceNodes vpn = IServiceNodes(memberOf("VPNRegistry"));
        vm.startPrank(operator);
        vpn.unlist(nodeId);
        _gas("VPNRegistry_unlist");
        vpn.list(nodeId, "CH", "another key", 3e6);
        _gas("VPNRegistry_list");
        vm.stopPrank();
        vm.prank(consumer);
        bytes32 id = vpn.openChannel(nodeId, "gas", 7_000_003);
        _gas("VPNRegistry_openChannel");
        IVoucherChannels.Voucher memory voucher = IVoucherChannels.Voucher(id, 3_000_001, type(uint64).max);
        bytes memory signature = signatureOf("consumer", vpn.voucherDigest(voucher));
        vpn.redeem(voucher, signature);
        _gas("VPNRegistry_redeem");
        vm.prank(agent);
        vpn.closeChannel(id);
        _gas("VPNRegistry_closeChannel");
        ICDNRegistry cdn = ICDNRegistry(memberOf("CDNRegistry"));
        vm.prank(admin);
        cdn.setNames(address(names));
        vm.startPrank(consumer);
        bytes32 site = cdn.setSite(_space(consumer), "www.example.net", "https://origin.example.net", 0, true);
        _gas("CDNRegistry_setSite");
        cdn.invalidate(site, "/");
        _gas("CDNRegistry_invalidate");
        vm.stopPrank();
        IServiceNodes proxies = IServiceNodes(memberOf("ProxyRegistry"));
        vm.prank(operator);
        proxies.unlist(nodeId);
        _gas("ProxyRegistry_unlist");
    }

    function test_Snapshot_GasOfComputeAndStorage() external {
        IComputeRegistry compute = IComputeRegistry(memberOf("ComputeRegistry"));
        IComputeRegistry.Capability memory capability = compute.capabilityOf(nodeId);
        capability.pricePerHour = PRICE + 7;
        vm.startPrank(operator);
        compute.setCapability(nodeId, capability);
        _gas("ComputeRegistry_setCapability");
        compute.withdrawCapability(nodeId);
        _gas("ComputeRegistry_withdrawCapability");
        vm.stopPrank();
        IStorageManager store = IStorageManager(memberOf("StorageManager"));
        bytes memory chunk = "a small file";
        vm.startPrank(consumer);
        bytes32 small = store.registerUpload(
            "small", keccak256(chunk), keccak256(abi.encodePacked(bytes1(0), chunk)), uint64(chunk.length), 1
        );
        _gas("StorageManager_registerUpload");
        bytes32 pin = store.pin(small, nodeId, "small", 5, 1e6);
        _gas("StorageManager_pin");
        vm.warp(store.pinInfo(pin).startsAt);
        store.openWindow();
        _gas("StorageManager_openWindow");
        vm.roll(2);
        store.prove(pin, 0, chunk, new bytes32[](0));
        _gas("StorageManager_prove");
        store.unpin(pin);
        _gas("StorageManager_unpin");
        vm.stopPrank();
        skipTime(1 hours);
        store.refund(pin);
        _gas("StorageManager_refund");
    }

    function test_Snapshot_GasOfWorkersAndServices() external {
        IWorkerRegistry workers = IWorkerRegistry(memberOf("WorkerRegistry"));
        vm.startPrank(consumer);
        bytes32 other = workers.createWorker(_space(consumer), "other");
        _gas("WorkerRegistry_createWorker");
        workers.publishVersion(other, keccak256("code"), "cid");
        _gas("WorkerRegistry_publishVersion");
        workers.activate(other, 1);
        _gas("WorkerRegistry_activate");
        workers.setPrice(other, IWorkerRegistry.PaymentMode.Prepaid, 1003);
        _gas("WorkerRegistry_setPrice");
        workers.setRoute(nameNode, other);
        _gas("WorkerRegistry_setRoute");
        workers.assignNode(other, nodeId, true);
        _gas("WorkerRegistry_assignNode");
        IServiceRegistry market = IServiceRegistry(memberOf("ServiceRegistry"));
        market.list(_space(consumer), "second", 7, 1, "https://second.example", false);
        _gas("ServiceRegistry_list");
        vm.stopPrank();
        vm.prank(agent);
        workers.setEndpoint(other, nodeId, "https://node.example/worker");
        _gas("WorkerRegistry_setEndpoint");
        vm.startPrank(delegator);
        market.purchase(listingId, "thirteen", 13, type(uint256).max);
        _gas("ServiceRegistry_purchase");
        ILiquidityRouter(memberOf("LiquidityRouter")).deposit(1, 1003 ether, new uint256[](1));
        _gas("LiquidityRouter_deposit");
        vm.stopPrank();
    }

    function test_Snapshot_GasOfArtifacts() external {
        vm.startPrank(consumer);
        IRepoRegistry repos = IRepoRegistry(memberOf("RepoRegistry"));
        bytes32 repo = repos.create(_space(consumer), "second", "another repository");
        _gas("RepoRegistry_create");
        repos.push(repo, "main", 0, keccak256("head"));
        _gas("RepoRegistry_push");
        repos.setCollaborator(repo, operator, IRepoRegistry.Role.Writer);
        _gas("RepoRegistry_setCollaborator");
        IPackageRegistry packages = IPackageRegistry(memberOf("PackageRegistry"));
        packages.publish(_space(consumer), "package", "1.1.0", keccak256("next"), "next");
        _gas("PackageRegistry_publish");
        packages.setMaintainer(packageId, operator, true);
        _gas("PackageRegistry_setMaintainer");
        packages.setDeprecated(packageId, "1.0.0", true, "superseded");
        _gas("PackageRegistry_setDeprecated");
        IContainerRegistry images = IContainerRegistry(memberOf("ContainerRegistry"));
        images.push(repositoryId, keccak256("second image"), 4711, "application/json");
        _gas("ContainerRegistry_push");
        images.setTag(repositoryId, "latest", 0, keccak256("image"));
        _gas("ContainerRegistry_setTag");
        images.setSigner(repositoryId, operator, true);
        _gas("ContainerRegistry_setSigner");
        vm.stopPrank();
    }

    function test_Snapshot_GasOfNames() external {
        IJNSRegistrar registrar = IJNSRegistrar(memberOf("JNSRegistrar"));
        IJNSRegistrar.Registration memory wish =
            IJNSRegistrar.Registration("jetty", consumer, 365 days, address(resolver), "secret");
        registrar.commit(registrar.commitmentOf(wish));
        _gas("JNSRegistrar_commit");
        skipTime(60);
        vm.startPrank(consumer);
        registrar.register(wish, 5e6);
        _gas("JNSRegistrar_register");
        registrar.renew("jetty", 30 days, 5e6);
        _gas("JNSRegistrar_renew");
        names.setSubnodeOwner(nameNode, keccak256("www"), consumer);
        _gas("JNSRegistry_setSubnodeOwner");
        names.setResolver(nameNode, address(resolver));
        _gas("JNSRegistry_setResolver");
        resolver.setText(nameNode, "url", "https://example.net");
        _gas("JNSResolver_setText");
        resolver.setService(nameNode, address(provider), orderId);
        _gas("JNSResolver_setService");
        registrar.transferFrom(consumer, operator, nameToken);
        _gas("JNSRegistrar_transferFrom");
        vm.stopPrank();
        registrar.payTreasury();
        _gas("JNSRegistrar_payTreasury");
    }

    function _gas(string memory name) private {
        gasOf("operations", name);
    }
}
