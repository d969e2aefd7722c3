// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessControlUpgradeable} from "@openzeppelin/contracts-upgradeable/access/AccessControlUpgradeable.sol";
import {ERC721Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC721/ERC721Upgradeable.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Governed} from "../governance/Governed.sol";
import {Assets} from "../token/Assets.sol";
import {IJNSRegistrar} from "./IJNSRegistrar.sol";
import {IJNSRegistry} from "./IJNSRegistry.sol";

/// @title JNSRegistrar
/// @notice See {IJNSRegistrar}.
contract JNSRegistrar is IJNSRegistrar, ERC721Upgradeable, Governed, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @custom:storage-location erc7201:jeju.storage.JNSRegistrar
    struct JNSRegistrarStorage {
        address registry;
        address paymentToken;
        address treasury;
        bytes32 parentNode;
        Prices prices;
        uint256 revenue;
        mapping(uint256 tokenId => uint64) expiresAt;
        mapping(bytes32 commitment => uint64) committedAt;
    }

    /// @notice How long after expiry a name can only be renewed, in seconds.
    uint256 public constant GRACE_PERIOD = 90 days;
    /// @notice The least age of a commitment, in seconds.
    uint256 public constant MINIMUM_COMMITMENT_AGE = 60;
    /// @notice The greatest age of a commitment, in seconds.
    uint256 public constant MAXIMUM_COMMITMENT_AGE = 1 days;
    /// @notice The shortest registration, in seconds.
    uint256 public constant MINIMUM_DURATION = 28 days;
    /// @notice The longest time ahead that a name can be paid for, in seconds.
    uint256 public constant MAXIMUM_DURATION = 3650 days;
    /// @notice The pausable actions. Renewals are not among them.
    bytes32 public constant REGISTER = "register";

    uint256 private constant YEAR = 365 days;
    uint256 private constant MAXIMUM_PRICE = 1e12;
    bytes32 private constant JNS_REGISTRAR_STORAGE = 0x1b63b51a5779a2ce882b0b5df1ef2daebcf6cd17813447efc4a8465176171a00;

    /// @inheritdoc IJNSRegistrar
    function initialize(address admin, address registry, bytes32 parent, address paymentToken, address treasury)
        external
        initializer
    {
        __Governed_init(admin);
        __ERC721_init("Jeju Names", "JNS");
        _requireAddress(registry);
        _requireAddress(paymentToken);
        _requireAddress(treasury);
        JNSRegistrarStorage storage $ = _registrar();
        $.registry = registry;
        $.parentNode = parent;
        $.paymentToken = paymentToken;
        $.treasury = treasury;
        $.prices = Prices({three: 640e6, four: 160e6, fiveAndMore: 5e6});
        emit PricesChanged($.prices);
    }

    /// @inheritdoc IJNSRegistrar
    function commit(bytes32 commitment) external {
        JNSRegistrarStorage storage $ = _registrar();
        uint256 committedAt = $.committedAt[commitment];
        // Otherwise a stranger who repeats it would make the committer wait anew.
        if (committedAt != 0 && block.timestamp <= committedAt + MAXIMUM_COMMITMENT_AGE) {
            revert JNSRegistrar_CommitmentExists(commitment);
        }
        $.committedAt[commitment] = block.timestamp.toUint64();
        emit CommitmentMade(commitment);
    }

    /// @inheritdoc IJNSRegistrar
    function register(Registration calldata registration, uint256 maximumPrice)
        external
        whenActive(REGISTER)
        nonReentrant
        returns (uint256 tokenId)
    {
        JNSRegistrarStorage storage $ = _registrar();
        // 1. Check the commitment and the name.
        _useCommitment(commitmentOf(registration));
        _requireLabel(registration.label);
        _requireAddress(registration.owner);
        if (registration.duration < MINIMUM_DURATION || registration.duration > MAXIMUM_DURATION) {
            revert JNSRegistrar_InvalidDuration(registration.duration, MINIMUM_DURATION, MAXIMUM_DURATION);
        }
        bytes32 label = keccak256(bytes(registration.label));
        tokenId = uint256(label);
        NameState state = stateOf(tokenId);
        if (state != NameState.Available) revert JNSRegistrar_NotAvailable(tokenId, state);

        // 2. Take the price.
        uint256 price = _charge(registration.label, registration.duration, maximumPrice);

        // 3. Write the token, then the record. The record passes through nobody's hands, so that it begins anew even for the same owner.
        $.expiresAt[tokenId] = (block.timestamp + registration.duration).toUint64();
        bool hadOwner = _ownerOf(tokenId) != address(0);
        if (hadOwner) {
            _burn(tokenId);
            IJNSRegistry($.registry).setSubnodeRecord($.parentNode, label, address(0), address(0), 0);
        }
        _mint(registration.owner, tokenId);
        IJNSRegistry($.registry).setSubnodeRecord($.parentNode, label, registration.owner, registration.resolver, 0);
        emit NameRegistered(tokenId, registration.label, registration.owner, $.expiresAt[tokenId], price);
    }

    /// @inheritdoc IJNSRegistrar
    function renew(string calldata label, uint64 duration, uint256 maximumPrice) external nonReentrant {
        JNSRegistrarStorage storage $ = _registrar();
        uint256 tokenId = uint256(keccak256(bytes(label)));
        if (stateOf(tokenId) == NameState.Available) revert JNSRegistrar_NotRenewable(tokenId);
        uint256 expiry = uint256($.expiresAt[tokenId]) + duration;
        if (duration == 0 || expiry > block.timestamp + MAXIMUM_DURATION) {
            revert JNSRegistrar_InvalidDuration(duration, 1, MAXIMUM_DURATION);
        }
        uint256 price = _charge(label, duration, maximumPrice);
        $.expiresAt[tokenId] = expiry.toUint64();
        emit NameRenewed(tokenId, label, $.expiresAt[tokenId], price);
    }

    /// @inheritdoc IJNSRegistrar
    function reclaim(uint256 tokenId, address holder) external {
        if (ownerOf(tokenId) != msg.sender) revert JNSRegistrar_NotOwner(tokenId, msg.sender);
        _requireAddress(holder);
        IJNSRegistry(_registrar().registry).setSubnodeOwner(_registrar().parentNode, bytes32(tokenId), holder);
    }

    /// @inheritdoc IJNSRegistrar
    function clearExpired(uint256 tokenId) external {
        JNSRegistrarStorage storage $ = _registrar();
        NameState state = stateOf(tokenId);
        if (state != NameState.Available || _ownerOf(tokenId) == address(0)) {
            revert JNSRegistrar_StillHeld(tokenId, state);
        }
        _burn(tokenId);
        emit NameCleared(tokenId);
        IJNSRegistry($.registry).setSubnodeRecord($.parentNode, bytes32(tokenId), address(0), address(0), 0);
    }

    /// @inheritdoc IJNSRegistrar
    function payTreasury() external nonReentrant returns (uint256 amount) {
        JNSRegistrarStorage storage $ = _registrar();
        amount = $.revenue;
        if (amount == 0) revert JNSRegistrar_NothingToPay();
        $.revenue = 0;
        emit RevenuePaid($.treasury, amount);
        IERC20($.paymentToken).safeTransfer($.treasury, amount);
    }

    /// @inheritdoc IJNSRegistrar
    function setPrices(Prices calldata changed) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireWithin("three", changed.three, 0, MAXIMUM_PRICE);
        _requireWithin("four", changed.four, 0, MAXIMUM_PRICE);
        _requireWithin("fiveAndMore", changed.fiveAndMore, 0, MAXIMUM_PRICE);
        _registrar().prices = changed;
        emit PricesChanged(changed);
    }

    /// @notice The owner; reverts once the name has expired.
    function ownerOf(uint256 tokenId) public view override(ERC721Upgradeable, IERC721) returns (address) {
        uint64 expiry = _registrar().expiresAt[tokenId];
        if (block.timestamp >= expiry) revert JNSRegistrar_Expired(tokenId, expiry);
        return super.ownerOf(tokenId);
    }

    /// @inheritdoc IJNSRegistrar
    function stateOf(uint256 tokenId) public view returns (NameState) {
        uint256 expiry = _registrar().expiresAt[tokenId];
        if (block.timestamp < expiry) return NameState.Registered;
        return expiry != 0 && block.timestamp < expiry + GRACE_PERIOD ? NameState.Grace : NameState.Available;
    }

    /// @inheritdoc IJNSRegistrar
    function expiresAt(uint256 tokenId) external view returns (uint64) {
        return _registrar().expiresAt[tokenId];
    }

    /// @inheritdoc IJNSRegistrar
    function priceOf(string calldata label, uint64 duration) public view returns (uint256) {
        Prices storage $prices = _registrar().prices;
        uint256 length = bytes(label).length;
        uint256 perYear = length <= 3 ? $prices.three : length == 4 ? $prices.four : $prices.fiveAndMore;
        return Math.mulDiv(perYear, duration, YEAR, Math.Rounding.Ceil);
    }

    /// @inheritdoc IJNSRegistrar
    function prices() external view returns (Prices memory) {
        return _registrar().prices;
    }

    /// @inheritdoc IJNSRegistrar
    function commitmentOf(Registration calldata registration) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), registration));
    }

    /// @inheritdoc IJNSRegistrar
    function parentNode() external view returns (bytes32) {
        return _registrar().parentNode;
    }

    /// @inheritdoc IJNSRegistrar
    function nodeOf(uint256 tokenId) external view returns (bytes32) {
        return keccak256(abi.encodePacked(_registrar().parentNode, bytes32(tokenId)));
    }

    function supportsInterface(bytes4 interfaceId)
        public
        view
        override(AccessControlUpgradeable, ERC721Upgradeable, IERC165)
        returns (bool)
    {
        return
            ERC721Upgradeable.supportsInterface(interfaceId) || AccessControlUpgradeable.supportsInterface(interfaceId);
    }

    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = REGISTER;
    }

    // A token that changes hands takes its record along, and the registry begins a new epoch: nothing of the last owner stays.
    function _update(address to, uint256 tokenId, address authorized) internal override returns (address from) {
        from = _ownerOf(tokenId);
        if (from != address(0) && to != address(0)) {
            JNSRegistrarStorage storage $ = _registrar();
            uint64 expiry = $.expiresAt[tokenId];
            if (block.timestamp >= expiry) revert JNSRegistrar_Expired(tokenId, expiry);
            super._update(to, tokenId, authorized);
            IJNSRegistry($.registry).setSubnodeRecord($.parentNode, bytes32(tokenId), to, address(0), 0);
        } else {
            super._update(to, tokenId, authorized);
        }
    }

    function _useCommitment(bytes32 commitment) private {
        JNSRegistrarStorage storage $ = _registrar();
        uint256 committedAt = $.committedAt[commitment];
        if (
            committedAt == 0 || block.timestamp < committedAt + MINIMUM_COMMITMENT_AGE
                || block.timestamp > committedAt + MAXIMUM_COMMITMENT_AGE
        ) revert JNSRegistrar_CommitmentInvalid(commitment, committedAt);
        delete $.committedAt[commitment];
    }

    function _charge(string calldata label, uint64 duration, uint256 maximumPrice) private returns (uint256 price) {
        JNSRegistrarStorage storage $ = _registrar();
        price = priceOf(label, duration);
        if (price > maximumPrice) revert JNSRegistrar_PriceTooHigh(price, maximumPrice);
        $.revenue += price;
        Assets.takeToken(IERC20($.paymentToken), msg.sender, price);
    }

    function _requireLabel(string calldata label) private pure {
        bytes calldata text = bytes(label);
        uint256 length = text.length;
        if (length < 3 || length > 63 || text[0] == "-" || text[length - 1] == "-") {
            revert JNSRegistrar_InvalidLabel(label);
        }
        for (uint256 i = 0; i < length; i++) {
            bytes1 character = text[i];
            bool allowed =
                (character >= "a" && character <= "z") || (character >= "0" && character <= "9") || character == "-";
            if (!allowed) revert JNSRegistrar_InvalidLabel(label);
        }
    }

    function _registrar() private pure returns (JNSRegistrarStorage storage $) {
        assembly ("memory-safe") {
            $.slot := JNS_REGISTRAR_STORAGE
        }
    }
}
