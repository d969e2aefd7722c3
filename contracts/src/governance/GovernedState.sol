// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessControlUpgradeable} from "@openzeppelin/contracts-upgradeable/access/AccessControlUpgradeable.sol";
import {IGoverned} from "./IGoverned.sol";

/// @title The state and the checks behind {Governed}
/// @notice Apart, because an extension that a contract delegates to needs them without the functions that the contract itself has already.
abstract contract GovernedState is AccessControlUpgradeable {
    /// @custom:storage-location erc7201:jeju.storage.Governed
    struct GovernedStorage {
        mapping(bytes32 action => bool) paused;
    }

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.Governed")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant GOVERNED_STORAGE = 0xea8a50b1490d491d517ea56a1085b30be489ca653a6ed09a48a79e3eae0aaa00;

    modifier whenActive(bytes32 action) {
        _requireActive(action);
        _;
    }

    function _requireActive(bytes32 action) internal view {
        if (_governedStorage().paused[action]) revert IGoverned.Governed_ActionPaused(action);
    }

    function _requireAddress(address account) internal pure {
        if (account == address(0)) revert IGoverned.Governed_ZeroAddress();
    }

    function _requireWithin(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum) internal pure {
        if (value < minimum || value > maximum) {
            revert IGoverned.Governed_ParameterOutOfBounds(parameter, value, minimum, maximum);
        }
    }

    function _governedStorage() internal pure returns (GovernedStorage storage $) {
        assembly ("memory-safe") {
            $.slot := GOVERNED_STORAGE
        }
    }
}
