// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Escrow of leases as lessors see it, for tests of one contract alone
/// @dev Answers as DWSBilling, which has the same rule: nothing leaves an escrow that did not come in.
contract BillingDesk {
    error EscrowExists(bytes32 leaseId);
    error EscrowTooLow(bytes32 leaseId, uint256 asked, uint256 held);

    IERC20 private immutable TOKEN;
    mapping(bytes32 => address) public consumers;
    mapping(bytes32 => uint256) public escrows;
    mapping(bytes32 => uint256) public paidToNode;
    mapping(address => uint256) public claimableOf;
    mapping(address => uint256) public creditsOf;
    bool public nodePaymentsFail;

    error NodePaymentsFail();

    constructor(IERC20 token) {
        TOKEN = token;
    }

    function setNodePaymentsFail(bool value) external {
        nodePaymentsFail = value;
    }

    function openEscrow(bytes32 leaseId, address consumer, uint256 amount) external {
        bytes32 key = keccak256(abi.encode(msg.sender, leaseId));
        if (consumers[key] != address(0)) revert EscrowExists(leaseId);
        consumers[key] = consumer;
        _fund(key, consumer, amount);
    }

    function fundEscrow(bytes32 leaseId, uint256 amount) external {
        bytes32 key = keccak256(abi.encode(msg.sender, leaseId));
        _fund(key, consumers[key], amount);
    }

    function payNode(bytes32 leaseId, bytes32 stakingNodeId, uint256 amount) external {
        if (nodePaymentsFail) revert NodePaymentsFail();
        _take(leaseId, amount);
        paidToNode[stakingNodeId] += amount;
    }

    function payAccount(bytes32 leaseId, address payee, uint256 amount) external {
        _take(leaseId, amount);
        claimableOf[payee] += amount;
    }

    function refundEscrow(bytes32 leaseId, uint256 amount) external {
        _take(leaseId, amount);
        creditsOf[consumers[keccak256(abi.encode(msg.sender, leaseId))]] += amount;
    }

    function escrow(address lessor, bytes32 leaseId) external view returns (IDWSBilling.Escrow memory found) {
        found.consumer = consumers[keccak256(abi.encode(lessor, leaseId))];
    }

    function paymentToken() external view returns (address) {
        return address(TOKEN);
    }

    function escrowBalance(address lessor, bytes32 leaseId) external view returns (uint256) {
        return escrows[keccak256(abi.encode(lessor, leaseId))];
    }

    function _fund(bytes32 key, address consumer, uint256 amount) private {
        escrows[key] += amount;
        require(TOKEN.transferFrom(consumer, address(this), amount));
    }

    function _take(bytes32 leaseId, uint256 amount) private {
        bytes32 key = keccak256(abi.encode(msg.sender, leaseId));
        if (amount > escrows[key]) revert EscrowTooLow(leaseId, amount, escrows[key]);
        escrows[key] -= amount;
    }
}
