// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {DAOFunding} from "../../src/governance/DAOFunding.sol";
import {IDAOFunding} from "../../src/governance/IDAOFunding.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {Scene} from "../support/Scene.sol";
import {FeeToken, PlainToken} from "../support/Tokens.sol";

contract Agents is ERC721("Agents", "AGT") {
    function mint(address to, uint256 agentId) external {
        _mint(to, agentId);
    }
}

contract Records {
    mapping(bytes32 => address) public ownerOf;

    function set(bytes32 recordId, address owner) external {
        ownerOf[recordId] = owner;
    }
}

contract DAOFundingTest is Scene {
    DAOFunding internal funding;
    Agents internal agents;
    Records internal records;
    PlainToken internal jeju;
    PlainToken internal usd;
    bytes32 internal one;
    bytes32 internal two;

    function setUp() public virtual {
        agents = new Agents();
        records = new Records();
        jeju = new PlainToken(18);
        usd = new PlainToken(6);
        funding = DAOFunding(
            _proxy(
                address(new DAOFunding()),
                abi.encodeCall(DAOFunding.initialize, (admin, address(agents), address(jeju), address(usd)))
            )
        );
        vm.startPrank(admin);
        funding.setSource(address(records), true);
        funding.grantRole(funding.PAUSER_ROLE(), guardian);
        IDAOFunding.Parameters memory settings = funding.parameters();
        settings.maximumShareBps = 10_000;
        funding.setParameters(settings);
        vm.stopPrank();
        records.set("one", alice);
        records.set("two", bob);
        vm.prank(alice);
        one = funding.registerProject(address(records), "one");
        vm.prank(bob);
        two = funding.registerProject(address(records), "two");
        usd.mint(address(this), 1e15);
        usd.approve(address(funding), type(uint256).max);
    }

    function _agent(uint256 agentId) internal returns (address backer) {
        backer = account(string(abi.encode("backer", agentId)));
        agents.mint(backer, agentId);
        jeju.mint(backer, 100e18);
        usd.mint(backer, 1e12);
        vm.startPrank(backer);
        jeju.approve(address(funding), type(uint256).max);
        usd.approve(address(funding), type(uint256).max);
        funding.stake(agentId, 100e18);
        vm.stopPrank();
    }

    function _contribute(uint256 agentId, bytes32 projectId, uint128 amount) internal {
        vm.prank(agents.ownerOf(agentId));
        funding.contribute(projectId, agentId, amount);
    }

    function _closeEpoch() internal {
        _skip(30 days);
        funding.closeEpoch();
    }

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

    // ------------------------------------------------------------ stake

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
