// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAutoSlasher} from "../../src/staking/IAutoSlasher.sol";
import {IExternalChainProvider} from "../../src/external/IExternalChainProvider.sol";
import {IMarketFacts} from "../../src/staking/IMarketFacts.sol";
import {WholeSuiteTest} from "../base/WholeSuiteTest.sol";

/// @title From a failure in the marketplace to slashed stake, over the whole suite: what its stories have in common
/// @notice Nothing here plays the part of a contract: facts, proposals and slashes are those of MarketFacts, AutoSlasher and DelegatedNodeStaking.
abstract contract StoryScene is WholeSuiteTest {
    /// @dev What one unit of the payment token is worth in stake when a dollar is one JEJU.
    uint256 internal constant DOLLAR_PER_JEJU = 1e12 * 1e18;
    /// @dev The dearest rate that governance may set.
    uint256 internal constant HIGHEST_RATE = 1e36;

    IAutoSlasher internal autoSlasher;
    IMarketFacts internal facts;
    /// @dev A node that is heard while others are silent.
    bytes32 internal witness;

    function setUp() public virtual override {
        super.setUp();
        autoSlasher = IAutoSlasher(memberOf("AutoSlasher"));
        facts = IMarketFacts(memberOf("MarketFacts"));
        witness = aProviderNode(aParty("operator of the witness", 2 * MINIMUM_STAKE, 0), agent, "witness");
    }

    /// @notice Time passes, and the witness is heard.
    function passHeard(uint256 elapsed) internal {
        beat(witness);
        passWithHeartbeats(witness, elapsed);
    }

    /// @notice What the staking contract holds of others than the witness.
    function heldStake() internal view returns (uint256) {
        return jeju.balanceOf(address(staking)) - staking.slashableStakeOf(registry.stakingNodeOf(witness));
    }

    /// @notice An account with tokens and the allowances of the flow.
    function aParty(string memory name, uint256 stakeTokens, uint256 dollars) internal returns (address who) {
        who = account(name);
        jeju.mint(who, stakeTokens);
        usd.mint(who, dollars);
        vm.startPrank(who);
        jeju.approve(address(staking), type(uint256).max);
        usd.approve(address(billing), type(uint256).max);
        vm.stopPrank();
    }

    function delegateAs(address who, bytes32 stakingNodeId, uint256 amount) internal {
        vm.prank(who);
        staking.delegate(stakingNodeId, amount);
    }

    function beat(bytes32 nodeId) internal {
        vm.prank(agent);
        registry.heartbeat(nodeId);
    }

    /// @notice An order that its node lets pass, and the fact of it.
    function neverReady(address who, bytes32 nodeId, bytes32 offerId, bytes32 salt) internal returns (bytes32 factId) {
        vm.prank(who);
        bytes32 orderId = provider.provisionNode(aRequest(offerId, KIND, salt));
        factId = letPass(orderId);
        beat(nodeId);
    }

    /// @notice An order that another node may take over.
    function automatic(bytes32 offerId, bytes32 salt) internal returns (bytes32) {
        IExternalChainProvider.OrderRequest memory request = aRequest(offerId, KIND, salt);
        request.failover = IExternalChainProvider.FailoverPolicy.Automatic;
        vm.prank(consumer);
        return provider.provisionNode(request);
    }

    /// @notice Its deadline passes, and the fact is recorded.
    function letPass(bytes32 orderId) internal returns (bytes32 factId) {
        passHeard(DEADLINE + 1);
        provider.expireNode(orderId);
        factId = facts.recordFailedLease(orderId, 0, witness);
    }

    /// @notice The first offence is forgiven, and starts the thirty days; from then on failures cost.
    function useGrace(bytes32 nodeId, bytes32 offerId) internal {
        bytes32 id = autoSlasher.propose(address(facts), neverReady(consumer, nodeId, offerId, "grace"));
        vm.assertTrue(autoSlasher.statusOf(id) == IAutoSlasher.Status.Forgiven);
        skipTime(30 days);
        beat(nodeId);
    }

    function setCompensationRate(uint256 rate) internal {
        vm.prank(admin);
        autoSlasher.setCompensationRate(rate);
    }

    /// @notice What a lease that was never served costs, in hundredths of a percent of the stake behind it.
    function setFailedLeasePenalty(uint16 bps) internal {
        IAutoSlasher.Penalties memory penalties = autoSlasher.penalties();
        penalties.failedLeaseBps = bps;
        vm.prank(admin);
        autoSlasher.setPenalties(penalties);
    }

    /// @notice Proposes the slash, lets the dispute window pass and executes.
    function slashFor(bytes32 factId) internal returns (uint256 fromOwn, uint256 fromDelegation) {
        bytes32 id = autoSlasher.propose(address(facts), factId);
        skipTime(3 days);
        return autoSlasher.execute(id);
    }
}
