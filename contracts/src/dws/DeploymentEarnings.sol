// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IDWSBilling} from "./IDWSBilling.sol";
import {IDWSProviderRegistry} from "./IDWSProviderRegistry.sol";
import {IDWSServiceProvisioning} from "./IDWSServiceProvisioning.sol";

/// @title What DWSServiceProvisioning stores, and what a deployment earns
/// @notice The part of {IDWSServiceProvisioning} that pays nodes and refunds owners. It shares one ERC-7201 struct with the other.
abstract contract DeploymentEarnings is IDWSServiceProvisioning, ReentrancyGuardTransient {
    using SafeCast for uint256;

    struct Service {
        bytes32 namespace;
        uint32 version;
        uint64 deployments; // ever, so that each has an escrow of its own
        Definition definition;
        bytes32[] nodes;
        mapping(bytes32 nodeId => uint256) positions; // in `nodes`, counted from 1
        mapping(bytes32 nodeId => Deployment) byNode;
    }

    /// @custom:storage-location erc7201:jeju.storage.DWSServiceProvisioning
    struct DWSServiceProvisioningStorage {
        address providerRegistry;
        address computeRegistry;
        address billing;
        mapping(bytes32 serviceId => Service) services;
    }

    /// @notice How old earnings must be to be paid, in seconds.
    uint256 public constant OBJECTION_WINDOW = 1 hours;

    uint256 internal constant HOUR = 3600;
    bytes32 private constant DWS_SERVICE_PROVISIONING_STORAGE =
        0x015aaf168b0e048a445eb729dfc67428c67654ab1ad51f2ab65ddf9d6ad1f300;

    /// @inheritdoc IDWSServiceProvisioning
    function settle(bytes32 serviceId, bytes32 nodeId) external nonReentrant returns (uint256 amount) {
        Deployment storage $deployment = _provisioning().services[serviceId].byNode[nodeId];
        amount = _payable($deployment, nodeId);
        if (amount == 0) revert DWSServiceProvisioning_NothingToPay(serviceId, nodeId);
        $deployment.paid += amount.toUint128();
        emit DeploymentPaid(serviceId, nodeId, amount);
        IDWSBilling($deployment.billing).payNode($deployment.escrowId, $deployment.stakingNodeId, amount);
    }

    /// @inheritdoc IDWSServiceProvisioning
    function refund(bytes32 serviceId, bytes32 nodeId) external nonReentrant returns (uint256 amount) {
        Deployment storage $deployment = _provisioning().services[serviceId].byNode[nodeId];
        amount = _refundable($deployment, nodeId);
        if (amount == 0) revert DWSServiceProvisioning_NothingToPay(serviceId, nodeId);
        $deployment.refunded += amount.toUint128();
        emit DeploymentRefunded(serviceId, nodeId, amount);
        IDWSBilling($deployment.billing).refundEscrow($deployment.escrowId, amount);
    }

    /// @inheritdoc IDWSServiceProvisioning
    function settleable(bytes32 serviceId, bytes32 nodeId)
        external
        view
        returns (uint256 payableNow, uint256 refundable)
    {
        Deployment storage $deployment = _provisioning().services[serviceId].byNode[nodeId];
        return (_payable($deployment, nodeId), _refundable($deployment, nodeId));
    }

    function _servedUntil(Deployment storage $deployment) internal view returns (uint64) {
        if ($deployment.endedAt != 0) return $deployment.endedAt;
        bool beyond = $deployment.liveAt != 0 && block.timestamp >= $deployment.paidUntil;
        return beyond ? $deployment.paidUntil : block.timestamp.toUint64();
    }

    function _unhealthySeconds(Deployment storage $deployment, uint256 until) internal view returns (uint256) {
        uint256 since = $deployment.unhealthySince;
        return $deployment.unhealthySeconds + (since != 0 && until > since ? until - since : 0);
    }

    // What is paid must not fall again: unhealthy seconds count in full as soon as they are known, late ones up to the moment. Rounded down.
    function _earnedUntil(Deployment storage $deployment, bytes32 nodeId, uint256 until)
        private
        view
        returns (uint256)
    {
        if ($deployment.liveAt == 0) return $deployment.startFee;
        if (until <= $deployment.liveAt) return 0;
        // Both asked now, so that a changed heartbeat timeout cannot put one before the other.
        uint256 lost = _lateSeconds(nodeId, until) - _lateSeconds(nodeId, $deployment.liveAt)
            + _unhealthySeconds($deployment, _servedUntil($deployment));
        uint256 served = until - $deployment.liveAt;
        served = served > lost ? served - lost : 0;
        return $deployment.pricePerHour * served / HOUR;
    }

    function _payable(Deployment storage $deployment, bytes32 nodeId) private view returns (uint256) {
        uint256 until = Math.min(_servedUntil($deployment), block.timestamp - OBJECTION_WINDOW);
        uint256 earned = _earnedUntil($deployment, nodeId, until);
        if (earned <= $deployment.paid) return 0;
        // The bound holds even when a changed setting makes a past second worth more than it was when it was refunded.
        uint256 left = uint256($deployment.deposit) - $deployment.paid - $deployment.refunded;
        return Math.min(earned - $deployment.paid, left);
    }

    function _refundable(Deployment storage $deployment, bytes32 nodeId) private view returns (uint256) {
        if ($deployment.endedAt == 0) return 0;
        uint256 earned = Math.max(_earnedUntil($deployment, nodeId, $deployment.endedAt), $deployment.paid);
        uint256 spent = earned + $deployment.refunded;
        return $deployment.deposit > spent ? $deployment.deposit - spent : 0;
    }

    function _lateSeconds(bytes32 nodeId, uint256 time) internal view returns (uint64) {
        return IDWSProviderRegistry(_provisioning().providerRegistry).lateSecondsAt(nodeId, time.toUint64());
    }

    function _provisioning() internal pure returns (DWSServiceProvisioningStorage storage $) {
        assembly ("memory-safe") {
            $.slot := DWS_SERVICE_PROVISIONING_STORAGE
        }
    }
}
