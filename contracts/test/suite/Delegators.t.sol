// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {StoryScene} from "./StoryScene.sol";

/// @title Ten thousand delegators cost nobody more than one does, over the whole suite
contract DelegatorsTest is StoryScene {
    uint256 private constant DELEGATORS = 10_000;
    uint256 private constant FIRST = 0x10000;

    struct Costs {
        uint256 delegate;
        uint256 settle;
        uint256 propose;
        uint256 execute;
        uint256 collect;
        uint256 undelegate;
        uint256 withdraw;
    }

    bytes32 private stakingNodeId;
    bytes32 private served;
    bytes32 private failure;

    function setUp() public override {
        super.setUp();
        bytes32 nodeId = aProviderNode(operator, agent, "node");
        stakingNodeId = registry.stakingNodeOf(nodeId);
        vm.prank(operator);
        staking.stake(stakingNodeId, 400_000 ether);
        bytes32 offerId = anOffer(operator, nodeId, KIND, PRICE, 10);
        useGrace(nodeId, offerId);
        setFailedLeasePenalty(5000);
        // An hour of service that waits for its payment, and a lease that was never served.
        served = placeOrder(offerId, KIND, "served");
        becomeReady(served);
        passWithHeartbeats(nodeId, 1 hours + WINDOW);
        failure = neverReady(consumer, nodeId, offerId, "failed");
    }

    function test_Story_TenThousandDelegators_EveryOperationCostsTheSame_AndTheLastOneIsPaid() external {
        // The first of all pays for slots that nobody has written yet.
        _delegateAs(address(uint160(FIRST)));
        // Three, with whom the costs are taken: what they earn leaves something over, as what ten thousand earn.
        _delegateAs(address(uint160(FIRST + 1)));
        Costs memory few = _costs(address(uint160(0x20000)));
        for (uint256 i = 2; i < DELEGATORS; i++) {
            _delegateAs(address(uint160(FIRST + i)));
        }
        Costs memory many = _costs(address(uint160(0x30000)));
        vm.assertApproxEqAbs(many.delegate, few.delegate, 5000, "delegate");
        vm.assertApproxEqAbs(many.settle, few.settle, 5000, "settle an order");
        vm.assertApproxEqAbs(many.propose, few.propose, 5000, "propose a slash");
        vm.assertApproxEqAbs(many.execute, few.execute, 5000, "execute a slash");
        vm.assertApproxEqAbs(many.collect, few.collect, 5000, "collect");
        vm.assertApproxEqAbs(many.undelegate, few.undelegate, 5000, "undelegate");
        vm.assertApproxEqAbs(many.withdraw, few.withdraw, 5000, "withdraw");

        address last = address(uint160(FIRST + DELEGATORS - 1));
        (uint256 shares, uint256 amount) = staking.delegationOf(stakingNodeId, last);
        vm.startPrank(last);
        staking.undelegate(stakingNodeId, shares);
        skipTime(60 days);
        staking.withdraw(stakingNodeId, last);
        vm.stopPrank();
        vm.assertApproxEqAbs(jeju.balanceOf(last), amount, 1, "the last one is paid too");
    }

    function _delegateAs(address who) private {
        jeju.mint(who, 100 ether);
        vm.startPrank(who);
        jeju.approve(address(staking), 100 ether);
        staking.delegate(stakingNodeId, 100 ether);
        vm.stopPrank();
    }

    // What each operation costs somebody who was not there before; rolled back.
    function _costs(address who) private returns (Costs memory costs) {
        uint256 before = vm.snapshotState();
        jeju.mint(who, 100 ether);
        vm.startPrank(who);
        jeju.approve(address(staking), 100 ether);
        uint256 left = gasleft();
        staking.delegate(stakingNodeId, 100 ether);
        costs.delegate = left - gasleft();
        vm.stopPrank();

        left = gasleft();
        provider.settleNode(served);
        costs.settle = left - gasleft();

        // Without own bond the slash is the delegators'.
        uint256 ownBond = staking.node(stakingNodeId).selfStake;
        vm.prank(slasher);
        staking.slash(stakingNodeId, "own bond", ownBond, address(0), 0);
        left = gasleft();
        bytes32 id = autoSlasher.propose(address(facts), failure);
        costs.propose = left - gasleft();
        skipTime(3 days);
        left = gasleft();
        (, uint256 fromDelegation) = autoSlasher.execute(id);
        costs.execute = left - gasleft();
        vm.assertGt(fromDelegation, 0);

        skipTime(31 days);
        (uint256 shares,) = staking.delegationOf(stakingNodeId, who);
        vm.startPrank(who);
        left = gasleft();
        vm.assertGt(staking.collectRewards(stakingNodeId, who), 0);
        costs.collect = left - gasleft();
        left = gasleft();
        staking.undelegate(stakingNodeId, shares);
        costs.undelegate = left - gasleft();
        skipTime(60 days);
        left = gasleft();
        staking.withdraw(stakingNodeId, who);
        costs.withdraw = left - gasleft();
        vm.stopPrank();
        vm.revertToState(before);
    }
}
