using System.Globalization;
using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>One thing that is wrong in a stack's settings.</summary>
/// <param name="File">The file it stands in.</param>
/// <param name="Line">Its line, counted from one; 0 where it is not known.</param>
/// <param name="Setting">The setting's name, with the path below it.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Remedy">What to write instead.</param>
public sealed record SettingsProblem(string File, long Line, string Setting, string Problem, string Remedy)
{
    /// <summary>Makes one error of everything that is wrong, so that a file is put right in one go.</summary>
    public static InfraException ToError(IReadOnlyCollection<SettingsProblem> problems) => new(
        new ErrorCode(702),
        problems.Count == 1
            ? $"A setting is wrong.\n  {problems.First()}"
            : $"{problems.Count} settings are wrong.\n  {string.Join("\n  ", problems)}",
        "\nEdit the file, or set a value with `pulumi config set`.",
        FailureKind.Usage);

    /// <summary>File, line, setting, problem and remedy in one line.</summary>
    public override string ToString()
    {
        var where = Line > 0 ? File + ":" + Line.ToString(CultureInfo.InvariantCulture) : File;
        return Setting.Length > 0 ? $"{where}: {Setting}: {Problem}; {Remedy}" : $"{where}: {Problem}; {Remedy}";
    }
}
