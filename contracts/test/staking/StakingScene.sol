// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {FlowTest} from "../base/FlowTest.sol";

/// @title A staking node with its operator and two delegators
abstract contract StakingScene is FlowTest {
    bytes32 internal constant CASE = "case";
    uint256 internal constant BOND = 2 * uint256(MINIMUM_STAKE);

    bytes32 internal nodeId;
    address internal second;

    function setUp() public virtual override {
        super.setUp();
        nodeId = aStakingNode(operator, "node", BOND);
        second = account("second delegator");
        jeju.mint(second, 1_000_003 ether);
        vm.prank(second);
        jeju.approve(address(staking), type(uint256).max);
        vm.startPrank(admin);
        staking.grantRole(staking.REVENUE_ROLE(), address(this));
        vm.stopPrank();
        usd.mint(address(this), 1e18);
        usd.approve(address(staking), type(uint256).max);
    }

    function _delegate(address who, uint256 amount) internal {
        vm.prank(who);
        staking.delegate(nodeId, amount);
    }

    function _slash(uint256 amount) internal returns (uint256 own, uint256 delegated) {
        vm.prank(slasher);
        return staking.slash(nodeId, CASE, amount, address(0), 0);
    }
}
