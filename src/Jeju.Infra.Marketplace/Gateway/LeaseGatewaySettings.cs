using System.Globalization;
using System.Net;

using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Agent;

namespace Jeju.Infra.Marketplace.Gateway;

/// <summary>What the gateway of a cluster's leases needs to know.</summary>
public sealed record LeaseGatewaySettings
{
    /// <summary>The domain below which each lease has a name.</summary>
    public required string Domain { get; init; }

    /// <summary>The namespace of the leases.</summary>
    public required string Namespace { get; init; }

    /// <summary>The address on which it listens.</summary>
    public string Address { get; init; } = "0.0.0.0";

    /// <summary>The ports on which it listens, each passed on to the same one of a lease; 0 for any free one, in tests.</summary>
    public IReadOnlyList<int> Ports { get; init; } = LeaseAccess.Ports;

    /// <summary>The port that answers <c>/health</c>, to anybody.</summary>
    public required int StatusPort { get; init; }

    /// <summary>The port of the figures.</summary>
    public required int MetricsPort { get; init; }

    /// <summary>How many connections are open at the same time; one more is closed at once.</summary>
    public int MaximumConnections { get; init; } = 20_000;

    /// <summary>How long what is open may go on once the gateway is told to stop; less than its pod is given for that.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Reads the environment of a pod.</summary>
    /// <param name="variables">The environment; what is not the gateway's is left alone.</param>
    /// <exception cref="InfraException">JEJU0630: something is missing or wrong; all failures at once.</exception>
    public static LeaseGatewaySettings Read(IReadOnlyDictionary<string, string> variables)
    {
        const string Place = "The environment";
        List<string> failures = [.. LeaseGatewayVariables.All.Where(name => string.IsNullOrEmpty(variables.GetValueOrDefault(name))).Select(name => $"{name} is missing.")];
        int Number(string name)
        {
            if (int.TryParse(variables.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= IPEndPoint.MaxPort)
            {
                return number;
            }

            failures.Add($"{name} '{variables.GetValueOrDefault(name)}' must be a port.");
            return 0;
        }

        LeaseGatewaySettings settings = new()
        {
            Domain = variables.GetValueOrDefault(AgentVariables.LeaseDomain, string.Empty),
            Namespace = variables.GetValueOrDefault(AgentVariables.TenantNamespace, string.Empty),
            StatusPort = Number(AgentVariables.Port),
            MetricsPort = Number(AgentVariables.MetricsPort),
        };
        if (Uri.CheckHostName(settings.Domain) != UriHostNameType.Dns)
        {
            failures.Add($"{AgentVariables.LeaseDomain} '{settings.Domain}' must be a DNS name.");
        }

        return failures.Count == 0 ? settings : throw AgentSettings.Invalid(Place, string.Join(" ", failures), null);
    }
}
