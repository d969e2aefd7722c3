using Jeju.Infra.Core;

namespace Jeju.Infra.Cli;

/// <summary>The errors of the command line itself: 001x for usage and build, 08xx for prerequisites and tests.</summary>
internal static class CliErrors
{
    public static InfraException Usage(string message, string remedy) =>
        new(new ErrorCode(10), message, remedy, FailureKind.Usage);

    public static InfraException MissingTool(string tool, string purpose, string remedy) =>
        new(new ErrorCode(811), $"{tool} is missing; {purpose}.", remedy);

    public static InfraException DockerDoesNotAnswer(string reason, string remedy) =>
        new(new ErrorCode(812), $"The localnet needs the Docker Engine. {reason}", remedy);

    /// <param name="packages">What was to be installed, as apt-get takes it.</param>
    /// <param name="complaints">What apt-get complained of, line by line.</param>
    /// <param name="log">All that it said.</param>
    public static InfraException InstallFailed(string packages, IReadOnlyList<string> complaints, string log)
    {
        string cause = complaints.Count == 0 ? "it gave no reason" : string.Join("; ", complaints.Select(complaint => complaint.TrimEnd('.')));
        return new InfraException(
            new ErrorCode(813),
            $"apt-get could not install {packages}: {cause}. Its log is {log}.",
            $"Mend what it says, or install them by hand (apt-get update && apt-get install {packages}), then run the command again.");
    }

    public static InfraException NotBuilt(string file) => new(
        new ErrorCode(814),
        $"'{file}' does not exist: the checkout is not built.",
        "Run ./jeju build, or start every command through the ./jeju script, which builds what is stale.");

    public static InfraException DigestUnknown(string image, InfraException cause) => new(
        new ErrorCode(841),
        $"The digest of {image} could not be resolved: {(cause.InnerException ?? cause).Message.TrimEnd('.')}. The lock file is as it was.",
        "Run it on a machine whose Docker daemon reaches that registry (a proxy is a setting of the daemon; `docker login` for a private one), and commit images/images.lock.json from there; "
        + "--image NAME:TAG pins one that can be reached. The localnet needs no lock file.",
        innerException: cause);

    public static InfraException ForgeFailed(string said) => new(
        new ErrorCode(817),
        $"forge cannot compile or list the tests of the contracts: {said.Trim()}",
        "Run npx forge build in contracts, and mend what it says.");
}
