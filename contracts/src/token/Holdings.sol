// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Assets} from "./Assets.sol";

/// @title How much of an asset a contract holds on somebody's account, as one sum
/// @notice Counted where it comes in and goes out, so what the balance has beyond it was sent by mistake, and is nobody's.
/// A contract that held money before it counted begins with all that it has: then nothing of that is taken for surplus.
library Holdings {
    struct Holding {
        uint256 amountPlusOne; // in units of the asset; 0 while nothing was counted
    }

    /// @notice Begins with nothing, in a contract that holds nothing yet.
    function begin(Holding storage holding) internal {
        holding.amountPlusOne = 1;
    }

    /// @notice Counts what has just come in.
    function enter(Holding storage holding, address asset, uint256 amount) internal {
        uint256 before = holding.amountPlusOne;
        holding.amountPlusOne = before == 0 ? Assets.heldBy(asset, address(this)) + 1 : before + amount;
    }

    /// @notice Counts what is about to go out.
    function leave(Holding storage holding, address asset, uint256 amount) internal {
        uint256 before = holding.amountPlusOne;
        if (before == 0) before = Assets.heldBy(asset, address(this)) + 1;
        holding.amountPlusOne = before - amount;
    }

    /// @notice What the contract has of the asset and holds for nobody.
    function surplus(Holding storage holding, address asset) internal returns (uint256) {
        leave(holding, asset, 0);
        return Assets.heldBy(asset, address(this)) + 1 - holding.amountPlusOne;
    }
}
