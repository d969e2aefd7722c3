// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IContainerRegistry} from "../../src/artifacts/IContainerRegistry.sol";
import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {IServiceRegistry} from "../../src/market/IServiceRegistry.sol";
import {IStorageManager} from "../../src/registry/IStorageManager.sol";
import {IVoucherChannels} from "../../src/dws/IVoucherChannels.sol";
import {LiveSuiteTest} from "../base/LiveSuiteTest.sol";

/// @notice The cheatcode that hashes typed data as it reads.
interface TypedDataHashing {
    function eip712HashTypedData(string calldata json) external pure returns (bytes32);
}

/// @title What is signed, and what is named: digests and ids of the whole suite
/// @notice Digests are compared with those that Foundry computes from the typed data in words, as a wallet does: a typehash that is spelled wrongly, a field
/// that is left out or in another order gives another one.
contract TypedDataTest is LiveSuiteTest {
    function _field(string memory kind, string memory name) private pure returns (string memory) {
        return string.concat('{"name":"', name, '","type":"', kind, '"}');
    }

    function _word(string memory name, bytes32 value) private pure returns (string memory) {
        return string.concat('"', name, '":"', vm.toString(value), '"');
    }

    function _number(string memory name, uint256 value) private pure returns (string memory) {
        return string.concat('"', name, '":"', vm.toString(value), '"');
    }

    function _account(string memory name, address value) private pure returns (string memory) {
        return string.concat('"', name, '":"', vm.toString(value), '"');
    }

    function _digest(
        string memory domain,
        address verifier,
        string memory kind,
        string memory fields,
        string memory message
    ) private view returns (bytes32) {
        string memory types = string.concat(
            '{"types":{"EIP712Domain":[',
            _field("string", "name"),
            ",",
            _field("string", "version"),
            ",",
            _field("uint256", "chainId"),
            ",",
            _field("address", "verifyingContract"),
            '],"'
        );
        return TypedDataHashing(address(vm))
            .eip712HashTypedData(
                string.concat(
                    types,
                    kind,
                    '":[',
                    fields,
                    ']},"primaryType":"',
                    kind,
                    '","domain":{"name":"',
                    domain,
                    '","version":"1",',
                    _number("chainId", block.chainid),
                    ",",
                    _account("verifyingContract", verifier),
                    '},"message":{',
                    message,
                    "}}"
                )
            );
    }

    function test_Vouchers_AreSignedAsTheyRead() external view {
        string[4] memory contracts = ["VPNRegistry", "ProxyRegistry", "CDNRegistry", "WorkerRegistry"];
        for (uint256 i = 0; i < contracts.length; i++) {
            address channels = memberOf(contracts[i]);
            vm.assertEq(
                IVoucherChannels(channels).voucherDigest(IVoucherChannels.Voucher(channelId, 4_000_003, 1_900_000_007)),
                _digest(
                    string.concat("Jeju", contracts[i]),
                    channels,
                    "Voucher",
                    string.concat(
                        _field("bytes32", "channelId"),
                        ",",
                        _field("uint128", "cumulative"),
                        ",",
                        _field("uint64", "deadline")
                    ),
                    string.concat(
                        _word("channelId", channelId),
                        ",",
                        _number("cumulative", 4_000_003),
                        ",",
                        _number("deadline", 1_900_000_007)
                    )
                ),
                contracts[i]
            );
        }
    }

    function test_ProbeRecords_AreSignedAsTheyRead() external view {
        vm.assertEq(
            offers.probeDigest(IExternalChainProvider.ProbeRecord(orderId, 3, 7, 11)),
            _digest(
                "ExternalChainProvider",
                address(provider),
                "ProbeRecord",
                string.concat(
                    _field("bytes32", "orderId"),
                    ",",
                    _field("uint32", "placement"),
                    ",",
                    _field("uint32", "firstSlot"),
                    ",",
                    _field("uint32", "slots")
                ),
                string.concat(
                    _word("orderId", orderId),
                    ",",
                    _number("placement", 3),
                    ",",
                    _number("firstSlot", 7),
                    ",",
                    _number("slots", 11)
                )
            )
        );
    }

    function test_SealsAndKeysOfSequencers_AreSignedAsTheyRead() external view {
        ISequencerRegistry sequencers = ISequencerRegistry(memberOf("SequencerRegistry"));
        vm.assertEq(
            sequencers.sealDigest(ISequencerRegistry.Seal(420_691, 1_000_003, keccak256("block"))),
            _digest(
                "JejuSequencerRegistry",
                address(sequencers),
                "Seal",
                string.concat(
                    _field("uint256", "chainId"), ",", _field("uint64", "height"), ",", _field("bytes32", "blockHash")
                ),
                string.concat(
                    _number("chainId", 420_691),
                    ",",
                    _number("height", 1_000_003),
                    ",",
                    _word("blockHash", keccak256("block"))
                )
            )
        );
        vm.assertEq(
            sequencers.keyDigest(stakingNodeId, operator),
            _digest(
                "JejuSequencerRegistry",
                address(sequencers),
                "SequencerKey",
                string.concat(_field("bytes32", "nodeId"), ",", _field("address", "key")),
                string.concat(_word("nodeId", stakingNodeId), ",", _account("key", operator))
            )
        );
    }

    function test_Images_AreSignedAsTheyRead() external view {
        address images = memberOf("ContainerRegistry");
        vm.assertEq(
            IContainerRegistry(images).imageDigest(repositoryId, keccak256("image")),
            _digest(
                "JejuContainerRegistry",
                images,
                "Image",
                string.concat(_field("bytes32", "repositoryId"), ",", _field("bytes32", "digest")),
                string.concat(_word("repositoryId", repositoryId), ",", _word("digest", keccak256("image")))
            )
        );
    }

    function test_Wallets_AreProvenAsItReads() external {
        uint256 deadline = vm.getBlockTimestamp() + 60;
        bytes32 digest = _digest(
            "IdentityRegistry",
            address(identity),
            "AgentWalletSet",
            string.concat(
                _field("uint256", "agentId"),
                ",",
                _field("address", "newWallet"),
                ",",
                _field("address", "owner"),
                ",",
                _field("uint256", "deadline")
            ),
            string.concat(
                _number("agentId", agentId),
                ",",
                _account("newWallet", operator),
                ",",
                _account("owner", consumer),
                ",",
                _number("deadline", deadline)
            )
        );
        vm.prank(consumer);
        identity.setAgentWallet(agentId, operator, deadline, signatureOf("operator", digest));
        vm.assertEq(identity.getAgentWallet(agentId), operator);
    }

    function test_Payments_AreSignedAsTheyRead() external {
        bytes32 nonce = billing.depositNonce(consumer, "salt");
        string memory fields = string.concat(
            _field("address", "from"),
            ",",
            _field("address", "to"),
            ",",
            _field("uint256", "value"),
            ",",
            _field("uint256", "validAfter"),
            ",",
            _field("uint256", "validBefore"),
            ",",
            _field("bytes32", "nonce")
        );
        string memory message = string.concat(
            _account("from", consumer),
            ",",
            _account("to", address(billing)),
            ",",
            _number("value", 1_000_003),
            ",",
            _number("validAfter", 17),
            ",",
            _number("validBefore", 2_000_000_011),
            ",",
            _word("nonce", nonce)
        );
        bytes32 digest = _digest(usd.name(), address(usd), "ReceiveWithAuthorization", fields, message);
        uint256 credits = billing.creditsOf(consumer);
        billing.depositWithAuthorization(
            consumer, 1_000_003, 17, 2_000_000_011, "salt", signatureOf("consumer", digest)
        );
        vm.assertEq(billing.creditsOf(consumer) - credits, 1_000_003);

        message = string.concat(
            _account("from", consumer),
            ",",
            _account("to", operator),
            ",",
            _number("value", 1_000_003),
            ",",
            _number("validAfter", 17),
            ",",
            _number("validBefore", 2_000_000_011),
            ",",
            _word("nonce", "transfer")
        );
        digest = _digest(usd.name(), address(usd), "TransferWithAuthorization", fields, message);
        uint256 held = usd.balanceOf(operator);
        usd.transferWithAuthorization(
            consumer, operator, 1_000_003, 17, 2_000_000_011, "transfer", signatureOf("consumer", digest)
        );
        vm.assertEq(usd.balanceOf(operator) - held, 1_000_003);
        digest = _digest(
            usd.name(),
            address(usd),
            "CancelAuthorization",
            string.concat(_field("address", "authorizer"), ",", _field("bytes32", "nonce")),
            string.concat(_account("authorizer", consumer), ",", _word("nonce", "cancelled"))
        );
        usd.cancelAuthorization(consumer, "cancelled", signatureOf("consumer", digest));
        vm.assertTrue(usd.authorizationState(consumer, "cancelled"));
    }

    // One account and one name: in every contract, and for every kind of record in it, another id.
    function test_KeyDomains_AreDisjoint() external view {
        bytes32 salt = "salt";
        IStorageManager store = IStorageManager(memberOf("StorageManager"));
        bytes32[10] memory ids = [
            staking.nodeIdOf(consumer, salt),
            registry.nodeIdOf(consumer, salt),
            provider.orderIdOf(consumer, salt, 1),
            provider.orderIdOf(consumer, salt, 2),
            IComputeRental(memberOf("ComputeRental")).rentalIdOf(consumer, salt),
            IVoucherChannels(memberOf("VPNRegistry")).channelIdOf(consumer, salt),
            IVoucherChannels(memberOf("CDNRegistry")).channelIdOf(consumer, salt),
            IServiceRegistry(memberOf("ServiceRegistry")).purchaseIdOf(consumer, salt),
            store.pinIdOf(consumer, salt),
            keccak256(abi.encode(address(store), consumer, salt)) // an upload's
        ];
        for (uint256 i = 0; i < ids.length; i++) {
            for (uint256 j = 0; j < i; j++) {
                vm.assertTrue(ids[i] != ids[j], string.concat(vm.toString(i), " and ", vm.toString(j)));
            }
        }
        vm.assertTrue(staking.nodeIdOf(operator, salt) != ids[0], "and of every account");
    }
}
