// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ContainerRegistry} from "../../src/artifacts/ContainerRegistry.sol";
import {PackageRegistry} from "../../src/artifacts/PackageRegistry.sol";
import {RepoRegistry} from "../../src/artifacts/RepoRegistry.sol";
import {DWSServiceProvisioning} from "../../src/dws/DWSServiceProvisioning.sol";
import {VoucherChannels} from "../../src/dws/VoucherChannels.sol";
import {WorkerRegistry} from "../../src/dws/WorkerRegistry.sol";
import {DAOFunding} from "../../src/governance/DAOFunding.sol";
import {Treasury} from "../../src/governance/Treasury.sol";
import {ComputeRental} from "../../src/market/ComputeRental.sol";
import {LiquidityRouter} from "../../src/market/LiquidityRouter.sol";
import {ServiceRegistry} from "../../src/market/ServiceRegistry.sol";
import {JNSRegistrar} from "../../src/naming/JNSRegistrar.sol";
import {Namespaces} from "../../src/naming/Namespaces.sol";
import {CDNRegistry} from "../../src/registry/CDNRegistry.sol";
import {ComputeRegistry} from "../../src/registry/ComputeRegistry.sol";
import {SequencerRegistry} from "../../src/registry/SequencerRegistry.sol";
import {ServiceNodes} from "../../src/registry/ServiceNodes.sol";
import {StorageManager} from "../../src/registry/StorageManager.sol";
import {AutoSlasher} from "../../src/staking/AutoSlasher.sol";
import {MarketFacts} from "../../src/staking/MarketFacts.sol";
import {NodeStakingManager} from "../../src/staking/NodeStakingManager.sol";

// As in Layouts.sol: each ERC-7201 struct is a variable here, so that the compiler tells its layout.

abstract contract AutoSlasherLayout is AutoSlasher {
    AutoSlasherStorage internal layout;
}

abstract contract MarketFactsLayout is MarketFacts {
    MarketFactsStorage internal layout;
}

abstract contract NodeStakingManagerLayout is NodeStakingManager {
    NodeStakingManagerStorage internal layout;
}

abstract contract SequencerRegistryLayout is SequencerRegistry {
    SequencerRegistryStorage internal layout;
}

abstract contract ComputeRegistryLayout is ComputeRegistry {
    ComputeRegistryStorage internal layout;
}

abstract contract StorageManagerLayout is StorageManager {
    StorageManagerStorage internal layout;
}

abstract contract ServiceNodesLayout is ServiceNodes {
    ServiceNodesStorage internal layout;
}

abstract contract CDNRegistryLayout is CDNRegistry {
    CDNRegistryStorage internal layout;
}

abstract contract VoucherChannelsLayout is VoucherChannels {
    VoucherChannelsStorage internal layout;
}

abstract contract WorkerRegistryLayout is WorkerRegistry {
    WorkerRegistryStorage internal layout;
}

abstract contract DWSServiceProvisioningLayout is DWSServiceProvisioning {
    DWSServiceProvisioningStorage internal layout;
}

abstract contract ComputeRentalLayout is ComputeRental {
    ComputeRentalStorage internal layout;
}

abstract contract ServiceRegistryLayout is ServiceRegistry {
    ServiceRegistryStorage internal layout;
}

abstract contract LiquidityRouterLayout is LiquidityRouter {
    LiquidityRouterStorage internal layout;
}

abstract contract TreasuryLayout is Treasury {
    TreasuryStorage internal layout;
}

abstract contract DAOFundingLayout is DAOFunding {
    DAOFundingStorage internal layout;
}

abstract contract JNSRegistrarLayout is JNSRegistrar {
    JNSRegistrarStorage internal layout;
}

abstract contract NamespacesLayout is Namespaces {
    NamespacesStorage internal layout;
}

abstract contract RepoRegistryLayout is RepoRegistry {
    RepoRegistryStorage internal layout;
}

abstract contract PackageRegistryLayout is PackageRegistry {
    PackageRegistryStorage internal layout;
}

abstract contract ContainerRegistryLayout is ContainerRegistry {
    ContainerRegistryStorage internal layout;
}
