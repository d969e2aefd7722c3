// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDWSBilling} from "../dws/IDWSBilling.sol";
import {IDWSProviderRegistry} from "../dws/IDWSProviderRegistry.sol";
import {VoucherChannels} from "../dws/VoucherChannels.sol";
import {Pages} from "../governance/Pages.sol";
import {IServiceNodes} from "./IServiceNodes.sol";

/// @title The base of VPN, proxy and CDN registries
/// @notice See {IServiceNodes}.
abstract contract ServiceNodes is IServiceNodes, VoucherChannels {
    /// @custom:storage-location erc7201:jeju.storage.ServiceNodes
    struct ServiceNodesStorage {
        address providerRegistry;
        mapping(bytes32 place => bool) places;
        mapping(bytes32 nodeId => Listing) listings;
        mapping(bytes32 place => bytes32[]) nodes;
        mapping(bytes32 nodeId => uint256) positions; // in `nodes` of its place, counted from 1
    }

    /// @notice May allow and forbid places.
    bytes32 public constant CURATOR_ROLE = keccak256("CURATOR_ROLE");
    /// @notice The pausable action of listing.
    bytes32 public constant LIST = "list";

    bytes32 private constant SERVICE_NODES_STORAGE = 0x53d375649d851aa6a085c4dc2d730d9cc1539fa82d84a142005e2167f68cb600;

    /// @inheritdoc IServiceNodes
    function list(bytes32 nodeId, bytes32 place, bytes32 key, uint128 pricePerGib) external whenActive(LIST) {
        ServiceNodesStorage storage $ = _serviceNodes();
        _requireNodeOwner(nodeId);
        if (!IDWSProviderRegistry($.providerRegistry).offersService(nodeId, service())) {
            revert ServiceNodes_ServiceNotOffered(nodeId, service());
        }
        if (!$.places[place]) revert ServiceNodes_PlaceNotAllowed(place);
        if (pricePerGib == 0) revert ServiceNodes_InvalidListing(nodeId, "pricePerGib");
        if (_needsKey() != (key != bytes32(0))) revert ServiceNodes_InvalidListing(nodeId, "key");
        Listing storage $listing = $.listings[nodeId];
        if ($listing.place != place || !$listing.listed) {
            if ($listing.listed) _remove(nodeId, $listing.place);
            $.nodes[place].push(nodeId);
            $.positions[nodeId] = $.nodes[place].length;
        }
        $.listings[nodeId] = Listing({place: place, key: key, pricePerGib: pricePerGib, listed: true});
        emit NodeListed(nodeId, place, key, pricePerGib);
    }

    /// @inheritdoc IServiceNodes
    function unlist(bytes32 nodeId) external {
        _requireNodeOwner(nodeId);
        Listing storage $listing = _serviceNodes().listings[nodeId];
        if (!$listing.listed) revert ServiceNodes_NotListed(nodeId);
        $listing.listed = false;
        _remove(nodeId, $listing.place);
        emit NodeUnlisted(nodeId, $listing.place);
    }

    /// @inheritdoc IServiceNodes
    function setPlace(bytes32 place, bool allowed) external onlyRole(CURATOR_ROLE) {
        if (place == bytes32(0)) revert ServiceNodes_PlaceNotAllowed(place);
        _serviceNodes().places[place] = allowed;
        emit PlaceSet(place, allowed);
    }

    /// @inheritdoc IServiceNodes
    function listing(bytes32 nodeId) external view returns (Listing memory) {
        return _serviceNodes().listings[nodeId];
    }

    /// @inheritdoc IServiceNodes
    function isPlaceAllowed(bytes32 place) external view returns (bool) {
        return _serviceNodes().places[place];
    }

    /// @inheritdoc IServiceNodes
    function isServing(bytes32 nodeId) public view returns (bool) {
        ServiceNodesStorage storage $ = _serviceNodes();
        Listing storage $listing = $.listings[nodeId];
        if (!$listing.listed || !$.places[$listing.place]) return false;
        IDWSProviderRegistry registry = IDWSProviderRegistry($.providerRegistry);
        return registry.isAvailable(nodeId) && registry.offersService(nodeId, service());
    }

    /// @inheritdoc IServiceNodes
    function countAt(bytes32 place) external view returns (uint256) {
        return _serviceNodes().nodes[place].length;
    }

    /// @inheritdoc IServiceNodes
    function nodesAt(bytes32 place, uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return Pages.page(_serviceNodes().nodes[place], offset, limit);
    }

    /// @inheritdoc IServiceNodes
    function providerRegistry() public view returns (address) {
        return _serviceNodes().providerRegistry;
    }

    /// @notice The service of the allocation ledger.
    function service() public pure virtual returns (bytes32);

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](2);
        actions[0] = OPEN_CHANNEL;
        actions[1] = LIST;
    }

    // forge-lint: disable-next-line(mixed-case-function)
    function __ServiceNodes_init(string memory name, address admin, address registry, address billing_)
        internal
        onlyInitializing
    {
        __Governed_init(admin);
        __EIP712_init(name, "1");
        _requireAddress(registry);
        _setBilling(billing_);
        _serviceNodes().providerRegistry = registry;
    }

    /// @dev Whether a listing of this service carries a key.
    function _needsKey() internal pure virtual returns (bool);

    function _takesChannels(bytes32 nodeId) internal view override returns (bool) {
        return isServing(nodeId);
    }

    function _speaksFor(bytes32 nodeId, address account) internal view override returns (bool) {
        return IDWSProviderRegistry(_serviceNodes().providerRegistry).mayAct(nodeId, account);
    }

    // To the node's stakers, by DelegatedNodeStaking's split.
    function _payFrom(address fromBilling, bytes32 channelId, bytes32 nodeId, uint256 amount) internal override {
        bytes32 stakingNodeId = IDWSProviderRegistry(_serviceNodes().providerRegistry).stakingNodeOf(nodeId);
        IDWSBilling(fromBilling).payNode(channelId, stakingNodeId, amount);
    }

    function _requireNodeOwner(bytes32 nodeId) internal view {
        if (IDWSProviderRegistry(_serviceNodes().providerRegistry).ownerOf(nodeId) != msg.sender) {
            revert ServiceNodes_NotOwner(nodeId, msg.sender);
        }
    }

    function _remove(bytes32 nodeId, bytes32 place) private {
        ServiceNodesStorage storage $ = _serviceNodes();
        bytes32[] storage $nodes = $.nodes[place];
        uint256 position = $.positions[nodeId];
        bytes32 last = $nodes[$nodes.length - 1];
        $nodes[position - 1] = last;
        $.positions[last] = position;
        $nodes.pop();
        delete $.positions[nodeId];
    }

    function _serviceNodes() private pure returns (ServiceNodesStorage storage $) {
        assembly ("memory-safe") {
            $.slot := SERVICE_NODES_STORAGE
        }
    }
}
