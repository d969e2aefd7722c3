using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;
using Jeju.Infra.EndToEnd.Chain;
using Jeju.Infra.Protocol.Properties;
using Jeju.Infra.Provider;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.EndToEnd.Provider;

/// <summary>A single contract, and a role or parameter, as resources of their own beside the suite.</summary>
public sealed class ContractResourceTests : IAsyncLifetime
{
    private static readonly Address Oracle = AnvilAccounts.All[8].Address;
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-contract-").FullName;
    private TestAnvil _anvil = null!;
    private SuitePlan _plan = null!;

    public async Task InitializeAsync()
    {
        _anvil = await TestAnvil.StartAsync();
        _plan = await SuitePlan.CreateAsync(SuiteSettings.Localnet, new ContractArtifacts(FoundryFactAttribute.Layout), CancellationToken.None);
        await new SuiteDeployment(_plan, await _anvil.OpenPipelineAsync(AnvilAccounts.Deployer)).ApplyAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _anvil.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [FoundryFact]
    public async Task A_contract_is_deployed_once_upgraded_in_place_and_its_drift_is_repaired()
    {
        var dollar = await CreateAsync("Contract", ContractInputs("DemoDollar"));
        var address = Address.Parse(Text(dollar.Outputs, "address"));
        var sent = await SentAsync();

        var again = await CreateAsync("Contract", ContractInputs("DemoDollar"));
        Assert.Equal(dollar.Id, again.Id);
        Assert.Equal(sent, await SentAsync());
        Assert.True(await HasRoleAsync(address, PlannedRole.Administrator, AnvilAccounts.Deployer.Address));

        // Somebody upgrades it by hand; the next deployment puts its own code back.
        var other = _plan.Compiled.ImplementationOf("JejuToken");
        await (await _anvil.OpenPipelineAsync(AnvilAccounts.Deployer)).SendAsync(
            new GovernedContract(address).UpgradeToAndCall(other, [], TokenAmount.Zero), CancellationToken.None);
        var found = await DiffAsync("Contract", dollar, dollar.Inputs);
        Assert.Equal("implementation", Assert.Single(found.Differences).Path);
        await Handler("Contract").UpdateAsync(Context("Contract"), dollar.Id, dollar.Inputs, dollar.Outputs, dollar.Inputs, CancellationToken.None);
        Assert.Empty((await DiffAsync("Contract", dollar, dollar.Inputs)).Differences);
    }

    [FoundryFact]
    public async Task A_role_beside_the_plan_is_granted_seen_when_revoked_and_taken_back()
    {
        var role = await CreateAsync("ContractSetting", RoleInputs("AutoSlasher", "ORACLE_ROLE", Oracle));
        Assert.Equal("granted", Text(role.Outputs, "found"));
        Assert.True(await HasRoleAsync(_plan.Addresses["AutoSlasher"], "ORACLE_ROLE", Oracle));

        // The suite names it as its own deviation, unless it is told that somebody else manages it.
        Assert.Contains("ORACLE_ROLE", (await InspectAsync(_plan.Settings)).Deviations.Select(deviation => deviation.Subject));
        Assert.True((await InspectAsync(_plan.Settings with { Exceptions = ["AutoSlasher: ORACLE_ROLE"] })).IsAsPlanned);

        Assert.Empty((await DiffAsync("ContractSetting", role, role.Inputs)).Differences);
        await Handler("ContractSetting").DeleteAsync(Context("ContractSetting"), role.Id, role.Inputs, role.Outputs, CancellationToken.None);
        Assert.Equal("found", Assert.Single((await DiffAsync("ContractSetting", role, role.Inputs)).Differences).Path);
        Assert.Null(await Handler("ContractSetting").ReadAsync(Context("ContractSetting"), role.Id, role.Inputs, role.Outputs, CancellationToken.None));
        Assert.True((await InspectAsync(_plan.Settings)).IsAsPlanned);
    }

    [FoundryFact]
    public async Task A_parameter_beside_the_plan_is_set_compared_with_its_view_and_set_again_when_somebody_changed_it()
    {
        // The root name is the timelock's, which these resources act through.
        var node = Bytes32.Zero.ToString();
        var link = ParameterInputs("JNSResolver", "setText(bytes32,string,string)", "text(bytes32,string)", node, "url", "https://jeju.example/über");
        var hash = ParameterInputs("JNSResolver", "setContenthash(bytes32,bytes)", "contenthash(bytes32)", node, "0xe30101701220" + new string('a', 64));
        var rate = ParameterInputs("JNSResolver", "setAddr(bytes32,address)", "addr(bytes32)", node, Oracle.ToString());
        JNSResolverContract resolver = new(_plan.Addresses["JNSResolver"]);
        foreach (var inputs in new[] { link, hash, rate })
        {
            var setting = await CreateAsync("ContractSetting", inputs);
            Assert.Empty((await DiffAsync("ContractSetting", setting, setting.Inputs)).Differences);
            var sent = await SentAsync();
            await CreateAsync("ContractSetting", inputs);
            Assert.Equal(sent, await SentAsync());
        }

        Assert.Equal("https://jeju.example/über", await _anvil.Client.QueryAsync(resolver.Text(Bytes32.Zero, "url"), CancellationToken.None));
        Assert.Equal(38, (await _anvil.Client.QueryAsync(resolver.Contenthash(Bytes32.Zero), CancellationToken.None)).Length);

        // Another value is what somebody changed, or what the settings now say: both are a difference, and the update sets it.
        var placed = await CreateAsync("ContractSetting", link);
        var other = ParameterInputs("JNSResolver", "setText(bytes32,string,string)", "text(bytes32,string)", node, "url", "https://other.example");
        var news = (await Handler("ContractSetting").CheckAsync(Context("ContractSetting"), other, CancellationToken.None)).Inputs;
        Assert.NotEmpty((await DiffAsync("ContractSetting", placed, news)).Differences);
        await Handler("ContractSetting").UpdateAsync(Context("ContractSetting"), placed.Id, placed.Inputs, placed.Outputs, news, CancellationToken.None);
        Assert.Equal("https://other.example", await _anvil.Client.QueryAsync(resolver.Text(Bytes32.Zero, "url"), CancellationToken.None));
        Assert.Equal("found", Assert.Single((await DiffAsync("ContractSetting", placed, placed.Inputs)).Differences).Path);
    }

    [FoundryFact]
    public async Task What_the_plan_of_the_suite_holds_is_refused()
    {
        await RefusesAsync("ContractSetting", RoleInputs("DWSBilling", "LESSOR_ROLE", _plan.Addresses["ExternalChainProvider"]), "belongs to the plan of ContractSuite");
        await RefusesAsync("ContractSetting", ParameterInputs("DWSBilling", "setProtocolFee(uint16)", "protocolFeeBps()", "700"), "belongs to the plan of ContractSuite");
        await RefusesAsync("ContractSetting", ParameterInputs("DWSBilling", "setProtocolFee(uint16)", "protocolFeeBps()", "70000"), "'70000' is no uint16");
        await RefusesAsync("ContractSetting", ParameterInputs("DWSBilling", "setProtocolFee(uint16)", "protocolFeeBps(uint16)", "700"), "leave at least one to answer with");
        await RefusesAsync("Contract", ContractInputs("DWSBilling"), "belongs to the network's own contracts");
    }

    private async Task RefusesAsync(string type, PropertyMap inputs, string reason)
    {
        var outcome = await Handler(type).CheckAsync(Context(type), inputs, CancellationToken.None);
        Assert.Contains(outcome.Failures, failure => failure.Reason.Contains(reason, StringComparison.Ordinal));
    }

    private async Task<ResourceOutcome> CreateAsync(string type, PropertyMap inputs)
    {
        var outcome = await Handler(type).CheckAsync(Context(type), inputs, CancellationToken.None);
        Assert.Empty(outcome.Failures);
        return await Handler(type).CreateAsync(Context(type), outcome.Inputs, CancellationToken.None);
    }

    private Task<DiffOutcome> DiffAsync(string type, ResourceOutcome resource, PropertyMap news) =>
        Handler(type).DiffAsync(Context(type), resource.Id, resource.Inputs, resource.Outputs, news, CancellationToken.None);

    private Task<SuiteInspection> InspectAsync(SuiteSettings settings) =>
        new SuiteInspector(_anvil.Client, SuitePlan.Create(settings, _plan.Compiled)).InspectAsync(CancellationToken.None);

    private Task<bool> HasRoleAsync(Address contract, string role, Address holder) =>
        _anvil.Client.QueryAsync(new GovernedContract(contract).HasRole(PlannedRole.IdOf(role), holder), CancellationToken.None);

    private Task<ulong> SentAsync() => _anvil.Client.GetNonceAsync(AnvilAccounts.Deployer.Address, CancellationToken.None);

    private IResourceHandler Handler(string type) => ResourceHandlers
        .All(new RepositoryLayout(FoundryFactAttribute.Layout.Root, _folder), TimeProvider.System, _ => null)
        .Single(handler => handler.Token == $"jeju:index:{type}");

    private static ResourceContext Context(string type) => new($"urn:pulumi:localnet::jeju-infra::jeju:index:{type}::thing", null, new SilentLog());

    private PropertyMap Suite => PropertyMap.Of(
        ("endpoint", _anvil.Settings.Url), ("chainId", "31337"), ("deployer", AnvilAccounts.Deployer.Address.ToString()));

    private static PropertyMap Deployer => PropertyMap.Of(("type", "development"), ("key", "deployer"));

    private PropertyMap ContractInputs(string name) => PropertyMap.Of(
        ("suite", Suite), ("signer", Deployer), ("name", name), ("artifact", "TestUsd"),
        ("initializer", "0x" + Convert.ToHexStringLower(new TestUsdContract(Address.Zero).Initialize(AnvilAccounts.Deployer.Address).Data)));

    private PropertyMap RoleInputs(string contract, string role, Address holder) => PropertyMap.Of(
        ("suite", Suite), ("signer", Deployer), ("contract", contract), ("role", role), ("holder", holder.ToString()));

    private PropertyMap ParameterInputs(string contract, string function, string view, params string[] arguments) => PropertyMap.Of(
        ("suite", Suite), ("signer", Deployer), ("contract", contract), ("function", function), ("view", view),
        ("arguments", PropertyList.From(arguments.Select(argument => (PropertyValue)argument))));

    private static string Text(PropertyMap outputs, string name) => Assert.IsType<PropertyString>(outputs[name]).Value;
}
