using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>Settings whose members depend on each other or on the environment, beyond what each one's own rule says.</summary>
internal interface ICheckedSettings
{
    /// <summary>Everything that is wrong, once every member has been read and found right by itself.</summary>
    IEnumerable<SettingRefusal> Check(NetworkProfile network);
}

/// <summary>One thing that is wrong between settings.</summary>
/// <param name="Path">Names and list positions below the group that found it; none for the group itself.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Remedy">What to write instead.</param>
internal sealed record SettingRefusal(IReadOnlyList<object> Path, string Problem, string Remedy);
