// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {AutoSlasher} from "../../src/staking/AutoSlasher.sol";
import {CDNRegistry} from "../../src/registry/CDNRegistry.sol";
import {ComputeRegistry} from "../../src/registry/ComputeRegistry.sol";
import {ComputeRental} from "../../src/market/ComputeRental.sol";
import {ContainerRegistry} from "../../src/artifacts/ContainerRegistry.sol";
import {DAOFunding} from "../../src/governance/DAOFunding.sol";
import {DWSServiceProvisioning} from "../../src/dws/DWSServiceProvisioning.sol";
import {Governed} from "../../src/governance/Governed.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IServiceNodes} from "../../src/registry/IServiceNodes.sol";
import {JNSRegistrar} from "../../src/naming/JNSRegistrar.sol";
import {LiquidityRouter} from "../../src/market/LiquidityRouter.sol";
import {MarketFacts} from "../../src/staking/MarketFacts.sol";
import {NodeStakingManager} from "../../src/staking/NodeStakingManager.sol";
import {PackageRegistry} from "../../src/artifacts/PackageRegistry.sol";
import {ProxyRegistry} from "../../src/registry/ProxyRegistry.sol";
import {RepoRegistry} from "../../src/artifacts/RepoRegistry.sol";
import {SequencerRegistry} from "../../src/registry/SequencerRegistry.sol";
import {ServiceRegistry} from "../../src/market/ServiceRegistry.sol";
import {StorageManager} from "../../src/registry/StorageManager.sol";
import {Treasury} from "../../src/governance/Treasury.sol";
import {VPNRegistry} from "../../src/registry/VPNRegistry.sol";
import {WorkerRegistry} from "../../src/dws/WorkerRegistry.sol";
import {Scene} from "../support/Scene.sol";

