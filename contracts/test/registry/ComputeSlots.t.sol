// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {ComputeRegistry} from "../../src/registry/ComputeRegistry.sol";
import {ComputeRental} from "../../src/market/ComputeRental.sol";
import {DWSServiceProvisioning} from "../../src/dws/DWSServiceProvisioning.sol";
import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {BillingDesk} from "../support/BillingDesk.sol";
import {NameBook} from "../support/NameBook.sol";
import {ProviderBook} from "../support/ProviderBook.sol";
import {Scene} from "../support/Scene.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @title One count of slots per node, for rentals and deployments together
contract ComputeSlotsTest is Scene {
    ComputeRegistry internal registry;
    ComputeRental internal rentals;
    DWSServiceProvisioning internal provisioning;
    ProviderBook internal book;
    PlainToken internal usd;
    bytes32[] internal serviceIds;
    bytes32[] internal rentalIds;
    uint256 internal defined;
    bytes32 internal constant NODE = "node";
    bytes32 internal constant HARBOUR = keccak256(abi.encodePacked(keccak256("jeju"), keccak256("harbour")));
    uint128 internal constant PRICE = 3_600_000;
    uint16 internal constant SLOTS = 3;

    // alice rents and deploys; bob owns the node and is its agent.
    function setUp() public virtual {
        usd = new PlainToken(6);
        book = new ProviderBook();
        BillingDesk billing = new BillingDesk(usd);
        NameBook names = new NameBook(keccak256("jeju"), address(this));
        names.setSubnodeOwner(keccak256("jeju"), keccak256("harbour"), alice);
        registry = ComputeRegistry(
            _proxy(address(new ComputeRegistry()), abi.encodeCall(ComputeRegistry.initialize, (admin, address(book))))
        );
        rentals = ComputeRental(
            _proxy(
                address(new ComputeRental()),
                abi.encodeCall(
                    ComputeRental.initialize, (admin, address(registry), address(book), address(billing), admin)
                )
            )
        );
        provisioning = DWSServiceProvisioning(
            _proxy(
                address(new DWSServiceProvisioning()),
                abi.encodeCall(
                    DWSServiceProvisioning.initialize,
                    (admin, address(names), address(book), address(registry), address(billing))
                )
            )
        );
        vm.startPrank(admin);
        registry.grantRole(registry.SELLER_ROLE(), address(rentals));
        registry.grantRole(registry.SELLER_ROLE(), address(provisioning));
        rentals.grantRole(rentals.ARBITER_ROLE(), carol);
        vm.stopPrank();
        book.add(NODE, bob, bob, "local", "compute");
        _publish(SLOTS);
        usd.mint(alice, 1e18);
        vm.startPrank(alice);
        usd.approve(address(billing), type(uint256).max);
        usd.approve(address(rentals), type(uint256).max);
        vm.stopPrank();
    }

    function _publish(uint16 slots) internal {
        IComputeRegistry.Capability memory capability;
        capability.cores = 8;
        capability.memoryMb = 8192;
        capability.pricePerHour = PRICE;
        capability.slots = slots;
        capability.active = true;
        vm.prank(bob);
        registry.setCapability(NODE, capability);
    }

    function _rent() internal returns (bytes32 rentalId) {
        vm.prank(alice);
        rentalId = rentals.rent(NODE, bytes32(rentalIds.length), 10, PRICE, false, "key");
        rentalIds.push(rentalId);
    }

    function _running() internal returns (bytes32 rentalId) {
        rentalId = _rent();
        vm.prank(bob);
        rentals.confirm(rentalId, "sealed");
    }

    // Each of a service of its own: a service has one deployment per node.
    function _define() internal returns (bytes32 serviceId) {
        IDWSServiceProvisioning.Definition memory definition;
        definition.cores = 1;
        definition.minimumInstances = 1;
        definition.maximumPricePerHour = PRICE;
        definition.codeHash = "code";
        string memory name = string.concat("service-", Strings.toString(defined++));
        vm.prank(alice);
        serviceId = provisioning.defineService(HARBOUR, name, definition);
        serviceIds.push(serviceId);
    }

    function _assign() internal returns (bytes32 serviceId) {
        serviceId = _define();
        vm.prank(alice);
        provisioning.assign(serviceId, NODE, 10);
    }

    function _expectTaken(uint256 expected) internal view {
        (uint256 taken,) = registry.slotsOf(NODE);
        assertEq(taken, expected, "slots taken");
    }

    function _noSlot() internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_NoSlot.selector, NODE, SLOTS);
    }

    function test_NodeThatIsRentedOut_CannotBeAssignedADeployment() public {
        for (uint256 i = 0; i < SLOTS; i++) {
            _rent();
        }
        bytes32 serviceId = _define();
        vm.prank(alice);
        vm.expectRevert(_noSlot());
        provisioning.assign(serviceId, NODE, 10);
        vm.prank(alice);
        rentals.close(rentalIds[0]);
        vm.prank(alice);
        provisioning.assign(serviceId, NODE, 10);
        _expectTaken(SLOTS);
        assertEq(registry.slotsHeldBy(NODE, address(rentals)), SLOTS - 1);
        assertEq(registry.slotsHeldBy(NODE, address(provisioning)), 1);
    }

    function test_NodeFullOfDeployments_CannotBeRented() public {
        for (uint256 i = 0; i < SLOTS; i++) {
            _assign();
        }
        vm.prank(alice);
        vm.expectRevert(_noSlot());
        rentals.rent(NODE, "salt", 1, PRICE, false, "");
        vm.prank(bob);
        provisioning.end(serviceIds[1], NODE);
        _rent();
        _expectTaken(SLOTS);
    }

    function test_Slots_ComeBackByTimeAlone() public {
        _rent(); // never confirmed
        _running();
        _assign(); // never live
        _expectTaken(3);
        _skip(1 hours + 1);
        vm.startPrank(stranger);
        rentals.expire(rentalIds[0]);
        _expectTaken(2);
        provisioning.end(serviceIds[0], NODE);
        _expectTaken(1);
        vm.stopPrank();
        bytes32 serviceId = _assign();
        vm.prank(bob);
        provisioning.reportLive(serviceId, NODE, 1, "https://node");
        _skip(10 hours);
        vm.startPrank(stranger);
        rentals.expire(rentalIds[1]);
        provisioning.end(serviceId, NODE);
        vm.stopPrank();
        _expectTaken(0);
    }

    function test_Slots_ComeBackAtEveryEnd_OfARental() public {
        bytes32 closed = _running();
        bytes32 released = _running();
        bytes32 disputed = _running();
        _expectTaken(3);
        vm.prank(alice);
        rentals.close(closed);
        vm.prank(bob);
        rentals.release(released);
        _expectTaken(1);
        _skip(1 hours);
        vm.prank(alice);
        rentals.openDispute(disputed, "silent");
        uint64 from = rentals.rental(disputed).startedAt;
        vm.prank(carol);
        rentals.rule(disputed, true, from);
        // The ruling is about money; the slot is the consumer's until he, the node or time ends the rental.
        _expectTaken(1);
        vm.prank(alice);
        rentals.close(disputed);
        _expectTaken(0);
    }

    function test_Slots_ComeBack_WhateverBecameOfTheNode() public {
        bytes32 rentalId = _running();
        bytes32 serviceId = _assign();
        vm.prank(bob);
        registry.withdrawCapability(NODE);
        book.setUnavailable(NODE, true);
        (uint256 taken, uint256 total) = registry.slotsOf(NODE);
        assertEq(taken, 2);
        assertEq(total, 0, "off the market");
        vm.startPrank(alice);
        rentals.close(rentalId);
        provisioning.end(serviceId, NODE);
        vm.stopPrank();
        _expectTaken(0);
    }

    function test_LoweredSlots_SellNothing_UntilEnoughAreBack() public {
        _running();
        _running();
        _assign();
        _publish(1);
        vm.startPrank(alice);
        rentals.close(rentalIds[0]);
        rentals.close(rentalIds[1]);
        vm.expectRevert(abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_NoSlot.selector, NODE, 1));
        rentals.rent(NODE, "salt", 1, PRICE, false, "");
        provisioning.end(serviceIds[0], NODE);
        rentals.rent(NODE, "salt", 1, PRICE, false, "");
        vm.stopPrank();
        _expectTaken(1);
    }

    function test_Stranger_OrOtherSeller_CannotTakeOrReturnSlots() public {
        _rent();
        vm.startPrank(stranger);
        expectMissingRole(stranger, registry.SELLER_ROLE());
        registry.takeSlot(NODE);
        vm.expectRevert(abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_NoSlotHeld.selector, NODE, stranger));
        registry.returnSlot(NODE);
        vm.stopPrank();
        // Another seller holds none of the first one's.
        vm.prank(address(provisioning));
        vm.expectRevert(
            abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_NoSlotHeld.selector, NODE, address(provisioning))
        );
        registry.returnSlot(NODE);
        // Nor does anybody sell a node that is not published.
        vm.prank(address(provisioning));
        vm.expectRevert(abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_NoSlot.selector, bytes32("none"), 0));
        registry.takeSlot("none");
        _expectTaken(1);
    }

    function test_SellerWithoutHisRole_StillReturnsSlots() public {
        bytes32 rentalId = _running();
        bytes32 role = registry.SELLER_ROLE();
        vm.prank(admin);
        registry.revokeRole(role, address(rentals));
        vm.startPrank(alice);
        expectMissingRole(address(rentals), role);
        rentals.rent(NODE, "salt", 1, PRICE, false, "");
        rentals.close(rentalId);
        vm.stopPrank();
        _expectTaken(0);
    }

    /// Each two bits of the seed are one step: rent, assign, end a rental, end a deployment. What cannot be is refused, and the count is always right.
    function testFuzz_Slots_AreNeverSoldTwice(uint256 seed) public {
        uint256 endedRentals;
        uint256 endedDeployments;
        bytes32 spare = _define();
        serviceIds.pop();
        for (uint256 step = 0; step < 24; step++) {
            uint256 action = (seed >> (2 * step)) % 4;
            bool full = rentalIds.length - endedRentals + serviceIds.length - endedDeployments == SLOTS;
            if (action == 0 && full) {
                vm.prank(alice);
                vm.expectRevert(_noSlot());
                rentals.rent(NODE, "full", 1, PRICE, false, "");
            } else if (action == 0) {
                _rent();
            } else if (action == 1 && full) {
                vm.prank(alice);
                vm.expectRevert(_noSlot());
                provisioning.assign(spare, NODE, 1);
            } else if (action == 1) {
                _assign();
            } else if (action == 2 && endedRentals < rentalIds.length) {
                vm.prank(alice);
                rentals.close(rentalIds[endedRentals++]);
            } else if (action == 3 && endedDeployments < serviceIds.length) {
                vm.prank(bob);
                provisioning.end(serviceIds[endedDeployments++], NODE);
            }
            uint256 liveRentals = rentalIds.length - endedRentals;
            uint256 liveDeployments = serviceIds.length - endedDeployments;
            _expectTaken(liveRentals + liveDeployments);
            assertEq(registry.slotsHeldBy(NODE, address(rentals)), liveRentals);
            assertEq(registry.slotsHeldBy(NODE, address(provisioning)), liveDeployments);
        }
    }
}
