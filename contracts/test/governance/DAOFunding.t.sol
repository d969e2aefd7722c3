// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IDAOFunding} from "../../src/governance/IDAOFunding.sol";
import {DAOFundingScene} from "./DAOFundingScene.sol";

/// @title Who is funded, and by how much
contract DAOFundingTest is DAOFundingScene {
    // ------------------------------------------------------------ projects

    function test_Project_OfAForeignRecord_OrUnknownSource_Refused() public {
        vm.startPrank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDAOFunding.DAOFunding_NotRecordOwner.selector, address(records), bytes32("one"), stranger
            )
        );
        funding.registerProject(address(records), "one");
        vm.expectRevert(abi.encodeWithSelector(IDAOFunding.DAOFunding_UnknownSource.selector, stranger));
        funding.registerProject(stranger, "one");
    }

    // Anew it would be younger than it is.
    function test_Project_RegisteredTwice_Refused() public {
        bytes memory exists = abi.encodeWithSelector(IDAOFunding.DAOFunding_ProjectExists.selector, one);
        vm.prank(alice);
        vm.expectRevert(exists);
        funding.registerProject(address(records), "one");
        // Nor by whoever owns the record by now.
        records.set("one", carol);
        vm.prank(carol);
        vm.expectRevert(exists);
        funding.registerProject(address(records), "one");
    }

    // Whoever calls first would burn what was given, for good.
    function test_Claim_ForARecordThatNobodyOwns_WaitsForAnOwner() public {
        _agent(1);
        _skip(30 days);
        _contribute(1, one, 100e6);
        _closeEpoch();
        records.set("one", address(0));
        vm.expectRevert(IGoverned.Governed_ZeroAddress.selector);
        funding.claimEpoch(one, 1);
        records.set("one", carol);
        funding.claimEpoch(one, 1);
        assertEq(funding.owedTo(carol), 100e6);
    }

    function test_Payment_FollowsTheRecord() public {
        _agent(1);
        _skip(30 days);
        _contribute(1, one, 100e6);
        _closeEpoch();
        records.set("one", carol);
        funding.claimEpoch(one, 1);
        assertEq(funding.owedTo(carol), 100e6);
        assertEq(funding.owedTo(alice), 0);
    }

    // ------------------------------------------------------------ matching

    function test_Matching_FavoursManyOverMuch() public {
        for (uint256 i = 1; i <= 11; i++) {
            _agent(i);
        }
        _skip(30 days);
        for (uint256 i = 1; i <= 10; i++) {
            _contribute(i, one, 10e6);
        }
        _contribute(11, two, 100e6);
        funding.fundBudget(1100e6);
        funding.closeEpoch();
        (, uint256 first) = funding.claimEpoch(one, 1);
        (, uint256 second) = funding.claimEpoch(two, 1);
        assertEq(first, 1000e6 - 1, "ten voices: (10 * root)^2, rounded down");
        assertLe(100e6 - second, 1, "one voice");
    }

    function test_Contributing_InManyPieces_GainsNothing() public {
        _agent(1);
        _agent(2);
        _skip(30 days);
        _contribute(1, one, 100e6);
        for (uint256 i = 0; i < 100; i++) {
            _contribute(2, two, 1e6);
        }
        (, uint256 whole) = funding.tallyOf(one, 1);
        (, uint256 pieces) = funding.tallyOf(two, 1);
        assertEq(whole, pieces);
    }

    function test_Voice_GrowsWithTheAgeOfTheStake() public {
        address backer = _agent(1);
        assertEq(funding.convictionOf(1, backer), 0, "fresh stake has no voice");
        _contribute(1, one, 100e6);
        (, uint256 weight) = funding.tallyOf(one, 1);
        assertEq(weight, 0);
        _skip(15 days);
        assertEq(funding.convictionOf(1, backer), 5000);
        jeju.mint(backer, 100e18);
        vm.prank(backer);
        funding.stake(1, 100e18);
        assertEq(funding.convictionOf(1, backer), 2500, "what is added is new");
    }

    function test_Agent_WithoutStakeOfItsOwner_IsNotHeard() public {
        address backer = _agent(1);
        _skip(30 days);
        vm.prank(backer);
        agents.transferFrom(backer, carol, 1);
        vm.prank(backer);
        vm.expectRevert(abi.encodeWithSelector(IDAOFunding.DAOFunding_NotAgentOwner.selector, 1, backer));
        funding.contribute(one, 1, 1e6);
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(IDAOFunding.DAOFunding_StakeTooLow.selector, 1, 0, 100e18));
        funding.contribute(one, 1, 1e6);
        vm.prank(backer);
        funding.startUnstake(1, 100e18);
        _skip(14 days);
        vm.prank(backer);
        funding.withdrawStake(1);
        assertEq(jeju.balanceOf(backer), 100e18, "the seller keeps his stake");
    }

    function test_Match_IsCappedPerProject_AndTheRestRollsOver() public {
        IDAOFunding.Parameters memory settings = funding.parameters();
        settings.maximumShareBps = 2500;
        vm.prank(admin);
        funding.setParameters(settings);
        _agent(1);
        _skip(30 days);
        _contribute(1, one, 10e6);
        funding.fundBudget(1000e6);
        funding.closeEpoch();
        (, uint256 matched) = funding.claimEpoch(one, 1);
        assertEq(matched, 250e6);
        vm.expectRevert(abi.encodeWithSelector(IDAOFunding.DAOFunding_TooEarly.selector, _now(), _now() + 90 days));
        funding.rollOver(1);
        _skip(90 days);
        assertEq(funding.rollOver(1), 750e6);
        assertEq(funding.epochInfo(2).budget, 750e6);
        vm.expectRevert(abi.encodeWithSelector(IDAOFunding.DAOFunding_AlreadyClaimed.selector, bytes32(0), uint64(1)));
        funding.rollOver(1);
    }

    function test_AfterTheRollOver_ContributionsAreStillPaid_ButNoMatch() public {
        _agent(1);
        _skip(30 days);
        _contribute(1, one, 10e6);
        funding.fundBudget(1000e6);
        funding.closeEpoch();
        _skip(90 days);
        funding.rollOver(1);
        (uint256 contributions, uint256 matched) = funding.claimEpoch(one, 1);
        assertEq(contributions, 10e6);
        assertEq(matched, 0);
    }

    function test_Claim_TwiceOrBeforeTheEnd_Refused() public {
        _agent(1);
        _skip(30 days - 1);
        _contribute(1, one, 10e6);
        vm.expectRevert(abi.encodeWithSelector(IDAOFunding.DAOFunding_TooEarly.selector, _now(), _now() + 1));
        funding.claimEpoch(one, 1);
        _skip(1);
        funding.closeEpoch();
        funding.claimEpoch(one, 1);
        vm.expectRevert(abi.encodeWithSelector(IDAOFunding.DAOFunding_AlreadyClaimed.selector, one, uint64(1)));
        funding.claimEpoch(one, 1);
        vm.expectRevert(IDAOFunding.DAOFunding_NothingToPay.selector);
        funding.claimEpoch(two, 1);
        funding.withdraw(alice);
        vm.expectRevert(IDAOFunding.DAOFunding_NothingToPay.selector);
        funding.withdraw(alice);
    }
}
