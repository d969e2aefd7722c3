// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title The delegators' rewards of one node, vesting linearly into an accumulator per share
/// @notice Money that arrives while other money vests joins it, and all of it vests over a new period. So a delegator earns with the time his stake
/// was there, not with the moment of a payment.
library NodeRewards {
    struct Stream {
        uint128 unvested;
        uint64 updatedAt; // Unix seconds
        uint64 vestedAt; // Unix seconds: when all of it has vested
        uint256 perShare; // times SCALE
        mapping(uint32 era => uint256) closedPerShare; // where the accumulator stood when an era ended
    }

    uint256 internal constant SCALE = 1e36;

    /// @notice Adds money. The stream must have been advanced.
    function add(Stream storage stream, uint256 amount, uint256 vesting) internal {
        stream.unvested = SafeCast.toUint128(stream.unvested + amount);
        stream.vestedAt = SafeCast.toUint64(block.timestamp + vesting);
    }

    /// @notice Moves what has vested since the last time into the accumulator.
    /// @return unclaimed What vested while there were no shares
    /// @return dust What the division left over, in parts of a unit: 1 / SCALE
    function advance(Stream storage stream, uint256 shares) internal returns (uint256 unclaimed, uint256 dust) {
        uint256 vested = _vested(stream);
        stream.updatedAt = uint64(block.timestamp);
        if (vested == 0) return (0, 0);
        stream.unvested -= SafeCast.toUint128(vested);
        if (shares == 0) return (vested, 0);
        stream.perShare += Math.mulDiv(vested, SCALE, shares); // down: never more than came in
        dust = mulmod(vested, SCALE, shares);
    }

    /// @notice Ends an era: its shares earn no more.
    function closeEra(Stream storage stream, uint32 era) internal {
        stream.closedPerShare[era] = stream.perShare;
    }

    /// @notice Where the accumulator stands now for shares of an era.
    function perShareOf(Stream storage stream, uint32 era, uint32 presentEra, uint256 shares)
        internal
        view
        returns (uint256)
    {
        if (era != presentEra) return stream.closedPerShare[era];
        if (shares == 0) return stream.perShare;
        return stream.perShare + Math.mulDiv(_vested(stream), SCALE, shares);
    }

    /// @notice What shares have earned between two readings of the accumulator, rounding down.
    function earned(uint256 shares, uint256 perShare, uint256 paid) internal pure returns (uint256) {
        return Math.mulDiv(shares, perShare - paid, SCALE);
    }

    /// @notice What that rounding leaves over, in parts of a unit: 1 / SCALE.
    function dustOf(uint256 shares, uint256 perShare, uint256 paid) internal pure returns (uint256) {
        return mulmod(shares, perShare - paid, SCALE);
    }

    function _vested(Stream storage stream) private view returns (uint256) {
        if (stream.unvested == 0) return 0;
        if (block.timestamp >= stream.vestedAt) return stream.unvested;
        uint256 elapsed = block.timestamp - stream.updatedAt;
        return Math.mulDiv(stream.unvested, elapsed, stream.vestedAt - stream.updatedAt);
    }
}
