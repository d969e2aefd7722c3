using System.Globalization;

namespace Jeju.Infra.Tests.Likeness;

/// <summary>The environment variables by which an engine tells a program where it is. There is one of them per process, so its users take turns.</summary>
[CollectionDefinition(Name)]
public sealed class ProgramEnvironment
{
    public const string Name = "programs that find their engine in the environment";

    public static async Task<int> RunAsync(string engine, bool isPreview, Func<Task<int>> program, params (string Name, string Value)[] more)
    {
        (string Name, string Value)[] variables =
        [
            ("PULUMI_MONITOR", engine),
            ("PULUMI_ENGINE", engine),
            ("PULUMI_PROJECT", "spikeproj"),
            ("PULUMI_STACK", "dev"),
            ("PULUMI_ORGANIZATION", "organization"),
            ("PULUMI_DRY_RUN", isPreview.ToString(CultureInfo.InvariantCulture)),
            ("PULUMI_QUERY_MODE", "false"),
            ("PULUMI_PARALLEL", "8"),
            .. more,
        ];
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
        try
        {
            return await program().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        }
        finally
        {
            foreach (var (name, _) in variables)
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }
}
