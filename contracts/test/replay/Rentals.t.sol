// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {Vm} from "../base/Vm.sol";
import {Replay} from "./Replay.sol";

/// @title Rentals, disputes and bonds, from the events of ComputeRental alone
contract RentalReplayTest is Replay {
    mapping(bytes32 rentalId => bytes32) private _nodeOf;
    mapping(bytes32 rentalId => bytes32) private _tokenOf;

    function test_Events_RebuildTheRentals() external {
        IComputeRental rentals = IComputeRental(memberOf("ComputeRental"));
        vm.startPrank(consumer);
        usd.approve(address(rentals), type(uint256).max);
        bytes32 unserved = rentals.rent(nodeId, "unserved", 2, PRICE, false, "access");
        rentals.extend(rentalId, 3);
        rentals.openDispute(rentalId, "too slow");
        vm.stopPrank();
        vm.startPrank(admin);
        _grant("ComputeRental", "ARBITER_ROLE", admin);
        rentals.rule(rentalId, false, 0);
        vm.stopPrank();
        rentals.settleBond(rentalId);
        rentals.claimBonds(address(usd), treasury);
        skipTime(15 minutes + 1);
        rentals.expire(unserved);
        rentals.refund(unserved);
        vm.prank(consumer);
        rentals.close(rentalId);
        skipTime(1 hours);
        rentals.settle(rentalId);
        rentals.refund(rentalId);
        vm.prank(consumer);
        rentals.rate(rentalId, 4);
        IComputeRental.Parameters memory parameters = rentals.parameters();
        parameters.disputeBondBps += 1;
        vm.startPrank(admin);
        rentals.setParameters(parameters);
        rentals.setWiring(address(billing), account("new treasury"));
        vm.stopPrank();
        replay("ComputeRental", 18);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == IComputeRental.RentalOrdered.selector) {
            (_nodeOf[id], _tokenOf[id]) = (log.topics[3], word(log, 3));
            set("consumer", id, log.topics[2]);
            set("node", id, log.topics[3]);
            set("price", id, word(log, 0));
            set("deposit", id, word(log, 1));
            set("deadline", id, word(log, 2));
            set("token", id, word(log, 3));
            add("live", log.topics[3], 0, 1);
        } else if (topic == IComputeRental.RentalStarted.selector) {
            set("started at", id, word(log, 0));
            set("expires at", id, word(log, 1));
        } else if (topic == IComputeRental.RentalExtended.selector) {
            add("deposit", id, 0, amountAt(log, 0));
            set("expires at", id, word(log, 1));
        } else if (topic == IComputeRental.RentalEnded.selector) {
            set("ended at", id, word(log, 0));
            sub("live", _nodeOf[id], 0, 1);
        } else if (topic == IComputeRental.RentalPaid.selector) {
            add("paid", id, 0, amountAt(log, 0));
        } else if (topic == IComputeRental.RentalRefunded.selector) {
            add("refunded", id, 0, amountAt(log, 0));
        } else if (topic == IComputeRental.RentalRated.selector) {
            set("rating", id, word(log, 0));
            add("stars", log.topics[2], 0, amountAt(log, 0));
        } else if (topic == IComputeRental.ParametersChanged.selector) {
            set("parameters", 0, keccak256(log.data));
        } else {
            // No view answers the wiring; the rentals that follow have the new one.
            return topic == IComputeRental.WiringChanged.selector || _applyDispute(topic, id, log);
        }
        return true;
    }

    function _applyDispute(bytes32 topic, bytes32 id, Vm.Log memory log) private returns (bool) {
        if (topic == IComputeRental.DisputeOpened.selector) {
            set("opener", id, log.topics[2]);
            set("bond", id, word(log, 0));
        } else if (topic == IComputeRental.DisputeRuled.selector) {
            set("ruled", id, asWord(true));
            set("upheld", id, word(log, 0));
        } else if (topic == IComputeRental.BondSettled.selector) {
            set("bond settled", id, asWord(true));
            add("claimable", _tokenOf[id], log.topics[2], amountAt(log, 0));
        } else if (topic == IComputeRental.BondClaimed.selector) {
            sub("claimable", id, log.topics[2], amountAt(log, 0));
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        IComputeRental rentals = IComputeRental(replayed);
        if (what == "live") return bytes32(rentals.liveRentalsOf(id));
        if (what == "claimable") return bytes32(rentals.claimableBondsOf(asAddress(id), asAddress(other)));
        if (what == "parameters") return keccak256(abi.encode(rentals.parameters()));
        if (what == "stars") {
            (uint256 stars,) = rentals.ratingsOf(id);
            return bytes32(stars);
        }
        IComputeRental.Dispute memory dispute = rentals.disputeOf(id);
        if (what == "opener") return asWord(dispute.opener);
        if (what == "bond") return bytes32(uint256(dispute.bond));
        if (what == "ruled") return asWord(dispute.ruled);
        if (what == "upheld") return asWord(dispute.upheld);
        if (what == "bond settled") return asWord(dispute.bondSettled);
        return _actualRental(what, rentals.rental(id));
    }

    function _actualRental(bytes32 what, IComputeRental.Rental memory rental) private pure returns (bytes32) {
        if (what == "consumer") return asWord(rental.consumer);
        if (what == "node") return rental.nodeId;
        if (what == "price") return bytes32(uint256(rental.pricePerHour));
        if (what == "deposit") return bytes32(uint256(rental.deposit));
        if (what == "deadline") return bytes32(uint256(rental.readyDeadline));
        if (what == "token") return asWord(rental.paymentToken);
        if (what == "started at") return bytes32(uint256(rental.startedAt));
        if (what == "expires at") return bytes32(uint256(rental.expiresAt));
        if (what == "ended at") return bytes32(uint256(rental.endedAt));
        if (what == "paid") return bytes32(uint256(rental.paid));
        return what == "refunded" ? bytes32(uint256(rental.refunded)) : bytes32(uint256(rental.rating));
    }
}

