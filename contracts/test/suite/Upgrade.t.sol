// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {
    TimelockControllerUpgradeable
} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";
import {MulticallUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/MulticallUpgradeable.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IUpgradeSwitch} from "../../src/governance/IUpgradeSwitch.sol";
import {JejuTimelock} from "../../src/governance/JejuTimelock.sol";
import {WatchedSuiteTest} from "../base/WatchedSuiteTest.sol";

/// @title Every contract of the suite in use is upgraded, and nobody has less afterwards
contract UpgradeTest is WatchedSuiteTest {
    function _implementationOf(address proxy) private view returns (address) {
        return address(uint160(uint256(vm.load(proxy, ERC1967Utils.IMPLEMENTATION_SLOT))));
    }

    // The code of the next version: the same contract, placed once more.
    function _nextOf(string memory name) private returns (address next) {
        bytes memory code = vm.getCode(string.concat(name, ".sol:", name));
        assembly ("memory-safe") {
            next := create(0, add(code, 0x20), mload(code))
        }
        vm.assertGt(next.code.length, 0, name);
    }

    function test_Upgrade_OfEachContract_KeepsItsDataAndEverybodyElses() external {
        bytes32[] memory before = this.valuesOfAll();
        for (uint256 i = 0; i < members.length; i++) {
            address proxy = memberOf(members[i]);
            address next = _nextOf(members[i]);
            vm.prank(admin);
            UUPSUpgradeable(proxy).upgradeToAndCall(next, "");
            vm.assertEq(_implementationOf(proxy), next, members[i]);
            _compare(before, members[i]);
        }
    }

    function test_TimelockedUpgrade_OfTheWholeSuite_FromPlanToExecution() external {
        address safe = account("safe");
        JejuTimelock timelock = _timelock(safe);
        address[] memory targets = new address[](members.length);
        uint256[] memory values = new uint256[](members.length);
        bytes[] memory calls = new bytes[](members.length);
        vm.startPrank(admin);
        for (uint256 i = 0; i < members.length; i++) {
            targets[i] = memberOf(members[i]);
            IAccessControl(targets[i]).grantRole(bytes32(0), address(timelock));
            IAccessControl(targets[i]).renounceRole(bytes32(0), admin);
        }
        vm.stopPrank();
        for (uint256 i = 0; i < members.length; i++) {
            calls[i] = abi.encodeCall(UUPSUpgradeable.upgradeToAndCall, (_nextOf(members[i]), ""));
        }
        bytes32[] memory before = this.valuesOfAll();

        vm.prank(safe);
        timelock.scheduleBatch(targets, values, calls, 0, "upgrade", 7 days);
        bytes32 id = timelock.hashOperationBatch(targets, values, calls, 0, "upgrade");
        vm.assertEq(timelock.getTimestamp(id), vm.getBlockTimestamp() + 7 days, "executable at");
        vm.expectRevert();
        timelock.executeBatch(targets, values, calls, 0, "upgrade");
        // Whoever was administrator before cannot go around it.
        vm.startPrank(admin);
        for (uint256 i = 0; i < members.length; i++) {
            expectMissingRole(admin, bytes32(0));
            UUPSUpgradeable(targets[i]).upgradeToAndCall(_implementationOf(targets[i]), "");
        }
        vm.stopPrank();

        uint256 now_ = vm.getBlockTimestamp();
        vm.warp(now_ + 7 days);
        timelock.executeBatch(targets, values, calls, 0, "upgrade");
        // What time alone changes is no matter here.
        vm.warp(now_);
        _compare(before, "the batch");
        for (uint256 i = 0; i < members.length; i++) {
            vm.assertEq(
                keccak256(abi.encodeCall(UUPSUpgradeable.upgradeToAndCall, (_implementationOf(targets[i]), ""))),
                keccak256(calls[i]),
                members[i]
            );
        }
        vm.assertTrue(timelock.isOperationDone(id));
    }

    // threats 47: who may not upgrade may not end upgrades either, and who may cannot undo it
    function test_UpgradesDisabled_OfEachContract_ForEver_AndNothingElseChanges() external {
        address guardian = account("guardian");
        for (uint256 i = 0; i < members.length; i++) {
            address proxy = memberOf(members[i]);
            address code = _implementationOf(proxy);
            address next = _nextOf(members[i]);
            vm.prank(admin);
            IAccessControl(proxy).grantRole(keccak256("PAUSER_ROLE"), guardian);
            expectMissingRole(guardian, bytes32(0));
            vm.prank(guardian);
            IUpgradeSwitch(proxy).disableUpgrades();
            vm.assertFalse(IUpgradeSwitch(proxy).upgradesDisabled(), members[i]);
            bytes32[] memory before = this.valuesOfAll();

            vm.prank(admin);
            vm.expectEmit(proxy);
            emit IUpgradeSwitch.UpgradesDisabled(admin);
            IUpgradeSwitch(proxy).disableUpgrades();

            vm.assertTrue(IUpgradeSwitch(proxy).upgradesDisabled(), members[i]);
            _compareBut(before, string.concat("end of upgrades of ", members[i]));
            _refusesOtherCode(proxy, next);
            vm.assertEq(_implementationOf(proxy), code, members[i]);
            _staysDisabled(proxy, next);
        }
    }

    function test_UpgradesDisabled_OfTheTimelock_ThroughItsOwnDelay_AndWhatWasScheduledBeforeFails() external {
        address safe = account("safe");
        JejuTimelock timelock = _timelock(safe);
        address code = _implementationOf(address(timelock));
        bytes memory upgrade = abi.encodeCall(UUPSUpgradeable.upgradeToAndCall, (_nextOf("JejuTimelock"), ""));
        bytes memory disable = abi.encodeCall(IUpgradeSwitch.disableUpgrades, ());
        vm.startPrank(safe);
        vm.expectRevert(abi.encodeWithSelector(TimelockControllerUpgradeable.TimelockUnauthorizedCaller.selector, safe));
        timelock.disableUpgrades();
        timelock.schedule(address(timelock), 0, disable, 0, "disable", 7 days);
        timelock.schedule(address(timelock), 0, upgrade, 0, "upgrade", 7 days);
        vm.expectRevert();
        timelock.execute(address(timelock), 0, disable, 0, "disable");
        vm.assertFalse(timelock.upgradesDisabled());
        vm.warp(vm.getBlockTimestamp() + 7 days);
        uint256 open = vm.snapshotState();
        timelock.execute(address(timelock), 0, upgrade, 0, "upgrade");
        vm.assertTrue(_implementationOf(address(timelock)) != code, "an upgrade while the switch is open");
        vm.revertToState(open);
        timelock.execute(address(timelock), 0, disable, 0, "disable");
        vm.assertTrue(timelock.upgradesDisabled());
        vm.expectRevert(IUpgradeSwitch.UpgradeSwitch_UpgradesDisabled.selector);
        timelock.execute(address(timelock), 0, upgrade, 0, "upgrade");
        vm.stopPrank();
        vm.assertEq(_implementationOf(address(timelock)), code);
    }

    // By itself, with data, and behind another call of the administrator.
    function _refusesOtherCode(address proxy, address next) private {
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(IUpgradeSwitch.disableUpgrades, ());
        calls[1] = abi.encodeCall(UUPSUpgradeable.upgradeToAndCall, (next, ""));
        vm.startPrank(admin);
        vm.expectRevert(IUpgradeSwitch.UpgradeSwitch_UpgradesDisabled.selector);
        UUPSUpgradeable(proxy).upgradeToAndCall(next, "");
        vm.expectRevert(IUpgradeSwitch.UpgradeSwitch_UpgradesDisabled.selector);
        UUPSUpgradeable(proxy).upgradeToAndCall(next, abi.encodeCall(IGoverned.pausableActions, ()));
        vm.expectRevert(IUpgradeSwitch.UpgradeSwitch_UpgradesDisabled.selector);
        MulticallUpgradeable(proxy).multicall(calls);
        vm.stopPrank();
    }

    // A second time says nothing, and a new administrator finds it as it is.
    function _staysDisabled(address proxy, address next) private {
        address successor = account("successor");
        vm.startPrank(admin);
        IAccessControl(proxy).grantRole(bytes32(0), successor);
        vm.recordLogs();
        IUpgradeSwitch(proxy).disableUpgrades();
        vm.assertEq(vm.getRecordedLogs().length, 0, "events of the second time");
        vm.stopPrank();
        vm.startPrank(successor);
        vm.expectRevert(IUpgradeSwitch.UpgradeSwitch_UpgradesDisabled.selector);
        UUPSUpgradeable(proxy).upgradeToAndCall(next, "");
        vm.stopPrank();
        vm.assertTrue(IUpgradeSwitch(proxy).upgradesDisabled(), "stays disabled");
    }

    function _compareBut(bytes32[] memory before, string memory changed) private view {
        bytes32[] memory values = this.valuesOfAll();
        for (uint256 i = 0; i < values.length; i++) {
            bool isIt = keccak256(bytes(_watches[i].name)) == keccak256(bytes(changed));
            vm.assertEq(values[i] != before[i], isIt, string.concat(changed, ": ", _watches[i].name));
        }
    }

    function _timelock(address safe) private returns (JejuTimelock) {
        address[] memory proposers = new address[](1);
        proposers[0] = safe;
        address[] memory executors = new address[](1);
        return JejuTimelock(
            payable(deploySuiteContract(
                    "JejuTimelock",
                    vm.getCode("JejuTimelock.sol:JejuTimelock"),
                    abi.encodeCall(JejuTimelock.initialize, (7 days, proposers, executors))
                ))
        );
    }

    function _compare(bytes32[] memory before, string memory what) private view {
        bytes32[] memory values = this.valuesOfAll();
        for (uint256 i = 0; i < values.length; i++) {
            vm.assertEq(values[i], before[i], string.concat(what, " changed ", _watches[i].name));
        }
    }
}
