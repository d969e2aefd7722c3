// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IServiceNodes} from "./IServiceNodes.sol";

/// @title VPN exit nodes per country
/// @notice See {IServiceNodes}: the place is a country that governance allows, the key is WireGuard's, a session is a channel of the client.
interface IVPNRegistry is IServiceNodes {}
