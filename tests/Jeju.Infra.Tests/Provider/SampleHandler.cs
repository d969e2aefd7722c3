using Jeju.Infra.Core;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Tests.Provider;

internal enum SampleSize
{
    Small,
    VeryLarge,
}

internal sealed record SamplePart
{
    [Property("The part's name.")]
    public required string Name { get; init; }

    [Property("The part's owner; another owner needs another resource.", Replaces = true)]
    public Address? Owner { get; init; }
}

internal sealed record SampleInputs
{
    [Property("The account.", Replaces = true)]
    public required Address Account { get; init; }

    [Property("A number.", Default = "3", Minimum = 1, Maximum = 10)]
    public int Count { get; init; }

    [Property("A size.", Default = "small")]
    public SampleSize Size { get; init; }

    [Property("A key.", Secret = true)]
    public string? Key { get; init; }

    [Property("An amount.")]
    public TokenAmount? Amount { get; init; }

    [Property("Parts.", Default = "[]")]
    public IReadOnlyList<SamplePart> Parts { get; init; } = [];

    [Property("What the plugin found out.", Computed = true)]
    public string? Digest { get; init; }
}

internal sealed record SampleOutputs
{
    [Property("Derived from the account.")]
    public string? Derived { get; init; }

    [Property("A password.", Secret = true)]
    public string? Password { get; init; }
}

/// <summary>A resource kept in memory, whose verbs can be made to fail.</summary>
[ResourceType("Sample", "A resource for tests.")]
internal sealed class SampleHandler : ResourceHandler<SampleInputs, SampleOutputs>
{
    public Dictionary<string, SampleInputs> Existing { get; } = [];

    public List<Drift> Drifts { get; } = [];

    public Exception? CreateFailure { get; set; }

    public List<string> Calls { get; } = [];

    protected override Task CheckAsync(InputCheck<SampleInputs> check, CancellationToken cancellationToken)
    {
        if (check.Inputs.Knows(nameof(SampleInputs.Count)) && check.Inputs.Values.Count == 7)
        {
            check.Fail("count", "is seven: use another number");
        }

        check.Compute(nameof(SampleInputs.Digest), "digest-1");
        return Task.CompletedTask;
    }

    protected override Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, ResourceState<SampleInputs, SampleOutputs> state, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Drift>>(Drifts);

    protected override void PlanCreate(ResourceContext context, Bound<SampleInputs> inputs, Plan<SampleOutputs> plan)
    {
        if (inputs.Knows(nameof(SampleInputs.Account)))
        {
            plan.Knows(nameof(SampleOutputs.Derived), $"of {inputs.Values.Account}");
        }
    }

    protected override IReadOnlyCollection<string> ChangedByUpdate(
        ResourceContext context, ResourceState<SampleInputs, SampleOutputs> state, Bound<SampleInputs> news) => [nameof(SampleOutputs.Password)];

    protected override Task<Created<SampleOutputs>> CreateAsync(ResourceContext context, SampleInputs inputs, CancellationToken cancellationToken)
    {
        Calls.Add("create");
        var outputs = new SampleOutputs { Derived = $"of {inputs.Account}", Password = "swordfish" };
        if (CreateFailure is PartialResourceException)
        {
            Existing["half"] = inputs;
        }

        if (CreateFailure is not null)
        {
            throw CreateFailure;
        }

        Existing[context.Name] = inputs;
        return Task.FromResult(new Created<SampleOutputs>(context.Name, outputs));
    }

    protected override Task<ResourceState<SampleInputs, SampleOutputs>?> ReadAsync(
        ResourceContext context, ResourceState<SampleInputs, SampleOutputs> state, CancellationToken cancellationToken) =>
        Task.FromResult(Existing.TryGetValue(state.Id, out var inputs) ? state with { Inputs = inputs } : null);

    protected override Task<SampleOutputs> UpdateAsync(
        ResourceContext context, ResourceState<SampleInputs, SampleOutputs> state, SampleInputs news, CancellationToken cancellationToken)
    {
        Calls.Add("update");
        Existing[state.Id] = news;
        return Task.FromResult(state.Outputs with { Password = "changed" });
    }

    protected override Task DeleteAsync(ResourceContext context, ResourceState<SampleInputs, SampleOutputs> state, CancellationToken cancellationToken)
    {
        Calls.Add("delete");
        Existing.Remove(state.Id);
        return Task.CompletedTask;
    }
}
