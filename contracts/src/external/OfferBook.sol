// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {GovernedState} from "../governance/GovernedState.sol";
import {Pages} from "../governance/Pages.sol";
import {IComputeRegistry} from "../registry/IComputeRegistry.sol";
import {ExternalChainStorage} from "./ExternalChainStorage.sol";
import {IExternalOffers} from "./IExternalOffers.sol";

/// @title The catalog of kinds and the offers of provider nodes
abstract contract OfferBook is IExternalOffers, ExternalChainStorage, GovernedState {
    using EnumerableSet for EnumerableSet.Bytes32Set;

    /// @notice Offers that one call may publish.
    uint256 public constant MAXIMUM_OFFERS_PER_CALL = 32;

    uint128 private constant MAXIMUM_PRICE = 1e30;

    /// @inheritdoc IExternalOffers
    function setKind(bytes32 kind, bytes32 network, KindSpec calldata spec) external onlyRole(CATALOG_ROLE) {
        _requireWithin("readyDeadline", spec.readyDeadline, 10, 14 days);
        if (kind == bytes32(0) || network == bytes32(0) || spec.service == bytes32(0)) {
            revert ExternalChainProvider_UnknownKind(kind, network);
        }
        ExternalStorage storage $ = _externalStorage();
        if ($.kinds[kind][network].readyDeadline == 0) $.catalog.push(CatalogEntry(kind, network));
        $.kinds[kind][network] = spec;
        emit KindSet(kind, network, spec);
    }

    /// @inheritdoc IExternalOffers
    function registerProvider(bytes32 nodeId, OfferInput[] calldata inputs)
        external
        whenActive(REGISTER_PROVIDER)
        returns (bytes32[] memory offerIds)
    {
        ExternalStorage storage $ = _externalStorage();
        _requireNodeOwner(nodeId);
        if (inputs.length > MAXIMUM_OFFERS_PER_CALL) {
            revert ExternalChainProvider_InvalidLength("offers", inputs.length, MAXIMUM_OFFERS_PER_CALL);
        }
        if (!$.providers[nodeId]) {
            $.providers[nodeId] = true;
            emit ProviderRegistered(nodeId, msg.sender);
        }
        offerIds = new bytes32[](inputs.length);
        for (uint256 i = 0; i < inputs.length; i++) {
            offerIds[i] = _setOffer($, nodeId, inputs[i]);
        }
    }

    /// @inheritdoc IExternalOffers
    function withdrawOffer(bytes32 offerId) external {
        ExternalStorage storage $ = _externalStorage();
        OfferRecord storage record = _knownOffer(offerId);
        _requireNodeOwner(record.nodeId);
        if (!record.active) return;
        record.active = false;
        $.offersOfKind[record.kind][record.network].remove(offerId);
        $.offersOfNode[record.nodeId].remove(offerId);
        emit OfferWithdrawn(offerId, record.nodeId);
    }

    /// @inheritdoc IExternalOffers
    function kindSpec(bytes32 kind, bytes32 network) external view returns (KindSpec memory) {
        return _externalStorage().kinds[kind][network];
    }

    /// @inheritdoc IExternalOffers
    function catalog(uint256 offset, uint256 limit)
        external
        view
        returns (bytes32[] memory kinds, bytes32[] memory networks)
    {
        CatalogEntry[] storage entries = _externalStorage().catalog;
        uint256 size = Pages.size(entries.length, offset, limit);
        kinds = new bytes32[](size);
        networks = new bytes32[](size);
        for (uint256 i = 0; i < size; i++) {
            kinds[i] = entries[offset + i].kind;
            networks[i] = entries[offset + i].network;
        }
    }

    /// @inheritdoc IExternalOffers
    function offersOfKind(bytes32 kind, bytes32 network, uint256 offset, uint256 limit)
        external
        view
        returns (Offer[] memory)
    {
        return _offersOf(_externalStorage().offersOfKind[kind][network], offset, limit);
    }

    /// @inheritdoc IExternalOffers
    function offersOfNode(bytes32 nodeId, uint256 offset, uint256 limit) external view returns (Offer[] memory) {
        return _offersOf(_externalStorage().offersOfNode[nodeId], offset, limit);
    }

    /// @inheritdoc IExternalOffers
    function offer(bytes32 offerId) public view returns (Offer memory info) {
        ExternalStorage storage $ = _externalStorage();
        OfferRecord storage record = $.offers[offerId];
        if (record.nodeId == bytes32(0)) return info;
        bool nodeAvailable;
        (nodeAvailable,,, info.region) = _registry().leaseFactsOf(record.nodeId);
        info.offerId = offerId;
        info.nodeId = record.nodeId;
        info.kind = record.kind;
        info.network = record.network;
        info.pricePerHour = record.pricePerHour;
        info.capacity = record.capacity;
        info.used = record.used;
        info.tee = record.tee;
        info.active = record.active;
        KindSpec storage spec = $.kinds[record.kind][record.network];
        info.available = nodeAvailable && record.active && record.used < record.capacity && spec.active
            && _hasRoom(record.nodeId, spec);
    }

    /// @inheritdoc IExternalOffers
    function offerIdOf(bytes32 nodeId, bytes32 kind, bytes32 network) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), nodeId, kind, network));
    }

    function _setOffer(ExternalStorage storage $, bytes32 nodeId, OfferInput calldata input)
        private
        returns (bytes32 offerId)
    {
        KindSpec storage spec = $.kinds[input.kind][input.network];
        if (!spec.active) revert ExternalChainProvider_UnknownKind(input.kind, input.network);
        if (!_registry().offersService(nodeId, spec.service)) {
            revert ExternalChainProvider_ServiceNotOffered(nodeId, spec.service);
        }
        if (input.pricePerHour == 0 || input.pricePerHour > MAXIMUM_PRICE) {
            revert ExternalChainProvider_InvalidPrice(input.pricePerHour);
        }
        if (spec.teeRequired && !input.tee) {
            revert ExternalChainProvider_TeeRequired(offerIdOf(nodeId, input.kind, input.network));
        }
        offerId = offerIdOf(nodeId, input.kind, input.network);
        OfferRecord storage record = $.offers[offerId];
        record.nodeId = nodeId;
        record.kind = input.kind;
        record.network = input.network;
        record.pricePerHour = input.pricePerHour;
        record.capacity = input.capacity;
        record.tee = input.tee;
        record.active = true;
        $.offersOfKind[input.kind][input.network].add(offerId);
        $.offersOfNode[nodeId].add(offerId);
        emit OfferSet(offerId, nodeId, input.kind, input.network, input.pricePerHour, input.capacity, input.tee);
    }

    function _offersOf(EnumerableSet.Bytes32Set storage set, uint256 offset, uint256 limit)
        private
        view
        returns (Offer[] memory list)
    {
        list = new Offer[](Pages.size(set.length(), offset, limit));
        for (uint256 i = 0; i < list.length; i++) {
            list[i] = offer(set.at(offset + i));
        }
    }

    function _hasRoom(bytes32 nodeId, KindSpec storage spec) private view returns (bool) {
        address registry = _externalStorage().computeRegistry;
        return spec.service != COMPUTE || registry == address(0) || IComputeRegistry(registry).hasRoom(nodeId);
    }

    function _requireNodeOwner(bytes32 nodeId) private view {
        address owner = _registry().ownerOf(nodeId);
        if (owner == address(0) || owner != msg.sender) {
            revert ExternalChainProvider_NotNodeOwner(nodeId, msg.sender);
        }
    }
}
