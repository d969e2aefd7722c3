// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGoverned} from "../../src/governance/IGoverned.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {SequencerScene} from "./SequencerScene.sol";

contract SequencerRegistryTest is SequencerScene {
    // ------------------------------------------------------------ registration

    function test_Register_LocksTheAllocatedStake() public {
        _register(TWO, bob, "key two");
        assertEq(ledger.allocationOf(TWO, "sequencer").locked, 300_000e18);
        assertEq(registry.sequencers().length, 1);
        assertEq(registry.nodeOfKey(account("key two")), TWO);
    }

    function test_Register_BelowTheMinimum_Refused() public {
        _stake("poor", carol, 100_000e18 - 1);
        bytes memory proof = _proof("poor", "key");
        vm.prank(carol);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISequencerRegistry.SequencerRegistry_StakeTooLow.selector, bytes32("poor"), 100_000e18 - 1, 100_000e18
            )
        );
        registry.register("poor", vm.addr(keyOf("key")), proof);
    }

    function test_Register_OfStakeThatBacksNothingAnyMore_Refused() public {
        ledger.setUnbacked(ONE, true);
        bytes memory proof = _proof(ONE, "key");
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_StakeTooLow.selector, ONE, 0, 100_000e18)
        );
        registry.register(ONE, vm.addr(keyOf("key")), proof);
    }

    function test_Weight_IsCappedAtTheMaximum() public {
        _stake("whale", carol, 5_000_000e18);
        _register("whale", carol, "key");
        _closeEpoch();
        assertEq(registry.totalWeight(), 1_000_000e18);
        assertEq(ledger.allocationOf("whale", "sequencer").locked, 1_000_000e18);
    }

    function test_Register_ByStranger_Refused() public {
        bytes memory proof = _proof(ONE, "key");
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NotOperator.selector, ONE, stranger)
        );
        registry.register(ONE, vm.addr(keyOf("key")), proof);
    }

    function test_Register_WithKeyOfAnother_OrUnproven_Refused() public {
        _register(ONE, alice, "key one");
        address taken = account("key one");
        bytes memory proof = _proof(TWO, "key one");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_KeyNotProven.selector, taken));
        registry.register(TWO, taken, proof);
        address victim = account("victim");
        proof = _proof(TWO, "mine");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_KeyNotProven.selector, victim));
        registry.register(TWO, victim, proof);
    }

    function test_AtMostAHundredSequencers_AndGasStaysBounded() public {
        for (uint256 i = 0; i < 100; i++) {
            bytes32 nodeId = bytes32(i + 1);
            _stake(nodeId, carol, 100_000e18);
            _register(nodeId, carol, string(abi.encode("key", i)));
        }
        bytes memory proof = _proof(ONE, "key one");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_Full.selector, 100));
        registry.register(ONE, vm.addr(keyOf("key one")), proof);
        _closeEpoch();
        registry.depositRevenue(1000e6);
        _skip(1 days);
        uint256 before = gasleft();
        registry.closeEpoch();
        assertLe(before - gasleft(), 1_500_000, "gas of closing an epoch");
        before = gasleft();
        registry.payRevenue(bytes32(uint256(100)));
        assertLe(before - gasleft(), 200_000, "gas of paying");
    }

    // ------------------------------------------------------------ leaving

    function test_InstantExit_Refused_StakeStaysLocked() public {
        _registerBoth();
        vm.prank(alice);
        registry.startExit(ONE);
        vm.expectRevert(
            abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_TooEarly.selector, _now(), _now() + 14 days)
        );
        registry.completeExit(ONE);
        assertEq(ledger.allocationOf(ONE, "sequencer").locked, 100_000e18, "locked");
        _skip(14 days);
        registry.completeExit(ONE);
        assertEq(ledger.allocationOf(ONE, "sequencer").locked, 0, "released");
    }

    function test_Exit_ByStranger_Refused() public {
        _registerBoth();
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NotOperator.selector, ONE, stranger)
        );
        registry.startExit(ONE);
    }

    function test_Authority_FollowsTheNode() public {
        _registerBoth();
        ledger.set(ONE, carol, 100_000e18, 0);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_NotOperator.selector, ONE, alice));
        registry.startExit(ONE);
        vm.prank(carol);
        registry.startExit(ONE);
    }

    function test_Exited_MayRegisterAgain() public {
        _registerBoth();
        vm.prank(alice);
        registry.startExit(ONE);
        _skip(14 days);
        registry.completeExit(ONE);
        _register(ONE, alice, "key one");
        _closeEpoch();
        assertEq(registry.totalWeight(), 400_000e18);
    }

    function test_ExitStaysOpen_WhilePaused() public {
        _registerBoth();
        vm.startPrank(guardian);
        registry.pauseAction(registry.REGISTER());
        vm.stopPrank();
        vm.prank(alice);
        registry.startExit(ONE);
        _skip(14 days);
        registry.completeExit(ONE);
        bytes memory proof = _proof(ONE, "key one");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("register")));
        registry.register(ONE, vm.addr(keyOf("key one")), proof);
    }

    function test_StakeThatBacksNothing_LosesItsWeight() public {
        _registerBoth();
        _closeEpoch();
        ledger.setUnbacked(TWO, true);
        vm.prank(stranger);
        registry.syncWeight(TWO);
        assertEq(registry.totalWeight(), 100_000e18);
        ledger.setUnbacked(TWO, false);
        registry.syncWeight(TWO);
        _closeEpoch();
        assertEq(registry.totalWeight(), 400_000e18);
    }

    // ------------------------------------------------------------ settings

    function test_Settings_AreBounded_AndTheAdministrators() public {
        ISequencerRegistry.Parameters memory changed = registry.parameters();
        vm.prank(stranger);
        expectMissingRole(stranger, bytes32(0));
        registry.setParameters(changed);
        vm.prank(stranger);
        expectMissingRole(stranger, bytes32(0));
        registry.setFactSources(stranger, stranger);
        changed.exitDelay = 9;
        vm.prank(admin);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGoverned.Governed_ParameterOutOfBounds.selector, bytes32("exitDelay"), 9, 10, 60 days
            )
        );
        registry.setParameters(changed);
    }
}
