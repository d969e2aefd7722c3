// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {IL2OutputOracle} from "../../src/settlement/IRollupContracts.sol";
import {OutputRoots} from "../../src/settlement/OutputRoots.sol";

/// @title An L2OutputOracle as far as it is read: a proposer posts, a challenger deletes from an index on
contract OutputOracle is IL2OutputOracle {
    OutputProposal[] private _outputs;

    function post(bytes32 root) external {
        _outputs.push(OutputProposal(root, uint128(block.timestamp), uint128(_outputs.length)));
    }

    function deleteFrom(uint256 index) external {
        while (_outputs.length > index) {
            _outputs.pop();
        }
    }

    function getL2Output(uint256 index) external view returns (OutputProposal memory) {
        return _outputs[index];
    }

    function nextOutputIndex() external view returns (uint256) {
        return _outputs.length;
    }
}

/// @title A dispute game whose outcome the test sets
contract DisputeGame {
    bytes32 public rootClaim;
    uint8 public status;

    constructor(bytes32 root) {
        rootClaim = root;
    }

    function resolve(uint8 outcome) external {
        status = outcome;
    }
}

/// @title A DisputeGameFactory as far as it is read
contract DisputeGameFactory {
    struct Game {
        uint32 gameType;
        uint64 timestamp;
        address game;
    }

    Game[] private _games;

    function create(uint32 gameType, bytes32 root) external returns (DisputeGame game) {
        game = new DisputeGame(root);
        _games.push(Game(gameType, uint64(block.timestamp), address(game)));
    }

    // Many games at once share one contract: it is the number that is tested.
    function createMany(uint32 gameType, uint256 count) external {
        DisputeGame game = new DisputeGame("many");
        for (uint256 i = 0; i < count; i++) {
            _games.push(Game(gameType, uint64(block.timestamp), address(game)));
        }
    }

    function gameCount() external view returns (uint256) {
        return _games.length;
    }

    function gameAtIndex(uint256 index) external view returns (uint32, uint64, address) {
        Game storage $game = _games[index];
        return ($game.gameType, $game.timestamp, $game.game);
    }
}

/// @title A rollup's state with one account that has one storage slot, and the proofs of it
/// @dev A trie with one key is one leaf: the path is 0x20 (a leaf of even length) and the hashed key.
library OneSlotState {
    using RLP for RLP.Encoder;

    function build(address account, bytes32 slot, uint256 value)
        internal
        pure
        returns (OutputRoots.Preimage memory preimage, OutputRoots.SlotProof memory proof)
    {
        proof.slot = _leaf(keccak256(abi.encodePacked(slot)), RLP.encode(value));
        bytes memory record = RLP.encoder().push(uint256(1)).push(uint256(0)).push(keccak256(proof.slot[0]))
            .push(keccak256("code")).encode();
        proof.account = _leaf(keccak256(abi.encodePacked(account)), record);
        preimage = OutputRoots.Preimage({
            stateRoot: keccak256(proof.account[0]),
            messagePasserStorageRoot: keccak256("messages"),
            blockHash: keccak256("block")
        });
    }

    function root(OutputRoots.Preimage memory preimage) internal pure returns (bytes32) {
        return keccak256(
            abi.encodePacked(bytes32(0), preimage.stateRoot, preimage.messagePasserStorageRoot, preimage.blockHash)
        );
    }

    function _leaf(bytes32 key, bytes memory value) private pure returns (bytes[] memory proof) {
        proof = new bytes[](1);
        proof[0] = RLP.encoder().push(abi.encodePacked(bytes1(0x20), key)).push(value).encode();
    }
}
