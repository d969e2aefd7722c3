// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IServiceRegistry} from "../../src/market/IServiceRegistry.sol";
import {Namespaces} from "../../src/naming/Namespaces.sol";
import {ServiceRegistry} from "../../src/market/ServiceRegistry.sol";
import {BillingDesk} from "../support/BillingDesk.sol";
import {NameBook} from "../support/NameBook.sol";
import {Scene} from "../support/Scene.sol";
import {PlainToken} from "../support/Tokens.sol";

contract ServiceRegistryTest is Scene {
    ServiceRegistry internal registry;
    NameBook internal names;
    BillingDesk internal billing;
    PlainToken internal usd;
    bytes32 internal serviceId;
    bytes32 internal constant PARENT = keccak256("jeju");
    bytes32 internal constant HARBOUR = keccak256(abi.encodePacked(PARENT, keccak256("harbour")));
    uint256 internal constant ANY = type(uint256).max;

    uint256 private _purchases;

    function setUp() public virtual {
        usd = new PlainToken(6);
        billing = new BillingDesk(usd);
        names = new NameBook(PARENT, address(this));
        names.setSubnodeOwner(PARENT, keccak256("harbour"), bob);
        registry = ServiceRegistry(
            _proxy(
                address(new ServiceRegistry()),
                abi.encodeCall(ServiceRegistry.initialize, (admin, address(names), address(billing)))
            )
        );
        bytes32 role = registry.PAUSER_ROLE();
        vm.prank(admin);
        registry.grantRole(role, guardian);
        vm.prank(bob);
        serviceId = registry.list(HARBOUR, "oracle", 1000, 100, "https://oracle", true);
        usd.mint(alice, 1e15);
        vm.prank(alice);
        usd.approve(address(billing), type(uint256).max);
    }

    function _buy(uint64 quantity) internal returns (uint256 price) {
        vm.prank(alice);
        (, price) = registry.purchase(serviceId, bytes32(++_purchases), quantity, ANY);
    }

    function test_Listing_UnderANameOfSomebodyElse_Refused() public {
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Namespaces.Namespaces_NotOwner.selector, HARBOUR, stranger));
        registry.list(HARBOUR, "oracle", 1, 1, "https://evil", true);
        vm.expectRevert(abi.encodeWithSelector(IServiceRegistry.ServiceRegistry_NotOwner.selector, serviceId, stranger));
        registry.setDiscounts(serviceId, new IServiceRegistry.Discount[](0));
        registry.list(bytes32(uint256(uint160(stranger))), "oracle", 1, 1, "", true);
    }

    function test_Listing_ForNothing_WithoutTarget_OrWithTooLongAnEndpoint_Refused() public {
        string memory longest = string(new bytes(256));
        vm.startPrank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(IServiceRegistry.ServiceRegistry_InvalidListing.selector, bytes32("basePrice"))
        );
        registry.list(HARBOUR, "other", 0, 1, longest, true);
        vm.expectRevert(
            abi.encodeWithSelector(IServiceRegistry.ServiceRegistry_InvalidListing.selector, bytes32("targetPerHour"))
        );
        registry.list(HARBOUR, "other", 1, 0, longest, true);
        vm.expectRevert(
            abi.encodeWithSelector(IServiceRegistry.ServiceRegistry_InvalidListing.selector, bytes32("endpoint"))
        );
        registry.list(HARBOUR, "other", 1, 1, string(new bytes(257)), true);
        bytes32 otherId = registry.list(HARBOUR, "other", 1, 1, longest, true);
        assertEq(bytes(registry.listing(otherId).endpoint).length, 256);
    }

    function test_Multiplier_FollowsTheLastHour_Within50And300Percent() public {
        (uint256 price, uint256 multiplierBps,) = registry.quote(serviceId, alice, 10);
        assertEq(multiplierBps, 5000, "no demand");
        assertEq(price, 5000);
        _buy(150);
        (, multiplierBps,) = registry.quote(serviceId, alice, 1);
        assertEq(multiplierBps, 5000, "a purchase does not move its own hour");
        _skip(1 hours);
        (, multiplierBps,) = registry.quote(serviceId, alice, 1);
        assertEq(multiplierBps, 15_000, "half as much again");
        _buy(100_000);
        _skip(1 hours);
        (, multiplierBps,) = registry.quote(serviceId, alice, 1);
        assertEq(multiplierBps, 30_000, "capped");
        _skip(1 hours);
        (, multiplierBps,) = registry.quote(serviceId, alice, 1);
        assertEq(multiplierBps, 5000);
    }

    function test_VolumeDiscount_IsReallyApplied_AndForgottenAfterThirtyDays() public {
        IServiceRegistry.Discount[] memory discounts = new IServiceRegistry.Discount[](2);
        discounts[0] = IServiceRegistry.Discount(50, 1000);
        discounts[1] = IServiceRegistry.Discount(500, 2500);
        vm.prank(bob);
        registry.setDiscounts(serviceId, discounts);
        assertEq(_buy(50), 25_000, "none yet");
        uint256 before = usd.balanceOf(alice);
        assertEq(_buy(450), 202_500, "ten percent");
        assertEq(before - usd.balanceOf(alice), 202_500, "and that is what was charged");
        _skip(2 hours);
        assertEq(_buy(100), 37_500, "a quarter");
        _skip(31 days);
        assertEq(registry.volumeOf(serviceId, alice), 0);
        assertEq(_buy(100), 50_000);
    }

    function testFuzz_Quote_IsWhatIsCharged_AndAllOfItReachesTheOwner(uint64 quantity, uint128 basePrice) public {
        quantity = uint64(_between(quantity, 1, 1_000_000));
        basePrice = uint128(_between(basePrice, 1, 1e8));
        vm.prank(bob);
        registry.list(HARBOUR, "oracle", basePrice, 100, "", true);
        (uint256 quoted,,) = registry.quote(serviceId, alice, quantity);
        uint256 before = usd.balanceOf(alice);
        assertEq(_buy(quantity), quoted);
        assertEq(before - usd.balanceOf(alice), quoted);
        assertEq(billing.claimableOf(bob), quoted);
        assertTrue(quoted != 0, "nothing is free");
    }

    function test_Purchase_AboveThePriceAccepted_OrNotActive_Refused() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IServiceRegistry.ServiceRegistry_PriceTooHigh.selector, 5000, 4999));
        registry.purchase(serviceId, bytes32(++_purchases), 10, 4999);
        vm.expectRevert(abi.encodeWithSelector(IServiceRegistry.ServiceRegistry_InvalidQuantity.selector, 0, 1e9));
        registry.purchase(serviceId, bytes32(++_purchases), 0, ANY);
        vm.expectRevert(abi.encodeWithSelector(IServiceRegistry.ServiceRegistry_NotActive.selector, bytes32("unknown")));
        registry.purchase("unknown", bytes32(++_purchases), 1, ANY);
        vm.stopPrank();
        vm.prank(bob);
        registry.list(HARBOUR, "oracle", 1000, 100, "", false);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IServiceRegistry.ServiceRegistry_NotActive.selector, serviceId));
        registry.purchase(serviceId, bytes32(++_purchases), 1, ANY);
    }

    function test_Money_GoesToTheOwnerOfNow() public {
        names.setSubnodeOwner(PARENT, keccak256("harbour"), carol);
        _buy(10);
        assertEq(billing.claimableOf(carol), 5000);
        assertEq(billing.claimableOf(bob), 0);
    }

    function test_Discounts_NotRising_TooHighOrTooMany_Refused() public {
        IServiceRegistry.Discount[] memory discounts = new IServiceRegistry.Discount[](2);
        discounts[0] = IServiceRegistry.Discount(50, 1000);
        discounts[1] = IServiceRegistry.Discount(50, 2000);
        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(IServiceRegistry.ServiceRegistry_InvalidDiscounts.selector, 1));
        registry.setDiscounts(serviceId, discounts);
        discounts[1] = IServiceRegistry.Discount(60, 5001);
        vm.expectRevert(abi.encodeWithSelector(IServiceRegistry.ServiceRegistry_InvalidDiscounts.selector, 1));
        registry.setDiscounts(serviceId, discounts);
        vm.expectRevert(abi.encodeWithSelector(IServiceRegistry.ServiceRegistry_InvalidDiscounts.selector, 9));
        registry.setDiscounts(serviceId, new IServiceRegistry.Discount[](9));
    }

    function test_Paused_NothingIsSold() public {
        vm.startPrank(guardian);
        registry.pauseAction(registry.PURCHASE());
        vm.stopPrank();
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("purchase")));
        registry.purchase(serviceId, bytes32(++_purchases), 1, ANY);
    }
}
