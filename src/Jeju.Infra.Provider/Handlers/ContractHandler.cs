using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>A contract beside the suite.</summary>
internal sealed record ContractInputs : ISuiteResource
{
    [Property("The network's contracts, whose factory deploys it.")]
    public required SuiteInputs Suite { get; init; }

    [Property("The key that deploys and upgrades.")]
    public required SignerInputs Signer { get; init; }

    [Property("The account of the key; the address follows from it.", Computed = true, Replaces = true)]
    public Address? Account { get; init; }

    [Property("The name under which it is deployed; the address follows from it.", Replaces = true)]
    public required string Name { get; init; }

    [Property("The compiled contract, by its name in contracts/.")]
    public required string Artifact { get; init; }

    [Property("The call that initializes it when it is deployed, in hexadecimal.", Default = "0x")]
    public string Initializer { get; init; } = "0x";

    [Property("The address of the compiled code: changed code is another address.", Computed = true)]
    public Address? Code { get; init; }

    [Property("The storage layout: an upgrade may append to it and change nothing.", Computed = true)]
    public string? Layout { get; init; }
}

/// <summary>What the chain says of a contract.</summary>
internal sealed record ContractOutputs
{
    [Property("Its address, which upgrades do not change.")]
    public Address? Address { get; init; }

    [Property("The address of the code that it runs.")]
    public Address? Implementation { get; init; }
}

/// <summary>
/// One contract behind a proxy of its own, deployed through the suite's factory at an address that is known beforehand. Changed code is an upgrade
/// in place, made by the signer; a contract that gave its administration away refuses that.
/// </summary>
[ResourceType("Contract", "A contract beside the network's own, deployed through their factory behind a proxy, at an address that is known beforehand.")]
internal sealed class ContractHandler(SuiteServices services) : SuiteResourceHandler<ContractInputs, ContractOutputs>(services)
{
    private readonly ContractArtifacts _artifacts = new(services.Layout);

    protected override async Task CheckAsync(InputCheck<ContractInputs> check, CancellationToken cancellationToken)
    {
        var inputs = check.Inputs;
        if (inputs.Knows(nameof(ContractInputs.Name)) && SuitePlan.ContractNames(NetworkProfile.Localnet).Contains(inputs.Values.Name))
        {
            check.Fail("name", $"'{inputs.Values.Name}' belongs to the network's own contracts, which ContractSuite deploys: use another name");
        }

        if (inputs.Knows(nameof(ContractInputs.Initializer)) && !IsHexadecimal(inputs.Values.Initializer))
        {
            check.Fail("initializer", "is no call data: write 0x and an even number of hexadecimal digits");
        }

        if (inputs.Knows(nameof(ContractInputs.Artifact)))
        {
            if (_artifacts.Has(inputs.Values.Artifact))
            {
                var compiled = await CompiledAsync(inputs.Values.Artifact, cancellationToken);
                check.Compute(nameof(ContractInputs.Code), compiled.ImplementationOf(inputs.Values.Artifact));
                check.Compute(
                    nameof(ContractInputs.Layout),
                    (await StorageLayout.ReadAllAsync(Services.Layout, cancellationToken)).GetValueOrDefault(inputs.Values.Artifact));
            }
            else
            {
                check.Fail("artifact", $"'{inputs.Values.Artifact}' is no compiled contract: run ./jeju build, or correct the name");
            }
        }

        await base.CheckAsync(check, cancellationToken);
    }

    protected override async Task RequireAllowedAsync(
        ResourceContext context, ResourceState<ContractInputs, ContractOutputs> state, Bound<ContractInputs> news, CancellationToken cancellationToken)
    {
        if (state.Inputs.Layout is { } deployed && news.Values.Layout is { } changed)
        {
            LayoutGuard.Require([.. StorageLayout.Parse(deployed).FindConflicts(StorageLayout.Parse(changed)).Select(conflict => $"{state.Inputs.Name}: {conflict}")]);
        }

        if (news.Values.Code is { } code && state.Outputs.Address is { } address
            && await Services.Chains.TryConnectAsync(state.Inputs.Suite.Chain, cancellationToken) is { } chain
            && await ImplementationAsync(chain, address, cancellationToken) is { } found && found != code)
        {
            await RequireUpgradeableAsync(chain, state.Inputs.Name, address, found, cancellationToken);
        }
    }

    protected override IReadOnlyCollection<string> ChangedByUpdate(
        ResourceContext context, ResourceState<ContractInputs, ContractOutputs> state, Bound<ContractInputs> news) => [nameof(ContractOutputs.Implementation)];

    protected override IEnumerable<Address> AlsoCalled(ContractInputs inputs, SuiteContracts contracts, Address account) =>
        [contracts.FactoryAddress, contracts.ProxyOf(account, inputs.Name)];

