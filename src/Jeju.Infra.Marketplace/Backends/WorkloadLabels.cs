using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>
/// The labels by which a lease's container, network and volume are found again. Names and labels come from ids alone, never from text that a
/// consumer wrote.
/// </summary>
internal static class WorkloadLabels
{
    public const string Lease = "network.jeju.lease";
    public const string Kind = "network.jeju.kind";
    public const string Provider = "network.jeju.provider";
    public const string Chain = "network.jeju.chain";

    /// <summary>Which agent of this machine made it.</summary>
    public const string Agent = "network.jeju.agent";

    /// <summary>The published ports, in the order of the kind's ports: a restart must not change the endpoint on chain.</summary>
    public const string Ports = "network.jeju.ports";

    /// <summary>The content id of the image that the lease was started from: its data may not fit another version.</summary>
    public const string Image = "network.jeju.image";

    /// <summary>The name of all objects of a lease. Chain and provider are part of it: two localnets can have the same order ids.</summary>
    public static string NameOf(BackendScope scope, Bytes32 orderId)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{scope.ChainLabel}/{scope.Provider}/{orderId}"));
        return "jeju-" + Convert.ToHexStringLower(hash.AsSpan(0, 10));
    }

    public static Dictionary<string, string> Of(BackendScope scope, WorkloadRequest request) => new()
    {
        [Lease] = request.OrderId.ToString(),
        [Kind] = request.Kind.Name,
        [Provider] = scope.Provider,
        [Chain] = scope.ChainLabel,
        [Agent] = scope.AgentLabel,
    };

    public static string[] FilterOf(BackendScope scope) => [$"{Provider}={scope.Provider}", $"{Chain}={scope.ChainLabel}"];

    public static string FormatPorts(IReadOnlyList<int> ports) => string.Join(',', ports.Select(port => port.ToString(CultureInfo.InvariantCulture)));

    public static IReadOnlyList<int> ParsePorts(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToList();
}
