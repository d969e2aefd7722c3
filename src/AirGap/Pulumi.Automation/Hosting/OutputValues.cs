using System.Collections.Immutable;
using Jeju.Infra.Protocol.Properties;

namespace Pulumi.Automation.Hosting;

/// <summary>Stack outputs as plain objects.</summary>
internal static class OutputValues
{
    public static ImmutableDictionary<string, OutputValue> Read(PropertyMap outputs) => outputs.ToImmutableDictionary(
        output => output.Key, output => new OutputValue(ToObject(output.Value)!, output.Value.ContainsSecrets), StringComparer.Ordinal);

    private static object? ToObject(PropertyValue value) => value switch
    {
        PropertyBoolean boolean => boolean.Value,
        PropertyNumber { Value: var number } => number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue ? (int)number : number,
        PropertyString text => text.Value,
        PropertySecret secret => ToObject(secret.Value),
        PropertyList list => list.Select(ToObject).ToList(),
        PropertyMap map => map.ToDictionary(entry => entry.Key, entry => ToObject(entry.Value), StringComparer.Ordinal),
        _ => null,
    };
}