    protected override async Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, SuiteSession session, ResourceState<ContractInputs, ContractOutputs> state, CancellationToken cancellationToken)
    {
        var found = await ImplementationAsync(session.Chain, AddressOf(session, state.Inputs), cancellationToken);
        return found == state.Inputs.Code || state.Inputs.Code is null ? [] :
        [
            new Drift(
                nameof(ContractOutputs.Implementation),
                found is { } other ? $"{state.Inputs.Name} runs the code {other.ToChecksumText()}: it is upgraded." : $"{state.Inputs.Name} is not on the chain: it is deployed again."),
        ];
    }

    protected override async Task<Created<ContractOutputs>> CreateAsync(ResourceContext context, ContractInputs inputs, CancellationToken cancellationToken)
    {
        var outputs = await EnsureAsync(await OpenAsync(context, inputs, cancellationToken), inputs, cancellationToken);
        return new Created<ContractOutputs>($"{inputs.Suite.ChainId}:{outputs.Address}", outputs);
    }

    protected override async Task<ContractOutputs> UpdateAsync(
        ResourceContext context, ResourceState<ContractInputs, ContractOutputs> state, ContractInputs news, CancellationToken cancellationToken) =>
        await EnsureAsync(await OpenAsync(context, news, cancellationToken), news, cancellationToken);

    protected override async Task<ResourceState<ContractInputs, ContractOutputs>?> ReadAsync(
        ResourceContext context, SuiteSession session, ResourceState<ContractInputs, ContractOutputs> state, CancellationToken cancellationToken)
    {
        var address = AddressOf(session, state.Inputs);
        return await ImplementationAsync(session.Chain, address, cancellationToken) is { } implementation
            ? state with { Outputs = new ContractOutputs { Address = address, Implementation = implementation } }
            : null;
    }

    protected override Task DeleteAsync(
        ResourceContext context, SuiteSession session, ResourceState<ContractInputs, ContractOutputs> state, CancellationToken cancellationToken) =>
        context.Log.InformationAsync($"{state.Inputs.Name} stays on chain: nobody can delete it. It is only no longer part of this stack.", cancellationToken);

    private async Task<ContractOutputs> EnsureAsync(SuiteSession session, ContractInputs inputs, CancellationToken cancellationToken)
    {
        var compiled = await CompiledAsync(inputs.Artifact, cancellationToken);
        var code = compiled.ImplementationOf(inputs.Artifact);
        var address = AddressOf(session, inputs);
        var factory = new SuiteFactoryContract(session.Contracts.FactoryAddress);
        var found = await ImplementationAsync(session.Chain, address, cancellationToken);
        if (found is null)
        {
            await session.SendAsync(
                [factory.Deploy(CompiledSuite.SaltOf(inputs.Name), compiled[inputs.Artifact].CreationCode, Convert.FromHexString(inputs.Initializer.AsSpan(2)))],
                cancellationToken);
        }
        else if (found != code)
        {
            await RequireUpgradeableAsync(session.Chain, inputs.Name, address, found.Value, cancellationToken);
            var there = await session.Chain.GetCodeAsync([code], cancellationToken);
            if (there[0].Length == 0)
            {
                await session.SendAsync([factory.DeployImplementation(compiled[inputs.Artifact].CreationCode)], cancellationToken);
            }

            await session.SendAsync([new GovernedContract(address).UpgradeToAndCall(code, [], TokenAmount.Zero)], cancellationToken);
        }

        return new ContractOutputs { Address = address, Implementation = code };
    }

    /// <exception cref="InfraException">JEJU0410: its upgrades were disabled.</exception>
    private static async Task RequireUpgradeableAsync(ChainClient chain, string name, Address address, Address found, CancellationToken cancellationToken)
    {
        if ((await FinalCode.FindAsync(chain, [address], cancellationToken)).Count > 0)
        {
            throw FinalCode.Refusal(
                $"{name} runs {found.ToChecksumText()}",
                "Build the commit whose code it runs, or deploy the new code under another name beside it.");
        }
    }

    private Task<CompiledSuite> CompiledAsync(string artifact, CancellationToken cancellationToken) => CompiledSuite.ReadAsync(_artifacts, [artifact], cancellationToken);

    private static Address AddressOf(SuiteSession session, ContractInputs inputs) => session.Contracts.ProxyOf(session.Account, inputs.Name);

    private static async Task<Address?> ImplementationAsync(ChainClient chain, Address address, CancellationToken cancellationToken)
    {
        var slots = await chain.GetStorageAsync([(address, SuiteInspector.ImplementationSlot)], cancellationToken);
        return slots[0].IsZero ? null : Address.FromBytes(slots[0].ToBytes().AsSpan(12));
    }

    private static bool IsHexadecimal(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) && text.Length % 2 == 0 && text.AsSpan(2).IndexOfAnyExcept("0123456789abcdefABCDEF") < 0;
}
