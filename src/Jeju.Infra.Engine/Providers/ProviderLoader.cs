using System.Collections.Concurrent;
using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Engine.Providers.Docker;
using Pulumirpc;

namespace Jeju.Infra.Engine.Providers;

/// <summary>Finds the provider of a package: one given for tests, one built in, the project's plugin, or one that only plans.</summary>
internal sealed class ProviderLoader(
    StackEngineOptions options, string engineAddress, IReadOnlyDictionary<string, ConfigEntry> config, Action<EngineEvent> emit) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Task<IResourceProvider>> _started = new(StringComparer.Ordinal);

    /// <summary>Starts a package's plugin before it is asked for: it comes up while the program does.</summary>
    public void Prestart(string package, CancellationToken cancellationToken)
    {
        if (options.Project.PluginDirectories.ContainsKey(package) && !options.InProcessProviders.ContainsKey(package))
        {
            var starting = StartAsync(package, cancellationToken);
            _started.TryAdd(package, starting);
            // A failure is reported where the plugin is needed; it must not go unobserved when it is not.
            _ = starting.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    /// <summary>A provider that is not configured yet. Every call gives another one.</summary>
    public Task<IResourceProvider> LoadAsync(string package, CancellationToken cancellationToken) =>
        _started.TryRemove(package, out var started) ? started : StartAsync(package, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var started in _started.Values)
        {
            try
            {
                await (await started.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }
            catch (Core.InfraException)
            {
                // It never came up, and nobody needed it.
            }
            catch (OperationCanceledException)
            {
                // The run was broken off while it came up.
            }
        }
    }

    private async Task<IResourceProvider> StartAsync(string package, CancellationToken cancellationToken)
    {
        if (options.InProcessProviders.TryGetValue(package, out var factory))
        {
            return await factory(cancellationToken).ConfigureAwait(false);
        }

        if (!options.Project.PluginDirectories.TryGetValue(package, out var directory))
        {
            if (package == "docker")
            {
                var dockerHost = options.Environment.GetValueOrDefault("DOCKER_HOST") ?? Environment.GetEnvironmentVariable("DOCKER_HOST");
                return new DockerProvider(options.Time, Core.Docker.DockerEngine.ResolveSocketPath(dockerHost));
            }

            return new PlanOnlyProvider(package);
        }

        var prefix = package + ":";
        var packageConfig = config.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        var environment = new Dictionary<string, string>(options.Environment, StringComparer.Ordinal)
        {
            ["PULUMI_PROJECT"] = options.Project.Name,
            ["PULUMI_STACK"] = options.Stack,
            ["PULUMI_CONFIG"] = StackConfig.ToEnvironment(packageConfig),
            ["NO_PROXY"] = "127.0.0.1",
            ["no_proxy"] = "127.0.0.1",
        };
        var executable = Path.Combine(directory, OperatingSystem.IsWindows() ? $"pulumi-resource-{package}.exe" : $"pulumi-resource-{package}");
        var process = await PluginProcess.StartAsync(
            new PluginStart(package, executable, engineAddress, options.Project.ProgramDirectory, environment),
            line => emit(new OutputLine(package, line)),
            options.Time,
            cancellationToken).ConfigureAwait(false);
        var handshake = new ProviderHandshakeRequest
        {
            EngineAddress = engineAddress,
            RootDirectory = directory,
            ProgramDirectory = options.Project.ProgramDirectory,
            ConfigureWithUrn = true,
        };
        return await PluginProvider.ConnectAsync(package, process.Client, process, handshake, cancellationToken).ConfigureAwait(false);
    }
}
