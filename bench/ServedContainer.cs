using System.Globalization;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Probes;

namespace Jeju.Infra.Bench;

/// <summary>A service in a container of this host, as its client sees it.</summary>
internal sealed record ServedContainer(ServiceKind Kind, ServiceEndpoint Endpoint, ServiceCredentials Credentials)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The service that a connection string names.</summary>
    public static ServedContainer Of(string kind, string connectionString)
    {
        Uri place = new(connectionString);
        string[] login = place.UserInfo.Split(':');
        return new ServedContainer(
            ServiceCatalog.Find(kind),
            new ServiceEndpoint(place.Host, [place.Port]),
            new ServiceCredentials(login[0], Uri.UnescapeDataString(login[1]), place.AbsolutePath.TrimStart('/')));
    }

    /// <summary>Asks by the service's own protocol until it serves.</summary>
    public async Task WaitAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        WorkloadTemplate template = Kind.Workload ?? throw new InvalidOperationException($"'{Kind.Name}' runs in no container.");
        IServiceProbe probe = ServiceProbes.For(template.Probe, time);
        while ((await probe.ProbeAsync(Endpoint, Credentials, cancellationToken)).Outcome != ProbeOutcome.Serving)
        {
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    /// <summary>Kills the container behind the endpoint, and returns its name when it is dead: it is also the name of its network, which has the port in a label.</summary>
    public async Task<string> KillAsync(DockerEngine docker, CancellationToken cancellationToken)
    {
        string port = string.Create(CultureInfo.InvariantCulture, $"network.jeju.ports={Endpoint.Port}");
        string name = (await docker.ListNetworksAsync([port], cancellationToken)).Single().Name;
        return await docker.KillContainerAsync(name, cancellationToken) ? name : throw new InvalidOperationException($"There is no container '{name}'.");
    }
}
