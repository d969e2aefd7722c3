using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>A role or a parameter of one of the suite's contracts.</summary>
internal sealed record ContractSettingInputs : ISuiteResource
{
    [Property("The network's contracts.")]
    public required SuiteInputs Suite { get; init; }

    [Property("The key that administers: the timelock's proposer, or the one that deploys where a Safe proposes.")]
    public required SignerInputs Signer { get; init; }

    [Property("The account of the key.", Computed = true)]
    public Address? Account { get; init; }

    [Property("The Safe that proposes changes to the timelock; the signer where absent.")]
    public Address? Proposer { get; init; }

    [Property("The contract, by its name in the suite.", Replaces = true)]
    public required string Contract { get; init; }

    [Property("The role that somebody is to hold, such as ORACLE_ROLE; or function.", Replaces = true)]
    public string? Role { get; init; }

    [Property("Who is to hold the role.", Replaces = true)]
    public Address? Holder { get; init; }

    [Property("The function that sets the parameter, such as setProtocolFee(uint16); or role.", Replaces = true)]
    public string? Function { get; init; }

    [Property("The function's arguments: decimal numbers, true or false, hexadecimal bytes and addresses, texts as they are, and a JSON list for an array.")]
    public IReadOnlyList<string>? Arguments { get; init; }

    [Property("The view that answers with what the function sets, such as protocolFeeBps(); it may take the function's first arguments and answer with the others.")]
    public string? View { get; init; }
}

/// <summary>What the chain says of a setting.</summary>
internal sealed record ContractSettingOutputs
{
    [Property("What is there: granted or not granted, or the view's answer in hexadecimal.")]
    public string? Found { get; init; }

    [Property("What waits for the timelock or its proposer; absent when it is done.")]
    public string? Pending { get; init; }
}

/// <summary>
/// A role or a parameter beside the suite's plan. What the plan itself holds is refused here, so that two resources never pull at one value; a
/// role that is granted here must be among the suite's exceptions, because otherwise its next deployment takes it back.
/// </summary>
[ResourceType("ContractSetting", "A role or a parameter of one of the network's contracts that their own plan does not hold, changed through the timelock.")]
internal sealed class ContractSettingHandler(SuiteServices services) : SuiteResourceHandler<ContractSettingInputs, ContractSettingOutputs>(services)
{
    private const string Granted = "granted";
    private const string NotGranted = "not granted";
    private const ulong ChangeGas = 250_000;

    protected override async Task CheckAsync(InputCheck<ContractSettingInputs> check, CancellationToken cancellationToken)
    {
        var inputs = check.Inputs;
        if (inputs.Unknown.Any(path => path != "suite" && !path.StartsWith("suite.", StringComparison.Ordinal)))
        {
            await base.CheckAsync(check, cancellationToken);
            return;
        }

        var values = inputs.Values;
        if ((values.Role is null) == (values.Function is null))
        {
            check.Fail("role", "and function: give one of them, the role that somebody is to hold or the function that sets a parameter");
        }
        else if (values.Role is not null && values.Holder is null)
        {
            check.Fail("holder", "is missing: who is to hold the role?");
        }
        else if (values.Function is not null)
        {
            if (values.View is null)
            {
                check.Fail("view", "is missing: without it nobody can tell whether the parameter is as it should be");
            }

            if (FunctionCall.FindProblem(values.Function, values.Arguments ?? []) is { } problem)
            {
                check.Fail("function", problem);
            }

            if (values.View is { } view && FunctionCall.FindViewProblem(view, values.Function) is { } viewProblem)
            {
                check.Fail("view", viewProblem);
            }
        }

        if (!SuitePlan.ContractNames(NetworkProfile.Localnet).Contains(values.Contract))
        {
            check.Fail("contract", $"'{values.Contract}' is none of the suite's contracts: use one of {string.Join(", ", SuitePlan.ContractNames(NetworkProfile.Localnet))}");
        }
        else if (check.Failures.Count == 0 && !inputs.Unknown.Contains("suite") && !inputs.Unknown.Any(path => path.StartsWith("suite.", StringComparison.Ordinal))
            && await IsPlannedAsync(values, cancellationToken))
        {
            check.Fail(
                values.Role is null ? "function" : "role",
                $"{values.Role ?? values.Function} of {values.Contract} belongs to the plan of ContractSuite: change it there, so that two resources do not pull at one value");
        }

        await base.CheckAsync(check, cancellationToken);
    }

    protected override IReadOnlyCollection<string> ChangedByUpdate(
        ResourceContext context, ResourceState<ContractSettingInputs, ContractSettingOutputs> state, Bound<ContractSettingInputs> news) =>
        [nameof(ContractSettingOutputs.Found), nameof(ContractSettingOutputs.Pending)];

