// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {ExternalChainProvider} from "../../src/external/ExternalChainProvider.sol";
import {Governed} from "../../src/governance/Governed.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {JejuTimelock} from "../../src/governance/JejuTimelock.sol";
import {FlowTest} from "../base/FlowTest.sol";

/// @dev What every contract of the flow owes to its base.
contract GovernedTest is FlowTest {
    function _all() private view returns (Governed[11] memory) {
        return [
            Governed(jeju),
            usd,
            identity,
            staking,
            ledger,
            registry,
            billing,
            provider,
            names,
            resolver,
            Governed(staking)
        ];
    }

    function test_Upgrade_ByTheAdministratorAloneAndTheDataStays() external {
        bytes32 nodeId = aStakingNode(operator, "node", 2 * MINIMUM_STAKE);
        address next = factory.deployImplementation(vm.getCode("DelegatedNodeStaking.sol:DelegatedNodeStaking"));
        expectMissingRole(stranger, bytes32(0));
        vm.prank(stranger);
        staking.upgradeToAndCall(next, "");
        vm.prank(admin);
        staking.upgradeToAndCall(next, "");
        vm.assertEq(address(uint160(uint256(vm.load(address(staking), ERC1967Utils.IMPLEMENTATION_SLOT)))), next);
        vm.assertEq(staking.node(nodeId).selfStake, 2 * uint256(MINIMUM_STAKE));
    }

    // threats 5.5.45: the guardian may only pause
    function test_Pauser_MayPauseAndNothingElse() external {
        Governed[11] memory contracts = _all();
        for (uint256 i = 0; i < contracts.length; i++) {
            bytes32 pauser = contracts[i].PAUSER_ROLE();
            bytes32 action = contracts[i].pausableActions()[0];
            if (contracts[i].hasRole(pauser, slasher)) continue;
            vm.prank(admin);
            contracts[i].grantRole(pauser, slasher);
            vm.prank(slasher);
            contracts[i].pauseAction(action);
            vm.assertTrue(contracts[i].isActionPaused(action));
            expectMissingRole(slasher, bytes32(0));
            vm.prank(slasher);
            contracts[i].resumeAction(action);
            expectMissingRole(stranger, pauser);
            vm.prank(stranger);
            contracts[i].pauseAction(action);
            vm.prank(admin);
            contracts[i].resumeAction(action);
            vm.assertFalse(contracts[i].isActionPaused(action));
            vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_UnknownAction.selector, bytes32("withdraw")));
            vm.prank(admin);
            contracts[i].pauseAction("withdraw");
        }
    }

    // predecessor: one externally owned owner. The deployer hands over and keeps nothing.
    function test_HandOver_TimelockAdministersAndTheDeployerKeepsNoRole() external {
        address[] memory holders = new address[](1);
        holders[0] = operator;
        JejuTimelock timelock = JejuTimelock(
            payable(deploySuiteContract(
                    "JejuTimelock",
                    type(JejuTimelock).creationCode,
                    abi.encodeCall(JejuTimelock.initialize, (7 days, holders, holders))
                ))
        );
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(billing.grantRole, (bytes32(0), address(timelock)));
        calls[1] = abi.encodeCall(billing.renounceRole, (bytes32(0), admin));
        vm.prank(admin);
        billing.multicall(calls);
        vm.assertFalse(billing.hasRole(bytes32(0), admin));

        bytes memory change = abi.encodeCall(billing.setProtocolFee, (400));
        vm.prank(operator);
        timelock.schedule(address(billing), 0, change, 0, "salt", 7 days);
        vm.expectRevert();
        vm.prank(operator);
        timelock.execute(address(billing), 0, change, 0, "salt");
        skipTime(7 days);
        vm.prank(operator);
        timelock.execute(address(billing), 0, change, 0, "salt");
        vm.assertEq(billing.protocolFeeBps(), 400);
        vm.expectRevert();
        vm.prank(operator);
        timelock.upgradeToAndCall(address(factory), "");
    }

    function test_Extension_HoldsNoStateAndCannotBeInitialized() external {
        ExternalChainProvider extension = ExternalChainProvider(payable(provider.EXTENSION()));
        vm.expectRevert();
        extension.initialize(stranger, stranger, stranger);
        address implementation = factory.implementationOf(keccak256(type(ExternalChainProvider).creationCode));
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        ExternalChainProvider(payable(implementation)).initialize(stranger, stranger, stranger);
    }

    // ERC-7201: the constant in each contract is the formula
    function test_StorageLocations_FollowErc7201() external view {
        string[13] memory ids = [
            "Governed",
            "UpgradeSwitch",
            "TestUsd",
            "IdentityRegistry",
            "AgentProfiles",
            "AgentStakes",
            "DelegatedNodeStaking",
            "MultiServiceStakeManager",
            "DWSProviderRegistry",
            "DWSBilling",
            "ExternalChainProvider",
            "JNSRegistry",
            "JNSResolver"
        ];
        string[13] memory files = [
            "governance/GovernedState.sol",
            "governance/UpgradeSwitch.sol",
            "token/TestUsd.sol",
            "registry/IdentityRegistry.sol",
            "registry/AgentProfiles.sol",
            "registry/AgentStakes.sol",
            "staking/StakeStorage.sol",
            "staking/MultiServiceStakeManager.sol",
            "dws/ProviderRecords.sol",
            "dws/BillingAccounts.sol",
            "external/ExternalChainStorage.sol",
            "naming/JNSRegistry.sol",
            "naming/JNSResolver.sol"
        ];
        for (uint256 i = 0; i < ids.length; i++) {
            bytes32 location = keccak256(abi.encode(uint256(keccak256(abi.encodePacked("jeju.storage.", ids[i]))) - 1))
                & ~bytes32(uint256(0xff));
            string memory source = vm.readFile(string.concat("src/", files[i]));
            vm.assertTrue(_contains(source, vm.toString(location)), ids[i]);
        }
    }

    function _contains(string memory text, string memory part) private pure returns (bool) {
        bytes memory t = bytes(text);
        bytes memory p = bytes(part);
        bytes32 wanted = keccak256(p);
        for (uint256 i = 0; i + p.length <= t.length; i++) {
            if (t[i] != p[0] || t[i + 2] != p[2]) continue;
            bytes32 found;
            uint256 length = p.length;
            assembly ("memory-safe") {
                found := keccak256(add(add(t, 0x20), i), length)
            }
            if (found == wanted) return true;
        }
        return false;
    }
}
