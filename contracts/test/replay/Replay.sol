// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC1967} from "@openzeppelin/contracts/interfaces/IERC1967.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IUpgradeSwitch} from "../../src/governance/IUpgradeSwitch.sol";
import {LiveSuiteTest} from "../base/LiveSuiteTest.sol";
import {Vm} from "../base/Vm.sol";

/// @title Events alone rebuild the state: a book that is written from the logs of one contract and then compared with its views
/// @notice Logs are those of the whole suite in use, from the deployment on. A contract's test says for each event what it changes, and for each kind of
/// entry which view answers it. Every entry that the events ever touched is compared; an event that nobody replays fails the test, so a new one
/// cannot be forgotten. Roles, pauses and the end of upgrades are replayed here, for all.
/// @dev The time of a block comes with every log but is no part of it: fields that only hold it are left out.
abstract contract Replay is LiveSuiteTest {
    /// @notice One value of the state: what it is, and of which id and other key.
    struct Entry {
        bytes32 what;
        bytes32 id;
        bytes32 other;
    }

    Entry[] private _entries;
    mapping(bytes32 key => bool) private _known;
    mapping(bytes32 key => bytes32) private _values;
    mapping(bytes32 hash => string) internal textOf;
    /// @dev The contract whose events are replayed.
    address internal replayed;

    function setUp() public virtual override {
        vm.recordLogs();
        super.setUp();
    }

    /// @notice Writes an event into the book; false when it is unknown.
    function apply_(bytes32 topic, Vm.Log memory log) internal virtual returns (bool);

    /// @notice What the contract itself answers for an entry.
    function actual(bytes32 what, bytes32 id, bytes32 other) internal view virtual returns (bytes32);

    /// @param minimum how many events at least, so that the test is not about nothing
    function replay(string memory name, uint256 minimum) internal {
        replayed = memberOf(name);
        set("upgrades disabled", 0, asWord(false));
        vm.prank(admin);
        IUpgradeSwitch(replayed).disableUpgrades();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 count = 0;
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].emitter != replayed) continue;
            bytes32 topic = logs[i].topics[0];
            bool done = _applyGoverned(topic, logs[i]) || apply_(topic, logs[i]);
            vm.assertTrue(done, string.concat(name, ": an event that nobody replays: ", vm.toString(topic)));
            count++;
        }
        vm.assertGe(count, minimum, "events");
        for (uint256 i = 0; i < _entries.length; i++) {
            Entry memory entry = _entries[i];
            vm.assertEq(
                get(entry.what, entry.id, entry.other),
                _actual(entry),
                string.concat(name, ": ", _text(entry.what), " ", vm.toString(entry.id), " ", vm.toString(entry.other))
            );
        }
    }

    function get(bytes32 what, bytes32 id, bytes32 other) internal view returns (bytes32) {
        return _values[keccak256(abi.encode(what, id, other))];
    }

    function set(bytes32 what, bytes32 id, bytes32 other, bytes32 value) internal {
        bytes32 key = keccak256(abi.encode(what, id, other));
        if (!_known[key]) {
            _known[key] = true;
            _entries.push(Entry(what, id, other));
        }
        _values[key] = value;
    }

    function set(bytes32 what, bytes32 id, bytes32 value) internal {
        set(what, id, 0, value);
    }

    function setText(bytes32 what, bytes32 id, string memory text) internal {
        bytes32 hash = hashOf(text);
        textOf[hash] = text;
        set(what, id, 0, hash);
    }

    /// @notice Everything that is known of an id becomes zero.
    function clear(bytes32 id) internal {
        for (uint256 i = 0; i < _entries.length; i++) {
            if (_entries[i].id == id) set(_entries[i].what, id, _entries[i].other, 0);
        }
    }

    function add(bytes32 what, bytes32 id, bytes32 other, uint256 amount) internal {
        set(what, id, other, bytes32(uint256(get(what, id, other)) + amount));
    }

    function sub(bytes32 what, bytes32 id, bytes32 other, uint256 amount) internal {
        set(what, id, other, bytes32(uint256(get(what, id, other)) - amount));
    }

    /// @notice The n-th word of a log's data.
    function word(Vm.Log memory log, uint256 n) internal pure returns (bytes32 value) {
        bytes memory data = log.data;
        vm.assertGe(data.length, 32 * (n + 1), "a word of the data");
        assembly ("memory-safe") {
            value := mload(add(add(data, 0x20), mul(n, 0x20)))
        }
    }

    function amountAt(Vm.Log memory log, uint256 n) internal pure returns (uint256) {
        return uint256(word(log, n));
    }

    /// @notice A text as a value; zero when it is empty.
    function hashOf(string memory text) internal pure returns (bytes32) {
        return bytes(text).length == 0 ? bytes32(0) : keccak256(bytes(text));
    }

    function asAddress(bytes32 value) internal pure returns (address) {
        return address(uint160(uint256(value)));
    }

    function asWord(address value) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(value)));
    }

    function asWord(bool value) internal pure returns (bytes32) {
        return bytes32(uint256(value ? 1 : 0));
    }

    function _applyGoverned(bytes32 topic, Vm.Log memory log) private returns (bool) {
        if (topic == IAccessControl.RoleGranted.selector) set("role", log.topics[1], log.topics[2], asWord(true));
        else if (topic == IAccessControl.RoleRevoked.selector) set("role", log.topics[1], log.topics[2], asWord(false));
        else if (topic == IGoverned.ActionPaused.selector) set("paused", log.topics[1], asWord(true));
        else if (topic == IGoverned.ActionResumed.selector) set("paused", log.topics[1], asWord(false));
        else if (topic == IUpgradeSwitch.UpgradesDisabled.selector) set("upgrades disabled", 0, asWord(true));
        else return topic == Initializable.Initialized.selector || topic == IERC1967.Upgraded.selector;
        return true;
    }

    function _actual(Entry memory entry) private view returns (bytes32) {
        if (entry.what == "role") return asWord(IAccessControl(replayed).hasRole(entry.id, asAddress(entry.other)));
        if (entry.what == "paused") return asWord(IGoverned(replayed).isActionPaused(entry.id));
        if (entry.what == "upgrades disabled") return asWord(IUpgradeSwitch(replayed).upgradesDisabled());
        return actual(entry.what, entry.id, entry.other);
    }

    function _text(bytes32 what) private pure returns (string memory) {
        uint256 length = 0;
        while (length < 32 && what[length] != 0) length++;
        bytes memory text = new bytes(length);
        for (uint256 i = 0; i < length; i++) {
            text[i] = what[i];
        }
        return string(text);
    }
}
