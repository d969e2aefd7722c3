// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPostedOutputs} from "../registry/ISequencerFacts.sol";
import {IL2OutputOracle} from "./IRollupContracts.sol";

/// @title Posted outputs as an L2OutputOracle knows them
/// @notice Outputs are posted in order of time, so a moment is found by halving: the gas grows with the logarithm of their number. Deleted outputs do
/// not count. Without state, owner or role: another oracle takes another adapter.
contract OutputOracleFacts is IPostedOutputs {
    /// @notice The oracle that is read.
    IL2OutputOracle public immutable ORACLE;

    constructor(address oracle) {
        if (oracle.code.length == 0) revert PostedOutputs_NoContract(oracle);
        ORACLE = IL2OutputOracle(oracle);
    }

    /// @inheritdoc IPostedOutputs
    function outputsBetween(uint64 from, uint64 to) external view returns (uint256) {
        return to <= from ? 0 : _firstSince(to) - _firstSince(from);
    }

    /// @inheritdoc IPostedOutputs
    function outputAt(uint256 index) external view returns (bytes32 root, uint64 postedAt) {
        if (index >= ORACLE.nextOutputIndex()) return (bytes32(0), 0);
        IL2OutputOracle.OutputProposal memory output = ORACLE.getL2Output(index);
        return (output.outputRoot, uint64(output.timestamp));
    }

    // The index of the first output posted at a moment or later.
    function _firstSince(uint64 time) private view returns (uint256 low) {
        uint256 high = ORACLE.nextOutputIndex();
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (ORACLE.getL2Output(middle).timestamp < time) low = middle + 1;
            else high = middle;
        }
    }
}
