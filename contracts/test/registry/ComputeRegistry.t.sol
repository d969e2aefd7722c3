// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ComputeRegistry} from "../../src/registry/ComputeRegistry.sol";
import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {ProviderBook} from "../support/ProviderBook.sol";
import {Scene} from "../support/Scene.sol";

contract ComputeRegistryTest is Scene {
    ComputeRegistry internal registry;
    ProviderBook internal book;
    bytes32 internal constant NODE = "node";

    function setUp() public virtual {
        book = new ProviderBook();
        registry = ComputeRegistry(
            _proxy(address(new ComputeRegistry()), abi.encodeCall(ComputeRegistry.initialize, (admin, address(book))))
        );
        book.add(NODE, alice, bob, "local", "compute");
        bytes32 role = registry.PAUSER_ROLE();
        vm.prank(admin);
        registry.grantRole(role, guardian);
    }

    function _capability() internal pure returns (IComputeRegistry.Capability memory) {
        return IComputeRegistry.Capability({
            cores: 16,
            gpus: 1,
            memoryMb: 65_536,
            diskGb: 500,
            bandwidthMbit: 1000,
            gpuModel: "H100",
            pricePerHour: 2e6,
            slots: 4,
            tee: true,
            active: true
        });
    }

    function _publish() internal {
        vm.prank(alice);
        registry.setCapability(NODE, _capability());
    }

    function test_Published_IsRentable_WhileItsNodeIs() public {
        _publish();
        assertTrue(registry.isRentable(NODE));
        book.setUnavailable(NODE, true);
        assertFalse(registry.isRentable(NODE));
    }

    function test_Tee_ExpiresWithItsAttestation_AndComesBackWithANewOne() public {
        _publish();
        assertFalse(registry.hasLiveTee(NODE));
        book.setAttested(NODE, true);
        assertTrue(registry.hasLiveTee(NODE));
        book.setAttested(NODE, false);
        assertFalse(registry.hasLiveTee(NODE));
        IComputeRegistry.Capability memory plain = _capability();
        plain.tee = false;
        vm.prank(alice);
        registry.setCapability(NODE, plain);
        book.setAttested(NODE, true);
        assertFalse(registry.hasLiveTee(NODE));
    }

    function test_Stranger_OrFormerOwner_CannotChangeANode() public {
        _publish();
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_NotOwner.selector, NODE, stranger));
        registry.setCapability(NODE, _capability());
        vm.expectRevert(abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_NotOwner.selector, NODE, stranger));
        registry.withdrawCapability(NODE);
        vm.stopPrank();
        book.setOwner(NODE, carol);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_NotOwner.selector, NODE, alice));
        registry.withdrawCapability(NODE);
        vm.prank(carol);
        registry.withdrawCapability(NODE);
        assertFalse(registry.isRentable(NODE));
    }

    function test_NodeWithoutStakeForCompute_Refused() public {
        book.add("other", alice, bob, "local", "storage");
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_ServiceNotOffered.selector, bytes32("other"))
        );
        registry.setCapability("other", _capability());
    }

    function test_EmptyOrContradictoryCapability_Refused() public {
        IComputeRegistry.Capability[6] memory wrong;
        bytes32[6] memory what = [bytes32("cores"), "memoryMb", "pricePerHour", "slots", "gpuModel", "active"];
        for (uint256 i = 0; i < 6; i++) {
            wrong[i] = _capability();
        }
        wrong[0].cores = 0;
        wrong[1].memoryMb = 0;
        wrong[2].pricePerHour = 0;
        wrong[3].slots = 1001;
        wrong[4].gpuModel = 0;
        wrong[5].active = false;
        vm.startPrank(alice);
        for (uint256 i = 0; i < 6; i++) {
            vm.expectRevert(
                abi.encodeWithSelector(IComputeRegistry.ComputeRegistry_InvalidCapability.selector, NODE, what[i])
            );
            registry.setCapability(NODE, wrong[i]);
        }
    }

    function test_Nodes_ArePaged_EachOnce() public {
        _publish();
        _publish();
        assertEq(registry.count(), 1);
        assertEq(registry.published(0, 10)[0], NODE);
    }

    function test_Paused_OwnersStillWithdraw() public {
        _publish();
        vm.startPrank(guardian);
        registry.pauseAction(registry.PUBLISH());
        vm.stopPrank();
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, bytes32("publish")));
        registry.setCapability(NODE, _capability());
        registry.withdrawCapability(NODE);
    }
}