/// @title How every contract begins, and who may change its code
/// @dev The addresses given stand for contracts that are not there: an initializer that called one of them would fail.
contract InitializationTest is Scene {
    address internal constant A = address(0xA);

    struct Case {
        string name;
        address implementation;
        bytes initialization;
    }

    function _cases() private returns (Case[] memory cases) {
        cases = new Case[](21);
        bytes memory nodes = abi.encodeCall(IServiceNodes.initialize, (admin, A, A));
        cases[0] =
            Case("AutoSlasher", address(new AutoSlasher()), abi.encodeCall(AutoSlasher.initialize, (admin, A, A)));
        cases[1] = Case("CDNRegistry", address(new CDNRegistry()), nodes);
        cases[2] = Case("VPNRegistry", address(new VPNRegistry()), nodes);
        cases[3] = Case("ProxyRegistry", address(new ProxyRegistry()), nodes);
        cases[4] = Case(
            "ComputeRegistry", address(new ComputeRegistry()), abi.encodeCall(ComputeRegistry.initialize, (admin, A))
        );
        cases[5] = Case(
            "ComputeRental", address(new ComputeRental()), abi.encodeCall(ComputeRental.initialize, (admin, A, A, A, A))
        );
        cases[6] = Case(
            "ContainerRegistry",
            address(new ContainerRegistry()),
            abi.encodeCall(ContainerRegistry.initialize, (admin, A))
        );
        cases[7] =
            Case("DAOFunding", address(new DAOFunding()), abi.encodeCall(DAOFunding.initialize, (admin, A, A, A)));
        cases[8] = Case(
            "DWSServiceProvisioning",
            address(new DWSServiceProvisioning()),
            abi.encodeCall(DWSServiceProvisioning.initialize, (admin, A, A, A, A))
        );
        cases[9] = Case(
            "JNSRegistrar",
            address(new JNSRegistrar()),
            abi.encodeCall(JNSRegistrar.initialize, (admin, A, "parent", A, A))
        );
        cases[10] = Case(
            "LiquidityRouter",
            address(new LiquidityRouter()),
            abi.encodeCall(LiquidityRouter.initialize, (admin, A, A, A))
        );
        cases[11] =
            Case("MarketFacts", address(new MarketFacts()), abi.encodeCall(MarketFacts.initialize, (admin, A, A)));
        cases[12] = Case(
            "NodeStakingManager",
            address(new NodeStakingManager()),
            abi.encodeCall(NodeStakingManager.initialize, (admin, A, A, A))
        );
        cases[13] = Case(
            "PackageRegistry", address(new PackageRegistry()), abi.encodeCall(PackageRegistry.initialize, (admin, A))
        );
        cases[14] =
            Case("RepoRegistry", address(new RepoRegistry()), abi.encodeCall(RepoRegistry.initialize, (admin, A)));
        cases[15] = Case(
            "SequencerRegistry",
            address(new SequencerRegistry()),
            abi.encodeCall(SequencerRegistry.initialize, (admin, A, A, A, A))
        );
        cases[16] = Case(
            "ServiceRegistry", address(new ServiceRegistry()), abi.encodeCall(ServiceRegistry.initialize, (admin, A, A))
        );
        cases[17] = Case(
            "StorageManager", address(new StorageManager()), abi.encodeCall(StorageManager.initialize, (admin, A, A))
        );
        cases[18] = Case("Treasury", address(new Treasury()), abi.encodeCall(Treasury.initialize, (admin)));
        cases[19] = Case(
            "WorkerRegistry", address(new WorkerRegistry()), abi.encodeCall(WorkerRegistry.initialize, (admin, A, A, A))
        );
        // The second of the same kind: storage of proxies is their own.
        cases[20] = Case("Treasury again", cases[18].implementation, cases[18].initialization);
    }

    function test_Implementations_AreLocked_AndProxiesInitializeOnce() public {
        Case[] memory cases = _cases();
        for (uint256 i = 0; i < cases.length; i++) {
            (bool done, bytes memory reason) = cases[i].implementation.call(cases[i].initialization);
            assertTrue(!done && bytes4(reason) == Initializable.InvalidInitialization.selector, cases[i].name);
            address proxy = _proxy(cases[i].implementation, cases[i].initialization);
            (done, reason) = proxy.call(cases[i].initialization);
            assertTrue(!done && bytes4(reason) == Initializable.InvalidInitialization.selector, cases[i].name);
        }
    }

    function test_OnlyTheAdministrator_UpgradesPausesAndResumes_AndTheGuardianOnlyPauses() public {
        Case[] memory cases = _cases();
        for (uint256 i = 0; i < cases.length; i++) {
            Governed governed = Governed(_proxy(cases[i].implementation, cases[i].initialization));
            assertTrue(governed.hasRole(bytes32(0), admin), cases[i].name);
            assertFalse(governed.hasRole(bytes32(0), address(this)));
            bytes32 pauser = governed.PAUSER_ROLE();
            bytes32 action = governed.pausableActions()[0];
            vm.prank(admin);
            governed.grantRole(pauser, guardian);
            vm.startPrank(stranger);
            expectMissingRole(stranger, bytes32(0));
            governed.upgradeToAndCall(cases[i].implementation, "");
            expectMissingRole(stranger, pauser);
            governed.pauseAction(action);
            vm.stopPrank();
            vm.startPrank(guardian);
            governed.pauseAction(action);
            expectMissingRole(guardian, bytes32(0));
            governed.resumeAction(action);
            expectMissingRole(guardian, bytes32(0));
            governed.upgradeToAndCall(cases[i].implementation, "");
            vm.stopPrank();
            vm.startPrank(admin);
            governed.upgradeToAndCall(cases[i].implementation, "");
            assertTrue(governed.isActionPaused(action), cases[i].name);
            governed.resumeAction(action);
            vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_UnknownAction.selector, bytes32("nothing")));
            governed.pauseAction("nothing");
            vm.stopPrank();
        }
    }

    function test_Code_FitsTheLimitOfTheChain() public {
        Case[] memory cases = _cases();
        for (uint256 i = 0; i < cases.length; i++) {
            assertLe(cases[i].implementation.code.length, 24_576, cases[i].name);
        }
    }
}
