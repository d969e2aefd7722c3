// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ICDNRegistry} from "../../src/registry/ICDNRegistry.sol";
import {IComputeRental} from "../../src/market/IComputeRental.sol";
import {IContainerRegistry} from "../../src/artifacts/IContainerRegistry.sol";
import {IDAOFunding} from "../../src/governance/IDAOFunding.sol";
import {IDWSBilling} from "../../src/dws/IDWSBilling.sol";
import {IDWSProviderRegistry} from "../../src/dws/IDWSProviderRegistry.sol";
import {IDelegatedNodeStaking} from "../../src/staking/IDelegatedNodeStaking.sol";
import {IAutoSlasher} from "../../src/staking/IAutoSlasher.sol";
import {IGoverned} from "../../src/governance/IGoverned.sol";
import {IIdentityRegistry} from "../../src/registry/IIdentityRegistry.sol";
import {IJNSRegistrar} from "../../src/naming/IJNSRegistrar.sol";
import {ILiquidityRouter} from "../../src/market/ILiquidityRouter.sol";
import {IMultiServiceStakeManager} from "../../src/staking/IMultiServiceStakeManager.sol";
import {IPackageRegistry} from "../../src/artifacts/IPackageRegistry.sol";
import {IRepoRegistry} from "../../src/artifacts/IRepoRegistry.sol";
import {ISequencerRegistry} from "../../src/registry/ISequencerRegistry.sol";
import {ITreasury} from "../../src/governance/ITreasury.sol";
import {IVoucherChannels} from "../../src/dws/IVoucherChannels.sol";
import {RefusingSuiteTest} from "../base/RefusingSuiteTest.sol";

