// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CDNRegistry} from "../../src/registry/CDNRegistry.sol";
import {ICDNRegistry} from "../../src/registry/ICDNRegistry.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IServiceNodes} from "../../src/registry/IServiceNodes.sol";
import {Namespaces} from "../../src/naming/Namespaces.sol";
import {ProxyRegistry} from "../../src/registry/ProxyRegistry.sol";
import {ServiceNodes} from "../../src/registry/ServiceNodes.sol";
import {VPNRegistry} from "../../src/registry/VPNRegistry.sol";
import {ChannelScene} from "../dws/ChannelScene.sol";
import {NameBook} from "../support/NameBook.sol";

/// @title How listings behave, run against VPN, proxy and CDN
abstract contract ServiceNodesScene is ChannelScene {
    ServiceNodes internal registry;
    bytes32 internal constant NODE = "node";

    function _deploy() internal virtual returns (ServiceNodes);

    function _key() internal pure virtual returns (bytes32);

    function setUp() public virtual override {
        super.setUp();
        registry = _deploy();
        channels = registry;
        subject = NODE;
        bytes32 role = registry.CURATOR_ROLE();
        vm.startPrank(admin);
        registry.grantRole(role, admin);
        registry.setPlace("CH", true);
        registry.setPlace("DE", true);
        vm.stopPrank();
        book.add(NODE, bob, carol, "local", registry.service());
        _list(NODE, "CH");
    }

    function _list(bytes32 nodeId, bytes32 place) internal {
        vm.prank(bob);
        registry.list(nodeId, place, _key(), 1e6);
    }

    function _subjectEarned() internal view override returns (uint256) {
        return billing.paidToNode(book.stakingNodeOf(NODE));
    }

    function _speaker() internal view override returns (address) {
        return carol;
    }

    function _makeUnavailable() internal override {
        book.setUnavailable(NODE, true);
    }

    function test_Listing_ByAnybodyButTheOwner_Refused() public {
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IServiceNodes.ServiceNodes_NotOwner.selector, NODE, stranger));
        registry.list(NODE, "CH", _key(), 1);
        vm.expectRevert(abi.encodeWithSelector(IServiceNodes.ServiceNodes_NotOwner.selector, NODE, stranger));
        registry.unlist(NODE);
        vm.stopPrank();
        book.setOwner(NODE, alice);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IServiceNodes.ServiceNodes_NotOwner.selector, NODE, bob));
        registry.unlist(NODE);
    }

    function test_Place_NotAllowedByGovernance_Refused_AndForbiddenLater_TakesNoSessions() public {
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IServiceNodes.ServiceNodes_PlaceNotAllowed.selector, bytes32("XX")));
        registry.list(NODE, "XX", _key(), 1);
        assertTrue(registry.isServing(NODE));
        vm.prank(admin);
        registry.setPlace("CH", false);
        assertFalse(registry.isServing(NODE));
        bytes32 role = registry.CURATOR_ROLE();
        vm.prank(stranger);
        expectMissingRole(stranger, role);
        registry.setPlace("CH", true);
    }

    function test_LateNode_IsNotServing() public {
        book.setUnavailable(NODE, true);
        assertFalse(registry.isServing(NODE));
    }

    function test_NodeOfAnotherService_OrWithoutPrice_Refused() public {
        book.add("other", bob, bob, "local", "unrelated");
        vm.startPrank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                IServiceNodes.ServiceNodes_ServiceNotOffered.selector, bytes32("other"), registry.service()
            )
        );
        registry.list("other", "CH", _key(), 1);
        vm.expectRevert(
            abi.encodeWithSelector(IServiceNodes.ServiceNodes_InvalidListing.selector, NODE, bytes32("pricePerGib"))
        );
        registry.list(NODE, "CH", _key(), 0);
        bytes32 wrongKey = _key() == bytes32(0) ? bytes32("key") : bytes32(0);
        vm.expectRevert(
            abi.encodeWithSelector(IServiceNodes.ServiceNodes_InvalidListing.selector, NODE, bytes32("key"))
        );
        registry.list(NODE, "CH", wrongKey, 1);
    }

    function test_MovedNode_IsListedOnce() public {
        book.add("second", bob, bob, "local", registry.service());
        _list("second", "CH");
        _list(NODE, "DE");
        _list(NODE, "DE");
        assertEq(registry.countAt("CH"), 1);
        assertEq(registry.countAt("DE"), 1);
        assertEq(registry.nodesAt("CH", 0, 10)[0], "second");
        vm.prank(bob);
        registry.unlist(NODE);
        assertEq(registry.countAt("DE"), 0);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IServiceNodes.ServiceNodes_NotListed.selector, NODE));
        registry.unlist(NODE);
    }

    function test_Paused_OwnersStillUnlist() public {
        bytes32 action = registry.LIST();
        vm.prank(admin);
        registry.pauseAction(action);
        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(IGoverned.Governed_ActionPaused.selector, action));
        registry.list(NODE, "DE", _key(), 1);
        registry.unlist(NODE);
    }
}

