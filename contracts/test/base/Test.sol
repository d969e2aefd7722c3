// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Vm} from "./Vm.sol";

/// @title The base of every test: cheatcodes, named accounts with keys, time travel
abstract contract Test {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    bool public constant IS_TEST = true;

    address[] private _targetedContracts;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    FuzzSelector[] private _targetedSelectors;

    /// @notice What forge's invariant runner calls.
    function targetContracts() public view returns (address[] memory) {
        return _targetedContracts;
    }

    /// @notice Which functions of the handlers forge's invariant runner calls; none means all.
    function targetSelectors() public view returns (FuzzSelector[] memory) {
        return _targetedSelectors;
    }

    function targetContract(address handler) internal {
        _targetedContracts.push(handler);
    }

    function targetSelector(address handler, bytes4[] memory selectors) internal {
        _targetedSelectors.push(FuzzSelector({addr: handler, selectors: selectors}));
    }

    /// @notice A named account, labelled in traces; its key is `keyOf(name)`.
    function account(string memory name) internal returns (address who) {
        who = vm.addr(keyOf(name));
        vm.label(who, name);
    }

    function keyOf(string memory name) internal pure returns (uint256) {
        return uint256(keccak256(bytes(name))) >> 4;
    }

    function signatureOf(string memory name, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(name), digest);
        return abi.encodePacked(r, s, v);
    }

    /// @notice Folds a drawn value into a range, both ends included.
    function within(uint256 value, uint256 minimum, uint256 maximum) internal pure returns (uint256) {
        return value >= minimum && value <= maximum ? value : minimum + value % (maximum - minimum + 1);
    }

    function skipTime(uint256 elapsed) internal {
        vm.warp(vm.getBlockTimestamp() + elapsed);
    }

    function expectMissingRole(address who, bytes32 role) internal {
        vm.expectRevert(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, who, role));
    }
}