/// @title Nobody is named as nobody, and nothing is moved as nothing
/// @notice Where zero means something (no verifier, no beneficiary, no registry) it is taken; everywhere else it is a mistake, and says so.
contract ZeroesTest is RefusingSuiteTest {
    function setUp() public override {
        super.setUp();
        vm.startPrank(admin);
        _grant("Treasury", "SPENDER_ROLE", admin);
        billing.grantRole(billing.LESSOR_ROLE(), admin);
        ledger.grantRole(ledger.LOCKER_ROLE(), admin);
        vm.stopPrank();
    }

    function test_ZeroAddress_IsRefusedByEverySetter_OfTheAdministration() external {
        (caller, reason) = (admin, IGoverned.Governed_ZeroAddress.selector);
        address one = address(this);
        _refuses(address(staking), abi.encodeCall(IDelegatedNodeStaking.setWiring, (address(0), one)));
        _refuses(address(staking), abi.encodeCall(IDelegatedNodeStaking.setWiring, (one, address(0))));
        _refuses(address(billing), abi.encodeCall(IDWSBilling.setWiring, (address(0), one)));
        _refuses(address(billing), abi.encodeCall(IDWSBilling.setWiring, (one, address(0))));
        _refuses(memberOf("ComputeRental"), abi.encodeCall(IComputeRental.setWiring, (address(0), one)));
        _refuses(memberOf("ComputeRental"), abi.encodeCall(IComputeRental.setWiring, (one, address(0))));
        _refuses(memberOf("AutoSlasher"), abi.encodeCall(IAutoSlasher.setSource, (address(0), true)));
        _refuses(memberOf("DAOFunding"), abi.encodeCall(IDAOFunding.setSource, (address(0), true)));
        _refuses(memberOf("WorkerRegistry"), abi.encodeCall(IVoucherChannels.setBilling, (address(0))));
        _refuses(memberOf("VPNRegistry"), abi.encodeCall(IVoucherChannels.setBilling, (address(0))));
        _refuses(memberOf("CDNRegistry"), abi.encodeCall(ICDNRegistry.setNames, (address(0))));
        _refuses(address(resolver), abi.encodeWithSignature("setProvider(address,bool)", address(0), true));
        _refuses(address(provider), abi.encodeCall(offers.setWatcher, (address(0), true)));
        _refuses(
            memberOf("Treasury"),
            abi.encodeCall(ITreasury.spend, (address(usd), ITreasury.Bucket.Protocol, address(0), 1, "nobody"))
        );
        _refuses(address(billing), abi.encodeCall(IDWSBilling.openEscrow, ("lease", address(0), 1)));
        vm.assertEq(refused, 15);
    }

    function test_ZeroAddress_IsRefusedWhereAnAccountIsNamed() external {
        (caller, reason) = (consumer, IGoverned.Governed_ZeroAddress.selector);
        _refuses(
            memberOf("ContainerRegistry"),
            abi.encodeCall(IContainerRegistry.setPusher, (repositoryId, address(0), true))
        );
        _refuses(
            memberOf("ContainerRegistry"),
            abi.encodeCall(IContainerRegistry.setSigner, (repositoryId, address(0), true))
        );
        _refuses(
            memberOf("PackageRegistry"), abi.encodeCall(IPackageRegistry.setMaintainer, (packageId, address(0), true))
        );
        _refuses(
            memberOf("RepoRegistry"),
            abi.encodeCall(IRepoRegistry.setCollaborator, (repoId, address(0), IRepoRegistry.Role.Writer))
        );
        _refuses(memberOf("JNSRegistrar"), abi.encodeCall(IJNSRegistrar.reclaim, (nameToken, address(0))));
        _refuses(
            address(identity),
            abi.encodeCall(IIdentityRegistry.setAgentWallet, (agentId, address(0), block.timestamp + 60, ""))
        );
        _refuses(address(billing), abi.encodeCall(IDWSBilling.deposit, (address(0), 1)));
        IJNSRegistrar registrar = IJNSRegistrar(memberOf("JNSRegistrar"));
        IJNSRegistrar.Registration memory wish =
            IJNSRegistrar.Registration("nobody", address(0), 365 days, address(resolver), "secret");
        registrar.commit(registrar.commitmentOf(wish));
        skipTime(60);
        _refuses(address(registrar), abi.encodeCall(IJNSRegistrar.register, (wish, 5e6)));
        caller = operator;
        _refuses(address(registry), abi.encodeCall(IDWSProviderRegistry.setAgent, (nodeId, address(0))));
        IDWSProviderRegistry.Registration memory registration;
        registration.salt = "another";
        registration.stakingNodeId = stakingNodeId;
        registration.region = REGION;
        _refuses(address(registry), abi.encodeCall(IDWSProviderRegistry.registerNode, (registration)));
        vm.assertEq(refused, 10);
    }

    function test_NothingIsPaidIn_OrOut() external {
        (caller, reason) = (consumer, IDWSBilling.DWSBilling_ZeroAmount.selector);
        _refuses(address(billing), abi.encodeCall(IDWSBilling.deposit, (consumer, 0)));
        _refuses(
            address(billing),
            abi.encodeCall(IDWSBilling.depositWithAuthorization, (consumer, 0, 0, type(uint256).max, "salt", ""))
        );
        _refuses(address(billing), abi.encodeCall(IDWSBilling.withdraw, (0)));
        _refuses(address(billing), abi.encodeCall(IDWSBilling.setPlan, ("plan", 0, 1 days, true)));
        caller = admin;
        _refuses(address(billing), abi.encodeCall(IDWSBilling.openEscrow, ("lease", consumer, 0)));
        _refuses(address(billing), abi.encodeCall(IDWSBilling.fundEscrow, ("lease", 0)));

        (caller, reason) = (consumer, IDAOFunding.DAOFunding_ZeroAmount.selector);
        address funding = memberOf("DAOFunding");
        _refuses(funding, abi.encodeCall(IDAOFunding.stake, (agentId, 0)));
        _refuses(funding, abi.encodeCall(IDAOFunding.startUnstake, (agentId, 0)));
        _refuses(funding, abi.encodeCall(IDAOFunding.contribute, (projectId, agentId, 0)));
        _refuses(funding, abi.encodeCall(IDAOFunding.fundBudget, (0)));

        reason = IIdentityRegistry.IdentityRegistry_ZeroAmount.selector;
        _refuses(address(identity), abi.encodeCall(IIdentityRegistry.stake, (agentId, 0)));
        _refuses(address(identity), abi.encodeCall(IIdentityRegistry.startUnstake, (agentId, 0)));

        reason = IVoucherChannels.VoucherChannels_ZeroAmount.selector;
        _refuses(memberOf("VPNRegistry"), abi.encodeCall(IVoucherChannels.openChannel, (nodeId, "empty", 0)));
        _refuses(memberOf("VPNRegistry"), abi.encodeCall(IVoucherChannels.topUp, (channelId, 0)));

        reason = ISequencerRegistry.SequencerRegistry_ZeroAmount.selector;
        _refuses(memberOf("SequencerRegistry"), abi.encodeCall(ISequencerRegistry.depositRevenue, (0)));

        reason = ITreasury.Treasury_ZeroAmount.selector;
        _refuses(memberOf("Treasury"), abi.encodeCall(ITreasury.deposit, (address(usd), 0)));
        caller = admin;
        _refuses(
            memberOf("Treasury"),
            abi.encodeCall(ITreasury.spend, (address(usd), ITreasury.Bucket.Protocol, consumer, 0, "nothing"))
        );
        vm.assertEq(refused, 17);
    }

    function test_NothingIsStaked_Allocated_OrRouted() external {
        (caller, reason) = (operator, IDelegatedNodeStaking.DelegatedNodeStaking_AmountTooSmall.selector);
        _refuses(address(staking), abi.encodeCall(IDelegatedNodeStaking.stake, (stakingNodeId, 0)), abi.encode(0, 1));
        _refuses(address(staking), abi.encodeCall(IDelegatedNodeStaking.unstake, (stakingNodeId, 0)), abi.encode(0, 1));
        caller = delegator;
        _refuses(
            address(staking), abi.encodeCall(IDelegatedNodeStaking.undelegate, (stakingNodeId, 0)), abi.encode(0, 1)
        );

        (caller, reason) = (operator, IMultiServiceStakeManager.MultiServiceStakeManager_ZeroAmount.selector);
        _refuses(address(ledger), abi.encodeCall(IMultiServiceStakeManager.allocate, (stakingNodeId, "compute", 0)));
        _refuses(address(ledger), abi.encodeCall(IMultiServiceStakeManager.deallocate, (stakingNodeId, "compute", 0)));
        caller = admin;
        _refuses(address(ledger), abi.encodeCall(IMultiServiceStakeManager.lock, (stakingNodeId, "compute", 0)));

        (caller, reason) = (delegator, ILiquidityRouter.LiquidityRouter_ZeroAmount.selector);
        _refuses(memberOf("LiquidityRouter"), abi.encodeCall(ILiquidityRouter.deposit, (1, 0, new uint256[](1))));
        _refuses(memberOf("LiquidityRouter"), abi.encodeCall(ILiquidityRouter.redeem, (address(this), 0, 0)));
        vm.assertEq(refused, 8);
    }
}
