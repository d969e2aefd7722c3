// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {WholeSuiteTest} from "../base/WholeSuiteTest.sol";

/// @notice Stands in a proxy as if one of its guarded functions had called out and not come back yet.
contract Entered is UUPSUpgradeable {
    bytes32 private constant REENTRANCY_GUARD = 0x9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00;

    function enter() external {
        assembly ("memory-safe") {
            tstore(REENTRANCY_GUARD, 1)
        }
    }

    function leave() external {
        assembly ("memory-safe") {
            tstore(REENTRANCY_GUARD, 0)
        }
    }

    function _authorizeUpgrade(address) internal override {}
}

/// @title Which role, which pause and which bounds stand before each function of each contract, and which may not be entered again
/// @notice The table is guards.json: a function without a line has none of them. It is found by calling every function of surface.json, with nothing in
/// its arguments, as somebody who has only the roles it has asked for.
/// @dev Accept with `JEJU_ACCEPT_GUARDS=true forge test --match-contract GuardsTest`, and read the difference.
contract GuardsTest is WholeSuiteTest {
    string private constant TABLE = "test/suite/guards.json";
    string[17] private roleNames = [
        "LESSOR_ROLE",
        "LEASE_ROLE",
        "SELLER_ROLE",
        "LOCKER_ROLE",
        "REVENUE_ROLE",
        "SLASHER_ROLE",
        "ORACLE_ROLE",
        "PRICE_ROLE",
        "ARBITER_ROLE",
        "CURATOR_ROLE",
        "CATALOG_ROLE",
        "SPENDER_ROLE",
        "STRATEGIST_ROLE",
        "MONITOR_ROLE",
        "MINTER_ROLE",
        "PAUSER_ROLE",
        "PROPOSER_ROLE"
    ];

    mapping(bytes32 bound => bool) private _seen;

    function test_RolesPausesBoundsAndReentrancy_AreThoseOfTheTable() external {
        string memory surface = vm.readFile("test/suite/surface.json");
        bool accept = vm.envOr("JEJU_ACCEPT_GUARDS", false);
        string memory known = accept ? "" : vm.readFile(TABLE);
        string memory found = "{";
        for (uint256 i = 0; i < members.length; i++) {
            string memory line = this.guardsOf(members[i], surface);
            if (!accept) {
                string[] memory expected = vm.parseJsonStringArray(known, string.concat(".", members[i]));
                this.compare(members[i], line, expected);
            }
            found = string.concat(found, i == 0 ? "\n" : ",\n", '  "', members[i], '": [\n', line, "\n  ]");
        }
        if (accept) vm.writeFile(TABLE, string.concat(found, "\n}\n"));
    }

    function compare(string memory name, string memory found, string[] memory expected) external pure {
        string memory text;
        for (uint256 i = 0; i < expected.length; i++) {
            text = string.concat(text, i == 0 ? "" : ",\n", '    "', expected[i], '"');
        }
        vm.assertEq(found, text, name);
    }

    /// @dev Called from outside, so that its memory is given back.
    function guardsOf(string memory name, string memory surface) external returns (string memory lines) {
        string[] memory functions = vm.parseJsonStringArray(surface, string.concat(".functions.", name));
        for (uint256 i = 0; i < functions.length; i++) {
            string memory guards = this.guardsOfFunction(memberOf(name), functions[i]);
            if (bytes(guards).length == 0) continue;
            lines = string.concat(lines, bytes(lines).length == 0 ? "" : ",\n", '    "', functions[i], ":", guards, '"');
        }
    }

    /// @dev Called from outside, and rolled back.
    function guardsOfFunction(address target, string memory signature) external returns (string memory guards) {
        uint256 before = vm.snapshotState();
        bytes memory data = abi.encodePacked(bytes4(keccak256(bytes(signature))), new bytes(1024));
        guards = _roles(target, data);
        guards = string.concat(guards, _pause(target, data), _reentrancy(target, data), _bounds(target, signature));
        vm.revertToState(before);
    }

    // Grants what is asked for until nothing is asked for any more.
    function _roles(address target, bytes memory data) private returns (string memory found) {
        for (uint256 i = 0; i < 3; i++) {
            (bytes4 reason, bytes memory arguments) = _refusal(target, data);
            if (reason != IAccessControl.AccessControlUnauthorizedAccount.selector) break;
            (, bytes32 role) = abi.decode(arguments, (address, bytes32));
            found = string.concat(found, " ", _roleName(role));
            vm.prank(admin);
            IAccessControl(target).grantRole(role, stranger);
        }
    }

    function _pause(address target, bytes memory data) private returns (string memory found) {
        bytes32[] memory actions = IGoverned(target).pausableActions();
        for (uint256 i = 0; i < actions.length; i++) {
            vm.prank(admin);
            IGoverned(target).pauseAction(actions[i]);
            (bytes4 reason,) = _refusal(target, data);
            if (reason == IGoverned.Governed_ActionPaused.selector) {
                found = string.concat(found, " paused by ", _text(actions[i]));
            }
            vm.prank(admin);
            IGoverned(target).resumeAction(actions[i]);
        }
    }

    function _reentrancy(address target, bytes memory data) private returns (string memory found) {
        address implementation = address(uint160(uint256(vm.load(target, ERC1967Utils.IMPLEMENTATION_SLOT))));
        _replace(target, address(new Entered()));
        Entered(target).enter();
        _replace(target, implementation);
        (bytes4 reason,) = _refusal(target, data);
        if (reason == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector) found = " not entered again";
        _replace(target, address(new Entered()));
        Entered(target).leave();
        _replace(target, implementation);
    }

    // Whatever is set must be within bounds: each argument once as nothing and once as the most that its bits hold.
    function _bounds(address target, string memory signature) private returns (string memory found) {
        bytes memory data = abi.encodePacked(bytes4(keccak256(bytes(signature))), _present(target, signature));
        uint256 words = (data.length - 4) / 32;
        for (uint256 i = 0; i < words; i++) {
            bytes32 original = _word(data, i);
            for (uint256 bits = 0; bits <= 256; bits = bits == 0 ? 16 : 2 * bits) {
                _setWord(data, i, bits == 0 ? bytes32(0) : bytes32(type(uint256).max >> (256 - bits)));
                (bytes4 reason, bytes memory arguments) = _refusal(target, data);
                if (reason == IGoverned.Governed_ParameterOutOfBounds.selector) {
                    string memory bound = _bound(bits == 0, arguments);
                    if (!_seen[keccak256(bytes(bound))]) found = string.concat(found, bound);
                    _seen[keccak256(bytes(bound))] = true; // until this function is rolled back
                    if (bits != 0) break;
                }
            }
            _setWord(data, i, original);
        }
    }

    function _bound(bool least, bytes memory arguments) private pure returns (string memory) {
        (bytes32 parameter,, uint256 minimum, uint256 maximum) =
            abi.decode(arguments, (bytes32, uint256, uint256, uint256));
        if (least) return string.concat(" ", _text(parameter), " at least ", Strings.toString(minimum));
        return string.concat(" ", _text(parameter), " at most ", Strings.toString(maximum));
    }

    // The settings in force, where the function changes them; else as many words as there are arguments.
    function _present(address target, string memory signature) private view returns (bytes memory) {
        if (_startsWith(signature, "setParameters(")) {
            (, bytes memory settings) = target.staticcall(abi.encodeWithSignature("parameters()"));
            return settings;
        }
        if (!_startsWith(signature, "set")) return "";
        uint256 count = 1;
        for (uint256 i = 0; i < bytes(signature).length; i++) {
            if (bytes(signature)[i] == ",") count++;
            // Texts and lists have no bounds of this kind.
            if (bytes(signature)[i] == "[") return "";
        }
        return new bytes(32 * count);
    }

    function _refusal(address target, bytes memory data) private returns (bytes4 reason, bytes memory arguments) {
        uint256 before = vm.snapshotState();
        vm.prank(stranger);
        (bool done, bytes memory returned) = target.call(data);
        vm.revertToState(before);
        if (done || returned.length < 4) return (0, "");
        reason = bytes4(returned);
        arguments = new bytes(returned.length - 4);
        for (uint256 i = 0; i < arguments.length; i++) {
            arguments[i] = returned[i + 4];
        }
    }

    function _replace(address target, address implementation) private {
        vm.store(target, ERC1967Utils.IMPLEMENTATION_SLOT, bytes32(uint256(uint160(implementation))));
    }

    function _roleName(bytes32 role) private view returns (string memory) {
        if (role == 0) return "DEFAULT_ADMIN_ROLE";
        for (uint256 i = 0; i < roleNames.length; i++) {
            if (role == keccak256(bytes(roleNames[i]))) return roleNames[i];
        }
        return Strings.toHexString(uint256(role), 32);
    }

    function _text(bytes32 word) private pure returns (string memory) {
        uint256 length = 0;
        while (length < 32 && word[length] != 0) length++;
        bytes memory text = new bytes(length);
        for (uint256 i = 0; i < length; i++) {
            text[i] = word[i];
        }
        return string(text);
    }

    function _startsWith(string memory text, string memory start) private pure returns (bool) {
        if (bytes(text).length < bytes(start).length) return false;
        for (uint256 i = 0; i < bytes(start).length; i++) {
            if (bytes(text)[i] != bytes(start)[i]) return false;
        }
        return true;
    }

    function _word(bytes memory data, uint256 index) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(data, add(36, mul(32, index))))
        }
    }

    function _setWord(bytes memory data, uint256 index, bytes32 word) private pure {
        assembly ("memory-safe") {
            mstore(add(data, add(36, mul(32, index))), word)
        }
    }

    // ------------------------------------------------------------ initializers

    function test_ZeroAddress_IsRefusedByEveryInitializer_AndNoneRunsTwice() external {
        string memory taken;
        for (uint256 i = 0; i < members.length; i++) {
            bytes memory data = initializationOf[members[i]];
            address target = memberOf(members[i]);
            address implementation = address(uint160(uint256(vm.load(target, ERC1967Utils.IMPLEMENTATION_SLOT))));
            (bool again,) = target.call(data);
            vm.assertFalse(again, members[i]);
            (again,) = implementation.call(data);
            vm.assertFalse(again, members[i]);
            for (uint256 word = 0; word < (data.length - 4) / 32; word++) {
                bytes32 original = _word(data, word);
                if (uint256(original) >> 160 != 0 || uint256(original) < 1 << 96) continue;
                _setWord(data, word, 0);
                try this.deployProxy(implementation, data) {
                    taken = string.concat(taken, members[i], " ", Strings.toString(word), ";");
                } catch (bytes memory reason) {
                    vm.assertTrue(bytes4(reason) == IGoverned.Governed_ZeroAddress.selector, members[i]);
                }
                _setWord(data, word, original);
            }
        }
        // Zero stands for the native coin as stake.
        vm.assertEq(taken, "DelegatedNodeStaking 1;");
    }

    function deployProxy(address implementation, bytes memory data) external {
        new ERC1967Proxy(implementation, data);
    }
}
