using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pulumi.Testing;

namespace Jeju.Infra.Tests.Stacks;

/// <summary>Stands in for engine and plugin, remembers what a stack registers, and refuses types that no test has thought of.</summary>
internal sealed class PlannedResources : IMocks
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConcurrentDictionary<string, object?> _registered = new(StringComparer.Ordinal);

    public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
    {
        var type = args.Type ?? "";
        var name = args.Name ?? "";
        if (type != "pulumi:pulumi:Stack")
        {
            Assert.True(_registered.TryAdd($"{type}::{name}", Sorted(args.Inputs)), $"{type} {name} is registered twice");
        }

        return Task.FromResult<(string?, object)>(($"{name}-id", args.Inputs.AddRange(Outputs(type, name))));
    }

    public Task<object> CallAsync(MockCallArgs args) => throw new InvalidOperationException($"No stack calls the function {args.Token}.");

    /// <summary>Everything that was registered, by type and name.</summary>
    public string ToJson() => JsonSerializer.Serialize(_registered.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(), Indented);

    /// <summary>The same value with its names in order: dictionaries of the SDK have none.</summary>
    private static object? Sorted(object? value) => value switch
    {
        IDictionary<string, object> map => map.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => Sorted(pair.Value)),
        IEnumerable<object> list => list.Select(Sorted).ToList(),
        _ => value,
    };

    public IReadOnlyList<string> Names => [.. _registered.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, object> Outputs(string type, string name) => type switch
    {
        "jeju:index:LocalChain" => new() { ["endpoint"] = "http://127.0.0.1:8545", ["chainId"] = "31337", ["genesisHash"] = "<genesis>" },
        "jeju:index:ServiceImages" or "jeju:index:GeneratedPassword" or "jeju:index:PeerIdentity" => [],
        "jeju:index:ContractSuite" => new()
        {
            ["endpoint"] = "<endpoint>", ["chainId"] = "<chain id>", ["genesisHash"] = "<genesis>", ["deployer"] = "<deployer>",
            ["contracts"] = new Dictionary<string, object> { ["JejuToken"] = "<token>" },
        },
        "jeju:index:NodeOperator" => new() { ["nodeId"] = "<staking node>" },
        "jeju:index:ProviderNode" => new() { ["nodeId"] = "<provider node>" },
        "jeju:index:Delegation" or "jeju:index:ProviderAgent" or "jeju:index:JnsName" => [],
        "jeju:index:ProvisionedNode" => new() { ["orderId"] = $"<order of {name}>", ["host"] = "127.0.0.1", ["port"] = 20000, ["connectionString"] = "<secret>" },
        _ when type.Count(letter => letter == ':') == 2 && !type.StartsWith("jeju:index:", StringComparison.Ordinal) => [],
        _ => throw new InvalidOperationException($"No test has thought of the type {type}."),
    };
}