contract VPNRegistryTest is ServiceNodesScene {
    function _deploy() internal override returns (ServiceNodes) {
        return ServiceNodes(
            _proxy(
                address(new VPNRegistry()),
                abi.encodeCall(IServiceNodes.initialize, (admin, address(book), address(billing)))
            )
        );
    }

    function _key() internal pure override returns (bytes32) {
        return "wireguard";
    }
}

contract ProxyRegistryTest is ServiceNodesScene {
    function _deploy() internal override returns (ServiceNodes) {
        return ServiceNodes(
            _proxy(
                address(new ProxyRegistry()),
                abi.encodeCall(IServiceNodes.initialize, (admin, address(book), address(billing)))
            )
        );
    }

    function _key() internal pure override returns (bytes32) {
        return 0;
    }
}

contract CDNRegistryTest is ServiceNodesScene {
    CDNRegistry internal cdn;
    NameBook internal names;
    bytes32 internal constant PARENT = keccak256("jeju");
    bytes32 internal constant HARBOUR = keccak256(abi.encodePacked(PARENT, keccak256("harbour")));

    function _deploy() internal override returns (ServiceNodes) {
        cdn = CDNRegistry(
            _proxy(
                address(new CDNRegistry()),
                abi.encodeCall(IServiceNodes.initialize, (admin, address(book), address(billing)))
            )
        );
        names = new NameBook(PARENT, address(this));
        names.setSubnodeOwner(PARENT, keccak256("harbour"), alice);
        vm.prank(admin);
        cdn.setNames(address(names));
        return cdn;
    }

    function _key() internal pure override returns (bytes32) {
        return 0;
    }

    function test_Site_BelongsToItsNamespace_AndFollowsIt() public {
        vm.prank(alice);
        bytes32 siteId = cdn.setSite(HARBOUR, "harbour.example", "https://origin", 0, true);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Namespaces.Namespaces_NotOwner.selector, HARBOUR, stranger));
        cdn.setSite(HARBOUR, "harbour.example", "https://evil", 0, true);
        vm.expectRevert(abi.encodeWithSelector(Namespaces.Namespaces_NotOwner.selector, HARBOUR, stranger));
        cdn.invalidate(siteId, "/");
        vm.stopPrank();
        names.setSubnodeOwner(PARENT, keccak256("harbour"), bob);
        assertEq(cdn.siteOwner(siteId), bob);
        vm.prank(bob);
        cdn.invalidate(siteId, "/");
        assertEq(cdn.site(siteId).invalidations, 1);
    }

    function test_Site_UnknownOrMalformed_Refused() public {
        vm.expectRevert(abi.encodeWithSelector(ICDNRegistry.CDNRegistry_UnknownSite.selector, bytes32("x")));
        cdn.invalidate("x", "/");
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ICDNRegistry.CDNRegistry_InvalidLength.selector, 0, 253));
        cdn.setSite(HARBOUR, "", "https://origin", 0, true);
        vm.expectRevert(abi.encodeWithSelector(ICDNRegistry.CDNRegistry_InvalidLength.selector, 254, 253));
        cdn.setSite(HARBOUR, string(new bytes(254)), "https://origin", 0, true);
        vm.expectRevert(abi.encodeWithSelector(ICDNRegistry.CDNRegistry_InvalidLength.selector, 257, 256));
        cdn.setSite(HARBOUR, "host", string(new bytes(257)), 0, true);
        bytes32 siteId = cdn.setSite(HARBOUR, "host", "https://origin", 0, true);
        vm.expectRevert(abi.encodeWithSelector(ICDNRegistry.CDNRegistry_InvalidLength.selector, 257, 256));
        cdn.invalidate(siteId, string(new bytes(257)));
    }
}
