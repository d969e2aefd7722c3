// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IServiceNodes} from "../../src/registry/IServiceNodes.sol";
import {IAutoSlasher} from "../../src/staking/IAutoSlasher.sol";
import {IDAOFunding} from "../../src/governance/IDAOFunding.sol";
import {IJNSRegistrar} from "../../src/naming/IJNSRegistrar.sol";
import {INodeStakingManager} from "../../src/staking/INodeStakingManager.sol";
import {FlowTest} from "./FlowTest.sol";

/// @title Every contract of the suite, deployed by name and wired as WIRING.md says
/// @notice The contracts of the flow come from {FlowTest}; `memberOf` finds any of them by its name.
abstract contract WholeSuiteTest is FlowTest {
    bytes32 internal constant PARENT_LABEL = keccak256("jeju");

    string[] internal members;
    mapping(string name => bytes) internal initializationOf;

    function setUp() public virtual override {
        super.setUp();
        _memberOfTheFlow("JejuToken", abi.encodeWithSignature("initialize(address)", admin));
        _memberOfTheFlow("TestUsd", abi.encodeWithSignature("initialize(address)", admin));
        _memberOfTheFlow("IdentityRegistry", _initialization(address(jeju), treasury));
        _memberOfTheFlow("JNSRegistry", abi.encodeWithSignature("initialize(address)", admin));
        _memberOfTheFlow(
            "DelegatedNodeStaking", _initialization(address(jeju), address(usd), address(ledger), treasury)
        );
        _memberOfTheFlow("MultiServiceStakeManager", _initialization(address(staking)));
        _memberOfTheFlow("DWSBilling", _initialization(address(usd), address(staking), treasury));
        _memberOfTheFlow("ExternalChainProvider", _initialization(address(registry), address(billing)));
        _memberOfTheFlow("JNSResolver", _initialization(address(names), address(provider)));
        _memberOfTheFlow(
            "DWSProviderRegistry", _initialization(address(staking), address(ledger), address(identity), address(0))
        );
        _deployStakers();
        _deployNodesAndServices();
        _deployMarkets();
        _deployArtifacts();
        _grantAll();
        _setAll();
    }

    function memberOf(string memory name) internal view returns (address) {
        return suiteAddress(name);
    }

    function _initialization(address one) private view returns (bytes memory) {
        return abi.encodeWithSignature("initialize(address,address)", admin, one);
    }

    function _initialization(address one, address two) private view returns (bytes memory) {
        return abi.encodeWithSignature("initialize(address,address,address)", admin, one, two);
    }

    function _initialization(address one, address two, address three) private view returns (bytes memory) {
        return abi.encodeWithSignature("initialize(address,address,address,address)", admin, one, two, three);
    }

    function _initialization(address one, address two, address three, address four)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeWithSignature(
            "initialize(address,address,address,address,address)", admin, one, two, three, four
        );
    }

    function _memberOfTheFlow(string memory name, bytes memory initialization) private {
        members.push(name);
        initializationOf[name] = initialization;
    }

    function _deploy(string memory name, bytes memory initialization) internal returns (address) {
        _memberOfTheFlow(name, initialization);
        return deploySuiteContract(name, vm.getCode(string.concat(name, ".sol:", name)), initialization);
    }

    function _deployStakers() private {
        _deploy("AutoSlasher", _initialization(address(staking), address(ledger)));
        _deploy("MarketFacts", _initialization(address(registry), address(provider)));
        _deploy("NodeStakingManager", _initialization(address(staking), address(ledger), address(usd)));
        _deploy("SequencerRegistry", _initialization(address(staking), address(ledger), address(usd), treasury));
    }

    function _deployNodesAndServices() private {
        _deploy("ComputeRegistry", _initialization(address(registry)));
        _deploy("StorageManager", _initialization(address(registry), address(billing)));
        _deploy("VPNRegistry", _initialization(address(registry), address(billing)));
        _deploy("ProxyRegistry", _initialization(address(registry), address(billing)));
        _deploy("CDNRegistry", _initialization(address(registry), address(billing)));
        _deploy("WorkerRegistry", _initialization(address(names), address(registry), address(billing)));
        _deploy(
            "DWSServiceProvisioning",
            _initialization(address(names), address(registry), memberOf("ComputeRegistry"), address(billing))
        );
    }

    function _deployMarkets() private {
        _deploy(
            "ComputeRental", _initialization(memberOf("ComputeRegistry"), address(registry), address(billing), treasury)
        );
        _deploy("ServiceRegistry", _initialization(address(names), address(billing)));
        address account = _create(vm.getCode("DelegationAccount.sol:DelegationAccount"));
        _deploy("LiquidityRouter", _initialization(address(jeju), address(staking), account));
        _deploy("Treasury", abi.encodeWithSignature("initialize(address)", admin));
        _deploy("DAOFunding", _initialization(address(identity), address(jeju), address(usd)));
    }

    function _deployArtifacts() private {
        bytes32 parent = keccak256(abi.encodePacked(bytes32(0), PARENT_LABEL));
        _deploy(
            "JNSRegistrar",
            abi.encodeCall(IJNSRegistrar.initialize, (admin, address(names), parent, address(usd), treasury))
        );
        _deploy("RepoRegistry", _initialization(address(names)));
        _deploy("PackageRegistry", _initialization(address(names)));
        _deploy("ContainerRegistry", _initialization(address(names)));
    }

    function _create(bytes memory code) private returns (address created) {
        assembly ("memory-safe") {
            created := create(0, add(code, 0x20), mload(code))
        }
    }

    function _grant(string memory name, string memory role, address holder) internal {
        IAccessControl(memberOf(name)).grantRole(keccak256(bytes(role)), holder);
    }

    function _grantAll() private {
        string[8] memory lessors = [
            "ComputeRental",
            "DWSServiceProvisioning",
            "WorkerRegistry",
            "StorageManager",
            "VPNRegistry",
            "ProxyRegistry",
            "CDNRegistry",
            "ServiceRegistry"
        ];
        vm.startPrank(admin);
        for (uint256 i = 0; i < lessors.length; i++) {
            _grant("DWSBilling", "LESSOR_ROLE", memberOf(lessors[i]));
        }
        _grant("DWSProviderRegistry", "LEASE_ROLE", memberOf("ComputeRental"));
        _grant("DWSProviderRegistry", "LEASE_ROLE", memberOf("DWSServiceProvisioning"));
        _grant("DWSProviderRegistry", "LEASE_ROLE", memberOf("StorageManager"));
        _grant("ComputeRegistry", "SELLER_ROLE", memberOf("ComputeRental"));
        _grant("ComputeRegistry", "SELLER_ROLE", memberOf("DWSServiceProvisioning"));
        _grant("ComputeRegistry", "SELLER_ROLE", address(provider));
        _grant("DelegatedNodeStaking", "SLASHER_ROLE", memberOf("AutoSlasher"));
        _grant("IdentityRegistry", "SLASHER_ROLE", admin);
        _grant("DelegatedNodeStaking", "REVENUE_ROLE", memberOf("NodeStakingManager"));
        _grant("DelegatedNodeStaking", "REVENUE_ROLE", memberOf("SequencerRegistry"));
        _grant("MultiServiceStakeManager", "LOCKER_ROLE", memberOf("NodeStakingManager"));
        _grant("MultiServiceStakeManager", "LOCKER_ROLE", memberOf("SequencerRegistry"));
        _grant("NodeStakingManager", "ORACLE_ROLE", admin);
        _grant("NodeStakingManager", "PRICE_ROLE", admin);
        _grant("VPNRegistry", "CURATOR_ROLE", admin);
        _grant("ProxyRegistry", "CURATOR_ROLE", admin);
        _grant("CDNRegistry", "CURATOR_ROLE", admin);
        vm.stopPrank();
    }

    function _setAll() private {
        string[7] memory services = ["rpc", "compute", "worker", "storage", "vpn", "proxy", "cdn"];
        vm.startPrank(admin);
        for (uint256 i = 0; i < services.length; i++) {
            ledger.setService(bytes32(bytes(services[i])), MINIMUM_STAKE);
        }
        ledger.setService("sequencer", 100_000 ether);
        offers.setComputeRegistry(memberOf("ComputeRegistry"));
        IAutoSlasher slashers = IAutoSlasher(memberOf("AutoSlasher"));
        slashers.setSource(memberOf("MarketFacts"), true);
        slashers.setSource(memberOf("SequencerRegistry"), true);
        slashers.setSource(memberOf("ComputeRental"), true);
        INodeStakingManager(memberOf("NodeStakingManager")).setRegion(REGION, true);
        INodeStakingManager(memberOf("NodeStakingManager")).setPrice(1e6);
        IServiceNodes(memberOf("VPNRegistry")).setPlace("CH", true);
        IServiceNodes(memberOf("ProxyRegistry")).setPlace("CH", true);
        IServiceNodes(memberOf("CDNRegistry")).setPlace("CH", true);
        IDAOFunding(memberOf("DAOFunding")).setSource(memberOf("RepoRegistry"), true);
        IDAOFunding(memberOf("DAOFunding")).setSource(memberOf("PackageRegistry"), true);
        names.setSubnodeOwner(0, PARENT_LABEL, memberOf("JNSRegistrar"));
        vm.stopPrank();
    }
}
