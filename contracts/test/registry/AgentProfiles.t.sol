// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IdentityRegistry} from "../../src/registry/IdentityRegistry.sol";
import {IIdentityRegistry} from "../../src/registry/IIdentityRegistry.sol";
import {Scene} from "../support/Scene.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @title Tags and endpoints of agents
contract AgentProfilesTest is Scene {
    IdentityRegistry internal identity;
    uint256 internal agentId;

    function setUp() public {
        PlainToken jeju = new PlainToken(18);
        identity = IdentityRegistry(
            _proxy(
                address(new IdentityRegistry()),
                abi.encodeCall(IdentityRegistry.initialize, (admin, address(jeju), carol))
            )
        );
        vm.prank(alice);
        agentId = identity.register("ipfs://agent");
    }

    function _tag(address owner, uint256 id, uint256 count) internal {
        vm.startPrank(owner);
        for (uint256 i = 1; i <= count; i++) {
            identity.addTag(id, bytes32(i));
        }
        vm.stopPrank();
    }

    function _notOwner(address who) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IIdentityRegistry.IdentityRegistry_NotOwner.selector, agentId, who);
    }

    function test_Tags_FindTheAgent_UntilTheyAreRemoved() public {
        vm.startPrank(alice);
        identity.addTag(agentId, "weather");
        identity.addTag(agentId, "maps");
        assertEq(identity.tagsOf(agentId).length, 2);
        assertEq(identity.agentsWithTag("weather", 0, 10)[0], agentId);
        identity.removeTag(agentId, "weather");
        assertEq(identity.tagsOf(agentId).length, 1);
        assertEq(identity.tagsOf(agentId)[0], bytes32("maps"));
        assertEq(identity.countOfTag("weather"), 0);
        identity.addTag(agentId, "weather");
        assertEq(identity.countOfTag("weather"), 1);
    }

    function test_Tag_EmptyTwiceOrNotThere_Refused() public {
        vm.startPrank(alice);
        identity.addTag(agentId, "weather");
        bytes4 invalid = IIdentityRegistry.IdentityRegistry_InvalidTag.selector;
        vm.expectRevert(abi.encodeWithSelector(invalid, agentId, bytes32(0)));
        identity.addTag(agentId, 0);
        vm.expectRevert(abi.encodeWithSelector(invalid, agentId, bytes32("weather")));
        identity.addTag(agentId, "weather");
        vm.expectRevert(abi.encodeWithSelector(invalid, agentId, bytes32("maps")));
        identity.removeTag(agentId, "maps");
    }

    // never: a tag list that anyone can bloat until removal runs out of gas
    function test_Stranger_CannotBloatOrEmptyAProfile_AndApprovalIsNotEnough() public {
        vm.prank(alice);
        identity.addTag(agentId, "weather");
        vm.prank(alice);
        identity.approve(bob, agentId);
        address[2] memory callers = [stranger, bob];
        for (uint256 i = 0; i < 2; i++) {
            vm.startPrank(callers[i]);
            vm.expectRevert(_notOwner(callers[i]));
            identity.addTag(agentId, "spam");
            vm.expectRevert(_notOwner(callers[i]));
            identity.removeTag(agentId, "weather");
            vm.expectRevert(_notOwner(callers[i]));
            identity.setEndpoint(agentId, "a2a", "https://evil");
            vm.stopPrank();
        }
    }

    function test_AtMostEightTags_AndEightEndpoints() public {
        _tag(alice, agentId, 8);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.IdentityRegistry_TooManyEntries.selector, 9, 8));
        identity.addTag(agentId, bytes32(uint256(9)));
        for (uint256 i = 1; i <= 8; i++) {
            identity.setEndpoint(agentId, bytes32(i), "https://agent");
        }
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.IdentityRegistry_TooManyEntries.selector, 9, 8));
        identity.setEndpoint(agentId, "ninth", "https://agent");
        // Changing one, or putting one in the place of another, is no ninth.
        identity.setEndpoint(agentId, bytes32(uint256(8)), "https://moved");
        identity.setEndpoint(agentId, bytes32(uint256(8)), "");
        identity.setEndpoint(agentId, "ninth", "https://agent");
        (bytes32[] memory protocols, string[] memory urls) = identity.endpointsOf(agentId);
        assertEq(protocols.length, 8);
        assertEq(urls[7], "https://agent");
        assertEq(identity.endpointOf(agentId, bytes32(uint256(8))), "");
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.IdentityRegistry_TooLong.selector, 257, 256));
        identity.setEndpoint(agentId, "ninth", string(new bytes(257)));
    }

    function test_Transfer_ClearsTagsAndEndpoints_AndOnlyTheBuyerWritesAnew() public {
        _tag(alice, agentId, 8);
        vm.startPrank(alice);
        identity.setEndpoint(agentId, "a2a", "https://seller");
        identity.transferFrom(alice, bob, agentId);
        assertEq(identity.tagsOf(agentId).length, 0);
        assertEq(identity.countOfTag(bytes32(uint256(1))), 0, "the index as well");
        assertEq(identity.endpointOf(agentId, "a2a"), "");
        (bytes32[] memory protocols,) = identity.endpointsOf(agentId);
        assertEq(protocols.length, 0);
        vm.expectRevert(_notOwner(alice));
        identity.addTag(agentId, "weather");
        vm.expectRevert(_notOwner(alice));
        identity.setEndpoint(agentId, "a2a", "https://seller");
        vm.stopPrank();
        vm.startPrank(bob);
        identity.addTag(agentId, "weather");
        identity.setEndpoint(agentId, "a2a", "https://buyer");
        // Back to the seller: nothing of his comes back with it.
        identity.transferFrom(bob, alice, agentId);
        vm.stopPrank();
        assertEq(identity.endpointOf(agentId, "a2a"), "");
    }

    function test_Transfer_ToOneself_KeepsTheProfile() public {
        _tag(alice, agentId, 1);
        vm.prank(alice);
        identity.transferFrom(alice, alice, agentId);
        assertEq(identity.tagsOf(agentId).length, 1);
    }

    function test_Gas_OfATransfer_DoesNotGrowWithTheAgentsOfATag() public {
        _tag(alice, agentId, 8);
        uint256 before = vm.snapshotState();
        uint256 alone = _gasOfTransfer();
        vm.revertToState(before);
        for (uint256 i = 0; i < 100; i++) {
            vm.prank(carol);
            uint256 other = identity.register("");
            _tag(carol, other, 8);
        }
        uint256 crowded = _gasOfTransfer();
        assertLe(crowded, 600_000, "bounded");
        // Taking the first of many out of a list moves the last into its place: eight times a constant.
        assertLe(crowded, alone + 8 * 15_000, "whatever the number of agents");
    }

    function _gasOfTransfer() internal returns (uint256) {
        vm.prank(alice);
        uint256 before = gasleft();
        identity.transferFrom(alice, bob, agentId);
        return before - gasleft();
    }

    function testFuzz_AgentsOfATag_ArePaged(uint8 agents, uint8 offset, uint8 limit) public {
        uint256 count = _between(agents, 1, 12);
        for (uint256 i = 0; i < count; i++) {
            vm.startPrank(bob);
            identity.addTag(identity.register(""), "weather");
            vm.stopPrank();
        }
        uint256[] memory page = identity.agentsWithTag("weather", offset, limit);
        uint256 expected = offset >= count ? 0 : count - offset;
        if (limit < expected) expected = limit;
        assertEq(page.length, expected);
        for (uint256 i = 0; i < page.length; i++) {
            assertEq(page[i], agentId + 1 + offset + i);
        }
        uint256[] memory all = identity.agentsWithTag("weather", 0, type(uint256).max);
        assertEq(all.length, count);
    }
}
