using System.Globalization;
using System.Text.RegularExpressions;
using Jeju.Infra.Core;
using Jeju.Infra.Protocol.Grpc;

namespace Jeju.Infra.Engine;

/// <summary>The coded errors of the engine, 0100 to 0199, in one place so that no number is used twice.</summary>
internal static partial class EngineErrors
{
    public static InfraException ProjectFile(string path, string problem) => new(
        new ErrorCode(100), $"The project file '{path}' cannot be used: {problem}.", "Correct the file; a clone of the repository holds one that works.", FailureKind.Usage);

    public static InfraException StackSettings(string path, string problem) => new(
        new ErrorCode(101), $"The stack settings '{path}' cannot be used: {problem}.", "Correct the file.", FailureKind.Usage);

    public static InfraException StateUnreadable(string path, string problem, Exception? cause = null) => new(
        new ErrorCode(102), $"The state '{path}' cannot be read: {problem}.",
        $"Restore it from '{path}.bak' or from a backup; nothing was changed.", innerException: cause);

    public static InfraException StateUnwritable(string path, Exception cause) => new(
        new ErrorCode(103), $"The state '{path}' cannot be written: {cause.Message}",
        "Make room on the disk or correct the permissions, then run the same command again: what was begun is recorded and will be found.", innerException: cause);

    public static InfraException StackLocked(string stack, string holder) => new(
        new ErrorCode(104), $"Another run holds the stack '{stack}': {holder}.", "Wait for it to end, or stop that process; its lock goes with it.");

    public static InfraException PassphraseMissing(string stack) => new(
        new ErrorCode(105), $"The stack '{stack}' needs a passphrase for its secrets, and none is set.",
        "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it.", FailureKind.Usage);

    public static InfraException PassphraseWrong() => new(
        new ErrorCode(106), "The passphrase does not open this stack's secrets.",
        "Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the passphrase with which the stack was made.", FailureKind.Usage);

    public static InfraException SecretsProviderUnknown(string type) => new(
        new ErrorCode(107), $"The state's secrets are kept by the provider '{type}'; this engine knows 'passphrase' only.",
        "Use the pulumi command for this stack, or change its secrets provider to passphrase with it.");

    public static InfraException CipherText(Exception? cause = null) => new(
        new ErrorCode(108), "An encrypted value is not in the form 'v1:<nonce>:<ciphertext>', or was changed.",
        "Set the value again, or restore the file that holds it.", innerException: cause);

    public static InfraException PlanOnly(string package, string urn) => new(
        new ErrorCode(110), $"'{urn}' belongs to the package '{package}', which this engine can plan but not deploy.",
        "Deploy this stack with `pulumi up`; `./jeju preview` shows its plan without an account.", FailureKind.Refused);

    public static InfraException PlanOnlyInvoke(string token) => new(
        new ErrorCode(111), $"The function '{token}' needs its provider's plugin, which this engine does not have.",
        "Run this stack with the pulumi command, or give the value by a setting.", FailureKind.Refused);

    public static InfraException PluginMissing(string package, string path) => new(
        new ErrorCode(112), $"The plugin of the package '{package}' is not at '{path}'.", "Run `./jeju build`.");

    public static InfraException PluginStart(string package, string problem) => new(
        new ErrorCode(113), $"The plugin of the package '{package}' did not start: {problem}.", "Run `./jeju build`; if it persists, start the plugin by hand to see its error.");

    public static InfraException ProgramMissing(string path) => new(
        new ErrorCode(114), $"The program '{path}' is not built.", "Run `./jeju build`.");

    public static InfraException ProgramNeverRegistered(string problem) => new(
        new ErrorCode(115), $"The program ended without an error, but {problem}; nothing was deleted.",
        "Call Deployment.RunAsync in Main, return its result, and do not end the process by other means.");

