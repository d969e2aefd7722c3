using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.Cli.Localnet;

/// <summary>The containers, networks and volumes that agents made for the leases of one chain.</summary>
internal sealed class LocalnetWorkloads(DockerEngine docker, string chainLabel)
{
    private const string ChainLabel = "network.jeju.chain";
    private const string KindLabel = "network.jeju.kind";

    private readonly string[] _filter = [$"{ChainLabel}={chainLabel}"];

    /// <summary>The label's value for a chain.</summary>
    public static string LabelOf(ChainIdentity identity) => $"{identity.ChainId}-{identity.Genesis}";

    /// <summary>
    /// The chains that a recorded state of the engine knows, as labels. It is read without its passphrase: a chain's identity is no secret.
    /// A state that is damaged knows none: whoever clears up must not be stopped by it.
    /// </summary>
    public static async Task<IReadOnlyList<string>> LabelsInStateAsync(string stateFile, CancellationToken cancellationToken)
    {
        if (!File.Exists(stateFile))
        {
            return [];
        }

        await using FileStream stream = File.OpenRead(stateFile);
        try
        {
            using JsonDocument state = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
            return [.. FindChains(state.RootElement).Distinct()];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>The containers, by kind of service.</summary>
    public async Task<IReadOnlyList<(string Kind, string Name, string State)>> ListAsync(CancellationToken cancellationToken) =>
    [
        .. (await docker.ListContainersAsync(_filter, cancellationToken))
            .Select(container => (container.Labels?.GetValueOrDefault(KindLabel) ?? "?", container.Names[0].TrimStart('/'), container.State))
            .Order(),
    ];

    /// <summary>Starts every container.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (DockerContainerSummary container in await docker.ListContainersAsync(_filter, cancellationToken))
        {
            await docker.StartContainerAsync(container.Id, cancellationToken);
        }
    }

    /// <summary>Stops every container. Their volumes stay.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (DockerContainerSummary container in await docker.ListContainersAsync(_filter, cancellationToken))
        {
            await docker.StopContainerAsync(container.Id, cancellationToken);
        }
    }

    /// <summary>Removes containers, networks and volumes.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        foreach (DockerContainerSummary container in await docker.ListContainersAsync(_filter, cancellationToken))
        {
            await docker.RemoveContainerAsync(container.Id, cancellationToken);
        }

        foreach (DockerNetwork network in await docker.ListNetworksAsync(_filter, cancellationToken))
        {
            await docker.RemoveNetworkAsync(network.Name, cancellationToken);
        }

        foreach (DockerVolume volume in await docker.ListVolumesAsync(_filter, cancellationToken))
        {
            await docker.RemoveVolumeAsync(volume.Name, cancellationToken);
        }
    }

    private static IEnumerable<string> FindChains(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                if (element.TryGetProperty("genesisHash", out JsonElement genesis) && genesis.ValueKind == JsonValueKind.String
                    && element.TryGetProperty("chainId", out JsonElement chain) && chain.ValueKind == JsonValueKind.String)
                {
                    yield return $"{chain.GetString()}-{genesis.GetString()}";
                }

                foreach (string found in element.EnumerateObject().SelectMany(property => FindChains(property.Value)))
                {
                    yield return found;
                }

                break;
            case JsonValueKind.Array:
                foreach (string found in element.EnumerateArray().SelectMany(FindChains))
                {
                    yield return found;
                }

                break;
        }
    }
}
