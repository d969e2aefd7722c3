// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {IMultiServiceStakeManager} from "../../src/staking/IMultiServiceStakeManager.sol";

/// @title Stake of nodes as the contracts around it see it, for tests of one contract alone
/// @dev Answers as DelegatedNodeStaking and MultiServiceStakeManager; the tests over the whole suite use the real ones.
contract StakingLedger {
    struct Stake {
        address operator;
        uint256 own;
        uint256 delegated;
        uint256 frozen;
    }

    error AlreadyFrozen(bytes32 caseId);
    error NotFrozen(bytes32 caseId);
    error NotLocked(uint256 asked, uint256 locked);
    error TooFarAhead(uint64 until);

    mapping(bytes32 => Stake) public stakes;
    mapping(bytes32 => uint256) public caseFrozen;
    mapping(bytes32 => uint256) public caseUntil;
    mapping(address => uint256) public credit;
    mapping(bytes32 => mapping(bytes32 => IMultiServiceStakeManager.Allocation)) private _allocations;
    mapping(bytes32 => bool) public unbacked;
    address public constant TREASURY = address(0x7EA5);
    uint128 public minimum = 1000e18;
    mapping(bytes32 => uint256) public revenue;
    IERC20 public rewardToken;

    function setRewardToken(IERC20 token) external {
        rewardToken = token;
    }

    function distributeRevenue(bytes32 nodeId, uint256 gross) external {
        revenue[nodeId] += gross;
        require(rewardToken.transferFrom(msg.sender, address(this), gross));
    }

    function set(bytes32 nodeId, address operator, uint256 own, uint256 delegated) external {
        Stake storage stake = stakes[nodeId];
        (stake.operator, stake.own, stake.delegated) = (operator, own, delegated);
    }

    function setUnbacked(bytes32 nodeId, bool value) external {
        unbacked[nodeId] = value;
    }

    function allocate(bytes32 nodeId, bytes32 service, uint128 amount) external {
        _allocations[nodeId][service].amount = amount;
    }

    function leave(bytes32 nodeId, bytes32 service, uint128 amount) external {
        _allocations[nodeId][service].leaving = amount;
    }

    function lock(bytes32 nodeId, bytes32 service, uint128 amount) external {
        IMultiServiceStakeManager.Allocation storage allocation = _allocations[nodeId][service];
        uint128 free = allocation.amount - allocation.leaving - allocation.locked;
        if (amount > free) revert NotLocked(amount, free);
        allocation.locked += amount;
    }

    function release(bytes32 nodeId, bytes32 service, uint128 amount) external {
        uint128 locked = _allocations[nodeId][service].locked;
        if (amount > locked) revert NotLocked(amount, locked);
        _allocations[nodeId][service].locked = locked - amount;
    }

    function slash(bytes32 nodeId, bytes32, uint256 amount, address compensated, uint256 compensation)
        external
        returns (uint256 fromOwn, uint256 fromDelegated)
    {
        Stake storage stake = stakes[nodeId];
        fromOwn = amount < stake.own ? amount : stake.own;
        fromDelegated = amount - fromOwn < stake.delegated ? amount - fromOwn : stake.delegated;
        stake.own -= fromOwn;
        stake.delegated -= fromDelegated;
        uint256 paid = compensated == address(0) ? 0 : (compensation < fromOwn ? compensation : fromOwn);
        credit[compensated] += paid;
        credit[TREASURY] += fromOwn + fromDelegated - paid;
    }

    function freezeExit(bytes32 nodeId, bytes32 caseId, uint256 amount, uint64 until) external {
        if (caseUntil[caseId] != 0) revert AlreadyFrozen(caseId);
        if (until > block.timestamp + 14 days) revert TooFarAhead(until);
        caseFrozen[caseId] = amount;
        caseUntil[caseId] = until;
        stakes[nodeId].frozen += amount;
    }

    function unfreezeExit(bytes32 nodeId, bytes32 caseId) external {
        if (caseUntil[caseId] == 0 || caseFrozen[caseId] == 0) revert NotFrozen(caseId);
        stakes[nodeId].frozen -= caseFrozen[caseId];
        caseFrozen[caseId] = 0;
    }

    function setFrozen(bytes32 nodeId, uint256 amount) external {
        stakes[nodeId].frozen = amount;
    }

    function node(bytes32 nodeId) external view returns (IDelegatedNodeStaking.Node memory found) {
        found.operator = stakes[nodeId].operator;
        found.frozen = stakes[nodeId].frozen;
    }

    function operatorOf(bytes32 nodeId) external view returns (address) {
        return stakes[nodeId].operator;
    }

    function slashableStakeOf(bytes32 nodeId) external view returns (uint256) {
        return stakes[nodeId].own + stakes[nodeId].delegated;
    }

    function activeStakeOf(bytes32 nodeId) external view returns (uint256) {
        return stakes[nodeId].own + stakes[nodeId].delegated;
    }

    function allocationOf(bytes32 nodeId, bytes32 service)
        external
        view
        returns (IMultiServiceStakeManager.Allocation memory)
    {
        return _allocations[nodeId][service];
    }

    function serviceInfo(bytes32) external view returns (IMultiServiceStakeManager.Service memory) {
        return IMultiServiceStakeManager.Service({exists: true, minimumStake: minimum});
    }

    function isBacked(bytes32 nodeId) external view returns (bool) {
        return !unbacked[nodeId];
    }
}
