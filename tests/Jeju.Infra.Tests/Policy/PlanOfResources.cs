using System.Collections.Immutable;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Policy;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Tests.Policy;

/// <summary>A small plan, written resource by resource.</summary>
internal sealed class PlanOfResources
{
    public static readonly DateOnly Today = new(2026, 11, 22);

    private readonly List<PlannedResource> _resources = [];

    public NetworkProfile Network { get; init; } = NetworkProfile.Testnet;

    public bool Deploys { get; init; }

    public Dictionary<string, string> ImageDigests { get; } = [];

    public Dictionary<string, decimal> MonthlyBudgets { get; init; } = [];

    public List<ResourceStep> Steps { get; } = [];

    public PlannedResource this[string name] => _resources.Single(resource => Urn.Name(resource.Urn) == name);

    /// <summary>Adds a resource.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="from">Per unknown input, the resource that it comes from.</param>
    /// <param name="options">Its options.</param>
    /// <param name="provider">The name of its provider; none where absent.</param>
    public PlanOfResources With(
        string type, string name, PropertyMap inputs, Dictionary<string, string>? from = null, PropertyMap? options = null, string? provider = null)
    {
        var dependencies = (from ?? []).ToImmutableSortedDictionary(
            entry => entry.Key, entry => (EquatableList<string>)[this[entry.Value].Urn], StringComparer.Ordinal);
        _resources.Add(new PlannedResource
        {
            Urn = Urn.Create(Network.StackName, "jeju-infra", null, type, name),
            Type = type,
            Inputs = inputs,
            Parent = "",
            Dependencies = dependencies.Values.SelectMany(urns => urns).ToEquatableList(),
            PropertyDependencies = dependencies,
            Provider = provider is null ? "" : this[provider].Urn,
            Options = options ?? PropertyMap.Empty,
        });
        return this;
    }

    /// <summary>Judges the plan.</summary>
    public PolicyVerdict Judge(params PolicyException[] exceptions) => PolicyReview.Judge(
        new PlanUnderReview
        {
            Network = Network, Resources = _resources, ImageDigests = ImageDigests, MonthlyBudgets = MonthlyBudgets, Steps = Steps, Deploys = Deploys,
        },
        exceptions,
        Today);

    /// <summary>What one rule refuses, as text.</summary>
    public string[] Refusals(string code) => [.. Judge().Refusals.Where(finding => finding.Code.ToString() == code).Select(finding => $"{finding.Name}: {finding.Reason}")];
}
