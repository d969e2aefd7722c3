// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {StakingScene} from "./StakingScene.sol";

/// @title What an operator owes to those who delegate to his node: notice, and a bond of his own
contract StakeHandoverTest is StakingScene {
    address private next;

    function setUp() public override {
        super.setUp();
        next = account("next operator");
        _delegate(delegator, 1000 ether);
    }

    function _take(uint16 commissionBps) private {
        vm.prank(next);
        staking.registerOperator(commissionBps);
        vm.prank(operator);
        staking.proposeNodeOperator(nodeId, next);
    }

    function _expectNotice(uint256 commissionBps, uint256 notBefore) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelegatedNodeStaking.DelegatedNodeStaking_CommissionNotAnnounced.selector,
                nodeId,
                commissionBps,
                notBefore
            )
        );
        vm.prank(next);
        staking.acceptNodeOperator(nodeId);
    }

    // An operator with a second account would raise his commission at once.
    function test_Handover_AtAHigherCommission_WaitsAsLongAsAnAnnouncement() external {
        _take(4000);
        uint256 notBefore = block.timestamp + 7 days;
        _expectNotice(4000, notBefore);
        skipTime(7 days - 1);
        _expectNotice(4000, notBefore);
        skipTime(1);
        vm.prank(next);
        staking.acceptNodeOperator(nodeId);
        vm.assertEq(staking.operatorOf(nodeId), next);
    }

    function test_Handover_ToWhoHasAnnouncedAHigherCommission_WaitsAsWell() external {
        _take(2000);
        vm.prank(next);
        staking.announceCommission(3000);
        _expectNotice(3000, block.timestamp + 7 days);
    }

    function test_Handover_AtNoHigherCommission_OrWithoutDelegators_IsAtOnce() external {
        _take(2000);
        vm.prank(next);
        staking.acceptNodeOperator(nodeId);
        // Back, at a higher one: nobody delegates any more.
        vm.prank(delegator);
        staking.undelegate(nodeId, type(uint256).max);
        address third = account("third operator");
        vm.prank(third);
        staking.registerOperator(4000);
        vm.prank(next);
        staking.proposeNodeOperator(nodeId, third);
        vm.prank(third);
        staking.acceptNodeOperator(nodeId);
        vm.assertEq(staking.operatorOf(nodeId), third);
    }

    function test_RevertGiven_NextIsNoOperator_NodeIsNotAccepted() external {
        vm.prank(operator);
        staking.proposeNodeOperator(nodeId, next);
        vm.expectRevert(
            abi.encodeWithSelector(IDelegatedNodeStaking.DelegatedNodeStaking_UnknownOperator.selector, next)
        );
        vm.prank(next);
        staking.acceptNodeOperator(nodeId);
        vm.startPrank(next);
        staking.registerOperator(2000);
        staking.acceptNodeOperator(nodeId);
        vm.stopPrank();
        vm.assertEq(staking.operatorOf(nodeId), next);
    }

    function test_OwnBond_StaysItsPart_AsLongAsTheNodeBacksServices() external {
        vm.prank(admin);
        ledger.setService(SERVICE, 1);
        _delegate(second, 9000 ether);
        vm.prank(operator);
        ledger.deallocate(nodeId, SERVICE, MINIMUM_STAKE - 1);
        // 1,000 of 10,000 and what is left of the own bond; a tenth has to be own.
        uint256 most = BOND - 1112 ether;
        vm.expectPartialRevert(IDelegatedNodeStaking.DelegatedNodeStaking_SelfBondTooSmall.selector);
        vm.prank(operator);
        staking.unstake(nodeId, most + 2 ether);
        vm.prank(operator);
        staking.unstake(nodeId, most);
        // Who serves no more takes out the rest, whether delegators stay or not.
        skipTime(14 days);
        ledger.completeDeallocation(nodeId, SERVICE);
        vm.startPrank(operator);
        ledger.deallocate(nodeId, SERVICE, 1);
        staking.unstake(nodeId, 1112 ether);
        vm.stopPrank();
        vm.assertEq(staking.node(nodeId).selfStake, 0);
    }

    // Longer than a period, its evidence, a dispute and the arbiter together: nobody leaves in front of a slash.
    function test_Unbonding_IsLongerThanACaseTakes() external {
        IDelegatedNodeStaking.Parameters memory parameters = staking.parameters();
        parameters.unbondingPeriod = 13 days - 1;
        vm.chainId(8453);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGoverned.Governed_ParameterOutOfBounds.selector,
                bytes32("unbondingPeriod"),
                13 days - 1,
                13 days,
                60 days
            )
        );
        vm.prank(admin);
        staking.setParameters(parameters);
        parameters.unbondingPeriod = 13 days;
        vm.prank(admin);
        staking.setParameters(parameters);
        vm.chainId(31_337);
    }
}
