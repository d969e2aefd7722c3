// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";

/// @title What an output root commits to
/// @notice An output root of version 0 is the hash of the version, the state root, the storage root of the message passer and the hash of the block. Below
/// the state root any storage slot of any account can be proven.
library OutputRoots {
    /// @notice What is hashed into an output root.
    struct Preimage {
        bytes32 stateRoot;
        bytes32 messagePasserStorageRoot;
        bytes32 blockHash;
    }

    /// @notice Merkle-Patricia proofs, each from the root to the leaf.
    struct SlotProof {
        bytes[] account;
        bytes[] slot;
    }

    // Where an account's storage root stands in its record: nonce, balance, storage root, code hash.
    uint256 private constant STORAGE_ROOT = 2;

    function hash(Preimage calldata preimage) internal pure returns (bytes32) {
        return
            keccak256(abi.encode(bytes32(0), preimage.stateRoot, preimage.messagePasserStorageRoot, preimage.blockHash));
    }

    /// @notice The value of a storage slot under a state root; reverts when a proof does not lead there.
    function slotOf(bytes32 stateRoot, address account, bytes32 slot, SlotProof calldata proof)
        internal
        pure
        returns (uint256)
    {
        bytes memory record =
            TrieProof.traverse(stateRoot, abi.encodePacked(keccak256(abi.encodePacked(account))), proof.account);
        Memory.Slice[] memory fields = RLP.decodeList(record);
        bytes32 storageRoot = RLP.readBytes32(fields[STORAGE_ROOT]);
        return RLP.decodeUint256(
            TrieProof.traverse(storageRoot, abi.encodePacked(keccak256(abi.encodePacked(slot))), proof.slot)
        );
    }
}
