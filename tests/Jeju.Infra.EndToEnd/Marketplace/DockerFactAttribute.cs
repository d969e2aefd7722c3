using Jeju.Infra.Core.Docker;

using Xunit;

namespace Jeju.Infra.EndToEnd.Marketplace;

/// <summary>A test that needs the Docker daemon of this machine; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DockerFactAttribute : FactAttribute
{
    public DockerFactAttribute()
    {
        string socket = DockerEngine.ResolveSocketPath(Environment.GetEnvironmentVariable("DOCKER_HOST"));
        if (!File.Exists(socket))
        {
            Skip = $"There is no Docker daemon at {socket}.";
        }
    }
}
