// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SequencerRegistry} from "../../src/registry/SequencerRegistry.sol";
import {Scene} from "../support/Scene.sol";
import {StakingLedger} from "../support/StakingLedger.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @title Two nodes with stake for sequencing, and the registry before anybody has registered
abstract contract SequencerScene is Scene {
    SequencerRegistry internal registry;
    StakingLedger internal ledger;
    PlainToken internal usd;
    address internal treasury;
    bytes32 internal constant ONE = "one";
    bytes32 internal constant TWO = "two";

    function setUp() public virtual {
        treasury = account("treasury");
        ledger = new StakingLedger();
        usd = new PlainToken(6);
        ledger.setRewardToken(usd);
        registry = SequencerRegistry(
            _proxy(
                address(new SequencerRegistry()),
                abi.encodeCall(
                    SequencerRegistry.initialize, (admin, address(ledger), address(ledger), address(usd), treasury)
                )
            )
        );
        bytes32 role = registry.PAUSER_ROLE();
        vm.prank(admin);
        registry.grantRole(role, guardian);
        usd.mint(address(this), 1e15);
        usd.approve(address(registry), type(uint256).max);
        _stake(ONE, alice, 100_000e18);
        _stake(TWO, bob, 300_000e18);
    }

    function _stake(bytes32 nodeId, address operator, uint128 amount) internal {
        ledger.set(nodeId, operator, amount, 0);
        ledger.allocate(nodeId, "sequencer", amount);
    }

    function _proof(bytes32 nodeId, string memory key) internal returns (bytes memory) {
        return signatureOf(key, registry.keyDigest(nodeId, account(key)));
    }

    function _register(bytes32 nodeId, address operator, string memory key) internal {
        address signer = account(key);
        bytes memory proof = _proof(nodeId, key);
        vm.prank(operator);
        registry.register(nodeId, signer, proof);
    }

    function _registerBoth() internal {
        _register(ONE, alice, "key one");
        _register(TWO, bob, "key two");
    }

    function _closeEpoch() internal {
        _skip(1 days);
        registry.closeEpoch();
    }
}
