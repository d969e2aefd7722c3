using System.Collections.Immutable;
using System.Globalization;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>Reads registrations from their messages.</summary>
internal static class GoalReader
{
    public static ResourceGoal Read(RegisterResourceRequest request) => new()
    {
        Type = request.Type,
        Name = request.Name,
        Custom = request.Custom,
        Parent = request.Parent,
        Inputs = ReadInputs(request.Object),
        Protect = request.HasProtect ? request.Protect : null,
        Dependencies = Sorted(request.Dependencies),
        PropertyDependencies = request.PropertyDependencies.ToImmutableSortedDictionary(entry => entry.Key, entry => Sorted(entry.Value.Urns), StringComparer.Ordinal),
        TracedDependencies = request.PropertyDependencies.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Urns.ToEquatableList(), StringComparer.Ordinal),
        Provider = request.Provider,
        Providers = request.Providers.ToImmutableDictionary(StringComparer.Ordinal),
        Version = request.Version,
        DeleteBeforeReplace = request.DeleteBeforeReplaceDefined ? request.DeleteBeforeReplace : null,
        IgnoreChanges = request.IgnoreChanges.ToEquatableList(),
        ReplaceOnChanges = request.ReplaceOnChanges.ToEquatableList(),
        AdditionalSecretOutputs = request.AdditionalSecretOutputs.ToEquatableList(),
        Aliases = [.. request.AliasURNs.Select(WholeUrn), .. request.Aliases.Select(ReadAlias)],
        ImportId = request.ImportId,
        CustomTimeouts = ReadTimeouts(request.CustomTimeouts),
        RetainOnDelete = request.HasRetainOnDelete ? request.RetainOnDelete : null,
        DeletedWith = request.DeletedWith,
        Transforms = [.. request.Transforms.Select(callback => new TransformCallback(callback.Target, callback.Token))],
    };

    public static ResourceGoal Read(ReadResourceRequest request) => new()
    {
        Type = request.Type,
        Name = request.Name,
        Custom = true,
        Parent = request.Parent,
        Inputs = ReadInputs(request.Properties),
        Dependencies = Sorted(request.Dependencies),
        Provider = request.Provider,
        Version = request.Version,
        AdditionalSecretOutputs = request.AdditionalSecretOutputs.ToEquatableList(),
    };

    /// <summary>Outputs become plain, secret or unknown values: providers and the state know no others.</summary>
    public static PropertyMap ReadInputs(Google.Protobuf.WellKnownTypes.Struct? bag) => (PropertyMap)Lower(PropertyCodec.FromStruct(bag));

    public static PropertyValue Lower(PropertyValue value) => value switch
    {
        PropertyOutput { Value: { } inner, IsSecret: true } => new PropertySecret(Lower(inner)),
        PropertyOutput { Value: { } inner } => Lower(inner),
        PropertyOutput => PropertyValue.Unknown,
        PropertySecret { Value: PropertyUnknown } => PropertyValue.Unknown,
        PropertySecret secret => new PropertySecret(Lower(secret.Value)),
        PropertyMap map => map.Select((_, item) => Lower(item)),
        PropertyList list => PropertyList.From(list.Select(Lower)),
        _ => value,
    };

    public static AliasSpec ReadAlias(Alias alias)
    {
        if (alias.AliasCase != Alias.AliasOneofCase.Spec)
        {
            return WholeUrn(alias.Urn);
        }

        var spec = alias.Spec;
        return new AliasSpec(
            Urn: null, Given(spec.Name), Given(spec.Type), Given(spec.Stack), Given(spec.Project),
            spec.ParentCase == Alias.Types.Spec.ParentOneofCase.ParentUrn ? Given(spec.ParentUrn) : null,
            spec.ParentCase == Alias.Types.Spec.ParentOneofCase.NoParent && spec.NoParent);
    }

    public static ResourceTimeouts ReadTimeouts(CustomTimeouts? timeouts) => timeouts is null
        ? ResourceTimeouts.None
        : new ResourceTimeouts(Seconds(timeouts.Create), Seconds(timeouts.Update), Seconds(timeouts.Delete), Seconds(timeouts.Read));

    /// <summary>A duration in Go's notation, such as <c>1h30m</c>, <c>5m0s</c> or <c>300000000000ns</c>, in seconds.</summary>
    internal static double Seconds(string duration)
    {
        double seconds = 0;
        var index = 0;
        while (index < duration.Length)
        {
            var start = index;
            while (index < duration.Length && (char.IsAsciiDigit(duration[index]) || duration[index] == '.'))
            {
                index++;
            }

            var number = duration[start..index];
            start = index;
            while (index < duration.Length && !char.IsAsciiDigit(duration[index]) && duration[index] != '.')
            {
                index++;
            }

            double unit = duration[start..index] switch
            {
                "ns" => 1e-9, "us" or "µs" => 1e-6, "ms" => 1e-3, "s" or "" => 1, "m" => 60, "h" => 3600,
                var other => throw new FormatException($"'{duration}' is no duration: '{other}' is no unit of time."),
            };
            seconds += double.Parse(number, CultureInfo.InvariantCulture) * unit;
        }

        return seconds;
    }

    private static AliasSpec WholeUrn(string urn) => new(urn, null, null, null, null, null, NoParent: false);

    private static string? Given(string text) => text.Length > 0 ? text : null;

    /// <summary>The SDK sends dependencies in another order each time.</summary>
    private static EquatableList<string> Sorted(IEnumerable<string> urns) =>
        urns.Select(urn => Plans.OutputTrace.Read(urn).Urn).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToEquatableList();
}
