// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDAOFunding} from "../../src/governance/IDAOFunding.sol";
import {LiveSuiteTest} from "./LiveSuiteTest.sol";

/// @title What belongs to somebody in the suite in use, as values that can be compared
/// @notice Tokens, credits, escrow, stake, allocations, roles, names, records, artifacts, states: each a view and its arguments.
abstract contract WatchedSuiteTest is LiveSuiteTest {
    /// @param isAmount a number that belongs to somebody, and that others may make greater
    struct Watch {
        string name;
        address target;
        bytes data;
        bool isAmount;
    }

    Watch[] internal _watches;

    function setUp() public virtual override {
        super.setUp();
        _watchEverything();
    }

    /// @dev Called from outside, so that its memory is given back.
    function valuesOfAll() external view returns (bytes32[] memory values) {
        values = new bytes32[](_watches.length);
        for (uint256 i = 0; i < values.length; i++) {
            (bool done, bytes memory returned) = _watches[i].target.staticcall(_watches[i].data);
            vm.assertTrue(done, _watches[i].name);
            values[i] = _watches[i].isAmount ? abi.decode(returned, (bytes32)) : keccak256(returned);
        }
    }

    function _watch(string memory name, address target, bytes memory data) private {
        _watches.push(Watch(name, target, data, false));
    }

    function _watchAmount(string memory name, address target, bytes memory data) private {
        _watches.push(Watch(name, target, data, true));
    }

    function _watch(string memory name, string memory signature, bytes32 id) private {
        _watch(string.concat(name, " ", signature), memberOf(name), abi.encodeWithSignature(signature, id));
    }

    function _watchEverything() private {
        _watchMoney();
        _watchStake();
        _watchLeases();
        _watchNames();
        _watchArtifacts();
        _watchGovernance();
    }

    function _watchMoney() private {
        address[7] memory owners = [operator, agent, consumer, delegator, admin, treasury, memberOf("Treasury")];
        string[7] memory labels = ["operator", "agent", "consumer", "delegator", "admin", "treasury", "Treasury"];
        for (uint256 i = 0; i < owners.length; i++) {
            _watchAmount(
                string.concat("dollars of ", labels[i]), address(usd), abi.encodeCall(usd.balanceOf, (owners[i]))
            );
            _watchAmount(
                string.concat("stake token of ", labels[i]), address(jeju), abi.encodeCall(jeju.balanceOf, (owners[i]))
            );
            _watchAmount(
                string.concat("credits of ", labels[i]),
                address(billing),
                abi.encodeCall(billing.creditsOf, (owners[i]))
            );
            _watchAmount(
                string.concat("claims of ", labels[i]),
                address(billing),
                abi.encodeCall(billing.claimableOf, (owners[i]))
            );
        }
        _watch(
            "allowance of consumer", address(usd), abi.encodeCall(usd.allowance, (consumer, memberOf("JNSRegistrar")))
        );
        _watch("escrow of the order", address(billing), abi.encodeCall(billing.escrow, (address(provider), orderId)));
        _watch(
            "escrow of the rental",
            address(billing),
            abi.encodeCall(billing.escrow, (memberOf("ComputeRental"), rentalId))
        );
        _watch(
            "escrow of the channel",
            address(billing),
            abi.encodeCall(billing.escrow, (memberOf("VPNRegistry"), channelId))
        );
        _watch(
            "escrow of the pin", address(billing), abi.encodeCall(billing.escrow, (memberOf("StorageManager"), pinId))
        );
    }

    function _watchStake() private {
        _watch("staking node", address(staking), abi.encodeCall(staking.node, (stakingNodeId)));
        _watch("operator's record", address(staking), abi.encodeCall(staking.operatorInfo, (operator)));
        _watchAmount("slashable stake", address(staking), abi.encodeCall(staking.slashableStakeOf, (stakingNodeId)));
        _watch("delegation", address(staking), abi.encodeCall(staking.delegationOf, (stakingNodeId, delegator)));
        _watch("unbonding", address(staking), abi.encodeCall(staking.unbondingRequestsOf, (stakingNodeId, delegator)));
        _watchAmount("rewards", address(staking), abi.encodeCall(staking.claimableRewardsOf, (operator)));
        _watchAmount("stake credit", address(staking), abi.encodeCall(staking.stakeCreditOf, (delegator)));
        string[4] memory services = ["external-chain", "rpc", "sequencer", "compute"];
        for (uint256 i = 0; i < services.length; i++) {
            _watch(
                string.concat("allocation to ", services[i]),
                address(ledger),
                abi.encodeCall(ledger.allocationOf, (stakingNodeId, bytes32(bytes(services[i]))))
            );
        }
        _watch("MultiServiceStakeManager", "totalLockedOf(bytes32)", stakingNodeId);
        _watch("NodeStakingManager", "enrolment(bytes32)", stakingNodeId);
        _watchAmount("reward pool", memberOf("NodeStakingManager"), abi.encodeWithSignature("pool()"));
        _watch("SequencerRegistry", "sequencer(bytes32)", stakingNodeId);
        _watch("SequencerRegistry", "totalWeight()", 0);
    }

    function _watchLeases() private {
        _watch("DWSProviderRegistry", "node(bytes32)", nodeId);
        _watch("DWSProviderRegistry", "servicesOf(bytes32)", nodeId);
        _watch("ExternalChainProvider", "offer(bytes32)", offerId);
        _watch("ExternalChainProvider", "order(bytes32)", orderId);
        _watch("ExternalChainProvider", "stateOf(bytes32)", orderId);
        _watch("ExternalChainProvider", "endpointOf(bytes32)", orderId);
        _watch("ExternalChainProvider", "order(bytes32)", pendingId);
        _watch("ComputeRegistry", "capabilityOf(bytes32)", nodeId);
        _watch("ComputeRegistry", "slotsOf(bytes32)", nodeId);
        _watch("ComputeRental", "rental(bytes32)", rentalId);
        _watch("ComputeRental", "stateOf(bytes32)", rentalId);
        _watch("ComputeRental", "disputeOf(bytes32)", rentalId);
        _watch("ComputeRental", "ratingsOf(bytes32)", nodeId);
        _watch("VPNRegistry", "channel(bytes32)", channelId);
        _watch("VPNRegistry", "listing(bytes32)", nodeId);
        _watch("ProxyRegistry", "listing(bytes32)", nodeId);
        _watch("CDNRegistry", "listing(bytes32)", nodeId);
        _watch("StorageManager", "upload(bytes32)", uploadId);
        _watch("StorageManager", "pinInfo(bytes32)", pinId);
        _watch("StorageManager", "priceOf(bytes32)", nodeId);
        _watch("WorkerRegistry", "worker(bytes32)", workerId);
        _watch("WorkerRegistry", "endpointsOf(bytes32)", workerId);
        _watch("ServiceRegistry", "serviceOwner(bytes32)", listingId);
        _watch("ServiceRegistry", "listing(bytes32)", listingId);
        _watch("DWSServiceProvisioning", "definitionOf(bytes32)", serviceId);
        _watch("DWSServiceProvisioning", "endpointsOf(bytes32)", serviceId);
        _watch(
            "deployment",
            memberOf("DWSServiceProvisioning"),
            abi.encodeWithSignature("deployment(bytes32,bytes32)", serviceId, nodeId)
        );
    }

    function _watchNames() private {
        _watch("JNSRegistry", "owner(bytes32)", nameNode);
        _watch("JNSRegistry", "resolver(bytes32)", nameNode);
        _watch("JNSRegistry", "owner(bytes32)", keccak256(abi.encodePacked(bytes32(0), PARENT_LABEL)));
        _watch("JNSRegistry", "owner(bytes32)", 0);
        _watch("JNSResolver", "addr(bytes32)", nameNode);
        _watch("JNSResolver", "service(bytes32)", nameNode);
        _watch("JNSRegistrar", "ownerOf(uint256)", bytes32(nameToken));
        _watch("JNSRegistrar", "getApproved(uint256)", bytes32(nameToken));
        _watch("JNSRegistrar", "prices()", 0);
        _watch("IdentityRegistry", "ownerOf(uint256)", bytes32(agentId));
        _watch("IdentityRegistry", "tokenURI(uint256)", bytes32(agentId));
        _watch("IdentityRegistry", "getAgentWallet(uint256)", bytes32(agentId));
        _watch("IdentityRegistry", "stakeOf(uint256)", bytes32(agentId));
        _watch("IdentityRegistry", "tagsOf(uint256)", bytes32(agentId));
        _watch("IdentityRegistry", "endpointsOf(uint256)", bytes32(agentId));
    }

    function _watchArtifacts() private {
        _watch("RepoRegistry", "repo(bytes32)", repoId);
        _watch(
            "head",
            memberOf("RepoRegistry"),
            abi.encodeWithSignature("headOf(bytes32,bytes32)", repoId, bytes32("main"))
        );
        _watch(
            "stranger's role",
            memberOf("RepoRegistry"),
            abi.encodeWithSignature("roleOf(bytes32,address)", repoId, stranger)
        );
        _watch("PackageRegistry", "versionCount(bytes32)", packageId);
        _watch(
            "version",
            memberOf("PackageRegistry"),
            abi.encodeWithSignature("versionOf(bytes32,string)", packageId, "1.0.0")
        );
        _watch(
            "maintainer",
            memberOf("PackageRegistry"),
            abi.encodeWithSignature("isMaintainer(bytes32,address)", packageId, stranger)
        );
        _watch(
            "tag",
            memberOf("ContainerRegistry"),
            abi.encodeWithSignature("tagOf(bytes32,string)", repositoryId, "latest")
        );
        _watch(
            "pusher",
            memberOf("ContainerRegistry"),
            abi.encodeWithSignature("mayPush(bytes32,address)", repositoryId, stranger)
        );
    }

    function _watchGovernance() private {
        IDAOFunding funding = IDAOFunding(memberOf("DAOFunding"));
        _watch("agent's stake", address(funding), abi.encodeCall(funding.positionOf, (agentId, consumer)));
        _watch("DAOFunding", "project(bytes32)", projectId);
        _watch("DAOFunding", "isSource(address)", _space(memberOf("RepoRegistry")));
        _watch("treasury's bucket", memberOf("Treasury"), abi.encodeWithSignature("limitOf(address)", address(usd)));
        _watch("Treasury", "currentSplit()", 0);
        _watch("AutoSlasher", "isSource(address)", _space(memberOf("MarketFacts")));
        for (uint256 i = 0; i < members.length; i++) {
            address target = memberOf(members[i]);
            _watch(
                string.concat("end of upgrades of ", members[i]), target, abi.encodeWithSignature("upgradesDisabled()")
            );
            _watch(
                string.concat("administrator of ", members[i]),
                target,
                abi.encodeWithSignature("hasRole(bytes32,address)", bytes32(0), admin)
            );
            _watch(
                string.concat("stranger as administrator of ", members[i]),
                target,
                abi.encodeWithSignature("hasRole(bytes32,address)", bytes32(0), stranger)
            );
        }
    }
}
