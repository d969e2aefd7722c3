// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IDWSBilling} from "../dws/IDWSBilling.sol";
import {Governed} from "../governance/Governed.sol";
import {ExternalChainProviderExtension} from "./ExternalChainProviderExtension.sol";
import {IExternalLeases} from "./IExternalLeases.sol";
import {LeasePlacement} from "./LeasePlacement.sol";

/// @title ExternalChainProvider
/// @notice See {IExternalChainProvider}. Holds {IExternalLeases}; every other call goes on to the extension, on the same storage.
contract ExternalChainProvider is
    IExternalLeases,
    LeasePlacement,
    Governed,
    EIP712Upgradeable,
    ReentrancyGuardTransient
{
    using EnumerableSet for EnumerableSet.Bytes32Set;

    /// @notice The second half of the implementation.
    address public immutable EXTENSION;

    uint256 private constant MAXIMUM_PARAMETERS = 1024;
    uint256 private constant MAXIMUM_HOST = 253;
    uint256 private constant MAXIMUM_PORTS = 8;
    uint256 private constant MAXIMUM_CIPHERTEXT = 2048;
    bytes32 private constant PROVISION = "provisionNode";
    bytes32 private constant REPLACE = "replaceNode";

    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor() {
        EXTENSION = address(new ExternalChainProviderExtension());
    }

    /// @notice Goes on to the extension with what this half does not have.
    fallback() external {
        address extension = EXTENSION;
        assembly ("memory-safe") {
            let pointer := mload(0x40)
            calldatacopy(pointer, 0, calldatasize())
            let success := delegatecall(gas(), extension, pointer, calldatasize(), 0, 0)
            returndatacopy(pointer, 0, returndatasize())
            if iszero(success) { revert(pointer, returndatasize()) }
            return(pointer, returndatasize())
        }
    }

    /// @inheritdoc IExternalLeases
    function initialize(address admin, address providerRegistry, address billing) external initializer {
        __Governed_init(admin);
        __EIP712_init("ExternalChainProvider", "1");
        _requireAddress(providerRegistry);
        _requireAddress(billing);
        ExternalStorage storage $ = _externalStorage();
        $.providerRegistry = providerRegistry;
        $.billing = billing;
        $.parameters =
            Parameters({objectionWindow: 1 hours, startFeeSeconds: 5 minutes, maxPendingPerPair: 32, probeQuorum: 0});
        emit ParametersChanged($.parameters);
    }

    // ---------------------------------------------------------------- consumers

    /// @inheritdoc IExternalLeases
    function provisionNode(OrderRequest calldata request)
        external
        whenActive(PROVISION)
        nonReentrant
        returns (bytes32 orderId)
    {
        uint128 deposit;
        (orderId, deposit) = _accept(request, msg.sender);
        IDWSBilling(_externalStorage().billing).openEscrow(orderId, msg.sender, deposit);
    }

    /// @inheritdoc IExternalLeases
    function provisionNodeWithAuthorization(OrderRequest calldata request, PaymentAuthorization calldata payment)
        external
        whenActive(PROVISION)
        nonReentrant
        returns (bytes32 orderId)
    {
        uint128 deposit;
        (orderId, deposit) = _accept(request, payment.consumer);
        IDWSBilling(_externalStorage().billing)
            .openEscrowWithAuthorization(
                orderId,
                payment.consumer,
                deposit,
                _externalStorage().orders[orderId].generation,
                keccak256(abi.encode(request)),
                payment.validAfter,
                payment.validBefore,
                payment.signature
            );
    }

    /// @inheritdoc IExternalLeases
    function terminateNode(bytes32 orderId) external nonReentrant {
        OrderRecord storage record = _consumersOrder(orderId);
        OrderState state = _stateOf(record);
        if (state == OrderState.Unserved || state == OrderState.Expired) {
            _endByTime(orderId, record, state);
            return;
        }
        _requireLive(orderId, state);
        _endOrder(orderId, record, EndReason.TerminatedByConsumer, uint64(block.timestamp));
    }

    // ---------------------------------------------------------------- providers

    /// @inheritdoc IExternalLeases
    function reportNodeReady(bytes32 orderId, Endpoint calldata endpoint, bytes calldata attestation)
        external
        nonReentrant
    {
        OrderRecord storage record = _providersOrder(orderId);
        OrderState state = _stateOf(record);
        if (state != OrderState.Requested) revert ExternalChainProvider_WrongState(orderId, state);
        Placement storage placement = _present(record);
        if (record.tee) {
            placement.measurement = _registry().verifyAttestation(attestation, _readinessBinding(orderId, endpoint));
        }
        _storeEndpoint(record, endpoint);
        _externalStorage().pending[record.consumer][placement.nodeId] -= 1;
        placement.readyAt = uint64(block.timestamp);
        placement.expiresAt = uint64(block.timestamp + _affordableSeconds(record, placement));
        emit NodeReady(
            orderId,
            placement.nodeId,
            uint32(record.placements.length - 1),
            placement.readyAt,
            placement.expiresAt,
            placement.measurement,
            endpoint
        );
    }

    /// @inheritdoc IExternalLeases
    function updateEndpoint(bytes32 orderId, Endpoint calldata endpoint) external {
        OrderRecord storage record = _providersOrder(orderId);
        OrderState state = _stateOf(record);
        if (state != OrderState.Ready && state != OrderState.Degraded) {
            revert ExternalChainProvider_WrongState(orderId, state);
        }
        _storeEndpoint(record, endpoint);
        emit EndpointUpdated(orderId, _present(record).nodeId, endpoint);
    }

    /// @inheritdoc IExternalLeases
    function releaseNode(bytes32 orderId) external nonReentrant {
        OrderRecord storage record = _providersOrder(orderId);
        OrderState state = _stateOf(record);
        // Who gives up after the deadline has failed, and does not end it as who says so in time.
        if (state == OrderState.Unserved || state == OrderState.Expired) {
            _endByTime(orderId, record, state);
            return;
        }
        _requireLive(orderId, state);
        _endOrder(orderId, record, EndReason.ReleasedByProvider, uint64(block.timestamp));
    }

    // ---------------------------------------------------------------- anybody

    /// @inheritdoc IExternalLeases
    function expireNode(bytes32 orderId) external nonReentrant {
        OrderRecord storage record = _knownOrder(orderId);
        OrderState state = _stateOf(record);
        if (state == OrderState.Unserved && msg.sender != record.consumer && _mayReplace(record)) {
            if (block.timestamp <= _present(record).readyDeadline + record.readyDeadline) {
                revert ExternalChainProvider_WrongState(orderId, state);
            }
        }
        _endByTime(orderId, record, state);
    }

    /// @inheritdoc IExternalLeases
    function replaceNode(bytes32 orderId, bytes32 offerId) external whenActive(REPLACE) nonReentrant {
        OrderRecord storage record = _knownOrder(orderId);
        OrderState state = _stateOf(record);
        if (state != OrderState.Degraded && state != OrderState.Unserved) {
            revert ExternalChainProvider_WrongState(orderId, state);
        }
        if (record.failover == FailoverPolicy.None) {
            revert ExternalChainProvider_FailoverNotAllowed(orderId, record.failover);
        }
        if (!_mayReplace(record)) revert ExternalChainProvider_TooManyPlacements(orderId, MAXIMUM_PLACEMENTS);

        Placement storage previous = _present(record);
        bytes32 previousNodeId = previous.nodeId;
        if (_knownOffer(offerId).nodeId == previousNodeId) revert ExternalChainProvider_SameNode(previousNodeId);
        if (state == OrderState.Degraded) {
            record.leaseSeconds = uint32(previous.expiresAt - block.timestamp);
            _endPlacement(orderId, record, EndReason.Replaced, uint64(block.timestamp));
        } else {
            _endPlacement(orderId, record, EndReason.NeverReady, uint64(block.timestamp));
        }
        delete record.endpoint;
        _place(orderId, record, offerId);
        Placement storage placement = _present(record);
        emit NodeReplaced(
            orderId,
            previousNodeId,
            placement.nodeId,
            offerId,
            uint32(record.placements.length - 1),
            placement.pricePerHour,
            placement.readyDeadline
        );
    }

    /// @inheritdoc IExternalLeases
    function settleNode(bytes32 orderId) external nonReentrant returns (uint256 paid, uint256 refunded) {
        return _settle(orderId, _knownOrder(orderId));
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IExternalLeases
    function stateOf(bytes32 orderId) public view returns (OrderState) {
        return _stateOf(_externalStorage().orders[orderId]);
    }

    /// @inheritdoc IExternalLeases
    function orderIdOf(address consumer, bytes32 salt, uint64 generation) public view returns (bytes32) {
        return _orderIdOf(consumer, salt, generation);
    }

    /// @inheritdoc Governed
    function pausableActions() public pure override returns (bytes32[] memory actions) {
        actions = new bytes32[](5);
        actions[0] = REGISTER_PROVIDER;
        actions[1] = PROVISION;
        actions[2] = EXTEND;
        actions[3] = REPLACE;
        actions[4] = RECORD_PROBE;
    }

    // ---------------------------------------------------------------- internals

    // Checks a request, notes the order and places it. The caller takes the deposit into escrow.
    function _accept(OrderRequest calldata request, address consumer)
        private
        returns (bytes32 orderId, uint128 deposit)
    {
        ExternalStorage storage $ = _externalStorage();
        KindSpec storage spec = $.kinds[request.kind][request.network];
        _requireValid(request, spec);
        uint64 generation = _nextGeneration($, consumer, request.salt);
        orderId = orderIdOf(consumer, request.salt, generation);

        OrderRecord storage record = $.orders[orderId];
        record.consumer = consumer;
        record.generation = generation;
        record.tee = spec.teeRequired || request.tee;
        record.canonicalOnly = request.canonicalOnly;
        record.stateful = spec.stateful;
        record.failover = request.failover;
        record.maxPricePerHour = request.maxPricePerHour;
        record.leaseSeconds = uint32(request.leaseHours * 1 hours);
        record.readyDeadline = spec.readyDeadline;
        record.startFeeSeconds = $.parameters.startFeeSeconds;
        record.salt = request.salt;
        record.kind = request.kind;
        record.network = request.network;
        record.region = request.region;
        record.restoreFrom = request.restoreFrom;
        record.encryptionKey = request.encryptionKey;
        record.parameters = request.parameters;
        $.ordersOfConsumer[consumer].push(orderId);
        $.live.add(orderId);

        _place(orderId, record, request.offerId);
        deposit = uint128(uint256(_present(record).pricePerHour) * request.leaseHours);
        record.deposit = deposit;
        _announce(orderId, record, request);
    }

    function _announce(bytes32 orderId, OrderRecord storage record, OrderRequest calldata request) private {
        Placement storage placement = _present(record);
        emit NodeRequested(
            orderId,
            record.consumer,
            placement.nodeId,
            record.generation,
            record.tee,
            record.stateful,
            placement.pricePerHour,
            record.deposit,
            placement.readyDeadline,
            request
        );
    }

    function _nextGeneration(ExternalStorage storage $, address consumer, bytes32 salt)
        private
        returns (uint64 generation)
    {
        generation = $.generations[consumer][salt];
        if (generation != 0) {
            bytes32 previousId = orderIdOf(consumer, salt, generation);
            OrderRecord storage previous = $.orders[previousId];
            OrderState state = _stateOf(previous);
            if (state == OrderState.Unserved || state == OrderState.Expired) {
                _endByTime(previousId, previous, state);
            } else if (state != OrderState.Ended && state != OrderState.Settled) {
                revert ExternalChainProvider_OrderLives(previousId);
            }
        }
        generation += 1;
        $.generations[consumer][salt] = generation;
    }

    function _endByTime(bytes32 orderId, OrderRecord storage record, OrderState state) private {
        if (state == OrderState.Expired) {
            _endOrder(orderId, record, EndReason.Expired, _present(record).expiresAt);
        } else if (state == OrderState.Unserved) {
            _endOrder(orderId, record, EndReason.NeverReady, uint64(block.timestamp));
        } else {
            revert ExternalChainProvider_WrongState(orderId, state);
        }
    }

    function _storeEndpoint(OrderRecord storage record, Endpoint calldata endpoint) private {
        _requireLength("host", bytes(endpoint.host).length, 1, MAXIMUM_HOST);
        _requireLength("ports", endpoint.ports.length, 1, MAXIMUM_PORTS);
        _requireLength("ciphertext", endpoint.ciphertext.length, 0, MAXIMUM_CIPHERTEXT);
        record.endpoint = endpoint;
    }

    function _providersOrder(bytes32 orderId) private view returns (OrderRecord storage record) {
        record = _knownOrder(orderId);
        if (!_registry().mayAct(_present(record).nodeId, msg.sender)) {
            revert ExternalChainProvider_NotProvider(orderId, msg.sender);
        }
    }

    function _requireValid(OrderRequest calldata request, KindSpec storage spec) private view {
        if (!spec.active) revert ExternalChainProvider_UnknownKind(request.kind, request.network);
        if (request.leaseHours == 0 || request.leaseHours > MAXIMUM_LEASE_HOURS) {
            revert ExternalChainProvider_InvalidHours(request.leaseHours, MAXIMUM_LEASE_HOURS);
        }
        if (request.encryptionKey == bytes32(0)) revert ExternalChainProvider_NoEncryptionKey();
        _requireLength("parameters", request.parameters.length, 0, MAXIMUM_PARAMETERS);
        bool fits = request.failover == FailoverPolicy.None
            || (request.failover == FailoverPolicy.Automatic && !spec.stateful)
            || (request.failover == FailoverPolicy.Restore && spec.stateful && request.restoreFrom != bytes32(0));
        if (!fits) {
            revert ExternalChainProvider_InvalidFailover(request.failover, spec.stateful, request.restoreFrom);
        }
    }

    function _requireLive(bytes32 orderId, OrderState state) private pure {
        if (state != OrderState.Requested && state != OrderState.Ready && state != OrderState.Degraded) {
            revert ExternalChainProvider_WrongState(orderId, state);
        }
    }

    function _requireLength(bytes32 what, uint256 length, uint256 minimum, uint256 maximum) private pure {
        if (length < minimum || length > maximum) {
            revert ExternalChainProvider_InvalidLength(what, length, maximum);
        }
    }
}
