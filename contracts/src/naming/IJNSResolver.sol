// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "../external/IExternalChainProvider.sol";

/// @title JNS resolver: what a name stands for
/// @notice Profiles: address, contenthash, text, app configuration and service endpoint. A service record points at an order; the endpoint is read
/// through it, so a failover writes no name. Records belong to the present epoch of the name and vanish when it changes owner.
interface IJNSResolver {
    /// @notice Where a service name points.
    struct ServiceRecord {
        address provider; // the contract that holds the order, an ExternalChainProvider
        bytes32 orderId;
    }

    /// @notice Thrown when the caller may not change the name.
    error JNSResolver_NotAuthorized(bytes32 node, address caller);

    /// @notice Thrown when a value is longer than allowed. In bytes.
    error JNSResolver_TooLong(uint256 length, uint256 maximum);

    /// @notice Thrown when a service record names a contract that is not a known provider.
    error JNSResolver_UnknownProvider(address provider);

    /// @notice Emitted when a name's address changed.
    event AddrChanged(bytes32 indexed node, address addr);

    /// @notice Emitted when a name's content hash changed.
    event ContenthashChanged(bytes32 indexed node, bytes hash);

    /// @notice Emitted when a text changed.
    event TextChanged(bytes32 indexed node, string indexed indexedKey, string key, string value);

    /// @notice Emitted when an app's configuration changed.
    event AppConfigChanged(bytes32 indexed node, bytes32 indexed app, bytes config);

    /// @notice Emitted when a service record changed.
    event ServiceChanged(bytes32 indexed node, address indexed provider, bytes32 indexed orderId);

    /// @notice Emitted when governance added or removed a provider contract that service records may name.
    event ProviderSet(address indexed provider, bool known);

    /// @notice Emitted when all records of a name were cleared.
    event RecordsCleared(bytes32 indexed node, uint64 version);

    /// @notice Stores addresses; nothing is called.
    /// @param provider The ExternalChainProvider that service records may name
    function initialize(address admin, address registry, address provider) external;

    /// @notice Sets the address of a name.
    function setAddr(bytes32 node, address addr) external;

    /// @notice Sets the content hash of a name, at most 256 bytes.
    function setContenthash(bytes32 node, bytes calldata hash) external;

    /// @notice Sets a text of a name, key at most 64 bytes and value at most 1024 bytes.
    function setText(bytes32 node, string calldata key, string calldata value) external;

    /// @notice Sets an app's configuration, at most 2048 bytes.
    function setAppConfig(bytes32 node, bytes32 app, bytes calldata config) external;

    /// @notice Points a name at an order; a zero order id removes the record.
    function setService(bytes32 node, address provider, bytes32 orderId) external;

    /// @notice Clears all records of a name.
    function clearRecords(bytes32 node) external;

    /// @notice Adds or removes a provider contract. Administrator only.
    function setProvider(address provider, bool known) external;

    /// @notice The registry.
    function registry() external view returns (address);

    /// @notice Whether service records may name a contract.
    function isProvider(address provider) external view returns (bool);

    /// @notice The address of a name.
    function addr(bytes32 node) external view returns (address);

    /// @notice The content hash of a name.
    function contenthash(bytes32 node) external view returns (bytes memory);

    /// @notice A text of a name.
    function text(bytes32 node, string calldata key) external view returns (string memory);

    /// @notice An app's configuration.
    function appConfig(bytes32 node, bytes32 app) external view returns (bytes memory);

    /// @notice Where a service name points.
    function service(bytes32 node) external view returns (ServiceRecord memory);

    /// @notice The endpoint of a service name, read through its order as it is now.
    function serviceEndpoint(bytes32 node)
        external
        view
        returns (IExternalChainProvider.OrderState state, string memory host, uint16[] memory ports);
}
