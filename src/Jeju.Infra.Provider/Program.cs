using Jeju.Infra.Core;
using Jeju.Infra.Provider.Hosting;

namespace Jeju.Infra.Provider;

/// <summary>The entry point of <c>pulumi-resource-jeju</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
#pragma warning disable RS0030 // The entry point is where the plugin meets the process's standard output and the system's clock.
        var announcement = Console.Out;
        var time = TimeProvider.System;
#pragma warning restore RS0030
        var layout = RepositoryLayout.Find(AppContext.BaseDirectory);
        await ProviderHost.RunAsync(arguments, ResourceHandlers.All(layout, time, Environment.GetEnvironmentVariable), time, announcement, CancellationToken.None);
        return 0;
    }
}
