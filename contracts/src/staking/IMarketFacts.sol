// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IFactSource} from "./IFactSource.sol";

/// @title Failures that the marketplace's own records prove
/// @notice Anybody may record them; what counts is what DWSProviderRegistry and ExternalChainProvider say.
///
/// A failure needs a witness: another node that was in time all the while. Without one the chain itself may have stood still, and nobody failed.
///
/// Must: record a failure once, and only while it is fresh enough for AutoSlasher.
/// Never: take an outage of the chain for the failure of a node; record a node that serves nobody for missing heartbeats, or a lease that its consumer ended.
interface IMarketFacts is IFactSource {
    /// @notice Thrown when the records do not prove the failure.
    error MarketFacts_NotProven(bytes32 subject);
    /// @notice Thrown when the witness is the accused itself, was not there, or was late as well.
    error MarketFacts_NobodyWasHeard(bytes32 witness, uint256 from, uint256 until);
    /// @notice Thrown when it was recorded before.
    error MarketFacts_AlreadyRecorded(bytes32 factId);
    /// @notice Thrown when no fact has this id.
    error MarketFacts_UnknownFact(bytes32 factId);

    /// @notice Emitted when a failure was recorded.
    event FailureRecorded(
        bytes32 indexed factId, bytes32 indexed nodeId, Offence indexed offence, uint64 period, uint256 price
    );

    /// @notice Stores the addresses.
    function initialize(address admin, address providerRegistry, address externalChainProvider) external;

    /// @notice Records that a node with leases has been silent for an hour. Once per node and period of seven days.
    /// @param witness another node that was in time in that hour
    function recordMissedHeartbeats(bytes32 nodeId, bytes32 witness) external returns (bytes32 factId);

    /// @notice Records a placement that was never ready, or that another node had to replace.
    /// @param witness another node that was in time in the last hour of it, or since the order where that is less
    function recordFailedLease(bytes32 orderId, uint32 placement, bytes32 witness) external returns (bytes32 factId);
}
