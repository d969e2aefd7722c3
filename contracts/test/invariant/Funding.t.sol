// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {DAOFunding} from "../../src/governance/DAOFunding.sol";
import {IDAOFunding} from "../../src/governance/IDAOFunding.sol";
import {SequencerRegistry} from "../../src/registry/SequencerRegistry.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {Scene} from "../support/Scene.sol";
import {StakingLedger} from "../support/StakingLedger.sol";
import {PlainToken} from "../support/Tokens.sol";
import {Test} from "../base/Test.sol";

contract InvariantAgents is ERC721("Agents", "AGT") {
    function mint(address to, uint256 agentId) external {
        _mint(to, agentId);
    }
}

contract InvariantRecords {
    function ownerOf(bytes32 recordId) external pure returns (address) {
        return address(uint160(uint256(recordId)));
    }
}

/// @title Backers, projects and the passing of epochs
contract FundingHandler is Test {
    DAOFunding private _funding;
    bytes32[2] public projects;
    uint256 public constant AGENTS = 3;

    constructor(DAOFunding funding, bytes32 first, bytes32 second) {
        _funding = funding;
        projects = [first, second];
    }

    function backer(uint256 agentId) public pure returns (address) {
        return vm.addr(keyOf(string(abi.encode("backer", agentId))));
    }

    function pass(uint24 elapsed) external {
        skipTime(uint256(elapsed) + 1);
    }

    function stake(uint8 agent, uint64 amount) external {
        uint256 agentId = agent % AGENTS;
        vm.prank(backer(agentId));
        _funding.stake(agentId, uint128(amount) + 100e18);
    }

    function startUnstake(uint8 agent, uint96 amount) external {
        uint256 agentId = agent % AGENTS;
        uint128 staked = _funding.positionOf(agentId, backer(agentId)).amount;
        if (staked == 0) return;
        vm.prank(backer(agentId));
        _funding.startUnstake(agentId, uint128(1 + amount % staked));
    }

    function withdrawStake(uint8 agent) external {
        uint256 agentId = agent % AGENTS;
        IDAOFunding.Position memory position = _funding.positionOf(agentId, backer(agentId));
        if (position.leaving == 0 || vm.getBlockTimestamp() < position.leavesAt) return;
        vm.prank(backer(agentId));
        _funding.withdrawStake(agentId);
    }

    function contribute(uint8 agent, uint8 project, uint40 amount) external {
        uint256 agentId = agent % AGENTS;
        if (_funding.positionOf(agentId, backer(agentId)).amount < 100e18) return;
        vm.prank(backer(agentId));
        _funding.contribute(projects[project % 2], agentId, uint128(amount) + 1);
    }

    function fund(uint40 amount) external {
        vm.prank(backer(0));
        _funding.fundBudget(uint128(amount) + 1);
    }

    function closeEpoch() external {
        uint64 epoch = _funding.currentEpoch();
        if (vm.getBlockTimestamp() < _funding.epochInfo(epoch).from + 30 days) return;
        _funding.closeEpoch();
    }

    function claim(uint8 project, uint8 back) external {
        uint64 epoch = _funding.currentEpoch();
        if (epoch < 2) return;
        epoch = epoch - 1 - uint64(back % (epoch - 1));
        bytes32 projectId = projects[project % 2];
        (uint256 contributions,) = _funding.tallyOf(projectId, epoch);
        if (contributions == 0) return;
        try _funding.claimEpoch(projectId, epoch) {}
        catch (bytes memory reason) {
            require(bytes4(reason) == IDAOFunding.DAOFunding_AlreadyClaimed.selector);
        }
    }

    function rollOver(uint8 back) external {
        uint64 epoch = _funding.currentEpoch();
        if (epoch < 2) return;
        epoch = epoch - 1 - uint64(back % (epoch - 1));
        IDAOFunding.Epoch memory info = _funding.epochInfo(epoch);
        if (info.rolledOver || vm.getBlockTimestamp() < info.to + 90 days) return;
        _funding.rollOver(epoch);
    }

    function withdraw(uint8 project) external {
        address owner = _funding.projectOwner(projects[project % 2]);
        if (_funding.owedTo(owner) != 0) _funding.withdraw(owner);
    }
}

