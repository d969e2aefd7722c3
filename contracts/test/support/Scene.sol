// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {Test} from "../base/Test.sol";

/// @title What the tests of single contracts share: actors, proxies, time and short assertions
abstract contract Scene is Test {
    address internal admin;
    address internal guardian;
    address internal alice;
    address internal bob;
    address internal carol;
    address internal stranger;

    constructor() {
        vm.chainId(31_337);
        vm.warp(1_800_000_000);
        admin = account("admin");
        guardian = account("guardian");
        alice = account("alice");
        bob = account("bob");
        carol = account("carol");
        stranger = account("stranger");
    }

    function _proxy(address implementation, bytes memory initialization) internal returns (address) {
        return address(new ERC1967Proxy(implementation, initialization));
    }

    function _skip(uint256 secondsAhead) internal {
        skipTime(secondsAhead);
    }

    // Read through the cheat code: the optimizer may move `block.timestamp` across a warp.
    function _now() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    function _between(uint256 value, uint256 minimum, uint256 maximum) internal pure returns (uint256) {
        return minimum + value % (maximum - minimum + 1);
    }

    function assertEq(uint256 actual, uint256 expected) internal pure {
        vm.assertEq(actual, expected);
    }

    function assertEq(uint256 actual, uint256 expected, string memory what) internal pure {
        vm.assertEq(actual, expected, what);
    }

    function assertEq(address actual, address expected) internal pure {
        vm.assertEq(actual, expected);
    }

    function assertEq(bytes32 actual, bytes32 expected) internal pure {
        vm.assertEq(actual, expected);
    }

    function assertEq(string memory actual, string memory expected) internal pure {
        vm.assertEq(actual, expected);
    }

    function assertTrue(bool condition) internal pure {
        vm.assertTrue(condition);
    }

    function assertTrue(bool condition, string memory what) internal pure {
        vm.assertTrue(condition, what);
    }

    function assertFalse(bool condition) internal pure {
        vm.assertFalse(condition);
    }

    function assertLe(uint256 lesser, uint256 greater, string memory what) internal pure {
        vm.assertLe(lesser, greater, what);
    }
}
