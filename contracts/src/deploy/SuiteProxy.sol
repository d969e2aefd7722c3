// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";
import {ISuiteFactory} from "./ISuiteFactory.sol";

/// @title The ERC-1967 proxy of the suite
/// @notice It asks its creator for the implementation instead of taking it as a constructor argument, so its creation code, and with it its address, is
/// the same for every contract and version. The factory initializes it in the same transaction.
contract SuiteProxy is Proxy {
    constructor() {
        ERC1967Utils.upgradeToAndCall(ISuiteFactory(msg.sender).constructionImplementation(), "");
    }

    /// @notice Plain transfers go to the implementation, as every other call.
    receive() external payable {
        _fallback();
    }

    function _implementation() internal view override returns (address) {
        return ERC1967Utils.getImplementation();
    }
}
