// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ComputeRegistry} from "../../src/registry/ComputeRegistry.sol";
import {ComputeRental} from "../../src/market/ComputeRental.sol";
import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {BillingDesk} from "../support/BillingDesk.sol";
import {ProviderBook} from "../support/ProviderBook.sol";
import {Scene} from "../support/Scene.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @title A node with two slots at a price, three consumers with money, an arbiter
abstract contract RentalScene is Scene {
    ComputeRental internal rentals;
    ComputeRegistry internal registry;
    ProviderBook internal book;
    BillingDesk internal billing;
    PlainToken internal usd;
    address internal owner;
    address internal agent;
    address internal arbiter;
    address internal treasury;
    bytes32 internal constant NODE = "node";
    uint128 internal constant PRICE = 3_600_000; // one unit of 1e-3 dollars a second

    function setUp() public virtual {
        owner = account("owner");
        agent = account("agent");
        arbiter = account("arbiter");
        treasury = account("treasury");
        usd = new PlainToken(6);
        book = new ProviderBook();
        billing = new BillingDesk(usd);
        registry = ComputeRegistry(
            _proxy(address(new ComputeRegistry()), abi.encodeCall(ComputeRegistry.initialize, (admin, address(book))))
        );
        rentals = ComputeRental(
            _proxy(
                address(new ComputeRental()),
                abi.encodeCall(
                    ComputeRental.initialize, (admin, address(registry), address(book), address(billing), treasury)
                )
            )
        );
        vm.startPrank(admin);
        registry.grantRole(registry.SELLER_ROLE(), address(rentals));
        rentals.grantRole(rentals.ARBITER_ROLE(), arbiter);
        rentals.grantRole(rentals.PAUSER_ROLE(), guardian);
        vm.stopPrank();
        book.add(NODE, owner, agent, "local", "compute");
        _setPrice(PRICE);
        address[3] memory consumers = [alice, bob, carol];
        for (uint256 i = 0; i < 3; i++) {
            usd.mint(consumers[i], 1e15);
            vm.startPrank(consumers[i]);
            usd.approve(address(billing), type(uint256).max);
            usd.approve(address(rentals), type(uint256).max);
            vm.stopPrank();
        }
    }

    function _setPrice(uint128 price) internal {
        IComputeRegistry.Capability memory capability;
        capability.cores = 4;
        capability.memoryMb = 8192;
        capability.pricePerHour = price;
        capability.slots = 2;
        capability.tee = true;
        capability.active = true;
        vm.prank(owner);
        registry.setCapability(NODE, capability);
    }

    function _rent(uint32 leaseHours) internal returns (bytes32) {
        vm.prank(alice);
        return rentals.rent(NODE, "salt", leaseHours, type(uint128).max, false, "key");
    }

    function _running(uint32 leaseHours) internal returns (bytes32 rentalId) {
        rentalId = _rent(leaseHours);
        vm.prank(agent);
        rentals.confirm(rentalId, "sealed");
    }

    function _escrow(bytes32 rentalId) internal view returns (uint256) {
        return billing.escrowBalance(address(rentals), rentalId);
    }

    function _nodeEarned() internal view returns (uint256) {
        return billing.paidToNode(book.stakingNodeOf(NODE));
    }

    function _expectState(bytes32 rentalId, IComputeRental.State state) internal view {
        assertEq(uint256(rentals.stateOf(rentalId)), uint256(state), "state");
    }

    function _finish(bytes32 rentalId) internal {
        (uint256 payableNow, uint256 refundable) = rentals.settleable(rentalId);
        if (payableNow != 0) rentals.settle(rentalId);
        if (refundable != 0) rentals.refund(rentalId);
    }
}
