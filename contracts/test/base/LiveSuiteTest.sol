// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IContainerRegistry} from "../../src/artifacts/IContainerRegistry.sol";
import {IDAOFunding} from "../../src/governance/IDAOFunding.sol";
import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {IJNSRegistrar} from "../../src/naming/IJNSRegistrar.sol";
import {ILiquidityRouter} from "../../src/market/ILiquidityRouter.sol";
import {INodeStakingManager} from "../../src/staking/INodeStakingManager.sol";
import {IPackageRegistry} from "../../src/artifacts/IPackageRegistry.sol";
import {IRepoRegistry} from "../../src/artifacts/IRepoRegistry.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {IServiceNodes} from "../../src/registry/IServiceNodes.sol";
import {IServiceRegistry} from "../../src/market/IServiceRegistry.sol";
import {IStorageManager} from "../../src/registry/IStorageManager.sol";
import {ITreasury} from "../../src/governance/ITreasury.sol";
import {IVoucherChannels} from "../../src/dws/IVoucherChannels.sol";
import {IWorkerRegistry} from "../../src/dws/IWorkerRegistry.sol";
import {WholeSuiteTest} from "./WholeSuiteTest.sol";

/// @title The whole suite in use
/// @notice One provider node with every service, delegated stake, live leases, channels, names, artifacts, stake behind an agent, money in the treasury.
abstract contract LiveSuiteTest is WholeSuiteTest {
    bytes32 internal nodeId;
    bytes32 internal stakingNodeId;
    bytes32 internal offerId;
    bytes32 internal orderId;
    bytes32 internal pendingId;
    bytes32 internal rentalId;
    bytes32 internal channelId;
    bytes32 internal uploadId;
    bytes32 internal pinId;
    bytes32 internal repoId;
    bytes32 internal packageId;
    bytes32 internal repositoryId;
    bytes32 internal workerId;
    bytes32 internal listingId;
    bytes32 internal serviceId;
    bytes32 internal projectId;
    bytes32 internal nameNode;
    uint256 internal nameToken;
    uint256 internal agentId;

    function setUp() public virtual override {
        super.setUp();
        _provide();
        _delegate();
        _order();
        _publish();
        _name();
        _govern();
    }

    // The namespace of an account is the account itself.
    function _space(address who) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(who)));
    }

    function _provide() private {
        nodeId = aProviderNode(operator, agent, "node");
        stakingNodeId = registry.stakingNodeOf(nodeId);
        string[6] memory services = ["compute", "worker", "storage", "vpn", "proxy", "cdn"];
        vm.startPrank(operator);
        staking.stake(stakingNodeId, 400_000 ether);
        for (uint256 i = 0; i < services.length; i++) {
            ledger.allocate(stakingNodeId, bytes32(bytes(services[i])), MINIMUM_STAKE);
            registry.addService(nodeId, bytes32(bytes(services[i])));
        }
        ledger.allocate(stakingNodeId, "rpc", MINIMUM_STAKE);
        INodeStakingManager(memberOf("NodeStakingManager")).enroll(stakingNodeId, REGION);
        ledger.allocate(stakingNodeId, "sequencer", 150_000 ether);
        ISequencerRegistry sequencers = ISequencerRegistry(memberOf("SequencerRegistry"));
        address key = account("key");
        sequencers.register(stakingNodeId, key, signatureOf("key", sequencers.keyDigest(stakingNodeId, key)));
        IComputeRegistry.Capability memory capability;
        capability.cores = 8;
        capability.memoryMb = 8192;
        capability.pricePerHour = PRICE;
        capability.slots = 4;
        capability.active = true;
        IComputeRegistry(memberOf("ComputeRegistry")).setCapability(nodeId, capability);
        IStorageManager(memberOf("StorageManager")).setPrice(nodeId, 1e6);
        IServiceNodes(memberOf("VPNRegistry")).list(nodeId, "CH", "key", 1e6);
        IServiceNodes(memberOf("ProxyRegistry")).list(nodeId, "CH", 0, 1e6);
        IServiceNodes(memberOf("CDNRegistry")).list(nodeId, "CH", 0, 1e6);
        vm.stopPrank();
        offerId = anOffer(operator, nodeId, KIND, PRICE, 10);
    }

    function _delegate() private {
        vm.startPrank(delegator);
        staking.delegate(stakingNodeId, 20_011 ether);
        staking.undelegate(stakingNodeId, 1001 ether);
        vm.stopPrank();
        ILiquidityRouter router = ILiquidityRouter(memberOf("LiquidityRouter"));
        ILiquidityRouter.Target[] memory targets = new ILiquidityRouter.Target[](1);
        targets[0] = ILiquidityRouter.Target({vault: address(0), nodeId: stakingNodeId, weightBps: 10_000});
        vm.startPrank(admin);
        _grant("LiquidityRouter", "STRATEGIST_ROLE", admin);
        uint256 strategyId = router.openStrategy(targets);
        vm.stopPrank();
        vm.startPrank(delegator);
        jeju.approve(address(router), type(uint256).max);
        router.deposit(strategyId, 1003 ether, new uint256[](1));
        vm.stopPrank();
    }

    function _order() private {
        orderId = placeOrder(offerId, KIND, "ready");
        becomeReady(orderId);
        pendingId = placeOrder(offerId, KIND, "pending");
        vm.startPrank(consumer);
        billing.deposit(consumer, 1007e6);
        rentalId = IComputeRental(memberOf("ComputeRental")).rent(nodeId, "rental", 24, PRICE, false, "access");
        channelId = IVoucherChannels(memberOf("VPNRegistry")).openChannel(nodeId, "channel", 10e6);
        IStorageManager store = IStorageManager(memberOf("StorageManager"));
        uploadId = store.registerUpload("upload", keccak256("content"), keccak256("root"), 1 << 20, 1024);
        pinId = store.pin(uploadId, nodeId, "pin", 2, 1e6);
        vm.stopPrank();
        IComputeRental rentals = IComputeRental(memberOf("ComputeRental"));
        vm.prank(agent);
        rentals.confirm(rentalId, "sealed");
    }

    function _publish() private {
        bytes32 space = _space(consumer);
        vm.startPrank(consumer);
        repoId = IRepoRegistry(memberOf("RepoRegistry")).create(space, "repo", "a repository");
        IRepoRegistry(memberOf("RepoRegistry")).push(repoId, "main", 0, keccak256("head"));
        IPackageRegistry packages = IPackageRegistry(memberOf("PackageRegistry"));
        packages.publish(space, "package", "1.0.0", keccak256("digest"), "cid");
        packageId = packages.packageIdOf(space, "package");
        repositoryId = IContainerRegistry(memberOf("ContainerRegistry")).create(space, "image");
        IContainerRegistry(memberOf("ContainerRegistry")).push(repositoryId, keccak256("image"), 1, "application/json");
        workerId = IWorkerRegistry(memberOf("WorkerRegistry")).createWorker(space, "worker");
        IWorkerRegistry(memberOf("WorkerRegistry")).publishVersion(workerId, keccak256("code"), "cid");
        IServiceRegistry market = IServiceRegistry(memberOf("ServiceRegistry"));
        market.list(space, "service", 1e6, 10, "https://example.net", true);
        listingId = market.serviceIdOf(space, "service");
        IDWSServiceProvisioning.Definition memory definition;
        definition.cores = 1;
        definition.memoryMb = 128;
        definition.minimumInstances = 1;
        definition.maximumPricePerHour = 2 * PRICE;
        definition.codeHash = keccak256("code");
        definition.contentId = "cid";
        IDWSServiceProvisioning provisioning = IDWSServiceProvisioning(memberOf("DWSServiceProvisioning"));
        serviceId = provisioning.defineService(space, "api", definition);
        provisioning.assign(serviceId, nodeId, 24);
        vm.stopPrank();
    }

    function _name() private {
        IJNSRegistrar registrar = IJNSRegistrar(memberOf("JNSRegistrar"));
        IJNSRegistrar.Registration memory wish =
            IJNSRegistrar.Registration("harbour", consumer, 365 days, address(resolver), "secret");
        registrar.commit(registrar.commitmentOf(wish));
        skipTime(60);
        vm.startPrank(consumer);
        usd.approve(address(registrar), type(uint256).max);
        nameToken = registrar.register(wish, 5e6);
        nameNode = registrar.nodeOf(nameToken);
        resolver.setAddr(nameNode, consumer);
        vm.stopPrank();
        vm.prank(agent);
        registry.heartbeat(nodeId);
    }

    function _govern() private {
        IDAOFunding funding = IDAOFunding(memberOf("DAOFunding"));
        vm.startPrank(consumer);
        agentId = identity.register("ipfs://agent");
        identity.addTag(agentId, "harbour");
        identity.setEndpoint(agentId, "a2a", "https://agent.example");
        jeju.approve(address(identity), type(uint256).max);
        identity.stake(agentId, 503 ether);
        identity.startUnstake(agentId, 101 ether);
        projectId = funding.registerProject(memberOf("RepoRegistry"), repoId);
        jeju.approve(address(funding), type(uint256).max);
        usd.approve(address(funding), type(uint256).max);
        jeju.transfer(consumer, 0);
        funding.stake(agentId, 1001 ether);
        funding.contribute(projectId, agentId, 11e6);
        funding.fundBudget(101e6);
        vm.stopPrank();
        usd.mint(memberOf("Treasury"), 1009e6);
        ITreasury(memberOf("Treasury")).bookSurplus(address(usd));
    }
}
