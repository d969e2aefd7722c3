namespace Jeju.Infra.Provider;

/// <summary>What the plugin says about itself.</summary>
internal static class PluginInformation
{
    public const string PackageName = "jeju";

    /// <summary>Semantic version without the letter v, as GetPluginInfo wants it.</summary>
    public static string Version { get; } =
        typeof(PluginInformation).Assembly.GetName().Version is { } version ? version.ToString(3) : "0.0.0";
}
