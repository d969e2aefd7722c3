// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {IDWSServiceProvisioning} from "../../src/dws/IDWSServiceProvisioning.sol";
import {LiveSuiteTest} from "../base/LiveSuiteTest.sol";

/// @title Governance changes from when on a node is late, and with it what past seconds are worth
/// @notice An open gap is measured from the last heartbeat by the timeout of the moment, so the change reaches back to it. Money must come out all the same.
contract ChangedTimeoutTest is LiveSuiteTest {
    IComputeRental private rentals;
    IDWSServiceProvisioning private provisioning;

    function setUp() public override {
        super.setUp();
        rentals = IComputeRental(memberOf("ComputeRental"));
        provisioning = IDWSServiceProvisioning(memberOf("DWSServiceProvisioning"));
        vm.prank(agent);
        provisioning.reportLive(serviceId, nodeId, 1, "https://node");
    }

    function _setTimeout(uint32 timeout) private {
        IDWSProviderRegistry.Parameters memory parameters = registry.parameters();
        parameters.heartbeatTimeout = timeout;
        vm.prank(admin);
        registry.setParameters(parameters);
    }

    function _expectEmptyEscrows() private view {
        bytes32 escrowId = provisioning.deployment(serviceId, nodeId).escrowId;
        vm.assertEq(billing.escrowBalance(address(rentals), rentalId), 0, "rental");
        vm.assertEq(billing.escrowBalance(address(provisioning), escrowId), 0, "deployment");
        vm.assertTrue(rentals.stateOf(rentalId) == IComputeRental.State.Settled);
    }

    function _settle() private {
        (uint256 payableNow,) = rentals.settleable(rentalId);
        if (payableNow != 0) rentals.settle(rentalId);
        (payableNow,) = provisioning.settleable(serviceId, nodeId);
        if (payableNow != 0) provisioning.settle(serviceId, nodeId);
    }

    // Refunded as late, then not late any more: no more is paid than is left.
    function test_RaisedTimeout_AfterTheRefund_PaysWhatIsLeft_AndStrandsNothing() external {
        skipTime(10 hours);
        vm.startPrank(consumer);
        rentals.close(rentalId);
        provisioning.end(serviceId, nodeId);
        vm.stopPrank();
        rentals.refund(rentalId);
        provisioning.refund(serviceId, nodeId);
        _setTimeout(5 hours);
        skipTime(1 hours);
        _settle();
        _expectEmptyEscrows();
        (uint256 payableNow, uint256 refundable) = rentals.settleable(rentalId);
        vm.assertEq(payableNow + refundable, 0);
    }

    // Begun while late: what counted as late before it began counts no more.
    function test_RaisedTimeout_AfterABeginInAGap_StrandsNothing() external {
        skipTime(HEARTBEAT_TIMEOUT);
        vm.prank(consumer);
        rentalId = rentals.rent(nodeId, "in a gap", 24, PRICE, false, "access");
        skipTime(10 minutes);
        vm.prank(agent);
        rentals.confirm(rentalId, "sealed");
        _setTimeout(1 days);
        skipTime(2 hours);
        vm.prank(agent);
        registry.heartbeat(nodeId);
        vm.prank(consumer);
        rentals.close(rentalId);
        rentals.refund(rentalId);
        skipTime(1 hours);
        rentals.settle(rentalId);
        vm.assertEq(rentals.rental(rentalId).paid, uint256(PRICE) * 2, "two hours");
        vm.assertEq(billing.escrowBalance(address(rentals), rentalId), 0);
    }

    function test_LoweredTimeout_AfterAPayment_TakesNothingBack() external {
        _setTimeout(7 days);
        skipTime(10 hours);
        _settle();
        _setTimeout(HEARTBEAT_TIMEOUT);
        vm.startPrank(consumer);
        rentals.close(rentalId);
        provisioning.end(serviceId, nodeId);
        vm.stopPrank();
        rentals.refund(rentalId);
        provisioning.refund(serviceId, nodeId);
        _expectEmptyEscrows();
    }
}
