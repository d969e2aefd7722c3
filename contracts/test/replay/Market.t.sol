// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {ILiquidityRouter} from "../../src/market/ILiquidityRouter.sol";
import {IServiceRegistry} from "../../src/market/IServiceRegistry.sol";
import {IStorageManager} from "../../src/registry/IStorageManager.sol";
import {Vm} from "../base/Vm.sol";
import {Replay} from "./Replay.sol";

/// @title Listings, discounts and volumes, from the events of ServiceRegistry alone
contract ServiceReplayTest is Replay {
    function test_Events_RebuildTheServices() external {
        IServiceRegistry market = IServiceRegistry(memberOf("ServiceRegistry"));
        IServiceRegistry.Discount[] memory discounts = new IServiceRegistry.Discount[](2);
        discounts[0] = IServiceRegistry.Discount({fromQuantity: 10, discountBps: 500});
        discounts[1] = IServiceRegistry.Discount({fromQuantity: 100, discountBps: 1500});
        vm.startPrank(consumer);
        market.setDiscounts(listingId, discounts);
        market.list(_space(consumer), "second", 7, 1, "https://second.example", false);
        market.list(_space(consumer), "service", 2e5, 11, "https://example.org", true);
        vm.stopPrank();
        vm.startPrank(delegator);
        market.purchase(listingId, "thirteen", 13, type(uint256).max);
        market.purchase(listingId, "four", 4, type(uint256).max);
        vm.stopPrank();
        replay("ServiceRegistry", 6);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics[1];
        if (topic == IServiceRegistry.ServiceListed.selector) {
            if (get("listing", id, 0) == 0) add("services", 0, 0, 1);
            set("listing", id, keccak256(abi.encode(log.topics[2], log.data)));
        } else if (topic == IServiceRegistry.DiscountsChanged.selector) {
            set("discounts", id, keccak256(log.data));
        } else if (topic == IServiceRegistry.ServicePurchased.selector) {
            add("volume", id, log.topics[2], amountAt(log, 0));
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        IServiceRegistry market = IServiceRegistry(replayed);
        if (what == "services") return bytes32(market.services(0, 1000).length);
        if (what == "discounts") return keccak256(abi.encode(market.discountsOf(id)));
        if (what == "volume") return bytes32(market.volumeOf(id, asAddress(other)));
        IServiceRegistry.Listing memory listing = market.listing(id);
        bytes memory data =
            abi.encode(listing.name, listing.basePrice, listing.targetPerHour, listing.endpoint, listing.active);
        return keccak256(abi.encode(listing.namespace, data));
    }
}

contract ReplayVault is ERC4626 {
    constructor(IERC20 asset_) ERC20("Vault", "VLT") ERC4626(asset_) {}
}

/// @title Strategies, vaults and what users have in them, from the events of LiquidityRouter alone
contract LiquidityReplayTest is Replay {
    function test_Events_RebuildTheStrategiesAndTheDeposits() external {
        ILiquidityRouter router = ILiquidityRouter(memberOf("LiquidityRouter"));
        ReplayVault vault = new ReplayVault(jeju);
        ReplayVault former = new ReplayVault(jeju);
        ILiquidityRouter.Target[] memory targets = new ILiquidityRouter.Target[](2);
        targets[0] = ILiquidityRouter.Target({vault: address(vault), nodeId: 0, weightBps: 2500});
        targets[1] = ILiquidityRouter.Target({vault: address(0), nodeId: stakingNodeId, weightBps: 7500});
        vm.startPrank(admin);
        router.setVault(address(vault), true);
        router.setVault(address(former), true);
        router.setVault(address(former), false);
        uint256 strategyId = router.openStrategy(targets);
        router.closeStrategy(router.openStrategy(targets));
        vm.stopPrank();
        vm.startPrank(consumer);
        jeju.approve(address(router), type(uint256).max);
        router.deposit(strategyId, 10_003 ether, new uint256[](2));
        vault.approve(address(router), type(uint256).max);
        router.redeem(address(vault), 703 ether, 0);
        vm.stopPrank();
        replay("LiquidityRouter", 14);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics[1];
        if (topic == ILiquidityRouter.VaultSet.selector) {
            set("allowed", id, word(log, 0));
        } else if (topic == ILiquidityRouter.StrategyOpened.selector) {
            set("strategy", id, keccak256(log.data));
        } else if (topic == ILiquidityRouter.StrategyClosed.selector) {
            set("strategy", id, keccak256(abi.encode(new ILiquidityRouter.Target[](0))));
        } else if (topic == ILiquidityRouter.Deposited.selector) {
            if (word(log, 0) == 0) add("delegated", id, word(log, 1), amountAt(log, 2));
            else add("shares", id, word(log, 0), amountAt(log, 3));
        } else if (topic == ILiquidityRouter.Redeemed.selector) {
            sub("shares", id, log.topics[2], amountAt(log, 0));
        } else if (topic == ILiquidityRouter.AccountCreated.selector) {
            set("account", id, word(log, 0));
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        ILiquidityRouter router = ILiquidityRouter(replayed);
        if (what == "allowed") return asWord(router.isVaultAllowed(asAddress(id)));
        if (what == "strategy") return keccak256(abi.encode(router.strategy(uint256(id))));
        if (what == "account") return asWord(router.accountOf(asAddress(id)));
        if (what == "shares") return bytes32(IERC20(asAddress(other)).balanceOf(asAddress(id)));
        (, uint256 amount) = staking.delegationOf(other, router.accountOf(asAddress(id)));
        return bytes32(amount);
    }
}

/// @title What can be rented on which node, from the events of ComputeRegistry alone
contract ComputeReplayTest is Replay {
    function test_Events_RebuildTheCapabilities_AndTheSlots() external {
        IComputeRegistry compute = IComputeRegistry(memberOf("ComputeRegistry"));
        IComputeRegistry.Capability memory capability = compute.capabilityOf(nodeId);
        capability.pricePerHour = PRICE + 7;
        capability.slots = 9;
        vm.startPrank(admin);
        _grant("ComputeRegistry", "SELLER_ROLE", admin);
        compute.takeSlot(nodeId);
        compute.takeSlot(nodeId);
        compute.returnSlot(nodeId);
        vm.stopPrank();
        vm.startPrank(operator);
        compute.setCapability(nodeId, capability);
        compute.withdrawCapability(nodeId);
        vm.stopPrank();
        replay("ComputeRegistry", 9);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics[1];
        if (topic == IComputeRegistry.CapabilitySet.selector) {
            set("capability", id, _withoutActivity(abi.decode(log.data, (IComputeRegistry.Capability))));
            set("active", id, asWord(true));
        } else if (topic == IComputeRegistry.CapabilityWithdrawn.selector) {
            set("active", id, asWord(false));
        } else if (topic == IComputeRegistry.SlotsChanged.selector) {
            set("slots held", id, log.topics[2], word(log, 0));
            set("slots taken", id, word(log, 1));
        } else {
            return false;
        }
        return true;
    }

    function _withoutActivity(IComputeRegistry.Capability memory capability) private pure returns (bytes32) {
        capability.active = false;
        return keccak256(abi.encode(capability));
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        IComputeRegistry compute = IComputeRegistry(replayed);
        if (what == "capability") return _withoutActivity(compute.capabilityOf(id));
        if (what == "active") return asWord(compute.capabilityOf(id).active);
        if (what == "slots held") return bytes32(compute.slotsHeldBy(id, asAddress(other)));
        (uint256 taken,) = compute.slotsOf(id);
        return bytes32(taken);
    }
}

/// @title Uploads, pins and proofs, from the events of StorageManager alone
contract StorageReplayTest is Replay {
    function test_Events_RebuildTheUploadsAndThePins() external {
        IStorageManager store = IStorageManager(memberOf("StorageManager"));
        bytes memory chunk = "a small file";
        vm.startPrank(consumer);
        bytes32 small = store.registerUpload(
            "small", keccak256(chunk), keccak256(abi.encodePacked(bytes1(0), chunk)), uint64(chunk.length), 1
        );
        bytes32 pin = store.pin(small, nodeId, "small", 5, 1e6);
        vm.stopPrank();
        vm.prank(operator);
        store.setPrice(nodeId, 7e6);
        vm.warp(store.pinInfo(pin).startsAt);
        store.openWindow();
        vm.roll(2);
        store.prove(pin, 0, chunk, new bytes32[](0));
        vm.prank(consumer);
        store.unpin(pin);
        skipTime(3 hours);
        store.refund(pin);
        replay("StorageManager", 11);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics[1];
        if (topic == IStorageManager.UploadRegistered.selector) {
            set("upload", id, keccak256(abi.encode(log.topics[2], log.topics[3], log.data)));
        } else if (topic == IStorageManager.StoragePriceSet.selector) {
            set("price", id, word(log, 0));
        } else if (topic == IStorageManager.Pinned.selector) {
            set("pin", id, keccak256(abi.encode(log.topics[2], log.topics[3], log.data)));
            add("pins", log.topics[2], 0, 1);
        } else if (topic == IStorageManager.PossessionProven.selector) {
            add("windows proven", id, 0, 1);
            set("proven", id, word(log, 0), asWord(true));
        } else if (topic == IStorageManager.Unpinned.selector) {
            set("ended at", id, word(log, 0));
        } else if (topic == IStorageManager.PinRefunded.selector) {
            set("refunded", id, asWord(true));
        } else {
            return topic == IStorageManager.WindowOpened.selector || topic == IStorageManager.WindowDrawn.selector;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        IStorageManager store = IStorageManager(replayed);
        if (what == "price") return bytes32(uint256(store.priceOf(id)));
        if (what == "proven") return asWord(store.isProven(id, uint32(uint256(other))));
        if (what == "pins") return bytes32(store.pinsOf(id, 0, 1000).length);
        if (what == "upload") {
            IStorageManager.Upload memory upload = store.upload(id);
            bytes memory data = abi.encode(upload.root, upload.size, upload.chunks);
            return keccak256(abi.encode(upload.owner, upload.contentHash, data));
        }
        IStorageManager.Pin memory pin = store.pinInfo(id);
        if (what == "windows proven") return bytes32(uint256(pin.proven));
        if (what == "ended at") return bytes32(uint256(pin.endedAt));
        if (what == "refunded") return asWord(pin.refunded);
        bytes memory order = abi.encode(pin.consumer, pin.pricePerWindow, pin.startsAt, pin.windows);
        return keccak256(abi.encode(pin.uploadId, pin.nodeId, order));
    }
}
