using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Chain;

public class SuitePlanTests
{
    [Fact]
    public async Task MissingArtifact_SaysHowToBuildIt()
    {
        string empty = Directory.CreateTempSubdirectory("jeju-empty-").FullName;
        try
        {
            ContractArtifacts artifacts = new(new RepositoryLayout(empty));

            InfraException error = await Assert.ThrowsAsync<InfraException>(
                () => SuitePlan.CreateAsync(SuiteSettings.Localnet, artifacts, CancellationToken.None));

            Assert.Equal("JEJU0401", error.Code.ToString());
            Assert.Contains("./jeju build", error.Remedy, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(empty, recursive: true);
        }
    }

    // The examples of EIP-1014.
    [Theory]
    [InlineData("0x0000000000000000000000000000000000000000", "00", "0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38")]
    [InlineData("0xdeadbeef00000000000000000000000000000000", "00", "0xb928f69bb1d91cd65274e3c79d8986362984fda3")]
    [InlineData("0x0000000000000000000000000000000000000000", "deadbeef", "0x70f2b2914a2a4b783faefb75f459a580616fcb5e")]
    public void Create2_GivesTheAddressesOfTheStandard(string creator, string code, string expected) =>
        Assert.Equal(
            Address.Parse(expected),
            Create2.AddressOf(Address.Parse(creator), Bytes32.Zero, Keccak.Hash(Convert.FromHexString(code))));

    [CompiledContractsFact]
    public async Task Addresses_DependOnTheDeployerAlone()
    {
        ContractArtifacts artifacts = new(CompiledContractsFactAttribute.Layout);
        SuiteAddresses localnet = await SuitePlan.PredictAddressesAsync(
            NetworkProfile.Localnet, AnvilAccounts.Deployer.Address, artifacts, CancellationToken.None);
        SuiteAddresses mainnet = await SuitePlan.PredictAddressesAsync(
            NetworkProfile.Mainnet, AnvilAccounts.Deployer.Address, artifacts, CancellationToken.None);
        SuiteAddresses stranger = await SuitePlan.PredictAddressesAsync(
            NetworkProfile.Localnet, AnvilAccounts.Operator.Address, artifacts, CancellationToken.None);

        Assert.All(mainnet.All, pair => Assert.Equal(pair.Value, localnet[pair.Key]));
        Assert.DoesNotContain("TestUsd", mainnet.All.Keys);
        Assert.Empty(localnet.All.Values.Intersect(stranger.All.Values));
        Assert.Equal(localnet.All.Count, localnet.All.Values.Distinct().Count());
    }

    [CompiledContractsFact]
    public async Task Plan_GivesTheDeployerNoRole_AndEveryContractAnAdministrator()
    {
        SuitePlan plan = await SuitePlan.CreateAsync(
            SuiteSettings.Localnet with { Proposer = AnvilAccounts.All[7].Address },
            new ContractArtifacts(CompiledContractsFactAttribute.Layout),
            CancellationToken.None);

        Assert.DoesNotContain(plan.Contracts.SelectMany(contract => contract.Roles), role => role.Holder == plan.Settings.Deployer);
        Assert.All(plan.Contracts, contract => Assert.Contains(
            new PlannedRole(PlannedRole.Administrator, plan.Addresses["JejuTimelock"]), contract.Roles));
    }

    [CompiledContractsFact]
    public async Task Sellers_OfComputeSlots_HoldTheRoleForIt_AndNobodyElse()
    {
        SuitePlan plan = await SuitePlan.CreateAsync(
            SuiteSettings.Localnet, new ContractArtifacts(CompiledContractsFactAttribute.Layout), CancellationToken.None);

        IEnumerable<PlannedRole> roles = plan.Contracts.Single(contract => contract.Name == "ComputeRegistry").Roles;

        Assert.Equal(
            new[] { plan.Addresses["ComputeRental"], plan.Addresses["DWSServiceProvisioning"], plan.Addresses["ExternalChainProvider"] },
            roles.Where(role => role.Name == "SELLER_ROLE").Select(role => role.Holder));
    }
}
