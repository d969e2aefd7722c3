// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Assets} from "../../src/token/Assets.sol";
import {IdentityRegistry} from "../../src/registry/IdentityRegistry.sol";
import {IIdentityRegistry} from "../../src/registry/IIdentityRegistry.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {FeeToken} from "../mocks/FeeToken.sol";
import {Scene} from "../support/Scene.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @title Stake behind agents
contract AgentStakesTest is Scene {
    IdentityRegistry internal identity;
    PlainToken internal jeju;
    address internal slasher;
    address internal treasury;
    uint256 internal agentId;

    function setUp() public {
        slasher = account("slasher");
        treasury = account("treasury");
        jeju = new PlainToken(18);
        identity = _deploy(address(jeju));
        address[3] memory holders = [alice, bob, carol];
        for (uint256 i = 0; i < 3; i++) {
            jeju.mint(holders[i], 1e24);
            vm.prank(holders[i]);
            jeju.approve(address(identity), type(uint256).max);
        }
        vm.prank(alice);
        agentId = identity.register("ipfs://agent");
    }

    function _deploy(address asset) internal returns (IdentityRegistry deployed) {
        deployed = IdentityRegistry(
            _proxy(
                address(new IdentityRegistry()), abi.encodeCall(IdentityRegistry.initialize, (admin, asset, treasury))
            )
        );
        vm.startPrank(admin);
        deployed.grantRole(deployed.SLASHER_ROLE(), slasher);
        deployed.grantRole(deployed.PAUSER_ROLE(), guardian);
        vm.stopPrank();
    }

    function _stake(uint128 amount) internal {
        vm.prank(alice);
        identity.stake(agentId, amount);
    }

    function _expectTier(IIdentityRegistry.StakeTier tier) internal view {
        assertEq(uint256(identity.tierOf(agentId)), uint256(tier), "tier");
    }

    function _notOwner(address who) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IIdentityRegistry.IdentityRegistry_NotOwner.selector, agentId, who);
    }

    function test_Tier_FollowsTheStake_AndWhatIsLeavingDoesNotCount() public {
        _expectTier(IIdentityRegistry.StakeTier.None);
        _stake(100e18 - 1);
        _expectTier(IIdentityRegistry.StakeTier.None);
        _stake(1);
        _expectTier(IIdentityRegistry.StakeTier.Small);
        _stake(900e18);
        _expectTier(IIdentityRegistry.StakeTier.Medium);
        _stake(9000e18);
        _expectTier(IIdentityRegistry.StakeTier.High);
        vm.prank(alice);
        identity.startUnstake(agentId, 1);
        _expectTier(IIdentityRegistry.StakeTier.Medium);
    }

    function test_Stake_ComesBackAfterUnbonding_NotBefore_AndNotTwice() public {
        _stake(500e18);
        vm.startPrank(alice);
        identity.startUnstake(agentId, 300e18);
        uint256 leavesAt = _now() + 14 days;
        _skip(14 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.IdentityRegistry_TooEarly.selector, _now(), leavesAt));
        identity.withdrawStake(agentId);
        _skip(1);
        assertEq(identity.withdrawStake(agentId), 300e18);
        assertEq(jeju.balanceOf(alice), 1e24 - 200e18);
        vm.expectRevert(IIdentityRegistry.IdentityRegistry_ZeroAmount.selector);
        identity.withdrawStake(agentId);
        vm.expectRevert(
            abi.encodeWithSelector(IIdentityRegistry.IdentityRegistry_InsufficientStake.selector, 201e18, 200e18)
        );
        identity.startUnstake(agentId, 201e18);
        vm.expectRevert(IIdentityRegistry.IdentityRegistry_ZeroAmount.selector);
        identity.startUnstake(agentId, 0);
        vm.expectRevert(IIdentityRegistry.IdentityRegistry_ZeroAmount.selector);
        identity.stake(agentId, 0);
    }

    function test_AddingToWhatLeaves_BeginsItsTimeAnew() public {
        _stake(500e18);
        vm.startPrank(alice);
        identity.startUnstake(agentId, 100e18);
        _skip(13 days);
        identity.startUnstake(agentId, 100e18);
        _skip(2 days);
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_TooEarly.selector);
        identity.withdrawStake(agentId);
        _skip(12 days);
        assertEq(identity.withdrawStake(agentId), 200e18);
    }

    // never: stake left with the seller after a transfer
    function test_Transfer_StakeGoesWithTheAgent_InUnbondingAsWell() public {
        _stake(500e18);
        vm.startPrank(alice);
        identity.startUnstake(agentId, 200e18);
        identity.transferFrom(alice, bob, agentId);
        _skip(14 days);
        vm.expectRevert(_notOwner(alice));
        identity.withdrawStake(agentId);
        vm.expectRevert(_notOwner(alice));
        identity.startUnstake(agentId, 1);
        vm.stopPrank();
        vm.startPrank(bob);
        assertEq(identity.withdrawStake(agentId), 200e18);
        identity.startUnstake(agentId, 300e18);
        _skip(14 days);
        identity.withdrawStake(agentId);
        vm.stopPrank();
        assertEq(jeju.balanceOf(bob), 1e24 + 500e18, "to the buyer, all of it");
        assertEq(identity.totalStake(), 0);
    }

    function test_Stranger_OrApproved_CannotStakeUnstakeOrWithdraw() public {
        _stake(500e18);
        vm.startPrank(alice);
        identity.approve(bob, agentId);
        identity.startUnstake(agentId, 1e18);
        vm.stopPrank();
        _skip(14 days);
        address[2] memory callers = [stranger, bob];
        for (uint256 i = 0; i < 2; i++) {
            vm.startPrank(callers[i]);
            vm.expectRevert(_notOwner(callers[i]));
            identity.stake(agentId, 1);
            vm.expectRevert(_notOwner(callers[i]));
            identity.startUnstake(agentId, 1);
            vm.expectRevert(_notOwner(callers[i]));
            identity.withdrawStake(agentId);
            expectMissingRole(callers[i], identity.SLASHER_ROLE());
            identity.slash(agentId, 1, "evidence");
            vm.stopPrank();
        }
    }

    function test_SlashAfterExitBegan_StillBites_AndNeverReverts() public {
        _stake(500e18);
        vm.prank(alice);
        identity.startUnstake(agentId, 400e18);
        _skip(14 days - 1);
        vm.startPrank(slasher);
        assertEq(identity.slash(agentId, 300e18, "first"), 300e18);
        IIdentityRegistry.AgentStake memory left = identity.stakeOf(agentId);
        assertEq(left.amount, 0, "what counts first");
        assertEq(left.leaving, 200e18, "then what leaves");
        assertEq(identity.slash(agentId, type(uint128).max, "second"), 200e18, "at most what is there");
        assertEq(identity.slash(agentId, 1, "third"), 0, "nothing, and no revert");
        assertEq(identity.slash(999, 1, "third"), 0, "nor for an agent that nobody has");
        vm.stopPrank();
        _skip(1);
        vm.prank(alice);
        vm.expectRevert(IIdentityRegistry.IdentityRegistry_ZeroAmount.selector);
        identity.withdrawStake(agentId);
        assertEq(identity.payTreasury(), 500e18);
        assertEq(jeju.balanceOf(treasury), 500e18);
    }

    function test_Slash_OncePerEvidence() public {
        _stake(500e18);
        vm.startPrank(slasher);
        identity.slash(agentId, 1e18, "evidence");
        vm.expectRevert(
            abi.encodeWithSelector(
                IIdentityRegistry.IdentityRegistry_AlreadySlashed.selector, agentId, bytes32("evidence")
            )
        );
        identity.slash(agentId, 1e18, "evidence");
        // The same evidence may convict two agents.
        identity.slash(agentId + 1, 1e18, "evidence");
    }

    function test_Treasury_GetsWhatIsNobodysStake_AndNothingElse() public {
        _stake(500e18);
        vm.expectRevert(IIdentityRegistry.IdentityRegistry_ZeroAmount.selector);
        identity.payTreasury();
        vm.prank(bob);
        jeju.transfer(address(identity), 7);
        vm.prank(stranger);
        assertEq(identity.payTreasury(), 7);
        assertEq(jeju.balanceOf(address(identity)), 500e18);
    }

    function test_TokenThatKeepsAFee_Refused() public {
        FeeToken fees = new FeeToken();
        identity = _deploy(address(fees));
        fees.mint(alice, 1e18);
        vm.startPrank(alice);
        agentId = identity.register("");
        fees.approve(address(identity), 1e18);
        vm.expectPartialRevert(Assets.Assets_AmountMismatch.selector);
        identity.stake(agentId, 1e18);
    }

    function test_Paused_ExitsStayOpen() public {
        _stake(500e18);
        vm.startPrank(guardian);
        identity.pauseAction(identity.STAKE());
        vm.stopPrank();
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("stake")));
        identity.stake(agentId, 1);
        identity.startUnstake(agentId, 500e18);
        _skip(14 days);
        identity.withdrawStake(agentId);
        assertEq(jeju.balanceOf(alice), 1e24);
    }

    function test_Settings_AreBounded_AndWhatLeavesKeepsItsTime() public {
        _stake(500e18);
        vm.prank(alice);
        identity.startUnstake(agentId, 500e18);
        IIdentityRegistry.Parameters memory changed = identity.parameters();
        vm.prank(stranger);
        expectMissingRole(stranger, bytes32(0));
        identity.setParameters(changed);
        vm.startPrank(admin);
        changed.unbondingPeriod = 60 days;
        identity.setParameters(changed);
        assertEq(identity.stakeOf(agentId).leavesAt, _now() + 14 days, "its own time");
        vm.chainId(8453);
        changed.unbondingPeriod = 8 days - 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                IGoverned.Governed_ParameterOutOfBounds.selector,
                bytes32("unbondingPeriod"),
                8 days - 1,
                8 days,
                60 days
            )
        );
        identity.setParameters(changed);
        changed.unbondingPeriod = 8 days;
        changed.smallStake = changed.mediumStake + 1;
        vm.expectPartialRevert(IGoverned.Governed_ParameterOutOfBounds.selector);
        identity.setParameters(changed);
        changed.smallStake = 1;
        changed.mediumStake = changed.highStake + 1;
        vm.expectPartialRevert(IGoverned.Governed_ParameterOutOfBounds.selector);
        identity.setParameters(changed);
        changed.mediumStake = 1;
        changed.highStake = 1e27 + 1;
        vm.expectPartialRevert(IGoverned.Governed_ParameterOutOfBounds.selector);
        identity.setParameters(changed);
        vm.stopPrank();
    }

    /// Two agents of changing owners stake, unstake, withdraw, are sold and slashed in any order; after each step every unit is somebody's.
    function testFuzz_Stake_IsConserved(uint256 seed) public {
        vm.prank(bob);
        uint256 second = identity.register("");
        uint256 supply = jeju.totalSupply();
        for (uint256 step = 0; step < 24; step++) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 id = seed % 2 == 0 ? agentId : second;
            address owner = identity.ownerOf(id);
            uint128 amount = uint128((seed >> 8) % 1000e18) + 1;
            uint256 action = (seed >> 128) % 6;
            IIdentityRegistry.AgentStake memory held = identity.stakeOf(id);
            vm.startPrank(action == 3 ? slasher : owner);
            if (action == 0) identity.stake(id, amount);
            if (action == 1 && held.amount != 0) identity.startUnstake(id, amount % held.amount + 1);
            if (action == 2 && held.leaving != 0 && held.leavesAt <= _now()) identity.withdrawStake(id);
            if (action == 3) identity.slash(id, amount, bytes32(step));
            if (action == 4) identity.transferFrom(owner, owner == alice ? bob : alice, id);
            vm.stopPrank();
            if (action == 5) _skip((seed >> 160) % 20 days);
            _expectConserved(second, supply);
        }
        if (jeju.balanceOf(address(identity)) > identity.totalStake()) identity.payTreasury();
        assertEq(jeju.balanceOf(address(identity)), identity.totalStake(), "nothing but stake is left");
    }

    function _expectConserved(uint256 second, uint256 supply) internal view {
        IIdentityRegistry.AgentStake memory one = identity.stakeOf(agentId);
        IIdentityRegistry.AgentStake memory two = identity.stakeOf(second);
        uint256 stakes = uint256(one.amount) + one.leaving + two.amount + two.leaving;
        assertEq(identity.totalStake(), stakes, "the total is the sum");
        uint256 held = jeju.balanceOf(address(identity));
        assertLe(stakes, held, "covered");
        assertEq(held + jeju.balanceOf(alice) + jeju.balanceOf(bob) + jeju.balanceOf(carol), supply, "conserved");
    }
}
