using System.Text.Json;
using Jeju.Infra.Engine.Plans;

namespace Jeju.Infra.Cli.Deployments;

/// <summary>The resources of a plan by phase.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Urns">Its resources: components, providers and what they hold, in the order of their URNs.</param>
internal sealed record PhasePlan(DeploymentPhase Phase, IReadOnlyList<string> Urns)
{
    /// <summary>The phase after all others, whose resources no plan names: the stack as a whole is brought to what the program says, and what is left of that is to be removed.</summary>
    public static PhasePlan Removal { get; } = new(DeploymentPhase.Removal, []);

    private const string StackType = "pulumi:pulumi:Stack";
    private const string ProviderType = "pulumi:providers:";

    private static readonly HashSet<string> PlatformComponents = new(StringComparer.Ordinal)
    {
        "jeju:kubernetes:Namespaces", "jeju:kubernetes:Operators", "jeju:kubernetes:ClusterSecrets", "jeju:kubernetes:StorageClass",
    };

    private static readonly HashSet<string> PlatformKinds = new(StringComparer.Ordinal)
    {
        "Namespace", "StorageClass", "PriorityClass", "CustomResourceDefinition", "Release",
    };

    /// <summary>The phase's name as it is written and read.</summary>
    public string Name => NameOf(Phase);

    /// <summary>A phase's name.</summary>
    public static string NameOf(DeploymentPhase phase) => JsonNamingPolicy.KebabCaseLower.ConvertName(phase.ToString());

    /// <summary>What a person has to do before the phase, in words; mostly nothing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How many resources there are of each package, in words.</summary>
    public string Summary => Phase == DeploymentPhase.Removal ? "what is no longer in the program" : string.Join(", ", Urns
        .Select(urn => urn.Split("::")[2].Split('$')[^1])
        .Where(type => !type.StartsWith("jeju:", StringComparison.Ordinal) || type.StartsWith("jeju:index:", StringComparison.Ordinal))
        .GroupBy(type => type.StartsWith(ProviderType, StringComparison.Ordinal) ? "providers" : type.Split(':')[0])
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => $"{group.Count()} {group.Key}"));

    /// <summary>Divides a plan; a phase without resources is left out.</summary>
    public static IReadOnlyList<PhasePlan> Divide(IReadOnlyList<PlannedResource> plan)
    {
        Dictionary<string, PlannedResource> byUrn = plan.ToDictionary(resource => resource.Urn, StringComparer.Ordinal);
        Dictionary<string, DeploymentPhase> phases = new(StringComparer.Ordinal);
        foreach (PlannedResource resource in plan.Where(resource => resource.Provider.Length > 0 && !IsProvider(resource)))
        {
            DeploymentPhase phase = PhaseOf(resource, byUrn);

            // A component, and a provider, is there as soon as the first of what it holds.
            string provider = resource.Provider[..Math.Max(0, resource.Provider.LastIndexOf("::", StringComparison.Ordinal))];
            foreach (string urn in Above(resource, byUrn).Select(above => above.Urn).Prepend(resource.Urn).Append(provider).Where(byUrn.ContainsKey))
            {
                phases[urn] = phases.TryGetValue(urn, out DeploymentPhase earlier) && earlier < phase ? earlier : phase;
            }
        }

        // What nothing uses yet must not be left behind, nor the component that holds nothing.
        foreach (PlannedResource rest in plan.Where(resource => resource.Type != StackType && !phases.ContainsKey(resource.Urn)))
        {
            phases[rest.Urn] = IsProvider(rest) || rest.Provider.Length == 0 ? PhaseOf(rest, byUrn) : DeploymentPhase.Marketplace;
        }

        BringForward(plan, phases);
        return
        [
            .. phases.GroupBy(pair => pair.Value, pair => pair.Key)
                .OrderBy(group => group.Key)
                .Select(group => new PhasePlan(group.Key, [.. group.Where(urn => byUrn[urn].Type != StackType).Order(StringComparer.Ordinal)])),
        ];
    }

    /// <summary>What a resource needs is made in its phase or before, whatever it is: a password is of our own provider, and a cloud's database takes it.</summary>
    private static void BringForward(IReadOnlyList<PlannedResource> plan, Dictionary<string, DeploymentPhase> phases)
    {
        bool moved = true;
        while (moved)
        {
            moved = false;
            foreach (PlannedResource resource in plan.Where(resource => phases.ContainsKey(resource.Urn)))
            {
                string provider = resource.Provider[..Math.Max(0, resource.Provider.LastIndexOf("::", StringComparison.Ordinal))];
                foreach (string needed in resource.Dependencies.Append(resource.Parent).Append(provider))
                {
                    if (phases.TryGetValue(needed, out DeploymentPhase phase) && phase > phases[resource.Urn])
                    {
                        phases[needed] = phases[resource.Urn];
                        moved = true;
                    }
                }
            }
        }
    }

    private static DeploymentPhase PhaseOf(PlannedResource resource, Dictionary<string, PlannedResource> byUrn)
    {
        string type = IsProvider(resource) ? resource.Type[ProviderType.Length..] + ":" : resource.Type;
        if (type.StartsWith("kubernetes:", StringComparison.Ordinal) || type.StartsWith("jeju:kubernetes:", StringComparison.Ordinal))
        {
            string? component = Above(resource, byUrn).Append(resource).LastOrDefault(above => above.Type.StartsWith("jeju:kubernetes:", StringComparison.Ordinal))?.Type;
            return component == "jeju:kubernetes:AgentNode" ? DeploymentPhase.Marketplace
                : component == "jeju:kubernetes:GatewayNames" ? DeploymentPhase.Contracts
                : component is null || PlatformComponents.Contains(component) || PlatformKinds.Contains(type.Split(':')[^1]) ? DeploymentPhase.Platform : DeploymentPhase.ChainServices;
        }

        return type is "jeju:index:ContractSuite" || type.StartsWith("jeju:contracts:", StringComparison.Ordinal) ? DeploymentPhase.Contracts
            : type.StartsWith("jeju:index:", StringComparison.Ordinal) || type.StartsWith("jeju:marketplace:", StringComparison.Ordinal) || type == "jeju:" ? DeploymentPhase.Marketplace
            : DeploymentPhase.Cloud;
    }

    private static bool IsProvider(PlannedResource resource) => resource.Type.StartsWith(ProviderType, StringComparison.Ordinal);

    private static IEnumerable<PlannedResource> Above(PlannedResource resource, Dictionary<string, PlannedResource> byUrn)
    {
        string parent = resource.Parent;
        while (byUrn.TryGetValue(parent, out PlannedResource? above))
        {
            yield return above;
            parent = above.Parent;
        }
    }
}
