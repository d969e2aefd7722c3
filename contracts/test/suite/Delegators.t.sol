// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {FlowTest} from "../base/FlowTest.sol";

/// @title Ten thousand delegators cost nobody more than one does
contract DelegatorsTest is FlowTest {
    uint256 private constant DELEGATORS = 10_000;

    struct Costs {
        uint256 delegate;
        uint256 revenue;
        uint256 slash;
        uint256 collect;
        uint256 undelegate;
        uint256 withdraw;
    }

    function test_TenThousandDelegators_EveryOperationCostsTheSame_AndTheLastOneIsPaid() external {
        bytes32 stakingNodeId = aStakingNode(operator, "node", 900_000 ether);
        // The first of all pays for slots that nobody has written yet.
        _delegateAs(stakingNodeId, address(uint160(0x10000)));
        Costs memory few = _costs(stakingNodeId, address(uint160(0x20000)), "few");
        for (uint256 i = 1; i < DELEGATORS; i++) {
            _delegateAs(stakingNodeId, address(uint160(0x10000 + i)));
        }
        Costs memory many = _costs(stakingNodeId, address(uint160(0x30000)), "many");
        vm.assertApproxEqAbs(many.delegate, few.delegate, 5000, "delegate");
        vm.assertApproxEqAbs(many.revenue, few.revenue, 5000, "revenue");
        vm.assertApproxEqAbs(many.slash, few.slash, 5000, "slash");
        vm.assertApproxEqAbs(many.collect, few.collect, 5000, "collect");
        vm.assertApproxEqAbs(many.undelegate, few.undelegate, 5000, "undelegate");
        vm.assertApproxEqAbs(many.withdraw, few.withdraw, 5000, "withdraw");

        address last = address(uint160(0x10000 + DELEGATORS - 1));
        (uint256 shares, uint256 amount) = staking.delegationOf(stakingNodeId, last);
        vm.startPrank(last);
        staking.undelegate(stakingNodeId, shares);
        skipTime(60 days);
        staking.withdraw(stakingNodeId, last);
        vm.stopPrank();
        vm.assertApproxEqAbs(jeju.balanceOf(last), amount, 1, "the last one is paid too");
    }

    function _delegateAs(bytes32 stakingNodeId, address who) private {
        jeju.mint(who, 100 ether);
        vm.startPrank(who);
        jeju.approve(address(staking), 100 ether);
        staking.delegate(stakingNodeId, 100 ether);
        vm.stopPrank();
    }

    // What each operation costs somebody who was not there before; rolled back.
    function _costs(bytes32 stakingNodeId, address who, bytes32 caseId) private returns (Costs memory costs) {
        uint256 before = vm.snapshotState();
        jeju.mint(who, 100 ether);
        usd.mint(address(this), 1000e6);
        vm.prank(admin);
        staking.grantRole(keccak256("REVENUE_ROLE"), address(this));
        usd.approve(address(staking), 1000e6);

        vm.startPrank(who);
        jeju.approve(address(staking), 100 ether);
        uint256 left = gasleft();
        staking.delegate(stakingNodeId, 100 ether);
        costs.delegate = left - gasleft();
        vm.stopPrank();

        left = gasleft();
        staking.distributeRevenue(stakingNodeId, 1000e6);
        costs.revenue = left - gasleft();

        vm.prank(slasher);
        left = gasleft();
        staking.slash(stakingNodeId, caseId, 900_001 ether, address(0), 0);
        costs.slash = left - gasleft();

        skipTime(31 days);
        (uint256 shares,) = staking.delegationOf(stakingNodeId, who);
        vm.startPrank(who);
        left = gasleft();
        staking.collectRewards(stakingNodeId, who);
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
