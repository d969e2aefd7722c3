// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IVoucherChannels} from "../dws/IVoucherChannels.sol";

/// @title Provider nodes that serve in a place and are paid by vouchers
/// @notice What VPN, proxy and CDN have in common. The node is DWSProviderRegistry's: owner, agent, stake, heartbeats. Here it is listed at a place, with a
/// price and a key. Sessions are channels of {IVoucherChannels} with the node as subject: the client signs what he used, and the node's stakers are paid.
///
/// Must: list only nodes of the right service at a place that governance allows; take authority and health from the node's record.
/// Never: a listing by anybody but the node's owner; a session with a node that is late or not backed by stake.
/// @dev Prices in units of the payment token per GiB.
interface IServiceNodes is IVoucherChannels {
    /// @notice A listing.
    /// @param place where the node serves: a country (ISO 3166, two letters) or a region, as ASCII
    /// @param key public key of the service, such as WireGuard's; zero where there is none
    struct Listing {
        bytes32 place;
        bytes32 key;
        uint128 pricePerGib;
        bool listed;
    }

    /// @notice Thrown when the caller does not own the node.
    error ServiceNodes_NotOwner(bytes32 nodeId, address caller);
    /// @notice Thrown when the node does not offer this service.
    error ServiceNodes_ServiceNotOffered(bytes32 nodeId, bytes32 service);
    /// @notice Thrown when a place is not allowed.
    error ServiceNodes_PlaceNotAllowed(bytes32 place);
    /// @notice Thrown when a listing has no price, or lacks its key.
    error ServiceNodes_InvalidListing(bytes32 nodeId, bytes32 what);
    /// @notice Thrown when a node is not listed.
    error ServiceNodes_NotListed(bytes32 nodeId);

    /// @notice Emitted when governance allowed or forbade a place; nodes there take no new sessions.
    event PlaceSet(bytes32 indexed place, bool allowed);
    /// @notice Emitted when a node was listed or its listing changed.
    event NodeListed(bytes32 indexed nodeId, bytes32 indexed place, bytes32 key, uint128 pricePerGib);
    /// @notice Emitted when a node was taken off the list.
    event NodeUnlisted(bytes32 indexed nodeId, bytes32 indexed place);

    /// @notice Stores the addresses.
    function initialize(address admin, address providerRegistry, address billing) external;

    /// @notice Lists a node, or changes its listing. Owner of the node.
    function list(bytes32 nodeId, bytes32 place, bytes32 key, uint128 pricePerGib) external;

    /// @notice Takes a node off the list; its sessions go on. Owner of the node; never pausable.
    function unlist(bytes32 nodeId) external;

    /// @notice Allows or forbids a place. Requires `CURATOR_ROLE`.
    function setPlace(bytes32 place, bool allowed) external;

    /// @notice A listing.
    function listing(bytes32 nodeId) external view returns (Listing memory);

    /// @notice Whether a place is allowed.
    function isPlaceAllowed(bytes32 place) external view returns (bool);

    /// @notice Whether a node takes sessions now: listed, at an allowed place, in time, backed by stake.
    function isServing(bytes32 nodeId) external view returns (bool);

    /// @notice The number of nodes listed at a place.
    function countAt(bytes32 place) external view returns (uint256);

    /// @notice A page of them.
    function nodesAt(bytes32 place, uint256 offset, uint256 limit) external view returns (bytes32[] memory);

    /// @notice The registry of the nodes.
    function providerRegistry() external view returns (address);
}
