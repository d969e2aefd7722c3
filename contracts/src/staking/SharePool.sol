// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title A pool of stake, held in shares, that a slash shrinks for all holders at once
/// @notice The assets are a ledger entry, never a token balance, so nobody can raise the price of a share by a donation. A slash that leaves less than a
/// billionth of an asset per share empties the pool and begins a new era: shares of an earlier era are worth nothing, and the pool is usable again.
library SharePool {
    struct Pool {
        uint128 assets;
        uint128 shares;
        uint32 era;
    }

    // Counted on both sides of the conversion when shares are issued, so that the first share has no special price.
    uint256 private constant VIRTUAL = 1;
    uint256 private constant MAXIMUM_SHARES_PER_ASSET = 1e9;

    /// @notice Adds assets and issues shares, rounding down: never in favour of who enters.
    function enter(Pool storage pool, uint256 amount) internal returns (uint256 shares) {
        uint256 assets = pool.assets;
        shares = pool.shares == 0 ? amount : Math.mulDiv(amount, pool.shares + VIRTUAL, assets + VIRTUAL);
        pool.assets = SafeCast.toUint128(assets + amount);
        pool.shares = SafeCast.toUint128(pool.shares + shares);
    }

    /// @notice Gives up shares of the present era for their part of the assets, rounding down; the last holder gets all.
    function leave(Pool storage pool, uint256 shares) internal returns (uint256 amount) {
        amount = worth(pool, pool.era, shares);
        pool.assets -= SafeCast.toUint128(amount);
        pool.shares -= SafeCast.toUint128(shares);
    }

    /// @notice Takes assets away from all holders at once, at most what is there.
    /// @return taken What was taken; with a rest too small to carry the shares, the rest as well
    /// @return depleted Whether a new era has begun
    function slash(Pool storage pool, uint256 amount) internal returns (uint256 taken, bool depleted) {
        uint256 assets = pool.assets;
        taken = Math.min(amount, assets);
        uint256 rest = assets - taken;
        if (taken != 0 && rest * MAXIMUM_SHARES_PER_ASSET < pool.shares) {
            depleted = true;
            taken = assets;
            rest = 0;
            pool.shares = 0;
            pool.era += 1;
        }
        pool.assets = SafeCast.toUint128(rest);
    }

    /// @notice What shares of an era are worth, rounding down.
    function worth(Pool storage pool, uint32 era, uint256 shares) internal view returns (uint256) {
        if (era != pool.era || pool.shares == 0) return 0;
        return Math.mulDiv(shares, pool.assets, pool.shares);
    }
}
