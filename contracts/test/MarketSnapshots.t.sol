// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeRental} from "../src/market/IComputeRental.sol";
import {IDAOFunding} from "../src/governance/IDAOFunding.sol";
import {IDWSServiceProvisioning} from "../src/dws/IDWSServiceProvisioning.sol";
import {ISequencerRegistry} from "../src/registry/ISequencerRegistry.sol";
import {GasSnapshots} from "./base/GasSnapshots.sol";

/// @title Gas of the main operations of rentals, deployments, funding, agents and sequencers, in the suite in use
contract MarketSnapshotsTest is GasSnapshots {
    function test_Snapshot_GasOfRentals() external {
        IComputeRental rentals = IComputeRental(memberOf("ComputeRental"));
        vm.startPrank(consumer);
        usd.approve(address(rentals), type(uint256).max);
        bytes32 second = rentals.rent(nodeId, "second", 2, PRICE, false, "access");
        _gas("ComputeRental_rent");
        rentals.extend(rentalId, 3);
        _gas("ComputeRental_extend");
        rentals.openDispute(rentalId, "too slow");
        _gas("ComputeRental_openDispute");
        vm.stopPrank();
        vm.prank(agent);
        rentals.confirm(second, "sealed");
        _gas("ComputeRental_confirm");
        passWithHeartbeats(nodeId, 10 minutes);
        vm.prank(consumer);
        rentals.close(second);
        _gas("ComputeRental_close");
        skipTime(1 hours);
        rentals.settle(second);
        _gas("ComputeRental_settle");
        vm.prank(consumer);
        rentals.rate(second, 4);
        _gas("ComputeRental_rate");
    }

    function test_Snapshot_GasOfDeployments() external {
        IDWSServiceProvisioning provisioning = IDWSServiceProvisioning(memberOf("DWSServiceProvisioning"));
        (, IDWSServiceProvisioning.Definition memory definition) = provisioning.definitionOf(serviceId);
        vm.startPrank(consumer);
        bytes32 second = provisioning.defineService(_space(consumer), "second", definition);
        _gas("DWSServiceProvisioning_defineService");
        provisioning.assign(second, nodeId, 24);
        _gas("DWSServiceProvisioning_assign");
        vm.stopPrank();
        vm.prank(agent);
        provisioning.reportLive(second, nodeId, 1, "https://node.example/api");
        _gas("DWSServiceProvisioning_reportLive");
        passWithHeartbeats(nodeId, 10 minutes);
        vm.prank(consumer);
        provisioning.end(second, nodeId);
        _gas("DWSServiceProvisioning_end");
        skipTime(7 days);
        provisioning.settle(second, nodeId);
        _gas("DWSServiceProvisioning_settle");
        provisioning.refund(second, nodeId);
        _gas("DWSServiceProvisioning_refund");
    }

    function test_Snapshot_GasOfFunding() external {
        IDAOFunding funding = IDAOFunding(memberOf("DAOFunding"));
        vm.startPrank(consumer);
        funding.stake(agentId, 107 ether);
        _gas("DAOFunding_stake");
        skipTime(10 days);
        funding.contribute(projectId, agentId, 1_000_003);
        _gas("DAOFunding_contribute");
        funding.startUnstake(agentId, 107 ether);
        _gas("DAOFunding_startUnstake");
        vm.stopPrank();
        uint64 epoch = funding.currentEpoch();
        skipTime(90 days);
        funding.closeEpoch();
        _gas("DAOFunding_closeEpoch");
        funding.claimEpoch(projectId, epoch);
        _gas("DAOFunding_claimEpoch");
        funding.withdraw(consumer);
        _gas("DAOFunding_withdraw");
        vm.prank(consumer);
        funding.withdrawStake(agentId);
        _gas("DAOFunding_withdrawStake");
    }

    function test_Snapshot_GasOfAgents() external {
        vm.startPrank(consumer);
        uint256 second = identity.register("ipfs://second");
        _gas("IdentityRegistry_register");
        identity.setMetadata(second, "model", "first");
        _gas("IdentityRegistry_setMetadata");
        identity.addTag(second, "compute");
        _gas("IdentityRegistry_addTag");
        identity.setEndpoint(second, "a2a", "https://agent.example/a2a");
        _gas("IdentityRegistry_setEndpoint");
        identity.stake(second, 503 ether);
        _gas("IdentityRegistry_stake");
        identity.startUnstake(second, 101 ether);
        _gas("IdentityRegistry_startUnstake");
        identity.transferFrom(consumer, operator, second);
        _gas("IdentityRegistry_transferFrom");
        vm.stopPrank();
    }

    function test_Snapshot_GasOfSequencers() external {
        ISequencerRegistry sequencers = ISequencerRegistry(memberOf("SequencerRegistry"));
        usd.mint(address(this), 10_007e6);
        usd.approve(address(sequencers), type(uint256).max);
        for (uint256 i = 0; i < 2; i++) {
            sequencers.depositRevenue(1_000_003);
            if (i == 1) _gas("SequencerRegistry_depositRevenue");
            skipTime(1 days);
            sequencers.closeEpoch();
            if (i == 1) _gas("SequencerRegistry_closeEpoch");
        }
        sequencers.payRevenue(stakingNodeId);
        _gas("SequencerRegistry_payRevenue");
        sequencers.payTreasury();
        _gas("SequencerRegistry_payTreasury");
        vm.prank(operator);
        sequencers.startExit(stakingNodeId);
        _gas("SequencerRegistry_startExit");
        skipTime(14 days);
        sequencers.completeExit(stakingNodeId);
        _gas("SequencerRegistry_completeExit");
    }

    function _gas(string memory name) private {
        gasOf("market", name);
    }
}