    /// <summary>The program's own coded error where it logged one; otherwise that it failed.</summary>
    /// <param name="exitCode">How the program ended.</param>
    /// <param name="lastError">The last error that it logged; empty where there was none.</param>
    public static InfraException ProgramFailed(int exitCode, string lastError)
    {
        var coded = CodedText().Match(lastError.Trim());
        if (coded.Success)
        {
            var number = int.Parse(coded.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            // Codes 07xx are those of settings and stacks.
            var kind = number / 100 == 7 ? FailureKind.Usage : FailureKind.Failed;
            return new InfraException(
                new ErrorCode(number), coded.Groups["message"].Value.TrimEnd(), coded.Groups["remedy"].Value, kind);
        }

        return new InfraException(
            new ErrorCode(116),
            $"The program ended with exit code {exitCode}.{(lastError.Length > 0 ? "" : " It wrote no error message.")}",
            "The messages above say why; correct the program or its settings.");
    }

    public static InfraException ReferenceMissing(string name, string path) => new(
        new ErrorCode(117), $"The stack reference '{name}' has no state at '{path}'.", "Deploy that stack first, or correct the name (organization/project/stack).");

    public static InfraException Unsupported(string what) => new(
        new ErrorCode(118), $"The embedded engine does not support {what}.", "Use `pulumi up` where it is needed, or leave it out.");

    public static InfraException AssetMissing(string path, string fullPath) => new(
        new ErrorCode(135), $"The asset '{path}' does not exist: there is nothing at '{fullPath}'.", "Correct the path, which is relative to the program's folder.", FailureKind.Usage);

    public static InfraException StateVersion(string path, int version) => new(
        new ErrorCode(119), $"The state '{path}' has version {version}; this engine reads version 3.",
        "Use the pulumi command for this stack: its state uses features that this engine does not know.");

    public static InfraException Protected(string urn, string verb) => new(
        new ErrorCode(120), $"'{urn}' is protected and cannot be {verb}.", "Take `Protect` off the resource and run `./jeju up` first, if it really shall go.", FailureKind.Refused);

    public static InfraException DuplicateUrn(string urn) => new(
        new ErrorCode(121), $"Two resources have the URN '{urn}'.", "Give one of them another name.");

    public static InfraException ResourceInvalid(string urn, string failures) => new(
        new ErrorCode(122), $"'{urn}' has invalid properties: {failures}", "Correct them in the program or in the stack's settings.", FailureKind.Usage);

    public static InfraException OperationFailed(string verb, string urn, string problem, Exception? cause) => new(
        new ErrorCode(123),
        $"{verb} '{urn}' failed: {problem}",
        "Correct the cause and run the same command again; it continues where this one stopped.",
        KindOf(cause),
        cause);

    public static InfraException ImportFailed(string urn, string id, string problem) => new(
        new ErrorCode(124), $"'{urn}' cannot be imported from id '{id}': {problem}.", "Correct the id, or take the import option off.");

    public static InfraException ReadMissing(string urn, string id) => new(
        new ErrorCode(125), $"There is no resource with id '{id}' to read as '{urn}'.", "Correct the id.");

    public static InfraException AliasClaimed(string urn, string alias) => new(
        new ErrorCode(126), $"'{urn}' has the alias '{alias}', which another resource of this program has taken over already.", "Remove the alias from one of them.");

    public static InfraException NoChangesExpected(int count) => new(
        new ErrorCode(127), $"No changes were expected, but {count} are needed.", "Look at the preview.", FailureKind.Refused);

    public static InfraException ProviderUnknown(string reference) => new(
        new ErrorCode(128), $"The provider '{reference}' is in neither the program nor the state.", "Register the provider before the resources that use it.");

    public static InfraException PlanUnreadable(Exception cause) => new(
        new ErrorCode(130), $"The text is no plan: {cause.Message}", "Use the output of `./jeju preview --json` of the other version.", innerException: cause);

    public static InfraException StackNotEmpty(string stack) => new(
        new ErrorCode(131), $"The stack '{stack}' still manages resources.", "Run `./jeju destroy` first.", FailureKind.Refused);

    public static InfraException ConfigNotEditable(string path, string key) => new(
        new ErrorCode(132), $"The entry '{key}' of '{path}' spans several lines and cannot be changed by this engine.", "Change it in the file.", FailureKind.Usage);

    public static InfraException ConfigGroupInOneLine(string path, string group) => new(
        new ErrorCode(132), $"The group '{group}' of '{path}' is written in one line and cannot be changed by this engine.", "Change it in the file.", FailureKind.Usage);

    public static InfraException PassphraseFileMissing(string path) => new(
        new ErrorCode(134), $"PULUMI_CONFIG_PASSPHRASE_FILE names '{path}', which does not exist.", "Correct the variable, or write the passphrase into that file.",
        FailureKind.Usage);

    public static InfraException NothingToReplace(IReadOnlyList<string> names, IReadOnlyList<string> known)
    {
        // The closest first: most wrong names are mistyped ones.
        var closest = known.OrderBy(name => names.Min(wrong => TextDistance.Between(wrong, name))).ThenBy(name => name, StringComparer.Ordinal).Take(5).ToList();
        return new InfraException(
            new ErrorCode(138),
            $"The stack has no resource {string.Join(", ", names.Select(name => $"'{name}'"))} to replace.",
            closest.Count == 0 ? "It has no resource yet: leave --replace out." : $"Name one that it has, such as {string.Join(", ", closest)}.",
            FailureKind.Usage);
    }

    /// <summary>A coded error as one text: the code, the message, and the remedy in the last line.</summary>
    [GeneratedRegex(@"^JEJU(?<number>\d{4}): (?<message>.*?)(\n(?<remedy>[^\n]*))?$", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex CodedText();

    /// <summary>What a plugin's status says about whose fault it is.</summary>
    private static FailureKind KindOf(Exception? cause) => cause switch
    {
        null => FailureKind.Failed,
        GrpcStatusException { StatusCode: GrpcStatusCode.InvalidArgument } => FailureKind.Usage,
        GrpcStatusException { StatusCode: GrpcStatusCode.PermissionDenied } => FailureKind.Refused,
        _ => KindOf(cause.InnerException),
    };
}
