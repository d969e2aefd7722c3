// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {DelegationAccount, IDelegationAccount} from "../../src/market/DelegationAccount.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {ILiquidityRouter} from "../../src/market/ILiquidityRouter.sol";
import {LiquidityRouter} from "../../src/market/LiquidityRouter.sol";
import {FlowTest} from "../base/FlowTest.sol";

contract PlainVault is ERC4626 {
    constructor(IERC20 asset_) ERC20("Vault", "VLT") ERC4626(asset_) {}

    /// @dev What a badly run vault would do to those who come next.
    function lose(uint256 amount) external {
        require(IERC20(asset()).transfer(address(0xdead), amount));
    }
}

contract LiquidityRouterTest is FlowTest {
    LiquidityRouter internal router;
    PlainVault internal first;
    PlainVault internal second;
    bytes32 internal nodeId;
    address internal user;
    uint256 internal strategyId;

    function setUp() public override {
        super.setUp();
        user = account("user");
        router = LiquidityRouter(
            deploySuiteContract(
                "LiquidityRouter",
                type(LiquidityRouter).creationCode,
                abi.encodeCall(
                    LiquidityRouter.initialize,
                    (admin, address(jeju), address(staking), address(new DelegationAccount()))
                )
            )
        );
        first = new PlainVault(jeju);
        second = new PlainVault(jeju);
        nodeId = aStakingNode(operator, "node", 2 * MINIMUM_STAKE);
        vm.startPrank(admin);
        router.grantRole(router.STRATEGIST_ROLE(), admin);
        router.setVault(address(first), true);
        router.setVault(address(second), true);
        strategyId = router.openStrategy(_targets());
        vm.stopPrank();
        jeju.mint(user, 10_000 ether);
        vm.startPrank(user);
        jeju.approve(address(router), type(uint256).max);
        first.approve(address(router), type(uint256).max);
        vm.stopPrank();
    }

    function _targets() private view returns (ILiquidityRouter.Target[] memory targets) {
        targets = new ILiquidityRouter.Target[](3);
        targets[0] = ILiquidityRouter.Target(address(first), 0, 3333);
        targets[1] = ILiquidityRouter.Target(address(0), nodeId, 3333);
        targets[2] = ILiquidityRouter.Target(address(second), 0, 3334);
    }

    function _deposit(uint256 amount) private {
        vm.prank(user);
        router.deposit(strategyId, amount, new uint256[](3));
    }

    function test_Deposit_IsSplit_AndTheUserOwnsEveryShare() public {
        _deposit(1000 ether);
        vm.assertEq(first.balanceOf(user), 333.3 ether);
        vm.assertEq(second.balanceOf(user), 333.4 ether);
        (, uint256 delegated) = staking.delegationOf(nodeId, router.accountOf(user));
        vm.assertEq(delegated, 333.3 ether);
        vm.assertEq(IDelegationAccount(router.accountOf(user)).owner(), user);
        vm.assertEq(jeju.balanceOf(address(router)), 0, "the router keeps nothing");
        _deposit(1000 ether);
        (, delegated) = staking.delegationOf(nodeId, router.accountOf(user));
        vm.assertEq(delegated, 666.6 ether, "the same account again");
    }

    function testFuzz_Router_HoldsNothingBetweenCalls(uint256 amount) public {
        amount = 400 ether + amount % 9600 ether;
        _deposit(amount);
        vm.assertEq(jeju.balanceOf(address(router)), 0);
        (, uint256 delegated) = staking.delegationOf(nodeId, router.accountOf(user));
        vm.assertEq(first.balanceOf(user) + second.balanceOf(user) + delegated, amount, "all of it is invested");
    }

    function test_Withdrawal_Exists_FromVaultAndFromDelegation() public {
        _deposit(1000 ether);
        vm.startPrank(user);
        router.redeem(address(first), 333.3 ether, 333.3 ether);
        vm.assertEq(jeju.balanceOf(user), 9333.3 ether);
        IDelegationAccount account_ = IDelegationAccount(router.accountOf(user));
        account_.undelegate(nodeId, type(uint256).max);
        vm.stopPrank();
        skipTime(60 days);
        vm.prank(stranger);
        account_.sweep(nodeId);
        vm.assertEq(jeju.balanceOf(user), 9666.6 ether, "to the owner, whoever calls");
    }

    function test_Rewards_OfDelegation_ReachTheUser() public {
        _deposit(3000 ether);
        vm.startPrank(admin);
        staking.grantRole(staking.REVENUE_ROLE(), address(this));
        vm.stopPrank();
        usd.mint(address(this), 1000e6);
        usd.approve(address(staking), 1000e6);
        staking.distributeRevenue(nodeId, 1000e6);
        skipTime(40 days);
        IDelegationAccount(router.accountOf(user)).sweep(nodeId);
        vm.assertGt(usd.balanceOf(user), 0);
    }

    function test_Stranger_CommandsNoAccount() public {
        _deposit(1000 ether);
        IDelegationAccount account_ = IDelegationAccount(router.accountOf(user));
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IDelegationAccount.DelegationAccount_NotAllowed.selector, stranger));
        account_.undelegate(nodeId, 1);
        vm.expectRevert(abi.encodeWithSelector(IDelegationAccount.DelegationAccount_NotAllowed.selector, stranger));
        account_.delegate(nodeId, 1);
        vm.expectRevert(abi.encodeWithSelector(IDelegationAccount.DelegationAccount_AlreadyOwned.selector, user));
        account_.own(stranger, stranger, stranger);
    }

    function test_Slippage_BeyondTheBound_Refused_BothWays() public {
        uint256[] memory bounds = new uint256[](3);
        bounds[2] = 333.4 ether + 1;
        vm.startPrank(user);
        vm.expectRevert(
            abi.encodeWithSelector(ILiquidityRouter.LiquidityRouter_Slippage.selector, 2, 333.4 ether, 333.4 ether + 1)
        );
        router.deposit(strategyId, 1000 ether, bounds);
        router.deposit(strategyId, 1000 ether, new uint256[](3));
        first.lose(100 ether);
        vm.expectPartialRevert(ILiquidityRouter.LiquidityRouter_Slippage.selector);
        router.redeem(address(first), 333.3 ether, 333 ether);
    }

    function test_RedeemingSharesOfAnother_IsImpossible() public {
        _deposit(1000 ether);
        vm.prank(stranger);
        vm.expectRevert();
        router.redeem(address(first), 1, 0);
        vm.assertEq(first.balanceOf(user), 333.3 ether);
    }

    function test_ForbiddenVault_TakesNoDeposits_ButLetsGo() public {
        _deposit(1000 ether);
        vm.prank(admin);
        router.setVault(address(first), false);
        vm.startPrank(user);
        vm.expectRevert(
            abi.encodeWithSelector(ILiquidityRouter.LiquidityRouter_VaultNotAllowed.selector, address(first))
        );
        router.deposit(strategyId, 1000 ether, new uint256[](3));
        router.redeem(address(first), 333.3 ether, 333.3 ether);
    }

    function test_Strategy_Malformed_OrOverAForeignVault_Refused() public {
        ILiquidityRouter.Target[] memory targets = _targets();
        vm.startPrank(admin);
        targets[0].weightBps = 3332;
        vm.expectRevert(abi.encodeWithSelector(ILiquidityRouter.LiquidityRouter_InvalidStrategy.selector, 9999));
        router.openStrategy(targets);
        targets[0].vault = address(0x1234);
        vm.expectRevert(
            abi.encodeWithSelector(ILiquidityRouter.LiquidityRouter_VaultNotAllowed.selector, address(0x1234))
        );
        router.openStrategy(targets);
        vm.expectRevert(abi.encodeWithSelector(ILiquidityRouter.LiquidityRouter_InvalidStrategy.selector, 0));
        router.openStrategy(new ILiquidityRouter.Target[](0));
        PlainVault foreign = new PlainVault(usd);
        vm.expectRevert(
            abi.encodeWithSelector(ILiquidityRouter.LiquidityRouter_VaultNotAllowed.selector, address(foreign))
        );
        router.setVault(address(foreign), true);
        router.closeStrategy(strategyId);
        vm.stopPrank();
        vm.prank(user);
        vm.expectRevert(abi.encodeWithSelector(ILiquidityRouter.LiquidityRouter_UnknownStrategy.selector, strategyId));
        router.deposit(strategyId, 1, new uint256[](3));
        bytes32 role = router.STRATEGIST_ROLE();
        vm.prank(stranger);
        expectMissingRole(stranger, role);
        router.openStrategy(targets);
    }

    function test_Strategy_WithATargetOfTwoKinds_OfNone_OrWithoutWeight_Refused() public {
        for (uint256 i = 0; i < 3; i++) {
            ILiquidityRouter.Target[] memory targets = _targets();
            if (i == 0) targets[0].nodeId = nodeId;
            if (i == 1) targets[1].nodeId = 0;
            if (i == 2) (targets[2].weightBps, targets[0].weightBps) = (0, 6667);
            vm.expectRevert(abi.encodeWithSelector(ILiquidityRouter.LiquidityRouter_InvalidStrategy.selector, i));
            vm.prank(admin);
            router.openStrategy(targets);
        }
        ILiquidityRouter.Target[] memory least = _targets();
        (least[2].weightBps, least[0].weightBps) = (1, 6666);
        vm.prank(admin);
        vm.assertEq(router.strategy(router.openStrategy(least))[2].weightBps, 1);
    }

    function test_Paused_WithdrawalStaysOpen() public {
        _deposit(1000 ether);
        bytes32 action = router.DEPOSIT();
        vm.prank(admin);
        router.pauseAction(action);
        vm.startPrank(user);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, action));
        router.deposit(strategyId, 1, new uint256[](3));
        router.redeem(address(first), 333.3 ether, 0);
    }
}
