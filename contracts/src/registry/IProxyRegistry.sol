// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServiceNodes} from "./IServiceNodes.sol";

/// @title Proxy nodes per region
/// @notice See {IServiceNodes}: the place is a region that governance allows, there is no key, a session is a channel of the client.
interface IProxyRegistry is IServiceNodes {}
