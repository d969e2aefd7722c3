// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Listings of services, with demand pricing and volume discounts that billing really applies
/// @notice Anybody lists a service under a namespace he owns (an account or a JNS name). Id = keccak256(abi.encode(contract, namespace, name)). A purchase pays
/// `quantity · base price · demand multiplier · (1 − volume discount)` through DWSBilling to the owner of now. The multiplier follows what was
/// sold in the last complete hour against the owner's target, within 50 % and 300 %; the discount follows what the buyer bought in thirty days.
///
/// Must: quote what it charges; keep multiplier and discount within their bounds.
/// Never: a price above what the buyer accepts; a listing under a name of somebody else.
/// @dev Prices in units of the payment token, rounded up; shares in basis points.
interface IServiceRegistry {
    /// @notice A volume discount.
    /// @param fromQuantity bought in the last thirty days
    struct Discount {
        uint64 fromQuantity;
        uint16 discountBps;
    }

    /// @notice A listing.
    /// @param targetPerHour sold per hour at a multiplier of 100 %
    struct Listing {
        bytes32 namespace;
        uint128 basePrice;
        uint64 targetPerHour;
        bool active;
        string name;
        string endpoint;
    }

    /// @notice Thrown when a listing is malformed, unknown or not active.
    error ServiceRegistry_InvalidListing(bytes32 what);
    error ServiceRegistry_NotActive(bytes32 serviceId);
    /// @notice Thrown when the caller does not own the service.
    error ServiceRegistry_NotOwner(bytes32 serviceId, address caller);
    /// @notice Thrown when discounts are too many, not rising, or too high.
    error ServiceRegistry_InvalidDiscounts(uint256 index);
    /// @notice Thrown when the price is above what the buyer accepts.
    error ServiceRegistry_PriceTooHigh(uint256 price, uint256 maximum);
    /// @notice Thrown when a quantity is zero or above its bound.
    error ServiceRegistry_InvalidQuantity(uint256 quantity, uint256 maximum);

    /// @notice Emitted when a service was listed or changed.
    event ServiceListed(
        bytes32 indexed serviceId,
        bytes32 indexed namespace,
        string name,
        uint128 basePrice,
        uint64 targetPerHour,
        string endpoint,
        bool active
    );
    /// @notice Emitted when its discounts changed.
    event DiscountsChanged(bytes32 indexed serviceId, Discount[] discounts);
    /// @notice Emitted when something was bought.
    event ServicePurchased(
        bytes32 indexed serviceId,
        address indexed buyer,
        bytes32 indexed purchaseId,
        uint64 quantity,
        uint256 price,
        uint256 multiplierBps,
        uint256 discountBps
    );

    /// @notice Stores the addresses.
    function initialize(address admin, address names, address billing) external;

    /// @notice Lists a service or changes it. Owner of the namespace.
    /// @param endpoint URL, at most 256 bytes
    function list(
        bytes32 namespace,
        string calldata name,
        uint128 basePrice,
        uint64 targetPerHour,
        string calldata endpoint,
        bool active
    ) external returns (bytes32 serviceId);

    /// @notice Sets the volume discounts, at most 8, rising in quantity and share, at most 5,000 basis points. Owner.
    function setDiscounts(bytes32 serviceId, Discount[] calldata discounts) external;

    /// @notice Buys; the caller pays from credits first, then his allowance to DWSBilling.
    /// @param salt the caller's own name for the purchase, used once: whoever sends it again does not pay again
    /// @param quantity 1 to 1,000,000,000
    function purchase(bytes32 serviceId, bytes32 salt, uint64 quantity, uint256 maximumPrice)
        external
        returns (bytes32 purchaseId, uint256 price);

    /// @notice What a purchase would cost now.
    function quote(bytes32 serviceId, address buyer, uint64 quantity)
        external
        view
        returns (uint256 price, uint256 multiplierBps, uint256 discountBps);

    /// @notice A listing.
    function listing(bytes32 serviceId) external view returns (Listing memory);

    /// @notice Its discounts.
    function discountsOf(bytes32 serviceId) external view returns (Discount[] memory);

    /// @notice Who owns it now.
    function serviceOwner(bytes32 serviceId) external view returns (address);

    /// @notice What a buyer bought in the last thirty days.
    function volumeOf(bytes32 serviceId, address buyer) external view returns (uint256);

    /// @notice The id of a purchase: `keccak256(abi.encode(contract, buyer, salt))`.
    function purchaseIdOf(address buyer, bytes32 salt) external view returns (bytes32);

    /// @notice A page of all services.
    function services(uint256 offset, uint256 limit) external view returns (bytes32[] memory);

    /// @notice The id of a service.
    function serviceIdOf(bytes32 namespace, string calldata name) external view returns (bytes32);
}
