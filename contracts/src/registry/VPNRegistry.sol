// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IVPNRegistry} from "./IVPNRegistry.sol";
import {IServiceNodes} from "./IServiceNodes.sol";
import {ServiceNodes} from "./ServiceNodes.sol";

/// @title VPNRegistry
/// @notice See {IVPNRegistry}.
contract VPNRegistry is IVPNRegistry, ServiceNodes {
    /// @inheritdoc IServiceNodes
    function initialize(address admin, address registry, address billing_) external initializer {
        __ServiceNodes_init("JejuVPNRegistry", admin, registry, billing_);
    }

    function service() public pure override returns (bytes32) {
        return "vpn";
    }

    function _needsKey() internal pure override returns (bool) {
        return true;
    }
}
