using System.Globalization;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Projects;

namespace Jeju.Infra.Cli.Chains;

/// <summary>
/// Where a stack's contracts are: the chain's address and the deployer's, from settings that are part of the repository. No state file is asked,
/// so what is found here is found on every machine.
/// </summary>
/// <param name="Network">The environment.</param>
/// <param name="Url">The chain's JSON-RPC endpoint.</param>
/// <param name="Deployer">The account from which the contracts' addresses follow.</param>
internal sealed record SettlementChain(NetworkProfile Network, string Url, Address Deployer)
{
    private const string LocalnetPort = "8545";

    /// <summary>Reads a stack's settings.</summary>
    /// <exception cref="InfraException">JEJU0701: no such stack; JEJU0010: the settings name no endpoint or no deployer.</exception>
    public static SettlementChain OfStack(CommandContext context, string stack)
    {
        NetworkProfile network = NetworkProfile.ForStack(stack);
        ProjectFile project = ProjectFile.Load(context.Layout.Root);
        StackConfig config = StackConfig.Load(project.StackSettingsPath(stack), project.Name);
        string? Setting(string name) => config.Entries.TryGetValue($"{project.Name}:{name}", out ConfigEntry? entry) ? entry.Value : null;
        if (network.Name == NetworkName.Localnet)
        {
            return new SettlementChain(network, $"http://127.0.0.1:{Setting("chainPort") ?? LocalnetPort}", AnvilAccounts.Deployer.Address);
        }

        string url = Setting("chainEndpoint") ?? throw Missing(stack, "chainEndpoint");
        using JsonDocument deployer = JsonDocument.Parse(Setting("deployer") ?? throw Missing(stack, "deployer"));
        string address = deployer.RootElement.TryGetProperty("address", out JsonElement value) && value.GetString() is string text
            ? text
            : throw Missing(stack, "deployer.address");
        return new SettlementChain(network, url, Address.Parse(address));
    }

    /// <summary>Connects, and makes sure that it is the stack's chain.</summary>
    public Task<ChainClient> ConnectAsync(CommandContext context, CancellationToken cancellationToken) =>
        ChainClient.ConnectAsync(ChainEndpoint.FromUrl(Url), Network.SettlementChain, context.Time, cancellationToken);

    /// <summary>Where the contracts are, whether they are deployed or not.</summary>
    public Task<SuiteAddresses> AddressesAsync(CommandContext context, CancellationToken cancellationToken) =>
        SuitePlan.PredictAddressesAsync(Network, Deployer, new ContractArtifacts(context.Layout), cancellationToken);

    /// <summary>Makes sure that the contracts are there.</summary>
    /// <exception cref="InfraException">JEJU0820: they are not deployed.</exception>
    public async Task RequireDeployedAsync(ChainClient chain, SuiteAddresses addresses, string stack, CancellationToken cancellationToken)
    {
        if ((await chain.GetCodeAsync([addresses["ExternalChainProvider"]], cancellationToken))[0].Length == 0)
        {
            throw new InfraException(
                new ErrorCode(820),
                $"The contracts of stack '{stack}' are not deployed on chain {Network.SettlementChain} ({Url}).",
                $"Run ./jeju up --stack {stack}.");
        }
    }

    private static InfraException Missing(string stack, string setting) => CliErrors.Usage(
        string.Create(CultureInfo.InvariantCulture, $"The settings of stack '{stack}' do not have '{setting}'."),
        $"Add jeju-infra:{setting} to stacks/Pulumi.{stack}.yaml.");
}
