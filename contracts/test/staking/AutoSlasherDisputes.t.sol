// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAutoSlasher} from "../../src/staking/IAutoSlasher.sol";
import {IFactSource} from "../../src/staking/IFactSource.sol";
import {AutoSlasherScene} from "./AutoSlasherScene.sol";

/// @title Disputes and rulings
contract AutoSlasherDisputesTest is AutoSlasherScene {
    function test_Dispute_ByAnybodyElse_Refused() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAutoSlasher.AutoSlasher_NotAccused.selector, id, stranger));
        slasher.dispute(id, "no");
    }

    function test_Dispute_AfterTheWindow_OrTwice_Refused() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        vm.startPrank(operator);
        slasher.dispute(id, "no");
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, id, IAutoSlasher.Status.Disputed)
        );
        slasher.dispute(id, "no");
        vm.stopPrank();
        id = _propose(_fact(IFactSource.Offence.FalseStatement, 2), "b");
        _skip(3 days);
        vm.prank(operator);
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, id, IAutoSlasher.Status.Executable)
        );
        slasher.dispute(id, "late");
    }

    function test_Dispute_IsNoVeto_SilentArbiter_ObjectiveEvidenceExecutes() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        vm.prank(operator);
        slasher.dispute(id, "no");
        _expectStatus(id, IAutoSlasher.Status.Disputed);
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, id, IAutoSlasher.Status.Disputed)
        );
        slasher.execute(id);
        _skip(2 days);
        _expectStatus(id, IAutoSlasher.Status.Executable);
        slasher.execute(id);
        _expectStatus(id, IAutoSlasher.Status.Executed);
    }

    function test_SilentArbiter_OraclesEvidenceIsDropped_AndStakeLetGo() public {
        _useGrace();
        bytes32 id = _reportUptime(7000);
        vm.prank(operator);
        slasher.dispute(id, "the oracle was down");
        _skip(2 days);
        _expectStatus(id, IAutoSlasher.Status.Dismissed);
        (,,, uint256 frozen) = ledger.stakes(NODE);
        assertEq(frozen, 5000e18, "held");
        slasher.close(id);
        (,,, frozen) = ledger.stakes(NODE);
        assertEq(frozen, 0, "let go");
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, id, IAutoSlasher.Status.Dismissed)
        );
        slasher.execute(id);
    }

    function test_Arbiter_MayDismissOrSoften_NeverSharpen() public {
        bytes32 first = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        bytes32 second = _propose(_fact(IFactSource.Offence.FalseStatement, 2), "b");
        bytes32 third = _propose(_fact(IFactSource.Offence.FalseStatement, 3), "c");
        vm.startPrank(operator);
        slasher.dispute(first, "");
        slasher.dispute(second, "");
        slasher.dispute(third, "");
        vm.stopPrank();
        vm.startPrank(arbiter);
        slasher.rule(first, false, 0);
        slasher.rule(second, true, 10e18);
        slasher.rule(third, true, type(uint256).max);
        vm.stopPrank();
        _expectStatus(first, IAutoSlasher.Status.Dismissed);
        assertEq(slasher.proposal(second).amount, 10e18, "softer");
        assertEq(slasher.proposal(third).amount, 5000e18, "not sharper");
        slasher.execute(second);
        vm.prank(arbiter);
        vm.expectRevert(
            abi.encodeWithSelector(IAutoSlasher.AutoSlasher_WrongStatus.selector, third, IAutoSlasher.Status.Executable)
        );
        slasher.rule(third, false, 0);
    }

    function test_Rule_ByStranger_Refused() public {
        bytes32 id = _propose(_fact(IFactSource.Offence.FalseStatement, 1), "a");
        bytes32 role = slasher.ARBITER_ROLE();
        vm.prank(operator);
        slasher.dispute(id, "");
        vm.prank(operator);
        expectMissingRole(operator, role);
        slasher.rule(id, false, 0);
    }
}
