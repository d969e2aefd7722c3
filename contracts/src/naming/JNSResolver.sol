// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IExternalChainProvider} from "../external/IExternalChainProvider.sol";
import {IExternalLeases} from "../external/IExternalLeases.sol";
import {IExternalOffers} from "../external/IExternalOffers.sol";
import {Governed} from "../governance/Governed.sol";
import {IJNSRegistry} from "./IJNSRegistry.sol";
import {IJNSResolver} from "./IJNSResolver.sol";

/// @title JNSResolver
/// @notice See {IJNSResolver}.
contract JNSResolver is IJNSResolver, Governed {
    struct Records {
        address addr;
        bytes contenthash;
        mapping(string key => string) texts;
        mapping(bytes32 app => bytes) apps;
        ServiceRecord service;
    }

    /// @custom:storage-location erc7201:jeju.storage.JNSResolver
    struct ResolverStorage {
        address registry;
        mapping(address provider => bool) providers;
        mapping(bytes32 node => uint64) versions;
        mapping(bytes32 node => mapping(uint64 epoch => mapping(uint64 version => Records))) records;
    }

    uint256 private constant MAXIMUM_CONTENTHASH = 256;
    uint256 private constant MAXIMUM_KEY = 64;
    uint256 private constant MAXIMUM_TEXT = 1024;
    uint256 private constant MAXIMUM_CONFIG = 2048;
    bytes32 private constant SET_RECORD = "setRecord";

    // keccak256(abi.encode(uint256(keccak256("jeju.storage.JNSResolver")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant RESOLVER_STORAGE = 0xb8de775d1d5f45bfc8dac1b5d3b7d1276dad44bdae0799d8af067abe606ae200;

    modifier authorized(bytes32 node) {
        _requireActive(SET_RECORD);
        if (!IJNSRegistry(_resolverStorage().registry).isAuthorized(node, msg.sender)) {
            revert JNSResolver_NotAuthorized(node, msg.sender);
        }
        _;
    }

    /// @inheritdoc IJNSResolver
    function initialize(address admin, address registry_, address provider) external initializer {
        __Governed_init(admin);
        _requireAddress(registry_);
        _requireAddress(provider);
        ResolverStorage storage $ = _resolverStorage();
        $.registry = registry_;
        $.providers[provider] = true;
        emit ProviderSet(provider, true);
    }

    /// @inheritdoc IJNSResolver
    function setAddr(bytes32 node, address addr_) external authorized(node) {
        _recordsOf(node).addr = addr_;
        emit AddrChanged(node, addr_);
    }

    /// @inheritdoc IJNSResolver
    function setContenthash(bytes32 node, bytes calldata hash) external authorized(node) {
        _requireLength(hash.length, MAXIMUM_CONTENTHASH);
        _recordsOf(node).contenthash = hash;
        emit ContenthashChanged(node, hash);
    }

    /// @inheritdoc IJNSResolver
    function setText(bytes32 node, string calldata key, string calldata value) external authorized(node) {
        _requireLength(bytes(key).length, MAXIMUM_KEY);
        _requireLength(bytes(value).length, MAXIMUM_TEXT);
        _recordsOf(node).texts[key] = value;
        emit TextChanged(node, key, key, value);
    }

    /// @inheritdoc IJNSResolver
    function setAppConfig(bytes32 node, bytes32 app, bytes calldata config) external authorized(node) {
        _requireLength(config.length, MAXIMUM_CONFIG);
        _recordsOf(node).apps[app] = config;
        emit AppConfigChanged(node, app, config);
    }

    /// @inheritdoc IJNSResolver
    function setService(bytes32 node, address provider, bytes32 orderId) external authorized(node) {
        if (orderId == bytes32(0)) {
            provider = address(0);
        } else if (!_resolverStorage().providers[provider]) {
            revert JNSResolver_UnknownProvider(provider);
        }
        _recordsOf(node).service = ServiceRecord({provider: provider, orderId: orderId});
        emit ServiceChanged(node, provider, orderId);
    }

    /// @inheritdoc IJNSResolver
    function clearRecords(bytes32 node) external authorized(node) {
        uint64 version = ++_resolverStorage().versions[node];
        emit RecordsCleared(node, version);
    }

    /// @inheritdoc IJNSResolver
    function setProvider(address provider, bool known) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireAddress(provider);
        _resolverStorage().providers[provider] = known;
        emit ProviderSet(provider, known);
    }

    /// @inheritdoc IJNSResolver
    function registry() external view returns (address) {
        return _resolverStorage().registry;
    }

    /// @inheritdoc IJNSResolver
    function isProvider(address provider) external view returns (bool) {
        return _resolverStorage().providers[provider];
    }

    /// @inheritdoc IJNSResolver
    function addr(bytes32 node) external view returns (address) {
        return _recordsOf(node).addr;
    }

    /// @inheritdoc IJNSResolver
    function contenthash(bytes32 node) external view returns (bytes memory) {
        return _recordsOf(node).contenthash;
    }

    /// @inheritdoc IJNSResolver
    function text(bytes32 node, string calldata key) external view returns (string memory) {
        return _recordsOf(node).texts[key];
    }

    /// @inheritdoc IJNSResolver
    function appConfig(bytes32 node, bytes32 app) external view returns (bytes memory) {
        return _recordsOf(node).apps[app];
    }

    /// @inheritdoc IJNSResolver
    function service(bytes32 node) external view returns (ServiceRecord memory) {
        return _recordsOf(node).service;
    }

    /// @inheritdoc IJNSResolver
    function serviceEndpoint(bytes32 node)
        external
        view
        returns (IExternalChainProvider.OrderState state, string memory host, uint16[] memory ports)
    {
        ServiceRecord storage record = _recordsOf(node).service;
        // A provider that governance removed answers for no name any more.
        if (!_resolverStorage().providers[record.provider]) return (state, host, ports);
        state = IExternalLeases(record.provider).stateOf(record.orderId);
        IExternalChainProvider.Endpoint memory endpoint = IExternalOffers(record.provider).endpointOf(record.orderId);
        return (state, endpoint.host, endpoint.ports);
    }

    /// @inheritdoc Governed
    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](1);
        actions[0] = SET_RECORD;
    }

    function _recordsOf(bytes32 node) private view returns (Records storage) {
        ResolverStorage storage $ = _resolverStorage();
        return $.records[node][IJNSRegistry($.registry).epoch(node)][$.versions[node]];
    }

    function _requireLength(uint256 length, uint256 maximum) private pure {
        if (length > maximum) revert JNSResolver_TooLong(length, maximum);
    }

    function _resolverStorage() private pure returns (ResolverStorage storage $) {
        assembly ("memory-safe") {
            $.slot := RESOLVER_STORAGE
        }
    }
}
