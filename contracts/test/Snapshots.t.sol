// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {FlowTest} from "./base/FlowTest.sol";
import {WholeSuiteTest} from "./base/WholeSuiteTest.sol";

/// @title Gas of the flow and sizes of its contracts, compared with snapshots/
/// @dev Accept with `FORGE_SNAPSHOT_EMIT=true forge test --match-contract Snapshots`: that run compares nothing, the next with the new ones.
contract SnapshotsTest is FlowTest {
    uint256 private constant MAXIMUM_CODE = 24_576;

    function test_Snapshot_GasOfTheFlow() external {
        bytes32 nodeId = aProviderNode(operator, agent, "node");
        bytes32 stakingNodeId = registry.stakingNodeOf(nodeId);
        vm.prank(delegator);
        staking.delegate(stakingNodeId, 1001 ether);
        _gas("delegate");
        bytes32 offerId = anOffer(operator, nodeId, KIND, PRICE, 3);
        _gas("registerProvider");
        bytes32 orderId = placeOrder(offerId, KIND, "a");
        _gas("provisionNode");
        becomeReady(orderId);
        _gas("reportNodeReady");
        skipTime(WINDOW + 10);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        _gas("heartbeat");
        provider.settleNode(orderId);
        _gas("settleNode");
        vm.prank(slasher);
        staking.slash(stakingNodeId, "case", 7 ether, address(0), 0);
        _gas("slash");
        vm.prank(consumer);
        provider.terminateNode(orderId);
        _gas("terminateNode");
    }

    function test_Snapshot_SizesAreWithinTheLimit() external {
        _size("DelegatedNodeStaking", address(staking));
        _size("MultiServiceStakeManager", address(ledger));
        _size("DWSProviderRegistry", address(registry));
        _size("DWSBilling", address(billing));
        _size("ExternalChainProvider", address(provider));
        _size("IdentityRegistry", address(identity));
        _size("JNSRegistry", address(names));
        _size("JNSResolver", address(resolver));
        _size("JejuToken", address(jeju));
        _size("TestUsd", address(usd));
        uint256 extension = provider.EXTENSION().code.length;
        vm.assertLe(extension, MAXIMUM_CODE);
        vm.snapshotValue("sizes", "ExternalChainProviderExtension", extension);
        _compare("sizes", "ExternalChainProviderExtension", extension);
    }

    function _gas(string memory name) private {
        _compare("flow", name, vm.snapshotGasLastCall("flow", name));
    }

    function _compare(string memory group, string memory name, uint256 value) private view {
        if (vm.envOr("FORGE_SNAPSHOT_EMIT", false)) return;
        string memory known = vm.readFile(string.concat("snapshots/", group, ".json"));
        vm.assertEq(value, vm.parseJsonUint(known, string.concat(".", name)), name);
    }

    function _size(string memory name, address proxy) private {
        address implementation = address(uint160(uint256(vm.load(proxy, ERC1967Utils.IMPLEMENTATION_SLOT))));
        vm.assertLe(implementation.code.length, MAXIMUM_CODE, name);
        vm.snapshotValue("sizes", name, implementation.code.length);
        _compare("sizes", name, implementation.code.length);
    }
}

/// @title Sizes of every contract of the suite, compared with snapshots/
contract SuiteSnapshotsTest is WholeSuiteTest {
    function test_Snapshot_SizesOfTheSuite() external {
        string memory known = vm.readFile("snapshots/suite.json");
        for (uint256 i = 0; i < members.length; i++) {
            bytes32 slot = vm.load(memberOf(members[i]), ERC1967Utils.IMPLEMENTATION_SLOT);
            uint256 size = address(uint160(uint256(slot))).code.length;
            vm.assertLe(size, 24_576, members[i]);
            vm.snapshotValue("suite", members[i], size);
            if (vm.envOr("FORGE_SNAPSHOT_EMIT", false)) continue;
            vm.assertEq(size, vm.parseJsonUint(known, string.concat(".", members[i])), members[i]);
        }
    }
}
