// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {IJNSRegistry} from "../../src/naming/IJNSRegistry.sol";
import {IJNSResolver} from "../../src/naming/IJNSResolver.sol";
import {FlowTest} from "../base/FlowTest.sol";

contract NamesTest is FlowTest {
    bytes32 private name;

    function setUp() public override {
        super.setUp();
        vm.prank(admin);
        name = names.setSubnodeRecord(bytes32(0), keccak256("jeju"), consumer, address(resolver), 60);
    }

    function test_Subnode_IsTheHashOfParentAndLabel() external view {
        vm.assertEq(name, keccak256(abi.encodePacked(bytes32(0), keccak256("jeju"))));
        vm.assertEq(names.owner(name), consumer);
        vm.assertEq(names.resolver(name), address(resolver));
        vm.assertEq(names.ttl(name), 60);
    }

    function test_RevertWhen_StrangerChangesAName() external {
        bytes4 refused = IJNSRegistry.JNSRegistry_NotAuthorized.selector;
        vm.startPrank(stranger);
        vm.expectPartialRevert(refused);
        names.setOwner(name, stranger);
        vm.expectPartialRevert(refused);
        names.setSubnodeOwner(name, keccak256("sub"), stranger);
        vm.expectPartialRevert(refused);
        names.setSubnodeRecord(name, keccak256("sub"), stranger, address(resolver), 60);
        vm.expectPartialRevert(refused);
        names.setResolver(name, stranger);
        vm.expectPartialRevert(refused);
        names.setTTL(name, 1);
        vm.expectPartialRevert(refused);
        names.setOwner(keccak256("nobody's"), stranger);
        vm.expectPartialRevert(IJNSResolver.JNSResolver_NotAuthorized.selector);
        resolver.setAddr(name, stranger);
        vm.stopPrank();
    }

    function test_Operator_ActsForAllNamesUntilRefused() external {
        vm.prank(consumer);
        names.setApprovalForAll(operator, true);
        vm.startPrank(operator);
        resolver.setText(name, "url", "https://jeju.example");
        resolver.setContenthash(name, hex"e301");
        resolver.setAppConfig(name, "app", hex"01");
        resolver.setAddr(name, operator);
        vm.stopPrank();
        vm.assertEq(resolver.text(name, "url"), "https://jeju.example");
        vm.assertEq(resolver.contenthash(name), hex"e301");
        vm.assertEq(resolver.appConfig(name, "app"), hex"01");
        vm.assertEq(resolver.addr(name), operator);
        vm.prank(consumer);
        names.setApprovalForAll(operator, false);
        vm.expectPartialRevert(IJNSResolver.JNSResolver_NotAuthorized.selector);
        vm.prank(operator);
        resolver.setAddr(name, address(0));
    }

    function test_Records_AreClearedOnChangeOfOwner_AndDoNotComeBack() external {
        vm.startPrank(consumer);
        resolver.setAddr(name, consumer);
        names.setOwner(name, operator);
        vm.stopPrank();
        vm.assertEq(resolver.addr(name), address(0));
        vm.assertEq(names.resolver(name), address(0));
        vm.prank(operator);
        names.setOwner(name, consumer);
        vm.assertEq(resolver.addr(name), address(0));
        vm.assertEq(names.epoch(name), 3);
    }

    function test_ClearRecords_ClearsAll() external {
        vm.startPrank(consumer);
        resolver.setAddr(name, consumer);
        resolver.clearRecords(name);
        vm.stopPrank();
        vm.assertEq(resolver.addr(name), address(0));
    }

    function test_Service_ReadsTheEndpointThroughTheOrderAfterAFailover() external {
        bytes32 nodeId = aProviderNode(operator, agent, "node");
        bytes32 offerId = anOffer(operator, nodeId, KIND, PRICE, 3);
        bytes32 orderId = placeOrder(offerId, KIND, "redis");
        vm.prank(consumer);
        resolver.setService(name, address(provider), orderId);
        (IExternalChainProvider.OrderState state, string memory host,) = resolver.serviceEndpoint(name);
        vm.assertEq(uint256(state), uint256(IExternalChainProvider.OrderState.Requested));
        vm.assertEq(bytes(host).length, 0);
        becomeReady(orderId);
        uint16[] memory ports;
        (state, host, ports) = resolver.serviceEndpoint(name);
        vm.assertEq(host, "127.0.0.1");
        vm.assertEq(ports[0], 6379);
    }

    function test_RevertWhen_ServiceNamesAnUnknownProvider() external {
        vm.expectPartialRevert(IJNSResolver.JNSResolver_UnknownProvider.selector);
        vm.prank(consumer);
        resolver.setService(name, stranger, "order");
        vm.prank(admin);
        resolver.setProvider(address(provider), false);
        vm.expectPartialRevert(IJNSResolver.JNSResolver_UnknownProvider.selector);
        vm.prank(consumer);
        resolver.setService(name, address(provider), "order");
        (IExternalChainProvider.OrderState state,,) = resolver.serviceEndpoint(name);
        vm.assertEq(uint256(state), uint256(IExternalChainProvider.OrderState.None));
    }

    function test_RevertWhen_ValuesAreTooLong() external {
        bytes4 tooLong = IJNSResolver.JNSResolver_TooLong.selector;
        vm.startPrank(consumer);
        vm.expectPartialRevert(tooLong);
        resolver.setContenthash(name, new bytes(257));
        vm.expectPartialRevert(tooLong);
        resolver.setText(name, string(new bytes(65)), "x");
        vm.expectPartialRevert(tooLong);
        resolver.setText(name, "x", string(new bytes(1025)));
        vm.expectPartialRevert(tooLong);
        resolver.setAppConfig(name, "x", new bytes(2049));
        vm.stopPrank();
    }
}