    protected override async Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, SuiteSession session, ResourceState<ContractSettingInputs, ContractSettingOutputs> state, CancellationToken cancellationToken)
    {
        var found = await FindAsync(session, state.Inputs, cancellationToken);
        return found == Expected(state.Inputs)
            ? []
            : [new Drift(nameof(ContractSettingOutputs.Found), $"{Subject(state.Inputs)} is {found}, planned {Expected(state.Inputs)}.")];
    }

    protected override async Task<Created<ContractSettingOutputs>> CreateAsync(
        ResourceContext context, ContractSettingInputs inputs, CancellationToken cancellationToken) => new(
            $"{inputs.Contract}:{inputs.Role ?? inputs.Function}:{inputs.Holder}".TrimEnd(':'),
            await EnsureAsync(context, await OpenAsync(context, inputs, cancellationToken), inputs, cancellationToken));

    protected override async Task<ContractSettingOutputs> UpdateAsync(
        ResourceContext context, ResourceState<ContractSettingInputs, ContractSettingOutputs> state, ContractSettingInputs news, CancellationToken cancellationToken) =>
        await EnsureAsync(context, await OpenAsync(context, news, cancellationToken), news, cancellationToken);

    protected override async Task<ResourceState<ContractSettingInputs, ContractSettingOutputs>?> ReadAsync(
        ResourceContext context, SuiteSession session, ResourceState<ContractSettingInputs, ContractSettingOutputs> state, CancellationToken cancellationToken)
    {
        var found = await FindAsync(session, state.Inputs, cancellationToken);
        return state.Inputs.Role is not null && found == NotGranted ? null : state with { Outputs = state.Outputs with { Found = found } };
    }

    protected override async Task DeleteAsync(
        ResourceContext context, SuiteSession session, ResourceState<ContractSettingInputs, ContractSettingOutputs> state, CancellationToken cancellationToken)
    {
        if (state.Inputs.Role is not { } role || state.Inputs.Holder is not { } holder)
        {
            await context.Log.InformationAsync($"{Subject(state.Inputs)} stays as it is: a parameter has always some value.", cancellationToken);
        }
        else if (await FindAsync(session, state.Inputs, cancellationToken) == Granted)
        {
            await ChangeAsync(context, session, state.Inputs, Governed(session, state.Inputs).RevokeRole(PlannedRole.IdOf(role), holder), cancellationToken);
        }
    }

    private async Task<ContractSettingOutputs> EnsureAsync(
        ResourceContext context, SuiteSession session, ContractSettingInputs inputs, CancellationToken cancellationToken)
    {
        string? pending = null;
        if (await FindAsync(session, inputs, cancellationToken) != Expected(inputs))
        {
            var change = inputs is { Role: { } role, Holder: { } holder }
                ? Governed(session, inputs).GrantRole(PlannedRole.IdOf(role), holder)
                : new ContractCall(session.Contracts.AddressOf(inputs.Contract), FunctionCall.Encode(inputs.Function ?? "", inputs.Arguments ?? []), Subject(inputs));
            pending = await ChangeAsync(context, session, inputs, change, cancellationToken);
        }

        return new ContractSettingOutputs { Found = await FindAsync(session, inputs, cancellationToken), Pending = pending };
    }

    /// <returns>What the change waits for; null when it is made.</returns>
    private static async Task<string?> ChangeAsync(
        ResourceContext context, SuiteSession session, ContractSettingInputs inputs, ContractCall change, CancellationToken cancellationToken)
    {
        var administration = new AdministrationChannel(
            session.Contracts.AddressOf("JejuTimelock"), inputs.Proposer ?? session.Account, await session.OpenPipeline());
        var pending = await administration.ApplyAsync([new AdministrativeChange(change, Subject(inputs), ChangeGas)], cancellationToken);
        if (pending.Count == 0)
        {
            return null;
        }

        var text = PendingText.Describe(pending[0]);
        await context.Log.WarningAsync(text, cancellationToken);
        return text;
    }

    private static async Task<string> FindAsync(SuiteSession session, ContractSettingInputs inputs, CancellationToken cancellationToken)
    {
        if (inputs is { Role: { } role, Holder: { } holder })
        {
            return await session.Chain.QueryAsync(Governed(session, inputs).HasRole(PlannedRole.IdOf(role), holder), cancellationToken) ? Granted : NotGranted;
        }

        var query = new ContractQuery<string>(
            session.Contracts.AddressOf(inputs.Contract), FunctionCall.EncodeView(inputs.View ?? "", inputs.Arguments ?? []), $"{inputs.Contract}.{inputs.View}", data => "0x" + Convert.ToHexStringLower(data));
        return await session.Chain.QueryAsync(query, cancellationToken);
    }

    private async Task<bool> IsPlannedAsync(ContractSettingInputs inputs, CancellationToken cancellationToken)
    {
        if (NetworkProfile.All.FirstOrDefault(profile => profile.SettlementChain == inputs.Suite.ChainId) is not { } network)
        {
            return false;
        }

        // What the plan sets is asked, not to which value: any payment token does.
        var settings = SuiteSettings.For(network, inputs.Suite.Deployer) with { PaymentToken = inputs.Suite.Deployer };
        var plan = await Services.Suites.PlanAsync(settings, cancellationToken);
        if (plan.Contracts.FirstOrDefault(contract => contract.Name == inputs.Contract) is not { } planned)
        {
            return false;
        }

        return inputs.Role is { } role
            ? planned.Roles.Any(one => one.Name == role && one.Holder == inputs.Holder)
            : planned.Settings.Any(setting => setting.Apply.Data.AsSpan(0, 4).SequenceEqual(FunctionCall.SelectorOf(inputs.Function ?? "")));
    }

    private static GovernedContract Governed(SuiteSession session, ContractSettingInputs inputs) => new(session.Contracts.AddressOf(inputs.Contract));

    private static string Expected(ContractSettingInputs inputs) =>
        inputs.Role is not null ? Granted : "0x" + Convert.ToHexStringLower(FunctionCall.EncodeAnswer(inputs.View ?? "", inputs.Function ?? "", inputs.Arguments ?? []));

    private static string Subject(ContractSettingInputs inputs) => inputs.Role is { } role
        ? $"{inputs.Contract}: {role} of {inputs.Holder?.ToChecksumText()}"
        : $"{inputs.Contract}: {inputs.Function} {string.Join(", ", inputs.Arguments ?? [])}";
}