/// @title Services and their deployments, from the events of DWSServiceProvisioning alone
contract ProvisioningReplayTest is Replay {
    function test_Events_RebuildTheDeployments() external {
        IDWSServiceProvisioning provisioning = IDWSServiceProvisioning(memberOf("DWSServiceProvisioning"));
        (, IDWSServiceProvisioning.Definition memory definition) = provisioning.definitionOf(serviceId);
        vm.prank(agent);
        provisioning.reportLive(serviceId, nodeId, 1, "https://node.example/api");
        vm.startPrank(consumer);
        provisioning.reportHealth(serviceId, nodeId, false);
        skipTime(10);
        provisioning.reportHealth(serviceId, nodeId, true);
        definition.memoryMb = 256;
        provisioning.update(serviceId, definition);
        provisioning.extend(serviceId, nodeId, 2);
        provisioning.defineService(_space(consumer), "second", definition);
        vm.stopPrank();
        vm.prank(agent);
        provisioning.reportLive(serviceId, nodeId, 2, "https://node.example/v2");
        passWithHeartbeats(nodeId, 1 hours);
        vm.prank(consumer);
        provisioning.end(serviceId, nodeId);
        skipTime(7 days);
        provisioning.settle(serviceId, nodeId);
        provisioning.refund(serviceId, nodeId);
        replay("DWSServiceProvisioning", 14);
    }

    function apply_(bytes32 topic, Vm.Log memory log) internal override returns (bool) {
        bytes32 id = log.topics[1];
        bytes32 node = log.topics.length > 2 ? log.topics[2] : bytes32(0);
        if (topic == IDWSServiceProvisioning.ServiceDefined.selector) {
            (uint32 version,,, IDWSServiceProvisioning.Definition memory definition) =
                abi.decode(log.data, (uint32, bytes32, string, IDWSServiceProvisioning.Definition));
            set("version", id, bytes32(uint256(version)));
            set("definition", id, keccak256(abi.encode(definition)));
        } else if (topic == IDWSServiceProvisioning.NodeAssigned.selector) {
            set("escrow", id, node, word(log, 0));
            set("price", id, node, word(log, 1));
            set("deposit", id, node, word(log, 2));
            set("deadline", id, node, word(log, 3));
        } else if (topic == IDWSServiceProvisioning.DeploymentLive.selector) {
            (uint32 version, string memory url, uint64 paidUntil) = abi.decode(log.data, (uint32, string, uint64));
            set("deployed version", id, node, bytes32(uint256(version)));
            set("url", id, node, hashOf(url));
            set("paid until", id, node, bytes32(uint256(paidUntil)));
        } else if (topic == IDWSServiceProvisioning.HealthReported.selector) {
            set("unhealthy", id, node, asWord(amountAt(log, 0) == 0));
        } else if (topic == IDWSServiceProvisioning.DeploymentExtended.selector) {
            add("deposit", id, node, amountAt(log, 0));
            set("paid until", id, node, word(log, 1));
        } else if (topic == IDWSServiceProvisioning.DeploymentEnded.selector) {
            set("ended at", id, node, word(log, 0));
        } else if (topic == IDWSServiceProvisioning.DeploymentPaid.selector) {
            add("paid", id, node, amountAt(log, 0));
        } else if (topic == IDWSServiceProvisioning.DeploymentRefunded.selector) {
            add("refunded", id, node, amountAt(log, 0));
        } else {
            return false;
        }
        return true;
    }

    function actual(bytes32 what, bytes32 id, bytes32 other) internal view override returns (bytes32) {
        IDWSServiceProvisioning provisioning = IDWSServiceProvisioning(replayed);
        (uint32 version, IDWSServiceProvisioning.Definition memory definition) = provisioning.definitionOf(id);
        if (what == "version") return bytes32(uint256(version));
        if (what == "definition") return keccak256(abi.encode(definition));
        IDWSServiceProvisioning.Deployment memory deployment = provisioning.deployment(id, other);
        if (what == "escrow") return deployment.escrowId;
        if (what == "price") return bytes32(uint256(deployment.pricePerHour));
        if (what == "deposit") return bytes32(uint256(deployment.deposit));
        if (what == "deadline") return bytes32(uint256(deployment.deadline));
        if (what == "deployed version") return bytes32(uint256(deployment.version));
        if (what == "url") return hashOf(deployment.url);
        if (what == "paid until") return bytes32(uint256(deployment.paidUntil));
        if (what == "unhealthy") return asWord(deployment.unhealthySince != 0);
        if (what == "ended at") return bytes32(uint256(deployment.endedAt));
        return what == "paid" ? bytes32(uint256(deployment.paid)) : bytes32(uint256(deployment.refunded));
    }
}
