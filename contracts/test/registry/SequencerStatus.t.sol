// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {SequencerScene} from "./SequencerScene.sol";

/// @title What a sequencer may do before, on, and after duty
contract SequencerStatusTest is SequencerScene {
    function setUp() public override {
        super.setUp();
        _register(TWO, bob, "key two");
    }

    function _expectWrong(ISequencerRegistry.Status status) private {
        vm.expectRevert(abi.encodeWithSelector(ISequencerRegistry.SequencerRegistry_WrongStatus.selector, ONE, status));
    }

    function _jail() private {
        ISequencerRegistry.Seal memory first = ISequencerRegistry.Seal({chainId: 420_690, height: 7, blockHash: "a"});
        ISequencerRegistry.Seal memory second = ISequencerRegistry.Seal({chainId: 420_690, height: 7, blockHash: "b"});
        registry.reportDoubleSigning(
            ONE,
            first,
            signatureOf("key one", registry.sealDigest(first)),
            second,
            signatureOf("key one", registry.sealDigest(second))
        );
    }

    function _leave() private {
        vm.prank(alice);
        registry.startExit(ONE);
    }

    function _registrationIsRefused(ISequencerRegistry.Status status) private {
        address key = account("another key");
        bytes memory proof = _proof(ONE, "another key");
        _expectWrong(status);
        vm.prank(alice);
        registry.register(ONE, key, proof);
    }

    function _rotationIsRefused(ISequencerRegistry.Status status) private {
        address key = account("another key");
        bytes memory proof = _proof(ONE, "another key");
        _expectWrong(status);
        vm.prank(alice);
        registry.rotateKey(ONE, key, proof);
    }

    function _exitIsRefused(ISequencerRegistry.Status status) private {
        _expectWrong(status);
        vm.prank(alice);
        registry.startExit(ONE);
    }

    // On duty twice it would weigh twice, and a jailed one would be free.
    function test_Register_OnDuty_Jailed_OrLeaving_Refused() public {
        _register(ONE, alice, "key one");
        _registrationIsRefused(ISequencerRegistry.Status.Active);
        _jail();
        _registrationIsRefused(ISequencerRegistry.Status.Jailed);
        _leave();
        _registrationIsRefused(ISequencerRegistry.Status.Exiting);
        _skip(14 days);
        registry.completeExit(ONE);
        _register(ONE, alice, "another key");
    }

    function test_KeyRotation_OfWhoIsNotOnDuty_Refused() public {
        _rotationIsRefused(ISequencerRegistry.Status.Unknown);
        _register(ONE, alice, "key one");
        _jail();
        _rotationIsRefused(ISequencerRegistry.Status.Jailed);
        _leave();
        _rotationIsRefused(ISequencerRegistry.Status.Exiting);
        _skip(14 days);
        registry.completeExit(ONE);
        _rotationIsRefused(ISequencerRegistry.Status.Exited);
    }

    // The time of an exit would begin anew, or what was never locked would be given back.
    function test_Exit_OfWhoNeverCame_IsLeaving_OrHasLeft_Refused() public {
        _exitIsRefused(ISequencerRegistry.Status.Unknown);
        _register(ONE, alice, "key one");
        _jail();
        _leave();
        _exitIsRefused(ISequencerRegistry.Status.Exiting);
        _skip(14 days);
        registry.completeExit(ONE);
        _exitIsRefused(ISequencerRegistry.Status.Exited);
    }
}