contract FundingInvariants is Scene {
    DAOFunding internal funding;
    FundingHandler internal handler;
    PlainToken internal jeju;
    PlainToken internal usd;

    function setUp() public {
        InvariantAgents agents = new InvariantAgents();
        InvariantRecords records = new InvariantRecords();
        jeju = new PlainToken(18);
        usd = new PlainToken(6);
        funding = DAOFunding(
            _proxy(
                address(new DAOFunding()),
                abi.encodeCall(DAOFunding.initialize, (admin, address(agents), address(jeju), address(usd)))
            )
        );
        vm.prank(admin);
        funding.setSource(address(records), true);
        vm.prank(alice);
        bytes32 first = funding.registerProject(address(records), bytes32(uint256(uint160(alice))));
        vm.prank(bob);
        bytes32 second = funding.registerProject(address(records), bytes32(uint256(uint160(bob))));
        handler = new FundingHandler(funding, first, second);
        for (uint256 i = 0; i < 3; i++) {
            address backer = handler.backer(i);
            agents.mint(backer, i);
            jeju.mint(backer, 1e30);
            usd.mint(backer, 1e24);
            vm.startPrank(backer);
            jeju.approve(address(funding), type(uint256).max);
            usd.approve(address(funding), type(uint256).max);
            vm.stopPrank();
        }
        targetContract(address(handler));
    }

    function invariant_Balances_AreExactlyWhatIsOwed() public view {
        (uint256 staked, uint256 money) = funding.liabilities();
        vm.assertEq(jeju.balanceOf(address(funding)), staked, "Invariant violation: stake");
        vm.assertEq(usd.balanceOf(address(funding)), money, "Invariant violation: money");
    }

    function invariant_Stake_IsTheSumOfThePositions() public view {
        uint256 sum;
        for (uint256 i = 0; i < 3; i++) {
            IDAOFunding.Position memory position = funding.positionOf(i, handler.backer(i));
            sum += position.amount + position.leaving;
        }
        (uint256 staked,) = funding.liabilities();
        vm.assertEq(staked, sum, "Invariant violation: positions");
    }

    function invariant_Matched_NeverExceedsTheBudget_AndWeightsAddUp() public view {
        for (uint64 epoch = 1; epoch <= funding.currentEpoch(); epoch++) {
            IDAOFunding.Epoch memory info = funding.epochInfo(epoch);
            vm.assertLe(info.matched, info.budget, "Invariant violation: matched above the budget");
            (, uint256 first) = funding.tallyOf(handler.projects(0), epoch);
            (, uint256 second) = funding.tallyOf(handler.projects(1), epoch);
            vm.assertEq(info.totalWeight, first + second, "Invariant violation: weights");
        }
    }
}

/// @title Sequencers that come and go while epochs pass
contract SequencerHandler is Test {
    SequencerRegistry private _registry;
    StakingLedger private _ledger;
    uint256 public constant NODES = 4;
    uint256 public deposited;

    constructor(SequencerRegistry registry, StakingLedger ledger, PlainToken usd) {
        _registry = registry;
        _ledger = ledger;
        usd.mint(address(this), 1e30);
        usd.approve(address(registry), type(uint256).max);
    }

    function node(uint256 index) public pure returns (bytes32) {
        return bytes32(index % NODES + 1);
    }

    function operator(uint256 index) public pure returns (address) {
        return vm.addr(keyOf(string(abi.encode("operator", index % NODES))));
    }

    function pass(uint24 elapsed) external {
        skipTime(uint256(elapsed) + 1);
    }

    function allocate(uint8 index, uint24 stake) external {
        (uint256 locked,) = (_ledger.allocationOf(node(index), "sequencer").locked, 0);
        uint128 amount = uint128(100_000e18 + uint256(stake) * 1e16);
        if (amount < locked) return;
        _ledger.allocate(node(index), "sequencer", amount);
    }

    function register(uint8 index) external {
        ISequencerRegistry.Status status = _registry.sequencer(node(index)).status;
        if (status != ISequencerRegistry.Status.Unknown && status != ISequencerRegistry.Status.Exited) return;
        if (_ledger.unbacked(node(index))) return;
        string memory key = string(abi.encode("key", index % NODES));
        address signer = vm.addr(keyOf(key));
        bytes memory proof = signatureOf(key, _registry.keyDigest(node(index), signer));
        vm.prank(operator(index));
        _registry.register(node(index), signer, proof);
    }

    function sync(uint8 index, bool unbacked) external {
        _ledger.setUnbacked(node(index), unbacked);
        if (_registry.sequencer(node(index)).status != ISequencerRegistry.Status.Active) return;
        _registry.syncWeight(node(index));
    }

    function exit(uint8 index) external {
        ISequencerRegistry.Sequencer memory sequencer = _registry.sequencer(node(index));
        if (sequencer.status == ISequencerRegistry.Status.Active) {
            vm.prank(operator(index));
            _registry.startExit(node(index));
        } else if (sequencer.status == ISequencerRegistry.Status.Exiting && vm.getBlockTimestamp() >= sequencer.exitsAt)
        {
            _registry.completeExit(node(index));
        }
    }

    function deposit(uint40 amount) external {
        deposited += uint256(amount) + 1;
        _registry.depositRevenue(uint256(amount) + 1);
    }

    function closeEpoch() external {
        (, uint64 startedAt,) = _registry.currentEpoch();
        if (vm.getBlockTimestamp() < startedAt + 1 days) return;
        _registry.closeEpoch();
    }

    function pay(uint8 index) external {
        if (_registry.unpaidRevenueOf(node(index)) != 0) _registry.payRevenue(node(index));
        if (_registry.unpaidTreasury() != 0) _registry.payTreasury();
    }
}

