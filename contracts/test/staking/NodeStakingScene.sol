// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {NodeStakingManager} from "../../src/staking/NodeStakingManager.sol";
import {Scene} from "../support/Scene.sol";
import {StakingLedger} from "../support/StakingLedger.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @title Two nodes with stake for serving, regions, a price, and whoever reports
abstract contract NodeStakingScene is Scene {
    NodeStakingManager internal manager;
    StakingLedger internal ledger;
    PlainToken internal usd;
    address internal oracle;
    bytes32 internal constant ONE = "one";
    bytes32 internal constant TWO = "two";
    uint256 internal constant PRICE = 1e5; // ten cents

    function setUp() public virtual {
        vm.warp(20_000 days);
        oracle = account("oracle");
        ledger = new StakingLedger();
        usd = new PlainToken(6);
        ledger.setRewardToken(usd);
        manager = NodeStakingManager(
            _proxy(
                address(new NodeStakingManager()),
                abi.encodeCall(NodeStakingManager.initialize, (admin, address(ledger), address(ledger), address(usd)))
            )
        );
        vm.startPrank(admin);
        manager.grantRole(manager.ORACLE_ROLE(), oracle);
        manager.grantRole(manager.PRICE_ROLE(), oracle);
        manager.grantRole(manager.PAUSER_ROLE(), guardian);
        manager.setRegion("eu", true);
        manager.setRegion("us", true);
        vm.stopPrank();
        vm.prank(oracle);
        manager.setPrice(PRICE);
        usd.mint(address(this), 1e15);
        usd.approve(address(manager), type(uint256).max);
        _stake(ONE, alice);
        _stake(TWO, bob);
    }

    function _stake(bytes32 nodeId, address operator) internal {
        ledger.set(nodeId, operator, 10_000e18, 0);
        ledger.allocate(nodeId, "rpc", 10_000e18);
    }

    function _enroll(bytes32 nodeId, address operator, bytes32 region) internal {
        vm.prank(operator);
        manager.enroll(nodeId, region);
    }

    function _report(bytes32 nodeId, uint16 uptimeBps, uint128 requests, uint32 responseMs) internal {
        uint256 epoch = _now() / 1 days - 1;
        vm.prank(oracle);
        manager.report(nodeId, epoch, uptimeBps, requests, responseMs);
    }

    function _closeLast() internal returns (uint256 epoch) {
        epoch = _now() / 1 days - 1;
        _skip(1 days);
        manager.closeEpoch(epoch);
    }

    function _twoNodesInOneRegionEach() internal {
        _enroll(ONE, alice, "eu");
        _enroll(TWO, bob, "us");
        manager.fund(10_000e6);
        _skip(1 days);
    }
}
