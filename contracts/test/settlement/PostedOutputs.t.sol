// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DisputeGameFacts} from "../../src/settlement/DisputeGameFacts.sol";
import {IPostedOutputs} from "../../src/registry/ISequencerFacts.sol";
import {OutputOracleFacts} from "../../src/settlement/OutputOracleFacts.sol";
import {DisputeGame, DisputeGameFactory, OutputOracle} from "../mocks/Rollup.sol";
import {Scene} from "../support/Scene.sol";

/// @title What the settlement chain's own contracts say about posted outputs
contract PostedOutputsTest is Scene {
    OutputOracle internal oracle;
    DisputeGameFactory internal factory;
    OutputOracleFacts internal outputs;
    DisputeGameFacts internal games;
    uint32 internal constant RESPECTED = 8;

    function setUp() public {
        oracle = new OutputOracle();
        factory = new DisputeGameFactory();
        outputs = new OutputOracleFacts(address(oracle));
        games = new DisputeGameFacts(address(factory), RESPECTED);
    }

    function _expectRoot(IPostedOutputs source, uint256 index, bytes32 root, uint256 postedAt) internal view {
        (bytes32 found, uint64 time) = source.outputAt(index);
        assertEq(found, root);
        assertEq(time, postedAt);
    }

    /// Any number of outputs at any distance, asked for between any two moments: the halving finds what counting finds.
    function testFuzz_Outputs_AreCountedBetweenMoments(uint256 seed, uint32 from, uint32 to) public {
        uint256 start = _now();
        uint256 count = _between(seed, 0, 24);
        uint256 since = start + _between(from, 0, 3000);
        uint256 until = start + _between(to, 0, 3000);
        uint256 expected;
        for (uint256 i = 0; i < count; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            _skip(seed % 240);
            oracle.post(bytes32(i + 1));
            factory.create(RESPECTED, bytes32(i + 1));
            if (_now() >= since && _now() < until) expected++;
        }
        assertEq(outputs.outputsBetween(uint64(since), uint64(until)), expected, "oracle");
        assertEq(games.outputsBetween(uint64(since), uint64(until)), expected, "games");
    }

    function test_DeletedOutputs_DoNotCount() public {
        uint64 start = uint64(_now());
        for (uint256 i = 1; i <= 5; i++) {
            _skip(60);
            oracle.post(bytes32(i));
        }
        assertEq(outputs.outputsBetween(start, uint64(_now() + 1)), 5);
        _expectRoot(outputs, 3, bytes32(uint256(4)), start + 240);
        oracle.deleteFrom(3);
        assertEq(outputs.outputsBetween(start, uint64(_now() + 1)), 3);
        _expectRoot(outputs, 3, 0, 0);
    }

    function test_RefutedGames_AndGamesOfOtherTypes_DoNotCount() public {
        uint64 start = uint64(_now());
        factory.create(RESPECTED, "root");
        factory.create(RESPECTED + 1, "other type");
        DisputeGame refuted = factory.create(RESPECTED, "lie");
        DisputeGame stands = factory.create(RESPECTED, "truth");
        uint64 end = start + 1;
        assertEq(games.outputsBetween(start, end), 3);
        refuted.resolve(1);
        stands.resolve(2);
        assertEq(games.outputsBetween(start, end), 2);
        _expectRoot(games, 0, "root", start);
        _expectRoot(games, 1, 0, 0);
        _expectRoot(games, 2, 0, 0);
        _expectRoot(games, 3, "truth", start);
        _expectRoot(games, 4, 0, 0);
    }

    function test_MoreGamesThanCanBeLookedAt_ConvictNobody() public {
        uint64 start = uint64(_now());
        factory.createMany(RESPECTED + 1, 512);
        assertEq(games.outputsBetween(start, start + 1), 0, "none is an output");
        factory.createMany(RESPECTED + 1, 1);
        assertEq(games.outputsBetween(start, start + 1), 513, "as good as posted");
    }

    function test_Gas_OfTheOracle_GrowsWithTheLogarithm() public {
        uint64 start = uint64(_now());
        for (uint256 i = 0; i < 1000; i++) {
            _skip(1);
            oracle.post("root");
        }
        uint256 before = gasleft();
        assertEq(outputs.outputsBetween(start + 500, start + 600), 100);
        assertLe(before - gasleft(), 250_000, "two times ten steps");
    }

    function deployOverAnOracle(address at) external {
        new OutputOracleFacts(at);
    }

    function deployOverAFactory(address at) external {
        new DisputeGameFacts(at, RESPECTED);
    }

    // Deployed by calls: a refused `new` of the test itself would end the test, as expected, and leave out what follows.
    function test_Adapter_OfAnAddressWithoutCode_Refused() public {
        bytes memory noContract = abi.encodeWithSelector(IPostedOutputs.PostedOutputs_NoContract.selector, stranger);
        vm.expectRevert(noContract);
        this.deployOverAnOracle(stranger);
        vm.expectRevert(noContract);
        this.deployOverAFactory(stranger);
        this.deployOverAnOracle(address(oracle));
        this.deployOverAFactory(address(factory));
    }

    function test_TimeThatRunsBackwards_HoldsNoOutputs() public {
        oracle.post("root");
        factory.create(RESPECTED, "root");
        assertEq(outputs.outputsBetween(uint64(_now() + 1), uint64(_now())), 0);
        assertEq(games.outputsBetween(uint64(_now() + 1), uint64(_now())), 0);
    }
}
