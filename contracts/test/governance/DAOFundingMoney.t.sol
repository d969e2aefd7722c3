// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DAOFunding} from "../../src/governance/DAOFunding.sol";
import {IDAOFunding} from "../../src/governance/IDAOFunding.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {FeeToken} from "../support/Tokens.sol";
import {DAOFundingScene} from "./DAOFundingScene.sol";

/// @title Stake and money of the funding, and what may be set
contract DAOFundingMoneyTest is DAOFundingScene {
    function test_Stake_IsNotWithdrawnTwice() public {
        address backer = _agent(1);
        vm.startPrank(backer);
        funding.startUnstake(1, 100e18);
        vm.expectRevert(abi.encodeWithSelector(IDAOFunding.DAOFunding_InsufficientStake.selector, 1, 0));
        funding.startUnstake(1, 1);
        vm.expectRevert(abi.encodeWithSelector(IDAOFunding.DAOFunding_TooEarly.selector, _now(), _now() + 14 days));
        funding.withdrawStake(1);
        _skip(14 days);
        funding.withdrawStake(1);
        vm.expectRevert(IDAOFunding.DAOFunding_NothingToPay.selector);
        funding.withdrawStake(1);
        assertEq(jeju.balanceOf(backer), 100e18);
    }

    function test_Stranger_CannotTouchAStake() public {
        address backer = _agent(1);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IDAOFunding.DAOFunding_InsufficientStake.selector, 1, 0));
        funding.startUnstake(1, 1);
        vm.expectRevert(abi.encodeWithSelector(IDAOFunding.DAOFunding_NotAgentOwner.selector, 1, stranger));
        funding.stake(1, 1);
        assertEq(funding.positionOf(1, backer).amount, 100e18);
    }

    function test_Budgets_AreNeverPaidFromStake_EvenInTheSameAsset() public {
        DAOFunding same = DAOFunding(
            _proxy(
                address(new DAOFunding()),
                abi.encodeCall(DAOFunding.initialize, (admin, address(agents), address(usd), address(usd)))
            )
        );
        vm.startPrank(admin);
        same.setSource(address(records), true);
        IDAOFunding.Parameters memory settings = same.parameters();
        settings.minimumStake = 1;
        settings.maximumShareBps = 10_000;
        same.setParameters(settings);
        vm.stopPrank();
        vm.prank(alice);
        bytes32 projectId = same.registerProject(address(records), "one");
        agents.mint(carol, 9);
        usd.mint(carol, 1000e6);
        vm.startPrank(carol);
        usd.approve(address(same), type(uint256).max);
        same.stake(9, 900e6);
        _skip(30 days);
        same.contribute(projectId, 9, 10e6);
        vm.stopPrank();
        same.closeEpoch();
        (, uint256 matched) = same.claimEpoch(projectId, 1);
        assertEq(matched, 0, "no budget, no match");
        same.withdraw(alice);
        assertEq(usd.balanceOf(address(same)), 900e6, "the stake is whole");
    }

    function test_Staking_OfAFeeToken_Refused() public {
        FeeToken fee = new FeeToken();
        DAOFunding odd = DAOFunding(
            _proxy(
                address(new DAOFunding()),
                abi.encodeCall(DAOFunding.initialize, (admin, address(agents), address(fee), address(usd)))
            )
        );
        agents.mint(carol, 9);
        fee.mint(carol, 100e18);
        vm.startPrank(carol);
        fee.approve(address(odd), type(uint256).max);
        vm.expectRevert();
        odd.stake(9, 100e18);
    }

    function testFuzz_Money_IsConserved(uint64[4] calldata first, uint64[4] calldata second, uint64 budget) public {
        uint256 paidIn;
        for (uint256 i = 0; i < 4; i++) {
            _agent(i + 1);
        }
        _skip(20 days);
        for (uint256 i = 0; i < 4; i++) {
            uint128 a = uint128(_between(first[i], 1, 1e11));
            uint128 b = uint128(_between(second[i], 1, 1e11));
            _contribute(i + 1, one, a);
            _contribute(i + 1, two, b);
            paidIn += uint256(a) + b;
        }
        uint128 escrowed = uint128(_between(budget, 1, 1e14));
        funding.fundBudget(escrowed);
        _skip(10 days);
        funding.closeEpoch();
        (, uint256 matchedOne) = funding.claimEpoch(one, 1);
        (, uint256 matchedTwo) = funding.claimEpoch(two, 1);
        assertLe(matchedOne + matchedTwo, escrowed, "no more than the budget");
        assertLe(escrowed - matchedOne - matchedTwo, 2, "dust");
        funding.withdraw(alice);
        funding.withdraw(bob);
        (uint256 staked, uint256 money) = funding.liabilities();
        assertEq(usd.balanceOf(address(funding)), money, "money");
        assertEq(jeju.balanceOf(address(funding)), staked, "stake");
        assertEq(money, paidIn + escrowed - usd.balanceOf(alice) - usd.balanceOf(bob), "conserved");
    }

    /// Three epochs with any contributions, budgets and cap; some projects claim at once, some late. In the end all money is the budget of the present epoch.
    function testFuzz_Budgets_AreCarriedForward_ToTheUnit(uint256 seed) public {
        IDAOFunding.Parameters memory settings = funding.parameters();
        settings.maximumShareBps = uint16(_between(seed, 100, 10_000));
        vm.prank(admin);
        funding.setParameters(settings);
        for (uint256 i = 1; i <= 3; i++) {
            _agent(i);
        }
        _skip(10 days);
        uint256 paidIn;
        for (uint64 epoch = 1; epoch <= 3; epoch++) {
            for (uint256 i = 1; i <= 3; i++) {
                seed = uint256(keccak256(abi.encode(seed)));
                uint128 amount = uint128(_between(seed >> 8, 1, 1e9));
                _contribute(i, seed % 3 == 0 ? two : one, amount);
                paidIn += amount;
            }
            uint128 budget = uint128(_between(seed >> 128, 1, 1e12));
            funding.fundBudget(budget);
            paidIn += budget;
            _closeEpoch();
            if (seed % 2 == 0) _claim(one, epoch);
            if (seed % 5 == 0) _claim(two, epoch);
        }
        _skip(90 days);
        for (uint64 epoch = 1; epoch <= 3; epoch++) {
            funding.rollOver(epoch);
            _claim(one, epoch);
            _claim(two, epoch);
        }
        if (funding.owedTo(alice) != 0) funding.withdraw(alice);
        if (funding.owedTo(bob) != 0) funding.withdraw(bob);
        uint256 left = funding.epochInfo(4).budget;
        (, uint256 money) = funding.liabilities();
        assertEq(money, left, "all that is left is budget");
        assertEq(usd.balanceOf(address(funding)), left, "and is there");
        assertEq(usd.balanceOf(alice) + usd.balanceOf(bob) + left, paidIn, "to the unit");
    }

    function _claim(bytes32 projectId, uint64 epoch) internal {
        (uint256 contributions,) = funding.tallyOf(projectId, epoch);
        if (contributions == 0) return;
        try funding.claimEpoch(projectId, epoch) {}
        catch (bytes memory reason) {
            assertTrue(bytes4(reason) == IDAOFunding.DAOFunding_AlreadyClaimed.selector, "claimed at once");
        }
    }

    function test_Surplus_BecomesBudget_AndNeverTouchesStake() public {
        vm.expectRevert(IDAOFunding.DAOFunding_NothingToPay.selector);
        funding.bookSurplus();
        funding.fundBudget(10e6);
        usd.transfer(address(funding), 3e6);
        assertEq(funding.bookSurplus(), 3e6);
        assertEq(funding.epochInfo(1).budget, 13e6);
        (, uint256 money) = funding.liabilities();
        assertEq(money, 13e6);
        // Where stake and payments are the same token, stake is no surplus.
        DAOFunding same = DAOFunding(
            _proxy(
                address(new DAOFunding()),
                abi.encodeCall(DAOFunding.initialize, (admin, address(agents), address(usd), address(usd)))
            )
        );
        agents.mint(carol, 9);
        usd.mint(carol, 900e6);
        vm.startPrank(carol);
        usd.approve(address(same), type(uint256).max);
        same.stake(9, 900e6);
        vm.stopPrank();
        vm.expectRevert(IDAOFunding.DAOFunding_NothingToPay.selector);
        same.bookSurplus();
    }

    function test_Gas_DoesNotGrowWithTheNumberOfBackers() public {
        for (uint256 i = 1; i <= 102; i++) {
            _agent(i);
        }
        _skip(30 days);
        _contribute(1, one, 1e6);
        uint256 before = gasleft();
        _contribute(2, one, 1e6);
        uint256 early = before - gasleft();
        for (uint256 i = 3; i <= 101; i++) {
            _contribute(i, one, 1e6);
        }
        before = gasleft();
        _contribute(102, one, 1e6);
        assertLe(before - gasleft(), early + 5000, "gas");
    }

    function test_Paused_ExitsStayOpen() public {
        address backer = _agent(1);
        vm.startPrank(guardian);
        funding.pauseAction(funding.STAKE());
        funding.pauseAction(funding.CONTRIBUTE());
        vm.stopPrank();
        vm.startPrank(backer);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("contribute")));
        funding.contribute(one, 1, 1);
        funding.startUnstake(1, 100e18);
        _skip(14 days);
        funding.withdrawStake(1);
    }

    function test_Settings_ByStranger_OrOutOfBounds_Refused() public {
        IDAOFunding.Parameters memory settings = funding.parameters();
        vm.startPrank(stranger);
        expectMissingRole(stranger, bytes32(0));
        funding.setParameters(settings);
        expectMissingRole(stranger, bytes32(0));
        funding.setSource(stranger, true);
        assertFalse(funding.isSource(stranger));
        assertTrue(funding.isSource(address(records)));
        vm.stopPrank();
        settings.maximumShareBps = 99;
        vm.prank(admin);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGoverned.Governed_ParameterOutOfBounds.selector, bytes32("maximumShareBps"), 99, 100, 10_000
            )
        );
        funding.setParameters(settings);
    }
}
