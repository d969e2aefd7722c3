// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DWSBilling} from "../../src/dws/DWSBilling.sol";
import {DWSProviderRegistry} from "../../src/dws/DWSProviderRegistry.sol";
import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {ExternalChainProvider} from "../../src/external/ExternalChainProvider.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {IExternalOffers} from "../../src/external/IExternalOffers.sol";
import {JNSRegistry} from "../../src/naming/JNSRegistry.sol";
import {JNSResolver} from "../../src/naming/JNSResolver.sol";
import {IdentityRegistry} from "../../src/registry/IdentityRegistry.sol";
import {DelegatedNodeStaking} from "../../src/staking/DelegatedNodeStaking.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {MultiServiceStakeManager} from "../../src/staking/MultiServiceStakeManager.sol";
import {JejuToken} from "../../src/token/JejuToken.sol";
import {TestUsd} from "../../src/token/TestUsd.sol";
import {SuiteTest} from "./SuiteTest.sol";

/// @title The contracts of the flow, deployed and wired as on a network
/// @notice Accounts: `operator` owns the nodes, `agent` is their hot key, `consumer` orders, `delegator` delegates, `slasher` stands for AutoSlasher,
/// `treasury` receives. Amounts are not round, so that a mix-up shows.
abstract contract FlowTest is SuiteTest {
    bytes32 internal constant SERVICE = "external-chain";
    bytes32 internal constant KIND = "redis";
    bytes32 internal constant STATEFUL_KIND = "postgres";
    bytes32 internal constant TEE_KIND = "solana";
    bytes32 internal constant NETWORK = "localnet";
    bytes32 internal constant REGION = "local";
    bytes32 internal constant KEY = keccak256("X25519");
    uint128 internal constant PRICE = 36_007; // per hour, in 1e-6 dollars
    uint128 internal constant MINIMUM_STAKE = 10_007 ether;
    uint32 internal constant DEADLINE = 5 minutes;
    uint32 internal constant HEARTBEAT_TIMEOUT = 45;
    uint32 internal constant WINDOW = 30;

    JejuToken internal jeju;
    TestUsd internal usd;
    IdentityRegistry internal identity;
    DelegatedNodeStaking internal staking;
    MultiServiceStakeManager internal ledger;
    DWSProviderRegistry internal registry;
    DWSBilling internal billing;
    ExternalChainProvider internal provider;
    IExternalOffers internal offers;
    JNSRegistry internal names;
    JNSResolver internal resolver;

    address internal operator;
    address internal agent;
    address internal consumer;
    address internal delegator;
    address internal slasher;
    address internal treasury;
    address internal stranger;

    function setUp() public virtual override {
        super.setUp();
        operator = account("operator");
        agent = account("agent");
        consumer = account("consumer");
        delegator = account("delegator");
        slasher = account("slasher");
        treasury = theTreasury();
        stranger = account("stranger");
        (jeju, usd) = deployTokens();
        _deployStaking();
        _deployMarket();
        _wire();
        _fund(operator);
        _fund(consumer);
        _fund(delegator);
    }

    function _deployStaking() private {
        staking = DelegatedNodeStaking(
            payable(deploySuiteContract(
                    "DelegatedNodeStaking",
                    type(DelegatedNodeStaking).creationCode,
                    abi.encodeCall(
                        DelegatedNodeStaking.initialize,
                        (admin, stakeAsset(), address(usd), suiteAddress("MultiServiceStakeManager"), treasury)
                    )
                ))
        );
        ledger = MultiServiceStakeManager(
            payable(deploySuiteContract(
                    "MultiServiceStakeManager",
                    type(MultiServiceStakeManager).creationCode,
                    abi.encodeCall(MultiServiceStakeManager.initialize, (admin, address(staking)))
                ))
        );
        identity = IdentityRegistry(
            payable(deploySuiteContract(
                    "IdentityRegistry",
                    type(IdentityRegistry).creationCode,
                    abi.encodeCall(IdentityRegistry.initialize, (admin, address(jeju), treasury))
                ))
        );
    }

    function _deployMarket() private {
        registry = DWSProviderRegistry(
            payable(deploySuiteContract(
                    "DWSProviderRegistry",
                    type(DWSProviderRegistry).creationCode,
                    abi.encodeCall(
                        DWSProviderRegistry.initialize,
                        (admin, address(staking), address(ledger), address(identity), address(0))
                    )
                ))
        );
        billing = DWSBilling(
            payable(deploySuiteContract(
                    "DWSBilling",
                    type(DWSBilling).creationCode,
                    abi.encodeCall(DWSBilling.initialize, (admin, address(usd), address(staking), treasury))
                ))
        );
        provider = ExternalChainProvider(
            payable(deploySuiteContract(
                    "ExternalChainProvider",
                    type(ExternalChainProvider).creationCode,
                    abi.encodeCall(ExternalChainProvider.initialize, (admin, address(registry), address(billing)))
                ))
        );
        offers = IExternalOffers(address(provider));
        names = JNSRegistry(
            payable(deploySuiteContract(
                    "JNSRegistry", type(JNSRegistry).creationCode, abi.encodeCall(JNSRegistry.initialize, (admin))
                ))
        );
        resolver = JNSResolver(
            payable(deploySuiteContract(
                    "JNSResolver",
                    type(JNSResolver).creationCode,
                    abi.encodeCall(JNSResolver.initialize, (admin, address(names), address(provider)))
                ))
        );
    }

    // What a deployment grants and sets, with the localnet's short times.
    function _wire() private {
        vm.startPrank(admin);
        ledger.grantRole(ledger.LOCKER_ROLE(), address(registry));
        staking.grantRole(staking.REVENUE_ROLE(), address(billing));
        staking.grantRole(staking.SLASHER_ROLE(), slasher);
        registry.grantRole(registry.LEASE_ROLE(), address(provider));
        registry.grantRole(registry.CURATOR_ROLE(), admin);
        billing.grantRole(billing.LESSOR_ROLE(), address(provider));
        provider.grantRole(provider.CATALOG_ROLE(), admin);
        ledger.setService(SERVICE, MINIMUM_STAKE);
        registry.setParameters(
            IDWSProviderRegistry.Parameters({
                heartbeatInterval: 15, heartbeatTimeout: HEARTBEAT_TIMEOUT, attestationValidity: 300
            })
        );
        offers.setParameters(
            IExternalChainProvider.Parameters({
                objectionWindow: WINDOW, startFeeSeconds: 300, maxPendingPerPair: 4, probeQuorum: 2
            })
        );
        offers.setKind(KIND, NETWORK, kindSpec(false, false));
        offers.setKind(STATEFUL_KIND, NETWORK, kindSpec(false, true));
        offers.setKind(TEE_KIND, NETWORK, kindSpec(true, false));
        vm.stopPrank();
    }

    function _fund(address who) private {
        fundStake(who, 1_000_003 ether);
        usd.mint(who, 1_000_003e6);
        vm.startPrank(who);
        jeju.approve(address(staking), type(uint256).max);
        usd.approve(address(billing), type(uint256).max);
        vm.stopPrank();
    }

    // An account that asks for what is its own; overridden where it is the contract of a network.
    function theTreasury() internal virtual returns (address) {
        return account("treasury");
    }

    // Overridden by the fixture whose stake asset is the native coin.
    function stakeAsset() internal virtual returns (address) {
        return address(jeju);
    }

    function fundStake(address who, uint256 amount) internal virtual {
        jeju.mint(who, amount);
    }

    function kindSpec(bool tee, bool stateful) internal pure returns (IExternalChainProvider.KindSpec memory) {
        return IExternalChainProvider.KindSpec({
            active: true,
            teeRequired: tee,
            stateful: stateful,
            cores: 1,
            memoryMb: 1024,
            diskGb: 1,
            readyDeadline: DEADLINE,
            basePricePerHour: PRICE,
            service: SERVICE
        });
    }

    /// @notice An operator (registered on first use) with a staked and allocated staking node.
    function aStakingNode(address owner, bytes32 salt, uint256 amount) internal returns (bytes32 nodeId) {
        vm.startPrank(owner);
        if (!staking.operatorInfo(owner).registered) staking.registerOperator(2000);
        nodeId = staking.registerNode(salt, true);
        staking.stake(nodeId, amount);
        ledger.allocate(nodeId, SERVICE, MINIMUM_STAKE);
        vm.stopPrank();
    }

    /// @notice A provider node on a staking node of its own.
    function aProviderNode(address owner, address hotKey, bytes32 salt) internal returns (bytes32 nodeId) {
        bytes32 stakingNodeId = aStakingNode(owner, salt, 2 * MINIMUM_STAKE);
        bytes32[] memory services = new bytes32[](1);
        services[0] = SERVICE;
        vm.prank(owner);
        nodeId = registry.registerNode(
            IDWSProviderRegistry.Registration({
                salt: salt,
                stakingNodeId: stakingNodeId,
                agent: hotKey,
                agentId: 0,
                region: REGION,
                endpoint: "http://127.0.0.1:4030",
                services: services
            })
        );
    }

    function anOffer(address owner, bytes32 nodeId, bytes32 kind, uint128 price, uint32 capacity)
        internal
        returns (bytes32 offerId)
    {
        IExternalChainProvider.OfferInput[] memory inputs = new IExternalChainProvider.OfferInput[](1);
        inputs[0] = IExternalChainProvider.OfferInput({
            kind: kind, network: NETWORK, pricePerHour: price, capacity: capacity, tee: kind == TEE_KIND
        });
        vm.prank(owner);
        offerId = offers.registerProvider(nodeId, inputs)[0];
    }

    function aRequest(bytes32 offerId, bytes32 kind, bytes32 salt)
        internal
        pure
        returns (IExternalChainProvider.OrderRequest memory request)
    {
        request.salt = salt;
        request.offerId = offerId;
        request.kind = kind;
        request.network = NETWORK;
        request.leaseHours = 24;
        request.maxPricePerHour = 2 * PRICE;
        request.encryptionKey = KEY;
        request.parameters = hex"0102";
    }

    function anEndpoint() internal pure returns (IExternalChainProvider.Endpoint memory endpoint) {
        endpoint.host = "127.0.0.1";
        endpoint.ports = new uint16[](1);
        endpoint.ports[0] = 6379;
        endpoint.ciphertext = hex"c0ffee";
    }

    function placeOrder(bytes32 offerId, bytes32 kind, bytes32 salt) internal returns (bytes32) {
        vm.prank(consumer);
        return provider.provisionNode(aRequest(offerId, kind, salt));
    }

    function becomeReady(bytes32 orderId) internal {
        vm.prank(agent);
        provider.reportNodeReady(orderId, anEndpoint(), "");
    }

    /// @notice Lets time pass with heartbeats in time.
    function passWithHeartbeats(bytes32 nodeId, uint256 elapsed) internal {
        while (elapsed > 0) {
            uint256 step = elapsed < HEARTBEAT_TIMEOUT ? elapsed : HEARTBEAT_TIMEOUT;
            skipTime(step);
            vm.prank(agent);
            registry.heartbeat(nodeId);
            elapsed -= step;
        }
    }
}
