// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IIdentityRegistry} from "../../src/registry/IIdentityRegistry.sol";
import {FlowTest} from "../base/FlowTest.sol";

contract IdentityRegistryTest is FlowTest {
    uint256 private agentId;

    function setUp() public override {
        super.setUp();
        IIdentityRegistry.MetadataEntry[] memory entries = new IIdentityRegistry.MetadataEntry[](1);
        entries[0] = IIdentityRegistry.MetadataEntry("skill", "golf");
        vm.prank(operator);
        agentId = identity.register("ipfs://agent", entries);
    }

    function _proof(string memory signer, address wallet, uint256 deadline) private returns (bytes memory) {
        bytes32 structHash =
            keccak256(abi.encode(identity.WALLET_TYPEHASH(), agentId, wallet, identity.ownerOf(agentId), deadline));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("IdentityRegistry"),
                keccak256("1"),
                block.chainid,
                address(identity)
            )
        );
        account(signer);
        return signatureOf(signer, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
    }

    function test_Register_OwnerUriMetadataAndWallet() external view {
        vm.assertEq(identity.ownerOf(agentId), operator);
        vm.assertEq(identity.tokenURI(agentId), "ipfs://agent");
        vm.assertEq(identity.getMetadata(agentId, "skill"), "golf");
        vm.assertEq(identity.getAgentWallet(agentId), operator);
        vm.assertEq(identity.agentCount(), 1);
    }

    // never: rights left with the seller after a transfer
    function test_Transfer_NothingOfTheSellerGoesOver() external {
        vm.prank(operator);
        identity.approve(agent, agentId);
        vm.prank(operator);
        identity.transferFrom(operator, consumer, agentId);
        vm.assertEq(identity.getAgentWallet(agentId), address(0));
        vm.assertEq(identity.getMetadata(agentId, "skill").length, 0);
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_NotAuthorized.selector);
        vm.prank(operator);
        identity.setMetadata(agentId, "skill", "chess");
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_NotAuthorized.selector);
        vm.prank(agent);
        identity.setAgentURI(agentId, "ipfs://stolen");
        vm.prank(consumer);
        identity.setMetadata(agentId, "skill", "chess");
        vm.assertEq(identity.getMetadata(agentId, "skill"), "chess");
    }

    function test_Wallet_IsProvenByItsOwnSignature() external {
        uint256 deadline = block.timestamp + 5 minutes;
        bytes memory foreign = _proof("operator", consumer, deadline);
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_InvalidWalletProof.selector);
        vm.prank(operator);
        identity.setAgentWallet(agentId, consumer, deadline, foreign);
        bytes memory own = _proof("consumer", consumer, deadline);
        vm.prank(operator);
        identity.setAgentWallet(agentId, consumer, deadline, own);
        vm.assertEq(identity.getAgentWallet(agentId), consumer);
        vm.prank(operator);
        identity.unsetAgentWallet(agentId);
        vm.assertEq(identity.getAgentWallet(agentId), address(0));
        skipTime(5 minutes + 1);
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_InvalidDeadline.selector);
        vm.prank(operator);
        identity.setAgentWallet(agentId, consumer, deadline, own);
    }

    function test_Stranger_SetsNoWallet_NotEvenItsOwnProvenOne() external {
        uint256 deadline = block.timestamp + 5 minutes;
        bytes memory own = _proof("consumer", consumer, deadline);
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_NotAuthorized.selector);
        vm.prank(consumer);
        identity.setAgentWallet(agentId, consumer, deadline, own);
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_NotAuthorized.selector);
        vm.prank(consumer);
        identity.unsetAgentWallet(agentId);
        vm.assertEq(identity.getAgentWallet(agentId), operator);
    }

    function test_RevertGiven_NobodyIsRegistered_AgentHasNoUri() external {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, agentId + 1));
        identity.tokenURI(agentId + 1);
    }

    function test_RevertWhen_ValuesAreTooLongOrReserved() external {
        vm.startPrank(operator);
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_TooLong.selector);
        identity.setAgentURI(agentId, string(new bytes(513)));
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_TooLong.selector);
        identity.setMetadata(agentId, "key", new bytes(1025));
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_TooLong.selector);
        identity.setMetadata(agentId, string(new bytes(65)), "value");
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_TooLong.selector);
        identity.register(string(new bytes(513)));
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_ReservedKey.selector);
        identity.setMetadata(agentId, "agentWallet", hex"01");
        vm.expectPartialRevert(IIdentityRegistry.IdentityRegistry_TooManyEntries.selector);
        identity.register("x", new IIdentityRegistry.MetadataEntry[](17));
        vm.stopPrank();
    }
}
