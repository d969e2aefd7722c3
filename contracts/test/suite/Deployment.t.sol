// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {WholeSuiteTest} from "../base/WholeSuiteTest.sol";

/// @title How each contract of the suite is deployed: in one transaction, in any order, with nothing left to the deployer
contract DeploymentTest is WholeSuiteTest {
    uint256 private constant MAXIMUM_TRANSACTION_GAS = 16_777_216;
    uint256 private constant MAXIMUM_TRANSACTION_BYTES = 128 * 1024;

    // One implementation, its proxy and its initialization fit one transaction, by gas and by size.
    function test_Deployment_OfEveryContract_FitsOneTransaction() external {
        for (uint256 i = 0; i < members.length; i++) {
            // Another hash, so that the fixture's implementation is not the one that is found.
            bytes memory code = abi.encodePacked(_codeOf(members[i]), uint256(1));
            bytes memory call =
                abi.encodeCall(factory.deploy, (keccak256("one transaction"), code, initializationOf[members[i]]));
            vm.assertLt(call.length, MAXIMUM_TRANSACTION_BYTES, members[i]);
            uint256 before = vm.snapshotState();
            uint256 used = gasleft();
            factory.deploy(keccak256("one transaction"), code, initializationOf[members[i]]);
            used -= gasleft();
            // With what the call data costs at most: 40 gas a byte, and the 21 000 of a transaction.
            vm.assertLt(used + 21_000 + call.length * 40, MAXIMUM_TRANSACTION_GAS, members[i]);
            vm.revertToState(before);
        }
    }

    // So the order of deployment does not matter: an initializer that called one of these addresses would fail, for nothing is there.
    function test_Initializers_OnlyStoreAddresses_OfContractsThatAreNotThere() external {
        for (uint256 i = 0; i < members.length; i++) {
            bytes memory initialization = initializationOf[members[i]];
            for (uint256 word = 4; word < initialization.length; word += 32) {
                bytes32 nobody = bytes32(0x1000 + word);
                if (word > 4) {
                    assembly ("memory-safe") {
                        mstore(add(add(initialization, 0x20), word), nobody)
                    }
                }
            }
            address alone =
                deploySuiteContract(string.concat(members[i], " alone"), _codeOf(members[i]), initialization);
            vm.assertTrue(IAccessControl(alone).hasRole(bytes32(0), admin), members[i]);
        }
    }

    function test_FactoryAndDeployer_AdministerNothing() external view {
        for (uint256 i = 0; i < members.length; i++) {
            IAccessControl member = IAccessControl(memberOf(members[i]));
            vm.assertTrue(member.hasRole(bytes32(0), admin), members[i]);
            vm.assertFalse(member.hasRole(bytes32(0), address(factory)), members[i]);
            vm.assertFalse(member.hasRole(bytes32(0), address(this)), members[i]);
        }
    }

    function _codeOf(string memory name) private view returns (bytes memory) {
        return vm.getCode(string.concat(name, ".sol:", name));
    }
}
