// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DWSBilling} from "../../src/dws/DWSBilling.sol";
import {DWSProviderRegistry} from "../../src/dws/DWSProviderRegistry.sol";
import {ExternalChainProvider} from "../../src/external/ExternalChainProvider.sol";
import {GovernedState} from "../../src/governance/GovernedState.sol";
import {UpgradeSwitch} from "../../src/governance/UpgradeSwitch.sol";
import {JNSRegistry} from "../../src/naming/JNSRegistry.sol";
import {JNSResolver} from "../../src/naming/JNSResolver.sol";
import {AgentProfiles} from "../../src/registry/AgentProfiles.sol";
import {AgentStakes} from "../../src/registry/AgentStakes.sol";
import {IdentityRegistry} from "../../src/registry/IdentityRegistry.sol";
import {DelegatedNodeStaking} from "../../src/staking/DelegatedNodeStaking.sol";
import {MultiServiceStakeManager} from "../../src/staking/MultiServiceStakeManager.sol";
import {TestUsd} from "../../src/token/TestUsd.sol";

// The compiler tells the layout of state variables, not of ERC-7201 structs. Here each struct is a variable, so that its layout is told.

abstract contract GovernedLayout is GovernedState {
    GovernedStorage internal layout;
}

abstract contract UpgradeSwitchLayout is UpgradeSwitch {
    UpgradeSwitchStorage internal layout;
}

abstract contract TestUsdLayout is TestUsd {
    TestUsdStorage internal layout;
}

abstract contract IdentityRegistryLayout is IdentityRegistry {
    IdentityStorage internal layout;
}

abstract contract AgentProfilesLayout is AgentProfiles {
    AgentProfilesStorage internal layout;
}

abstract contract AgentStakesLayout is AgentStakes {
    AgentStakesStorage internal layout;
}

abstract contract DelegatedNodeStakingLayout is DelegatedNodeStaking {
    StakingStorage internal layout;
}

abstract contract MultiServiceStakeManagerLayout is MultiServiceStakeManager {
    StakeManagerStorage internal layout;
}

abstract contract DWSProviderRegistryLayout is DWSProviderRegistry {
    ProviderRegistryStorage internal layout;
}

abstract contract DWSBillingLayout is DWSBilling {
    BillingStorage internal layout;
}

abstract contract ExternalChainProviderLayout is ExternalChainProvider {
    ExternalStorage internal layout;
}

abstract contract JNSRegistryLayout is JNSRegistry {
    RegistryStorage internal layout;
}

abstract contract JNSResolverLayout is JNSResolver {
    ResolverStorage internal layout;
}
