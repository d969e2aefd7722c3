using System.Collections.Immutable;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.EndToEnd.Harness;
using Pulumi;
using Pulumi.Automation;

namespace Jeju.Infra.EndToEnd.Engine;

/// <summary>The docker package of the embedded engine against the daemon of this machine.</summary>
public sealed class DockerProviderTests : IAsyncLifetime
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("jeju-docker-").FullName;
    private readonly string _mark = Path.GetRandomFileName()[..8];
    private readonly DockerEngine _docker = new(TimeProvider.System);

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>What a failed test left goes with it.</summary>
    public async Task DisposeAsync()
    {
        foreach (var network in await _docker.ListNetworksAsync([_mark], CancellationToken.None))
        {
            await _docker.RemoveNetworkAsync(network.Id!, CancellationToken.None);
        }

        await _docker.RemoveVolumeAsync($"volume-{_mark}", CancellationToken.None);
        _docker.Dispose();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    [DockerFact(UsesAutomation = true)]
    public async Task Networks_and_volumes_are_made_kept_replaced_and_removed()
    {
        using var stack = await LocalWorkspace.CreateOrSelectStackAsync(Arguments(() => Define("1")));
        var first = await stack.UpAsync();
        var volume = (string)first.Outputs["volume"].Value;

        var again = await stack.UpAsync();
        var replaced = await stack.UpAsync(new UpOptions { Program = PulumiFn.Create(() => Define("2")) });

        Assert.Equal($"volume-{_mark}", volume);
        Assert.Equal([OperationType.Same], again.Summary.ResourceChanges!.Keys);
        Assert.Equal(2, replaced.Summary.ResourceChanges![OperationType.Replace]);
        var found = await _docker.FindVolumeAsync(volume, CancellationToken.None);
        Assert.Equal("2", found!.Labels![_mark]);
        Assert.Single(await _docker.ListNetworksAsync([_mark], CancellationToken.None));

        await stack.DestroyAsync();

        Assert.Null(await _docker.FindVolumeAsync(volume, CancellationToken.None));
        Assert.Empty(await _docker.ListNetworksAsync([_mark], CancellationToken.None));
    }

    [DockerFact(UsesAutomation = true)]
    public async Task What_somebody_removed_by_hand_is_made_again_after_a_refresh()
    {
        using var stack = await LocalWorkspace.CreateOrSelectStackAsync(Arguments(() => Define("1")));
        await stack.UpAsync();
        await _docker.RemoveVolumeAsync($"volume-{_mark}", CancellationToken.None);

        await stack.RefreshAsync();
        var repaired = await stack.UpAsync();
        await stack.DestroyAsync();

        Assert.Equal(1, repaired.Summary.ResourceChanges![OperationType.Create]);
    }

    [DockerFact(UsesAutomation = true)]
    public async Task An_input_that_would_not_be_heeded_is_refused()
    {
        using var stack = await LocalWorkspace.CreateOrSelectStackAsync(Arguments(() =>
        {
            _ = new Generic("docker:index/volume:Volume", "volume", new() { ["cluster"] = "x" });
            return new Dictionary<string, object?>();
        }));

        var failure = await Assert.ThrowsAsync<Pulumi.Automation.Commands.Exceptions.CommandException>(() => stack.UpAsync());

        Assert.Contains("JEJU0122", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cluster: is not supported", failure.Message, StringComparison.Ordinal);
    }

    private Dictionary<string, object?> Define(string mark)
    {
        var labels = new[] { new Dictionary<string, object?> { ["label"] = _mark, ["value"] = mark } }.ToImmutableArray<object?>();
        var volume = new Generic("docker:index/volume:Volume", "volume", new() { ["name"] = $"volume-{_mark}", ["labels"] = labels });
        _ = new Generic("docker:index/network:Network", "network", new()
        {
            ["internal"] = true,
            ["labels"] = labels,
        });
        return new Dictionary<string, object?> { ["volume"] = volume.Id };
    }

    private InlineProgramArgs Arguments(Func<IDictionary<string, object?>> program) => new("docker-test", "dev", PulumiFn.Create(program))
    {
        WorkDir = _folder,
        EnvironmentVariables = new Dictionary<string, string?> { ["PULUMI_BACKEND_URL"] = $"file://{_folder}", ["PULUMI_CONFIG_PASSPHRASE"] = "" },
    };

    private sealed class Generic(string type, string name, Dictionary<string, object?> inputs)
        : CustomResource(type, name, new DictionaryResourceArgs(inputs.ToImmutableDictionary()), new CustomResourceOptions());
}