contract SequencerInvariants is Scene {
    SequencerRegistry internal registry;
    SequencerHandler internal handler;
    StakingLedger internal ledger;
    PlainToken internal usd;
    address internal treasury;

    function setUp() public {
        treasury = account("treasury");
        ledger = new StakingLedger();
        usd = new PlainToken(6);
        ledger.setRewardToken(usd);
        registry = SequencerRegistry(
            _proxy(
                address(new SequencerRegistry()),
                abi.encodeCall(
                    SequencerRegistry.initialize, (admin, address(ledger), address(ledger), address(usd), treasury)
                )
            )
        );
        handler = new SequencerHandler(registry, ledger, usd);
        for (uint256 i = 0; i < 4; i++) {
            ledger.set(handler.node(i), handler.operator(i), 2_000_000e18, 0);
            ledger.allocate(handler.node(i), "sequencer", 100_000e18);
        }
        targetContract(address(handler));
    }

    function invariant_Revenue_IsHeldUntilItIsPaid() public view {
        uint256 owed = registry.unpaidTreasury();
        for (uint256 i = 0; i < 4; i++) {
            owed += registry.unpaidRevenueOf(handler.node(i));
        }
        (,, uint256 running) = registry.currentEpoch();
        vm.assertLe(owed + running, usd.balanceOf(address(registry)), "Invariant violation: owes more than it holds");
        vm.assertEq(
            usd.balanceOf(address(registry)) + usd.balanceOf(address(ledger)) + usd.balanceOf(treasury),
            handler.deposited(),
            "Invariant violation: not conserved"
        );
    }

    function invariant_TotalWeight_IsTheSumOfWhatCounts() public view {
        uint256 sum;
        for (uint256 i = 0; i < 4; i++) {
            sum += registry.sequencer(handler.node(i)).weight;
        }
        vm.assertEq(registry.totalWeight(), sum, "Invariant violation: weights");
    }

    function invariant_Stake_IsLocked_UntilTheExitHasEnded() public view {
        for (uint256 i = 0; i < 4; i++) {
            ISequencerRegistry.Sequencer memory sequencer = registry.sequencer(handler.node(i));
            bool bound = sequencer.status != ISequencerRegistry.Status.Unknown
                && sequencer.status != ISequencerRegistry.Status.Exited;
            uint256 locked = ledger.allocationOf(handler.node(i), "sequencer").locked;
            vm.assertEq(locked, sequencer.locked, "Invariant violation: lock");
            if (bound) vm.assertGe(locked, 100_000e18, "Invariant violation: bound without stake");
        }
    }

    function invariant_OnDuty_IsOnlyAKnownSequencer() public view {
        (uint64 epoch,,) = registry.currentEpoch();
        bytes32 nodeId = registry.onDuty(epoch);
        if (nodeId == 0) return;
        vm.assertTrue(
            registry.sequencer(nodeId).status != ISequencerRegistry.Status.Unknown,
            "Invariant violation: a stranger on duty"
        );
    }
}
