// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ComputeRegistry} from "../../src/registry/ComputeRegistry.sol";
import {DWSServiceProvisioning} from "../../src/dws/DWSServiceProvisioning.sol";
import {IComputeRegistry} from "../../src/registry/IComputeRegistry.sol";
import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {BillingDesk} from "../support/BillingDesk.sol";
import {NameBook} from "../support/NameBook.sol";
import {ProviderBook} from "../support/ProviderBook.sol";
import {Scene} from "../support/Scene.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @title A service of two instances and two nodes that can run it
abstract contract DeploymentScene is Scene {
    DWSServiceProvisioning internal provisioning;
    ComputeRegistry internal compute;
    ProviderBook internal book;
    BillingDesk internal billing;
    NameBook internal names;
    PlainToken internal usd;
    address internal monitor;
    bytes32 internal serviceId;
    bytes32 internal constant PARENT = keccak256("jeju");
    bytes32 internal constant HARBOUR = keccak256(abi.encodePacked(PARENT, keccak256("harbour")));
    bytes32 internal constant ONE = "one";
    bytes32 internal constant TWO = "two";
    uint128 internal constant PRICE = 3_600_000;

    function setUp() public virtual {
        monitor = account("monitor");
        usd = new PlainToken(6);
        book = new ProviderBook();
        billing = new BillingDesk(usd);
        names = new NameBook(PARENT, address(this));
        names.setSubnodeOwner(PARENT, keccak256("harbour"), alice);
        compute = ComputeRegistry(
            _proxy(address(new ComputeRegistry()), abi.encodeCall(ComputeRegistry.initialize, (admin, address(book))))
        );
        provisioning = DWSServiceProvisioning(
            _proxy(
                address(new DWSServiceProvisioning()),
                abi.encodeCall(
                    DWSServiceProvisioning.initialize,
                    (admin, address(names), address(book), address(compute), address(billing))
                )
            )
        );
        vm.startPrank(admin);
        compute.grantRole(compute.SELLER_ROLE(), address(provisioning));
        provisioning.grantRole(provisioning.MONITOR_ROLE(), monitor);
        provisioning.grantRole(provisioning.PAUSER_ROLE(), guardian);
        vm.stopPrank();
        _node(ONE, 8);
        _node(TWO, 8);
        usd.mint(alice, 1e15);
        vm.startPrank(alice);
        usd.approve(address(billing), type(uint256).max);
        serviceId = provisioning.defineService(HARBOUR, "pilot", _definition());
        vm.stopPrank();
    }

    function _node(bytes32 nodeId, uint16 cores) internal {
        book.add(nodeId, bob, bob, "local", "compute");
        IComputeRegistry.Capability memory capability;
        capability.cores = cores;
        capability.memoryMb = 16_384;
        capability.pricePerHour = PRICE;
        capability.slots = 4;
        capability.active = true;
        vm.prank(bob);
        compute.setCapability(nodeId, capability);
    }

    function _definition() internal pure returns (IDWSServiceProvisioning.Definition memory definition) {
        definition.runtime = IDWSServiceProvisioning.Runtime.Container;
        definition.cores = 4;
        definition.memoryMb = 8192;
        definition.minimumInstances = 2;
        definition.maximumPricePerHour = PRICE;
        definition.codeHash = "code";
        definition.contentId = "bafy";
    }

    function _assign(bytes32 nodeId, uint32 leaseHours) internal {
        vm.prank(alice);
        provisioning.assign(serviceId, nodeId, leaseHours);
    }

    function _live(bytes32 nodeId, uint32 version) internal {
        vm.prank(bob);
        provisioning.reportLive(serviceId, nodeId, version, "https://node");
    }

    function _bothLive() internal {
        _assign(ONE, 10);
        _assign(TWO, 10);
        _live(ONE, 1);
        _live(TWO, 1);
    }

    function _expectState(bytes32 nodeId, IDWSServiceProvisioning.DeploymentState state) internal view {
        assertEq(uint256(provisioning.stateOf(serviceId, nodeId)), uint256(state), "state");
    }

    function _earned(bytes32 nodeId) internal view returns (uint256) {
        return billing.paidToNode(book.stakingNodeOf(nodeId));
    }

    function _finish(bytes32 nodeId) internal {
        (uint256 payableNow, uint256 refundable) = provisioning.settleable(serviceId, nodeId);
        if (payableNow != 0) provisioning.settle(serviceId, nodeId);
        if (refundable != 0) provisioning.refund(serviceId, nodeId);
    }
}
