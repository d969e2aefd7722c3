// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LiveSuiteTest} from "./LiveSuiteTest.sol";

/// @title Calls that the suite in use refuses, each for one reason
abstract contract RefusingSuiteTest is LiveSuiteTest {
    address internal caller;
    bytes4 internal reason;
    uint256 internal refused;

    // Refused for this reason and no other, one that has no arguments; the number in a failure is that of the call within the test, from 0.
    function _refuses(address target, bytes memory call) internal {
        _refuses(target, call, "");
    }

    // Refused for this reason with these arguments.
    function _refuses(address target, bytes memory call, bytes memory arguments) internal {
        vm.prank(caller);
        (bool success, bytes memory answer) = target.call(call);
        vm.assertTrue(!success, string.concat("taken: ", vm.toString(refused)));
        vm.assertEq(
            answer, abi.encodePacked(reason, arguments), string.concat("another reason: ", vm.toString(refused))
        );
        refused++;
    }
}
