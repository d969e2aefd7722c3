// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IFactSource} from "./IFactSource.sol";

/// @title Failures that the marketplace's own records prove
/// @notice Anybody may record them; what counts is what DWSProviderRegistry and ExternalChainProvider say.
///
/// A failure needs a witness: another node that was in time all the while. Without one the chain itself may have stood still, and nobody failed.
/// In a market with one node, and for times shorter than a heartbeat may be late, there is no such node: then signs of life are the witness, an ordinary
/// transaction in every minute of that time, which anybody may send, at his own cost, while it runs. They cannot be given afterwards. What the
/// settlement layer forces in (deposits of a rollup, which pay no gas price) is no sign, and a node that was heard by it no witness: it comes through
/// while the chain takes nobody else's transactions.
///
/// Must: record a failure once, and only while it is fresh enough for AutoSlasher.
/// Never: take an outage of the chain for the failure of a node; record a node that serves nobody for missing heartbeats, or a lease that its consumer ended;
/// count the time after its deadline to what an order that was never served has cost.
interface IMarketFacts is IFactSource {
    /// @notice Thrown when the records do not prove the failure.
    error MarketFacts_NotProven(bytes32 subject);
    /// @notice Thrown when the witness is the accused itself, was not there, was late as well, was heard by force, or cannot know of so short a time; and
    /// without a witness, when a minute has no sign of life.
    error MarketFacts_NobodyWasHeard(bytes32 witness, uint256 from, uint256 until);
    /// @notice Thrown when a sign of life comes by a transaction that pays no gas price: the settlement layer forced it in.
    error MarketFacts_ForcedTransaction();
    /// @notice Thrown when it was recorded before.
    error MarketFacts_AlreadyRecorded(bytes32 factId);
    /// @notice Thrown when no fact has this id.
    error MarketFacts_UnknownFact(bytes32 factId);

    /// @notice Emitted when a failure was recorded.
    event FailureRecorded(
        bytes32 indexed factId, bytes32 indexed nodeId, Offence indexed offence, uint64 period, uint256 price
    );

    /// @notice Emitted at the first sign of life of a minute.
    /// @param minute minutes since 1970
    event SignOfLife(uint256 indexed minute, address indexed by);

    /// @notice Stores the addresses.
    function initialize(address admin, address providerRegistry, address externalChainProvider) external;

    /// @notice Says that the chain takes ordinary transactions in this minute. Anybody; a second one in the same minute changes nothing.
    /// @return minute minutes since 1970
    function giveSignOfLife() external returns (uint256 minute);

    /// @notice Records that a node with leases has been silent for an hour. Once per node and period of seven days.
    /// @param witness another node that was in time in that hour; zero for the signs of life of its minutes
    function recordMissedHeartbeats(bytes32 nodeId, bytes32 witness) external returns (bytes32 factId);

    /// @notice Records a placement that was never ready, or that another node had to replace.
    /// @param witness another node that was in time in the last hour of it, or since the order where that is less; zero for the signs of life of
    /// its minutes
    function recordFailedLease(bytes32 orderId, uint32 placement, bytes32 witness) external returns (bytes32 factId);

    /// @notice Whether the chain took an ordinary transaction for this in a minute.
    /// @param minute minutes since 1970
    function hasSignOfLife(uint256 minute) external view returns (bool);
}
