// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IProxyRegistry} from "./IProxyRegistry.sol";
import {IServiceNodes} from "./IServiceNodes.sol";
import {ServiceNodes} from "./ServiceNodes.sol";

/// @title ProxyRegistry
/// @notice See {IProxyRegistry}.
contract ProxyRegistry is IProxyRegistry, ServiceNodes {
    /// @inheritdoc IServiceNodes
    function initialize(address admin, address registry, address billing_) external initializer {
        __ServiceNodes_init("JejuProxyRegistry", admin, registry, billing_);
    }

    function service() public pure override returns (bytes32) {
        return "proxy";
    }

    function _needsKey() internal pure override returns (bool) {
        return false;
    }
}
