// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ArtifactNames} from "../artifacts/ArtifactNames.sol";
import {IDWSBilling} from "../dws/IDWSBilling.sol";
import {Governed} from "../governance/Governed.sol";
import {Pages} from "../governance/Pages.sol";
import {Namespaces} from "../naming/Namespaces.sol";
import {IServiceRegistry} from "./IServiceRegistry.sol";

/// @title ServiceRegistry
/// @notice See {IServiceRegistry}.
contract ServiceRegistry is IServiceRegistry, Governed, Namespaces, ReentrancyGuardTransient {
    struct Service {
        Listing listing;
        Discount[] discounts;
        uint256 purchases;
        mapping(uint256 hour => uint256 quantity) sold;
        mapping(address buyer => mapping(uint256 day => uint256 quantity)) bought;
    }

    /// @custom:storage-location erc7201:jeju.storage.ServiceRegistry
    struct ServiceRegistryStorage {
        address billing;
        mapping(bytes32 serviceId => Service) services;
        bytes32[] serviceIds;
    }

    /// @notice The bounds of the demand multiplier, in basis points.
    uint256 public constant MINIMUM_MULTIPLIER_BPS = 5000;
    uint256 public constant MAXIMUM_MULTIPLIER_BPS = 30_000;
    /// @notice The highest volume discount, in basis points.
    uint256 public constant MAXIMUM_DISCOUNT_BPS = 5000;
    /// @notice The most discounts of a service.
    uint256 public constant MAXIMUM_DISCOUNTS = 8;
    /// @notice The largest purchase.
    uint256 public constant MAXIMUM_QUANTITY = 1_000_000_000;
    /// @notice The pausable actions.
    bytes32 public constant LIST = "list";
    bytes32 public constant PURCHASE = "purchase";

    uint256 private constant BPS = 10_000;
    uint256 private constant VOLUME_DAYS = 30;
    uint256 private constant MAXIMUM_ENDPOINT = 256;
    bytes32 private constant SERVICE_REGISTRY_STORAGE =
        0xe822be45a5929ce3d0323559612c0db6034f723fd6219004887a657a46c7fe00;

    /// @inheritdoc IServiceRegistry
    function initialize(address admin, address registry, address billing) external initializer {
        __Governed_init(admin);
        _requireAddress(registry);
        _requireAddress(billing);
        _setNames(registry);
        _market().billing = billing;
    }

    /// @inheritdoc IServiceRegistry
    function list(
        bytes32 namespace,
        string calldata name,
        uint128 basePrice,
        uint64 targetPerHour,
        string calldata endpoint,
        bool active
    ) external whenActive(LIST) returns (bytes32 serviceId) {
        _requireNamespaceOwner(namespace);
        if (!ArtifactNames.isName(name)) revert ServiceRegistry_InvalidListing("name");
        if (basePrice == 0) revert ServiceRegistry_InvalidListing("basePrice");
        if (targetPerHour == 0) revert ServiceRegistry_InvalidListing("targetPerHour");
        if (bytes(endpoint).length > MAXIMUM_ENDPOINT) revert ServiceRegistry_InvalidListing("endpoint");
        serviceId = serviceIdOf(namespace, name);
        Listing storage $listing = _market().services[serviceId].listing;
        if ($listing.namespace == bytes32(0)) _market().serviceIds.push(serviceId);
        $listing.namespace = namespace;
        $listing.name = name;
        $listing.basePrice = basePrice;
        $listing.targetPerHour = targetPerHour;
        $listing.endpoint = endpoint;
        $listing.active = active;
        emit ServiceListed(serviceId, namespace, name, basePrice, targetPerHour, endpoint, active);
    }

    /// @inheritdoc IServiceRegistry
    function setDiscounts(bytes32 serviceId, Discount[] calldata discounts) external {
        if (serviceOwner(serviceId) != msg.sender) revert ServiceRegistry_NotOwner(serviceId, msg.sender);
        if (discounts.length > MAXIMUM_DISCOUNTS) revert ServiceRegistry_InvalidDiscounts(discounts.length);
        Service storage $service = _market().services[serviceId];
        delete $service.discounts;
        for (uint256 i = 0; i < discounts.length; i++) {
            bool rises = i == 0
                || (discounts[i].fromQuantity > discounts[i - 1].fromQuantity
                    && discounts[i].discountBps > discounts[i - 1].discountBps);
            if (!rises || discounts[i].discountBps > MAXIMUM_DISCOUNT_BPS) revert ServiceRegistry_InvalidDiscounts(i);
            $service.discounts.push(discounts[i]);
        }
        emit DiscountsChanged(serviceId, discounts);
    }

    /// @inheritdoc IServiceRegistry
    function purchase(bytes32 serviceId, bytes32 salt, uint64 quantity, uint256 maximumPrice)
        external
        whenActive(PURCHASE)
        nonReentrant
        returns (bytes32 purchaseId, uint256 price)
    {
        Service storage $service = _market().services[serviceId];
        address owner = serviceOwner(serviceId);
        if (!$service.listing.active || owner == address(0)) revert ServiceRegistry_NotActive(serviceId);
        if (quantity == 0 || quantity > MAXIMUM_QUANTITY) {
            revert ServiceRegistry_InvalidQuantity(quantity, MAXIMUM_QUANTITY);
        }
        uint256 multiplierBps;
        uint256 discountBps;
        (price, multiplierBps, discountBps) = quote(serviceId, msg.sender, quantity);
        if (price > maximumPrice) revert ServiceRegistry_PriceTooHigh(price, maximumPrice);
        // The escrow of this id can be opened once, so a purchase that is sent again is not paid again.
        purchaseId = purchaseIdOf(msg.sender, salt);
        $service.purchases++;
        $service.sold[block.timestamp / 1 hours] += quantity;
        $service.bought[msg.sender][block.timestamp / 1 days] += quantity;
        emit ServicePurchased(serviceId, msg.sender, purchaseId, quantity, price, multiplierBps, discountBps);
        IDWSBilling billing = IDWSBilling(_market().billing);
        billing.openEscrow(purchaseId, msg.sender, price);
        billing.payAccount(purchaseId, owner, price);
    }

    /// @inheritdoc IServiceRegistry
    function quote(bytes32 serviceId, address buyer, uint64 quantity)
        public
        view
        returns (uint256 price, uint256 multiplierBps, uint256 discountBps)
    {
        Service storage $service = _market().services[serviceId];
        // What was sold in the last complete hour: a purchase cannot move its own price, nor that of others at once.
        uint256 sold = $service.sold[block.timestamp / 1 hours - 1];
        multiplierBps = Math.mulDiv(sold, BPS, Math.max($service.listing.targetPerHour, 1));
        multiplierBps = Math.min(Math.max(multiplierBps, MINIMUM_MULTIPLIER_BPS), MAXIMUM_MULTIPLIER_BPS);
        uint256 volume = volumeOf(serviceId, buyer);
        for (uint256 i = 0; i < $service.discounts.length; i++) {
            if (volume >= $service.discounts[i].fromQuantity) discountBps = $service.discounts[i].discountBps;
        }
        // Rounded up, in favour of the seller: nothing is free.
        price = Math.mulDiv(
            uint256($service.listing.basePrice) * quantity,
            multiplierBps * (BPS - discountBps),
            BPS * BPS,
            Math.Rounding.Ceil
        );
    }

    /// @inheritdoc IServiceRegistry
    function listing(bytes32 serviceId) external view returns (Listing memory) {
        return _market().services[serviceId].listing;
    }

    /// @inheritdoc IServiceRegistry
    function discountsOf(bytes32 serviceId) external view returns (Discount[] memory) {
        return _market().services[serviceId].discounts;
    }

    /// @inheritdoc IServiceRegistry
    function serviceOwner(bytes32 serviceId) public view returns (address) {
        bytes32 namespace = _market().services[serviceId].listing.namespace;
        return namespace == bytes32(0) ? address(0) : namespaceOwner(namespace);
    }

    /// @inheritdoc IServiceRegistry
    function volumeOf(bytes32 serviceId, address buyer) public view returns (uint256 volume) {
        mapping(uint256 day => uint256) storage $bought = _market().services[serviceId].bought[buyer];
        uint256 today = block.timestamp / 1 days;
        for (uint256 i = 0; i < VOLUME_DAYS; i++) {
            volume += $bought[today - i];
        }
    }

    /// @inheritdoc IServiceRegistry
    function purchaseIdOf(address buyer, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), buyer, salt));
    }

    /// @inheritdoc IServiceRegistry
    function services(uint256 offset, uint256 limit) external view returns (bytes32[] memory) {
        return Pages.page(_market().serviceIds, offset, limit);
    }

    /// @inheritdoc IServiceRegistry
    function serviceIdOf(bytes32 namespace, string calldata name) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), namespace, name));
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](2);
        actions[0] = LIST;
        actions[1] = PURCHASE;
    }

    function _market() private pure returns (ServiceRegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := SERVICE_REGISTRY_STORAGE
        }
    }
}
