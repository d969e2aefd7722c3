// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AutoSlasher} from "../../src/staking/AutoSlasher.sol";
import {IAutoSlasher} from "../../src/staking/IAutoSlasher.sol";
import {IFactSource} from "../../src/staking/IFactSource.sol";
import {Scene} from "../support/Scene.sol";
import {StakingLedger} from "../support/StakingLedger.sol";

/// @title A source that says what it is told
contract FactBook is IFactSource {
    error NoFact(bytes32 factId);

    mapping(bytes32 => Fact) private _facts;

    function write(bytes32 factId, Fact calldata fact) external {
        _facts[factId] = fact;
    }

    function factOf(bytes32 factId) external view returns (Fact memory fact) {
        fact = _facts[factId];
        if (fact.provenAt == 0) revert NoFact(factId);
    }
}

/// @title A slasher with a source that says what it is told
abstract contract AutoSlasherScene is Scene {
    AutoSlasher internal slasher;
    StakingLedger internal ledger;
    FactBook internal facts;
    address internal operator;
    address internal arbiter;
    address internal oracle;

    bytes32 internal constant NODE = "node";
    bytes32 internal constant COMPUTE = "compute";

    function setUp() public virtual {
        operator = account("operator");
        arbiter = account("arbiter");
        oracle = account("oracle");
        ledger = new StakingLedger();
        facts = new FactBook();
        slasher = AutoSlasher(
            _proxy(
                address(new AutoSlasher()),
                abi.encodeCall(AutoSlasher.initialize, (admin, address(ledger), address(ledger)))
            )
        );
        vm.startPrank(admin);
        slasher.grantRole(slasher.ORACLE_ROLE(), oracle);
        slasher.grantRole(slasher.ARBITER_ROLE(), arbiter);
        slasher.grantRole(slasher.PAUSER_ROLE(), guardian);
        slasher.setSource(address(facts), true);
        slasher.setCompensationRate(1e12 * 1e18); // one dollar (1e6) is worth one stake coin (1e18)
        vm.stopPrank();
        ledger.set(NODE, operator, 1000e18, 9000e18);
        ledger.allocate(NODE, COMPUTE, 4000e18);
    }

    function _fact(IFactSource.Offence offence, uint64 period) internal view returns (IFactSource.Fact memory fact) {
        fact.nodeId = NODE;
        fact.offence = offence;
        fact.objective = true;
        fact.period = period;
        fact.provenAt = uint64(_now());
    }

    function _propose(IFactSource.Fact memory fact, bytes32 factId) internal returns (bytes32) {
        facts.write(factId, fact);
        vm.prank(stranger);
        return slasher.propose(address(facts), factId);
    }

    // Spends the grace, so that later offences cost.
    function _useGrace() internal {
        _propose(_fact(IFactSource.Offence.MissedHeartbeats, 1), "grace");
        _skip(30 days);
    }

    function _proposeLease(address harmed, uint256 price) internal returns (bytes32) {
        IFactSource.Fact memory fact = _fact(IFactSource.Offence.FailedLease, 7);
        fact.harmed = harmed;
        fact.price = price;
        return _propose(fact, keccak256(abi.encode("lease", harmed)));
    }

    function _status(bytes32 proposalId) internal view returns (uint256) {
        return uint256(slasher.statusOf(proposalId));
    }

    function _expectStatus(bytes32 proposalId, IAutoSlasher.Status status) internal view {
        assertEq(_status(proposalId), uint256(status), "status");
    }

    function _reportUptime(uint16 uptimeBps) internal returns (bytes32) {
        uint256 month = _now() / 30 days;
        vm.warp((month + 1) * 30 days + 1 hours);
        vm.prank(oracle);
        return slasher.reportUptime(NODE, bytes32(0), uint64(month), uptimeBps);
    }
}
