// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title JNS registrar: names under one parent as ERC-721 tokens, bought for a time
/// @notice Token id = `uint256(keccak256(label))`. Buying is commit and reveal, so nobody can see a wish and be faster. Priced by length per year, in the
/// payment token. After expiry a name can only be renewed for 90 days; then anybody may register it anew.
///
/// States: Available → Registered → Grace → Available; Grace → Registered by renewal.
///
/// Must:
/// - hand the registry record over with the token, which clears every record that the name had;
/// - let an expired name be registered again.
///
/// Never:
/// - call anything but the registry and the payment token: the registrar owns the parent name, and a call of somebody's choice would be everybody's name;
/// - transfer an expired token.
/// @dev Prices in units of the payment token, durations and times in seconds.
interface IJNSRegistrar is IERC721 {
    /// @notice What a name is at this moment.
    enum NameState {
        Available,
        Registered,
        Grace
    }

    /// @notice What somebody wants to register.
    /// @param label without the parent: 3 to 63 of a-z, 0-9 and hyphen, no hyphen at either end
    /// @param owner who gets it
    /// @param duration at least 28 days, at most 10 years
    /// @param resolver its resolver, or zero
    /// @param secret the committer's own
    struct Registration {
        string label;
        address owner;
        uint64 duration;
        address resolver;
        bytes32 secret;
    }

    /// @notice Prices per year of 365 days.
    struct Prices {
        uint128 three;
        uint128 four;
        uint128 fiveAndMore;
    }

    /// @notice Thrown when a label has a wrong length or character.
    error JNSRegistrar_InvalidLabel(string label);
    /// @notice Thrown when a name is registered or in its grace.
    error JNSRegistrar_NotAvailable(uint256 tokenId, NameState state);
    /// @notice Thrown when a name has expired, or was never registered.
    error JNSRegistrar_Expired(uint256 tokenId, uint256 expiredAt);
    /// @notice Thrown when a name cannot be renewed any more.
    error JNSRegistrar_NotRenewable(uint256 tokenId);
    /// @notice Thrown when a name cannot be cleared because it is not available.
    error JNSRegistrar_StillHeld(uint256 tokenId, NameState state);
    /// @notice Thrown when a duration is out of bounds.
    error JNSRegistrar_InvalidDuration(uint256 duration, uint256 minimum, uint256 maximum);
    /// @notice Thrown when the same commitment is still valid.
    error JNSRegistrar_CommitmentExists(bytes32 commitment);
    /// @notice Thrown when a commitment is missing, too young or too old.
    error JNSRegistrar_CommitmentInvalid(bytes32 commitment, uint256 committedAt);
    /// @notice Thrown when the price is above what the payer accepts.
    error JNSRegistrar_PriceTooHigh(uint256 price, uint256 maximum);
    /// @notice Thrown when the caller does not own the token.
    error JNSRegistrar_NotOwner(uint256 tokenId, address caller);
    /// @notice Thrown when there is nothing to pay.
    error JNSRegistrar_NothingToPay();

    /// @notice Emitted when somebody committed.
    event CommitmentMade(bytes32 indexed commitment);
    /// @notice Emitted when a name was registered.
    event NameRegistered(uint256 indexed tokenId, string label, address indexed owner, uint64 expiresAt, uint256 price);
    /// @notice Emitted when a name was renewed.
    event NameRenewed(uint256 indexed tokenId, string label, uint64 expiresAt, uint256 price);
    /// @notice Emitted when the record of an expired name was cleared.
    event NameCleared(uint256 indexed tokenId);
    /// @notice Emitted when the prices changed.
    event PricesChanged(Prices prices);
    /// @notice Emitted when revenue went to the treasury.
    event RevenuePaid(address indexed treasury, uint256 amount);

    /// @notice Stores addresses and default prices. The registry gives `parentNode` to this contract separately.
    function initialize(address admin, address registry, bytes32 parentNode, address paymentToken, address treasury)
        external;

    /// @notice Commits to a registration without naming it.
    /// @param commitment {commitmentOf} the registration
    function commit(bytes32 commitment) external;

    /// @notice Registers a name, a minute to a day after its commitment, paid by the caller.
    /// @param maximumPrice what the caller accepts
    function register(Registration calldata registration, uint256 maximumPrice) external returns (uint256 tokenId);

    /// @notice Renews a name, also in its grace. Anybody may pay for it. Never pausable.
    function renew(string calldata label, uint64 duration, uint256 maximumPrice) external;

    /// @notice Sets who holds the registry record of a name. Owner of the token only.
    function reclaim(uint256 tokenId, address holder) external;

    /// @notice Takes the registry record from the last owner of a name whose grace is over. Anybody may call it.
    function clearExpired(uint256 tokenId) external;

    /// @notice Passes the revenue on to the treasury. Anybody may call it.
    function payTreasury() external returns (uint256 amount);

    /// @notice Changes the prices, each at most 1e12 units. Administrator.
    function setPrices(Prices calldata changed) external;

    /// @notice What a name is now.
    function stateOf(uint256 tokenId) external view returns (NameState);

    /// @notice When a name expires or expired; zero if it was never registered.
    function expiresAt(uint256 tokenId) external view returns (uint64);

    /// @notice The price of a label for a duration, rounded up.
    function priceOf(string calldata label, uint64 duration) external view returns (uint256);

    /// @notice The prices in force.
    function prices() external view returns (Prices memory);

    /// @notice What to commit to.
    function commitmentOf(Registration calldata registration) external view returns (bytes32);

    /// @notice The parent name.
    function parentNode() external view returns (bytes32);

    /// @notice The registry's node of a token.
    function nodeOf(uint256 tokenId) external view returns (bytes32);
}
