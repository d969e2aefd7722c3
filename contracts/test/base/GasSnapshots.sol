// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LiveSuiteTest} from "./LiveSuiteTest.sol";

/// @title Gas of operations in the suite in use, compared with snapshots/
/// @dev Accept with `FORGE_SNAPSHOT_EMIT=true forge test --match-contract Snapshots`: that run compares nothing, the next with the new ones.
abstract contract GasSnapshots is LiveSuiteTest {
    function gasOf(string memory group, string memory name) internal {
        uint256 used = vm.snapshotGasLastCall(group, name);
        if (vm.envOr("FORGE_SNAPSHOT_EMIT", false)) return;
        string memory known = vm.readFile(string.concat("snapshots/", group, ".json"));
        vm.assertEq(used, vm.parseJsonUint(known, string.concat(".", name)), name);
    }
}
