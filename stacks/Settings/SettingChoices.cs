using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>Values that settings may take and that come from elsewhere.</summary>
internal static class SettingChoices
{
    /// <summary>The kinds of the service catalog.</summary>
    public static IReadOnlyList<string> ServiceKinds { get; } = [.. ServiceCatalog.All.Select(kind => kind.Name)];
}
