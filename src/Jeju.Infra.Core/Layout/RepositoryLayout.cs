namespace Jeju.Infra.Core;

/// <summary>
/// Where things lie in a checkout. Everything a run writes is under <c>.jeju</c>, which is ignored and can be deleted: what matters is on
/// chain.
/// </summary>
public sealed class RepositoryLayout
{
    /// <summary>The file that marks the root of a checkout.</summary>
    public const string RootMarker = "Pulumi.yaml";

    /// <summary>The environment variable that moves the state folder, for tests and for several localnets on one machine.</summary>
    public const string StateFolderVariable = "JEJU_HOME";

    /// <summary>Makes the layout of one checkout.</summary>
    /// <param name="root">The root of the checkout.</param>
    /// <param name="stateFolder">The folder of local state; <c>.jeju</c> below the root where absent.</param>
    public RepositoryLayout(string root, string? stateFolder = null)
    {
        Root = Path.GetFullPath(root);
        StateFolder = string.IsNullOrEmpty(stateFolder) ? Path.Combine(Root, ".jeju") : Path.GetFullPath(stateFolder);
    }

    /// <summary>The root of the checkout.</summary>
    public string Root { get; }

    /// <summary>All local state: package mode, engine state, chain, agent, journals.</summary>
    public string StateFolder { get; }

    /// <summary>The folder of the stacks' settings files.</summary>
    public string StacksFolder => Path.Combine(Root, "stacks");

    /// <summary>The settings file of a stack.</summary>
    public string StackSettingsFile(string stackName) => Path.Combine(StacksFolder, $"Pulumi.{stackName}.yaml");

    /// <summary>The Foundry project.</summary>
    public string ContractsFolder => Path.Combine(Root, "contracts");

    /// <summary>The compiler's output: one folder per source file, one JSON artifact per contract.</summary>
    public string ContractArtifactsFolder => Path.Combine(ContractsFolder, "out");

    /// <summary>The recipes of the service images.</summary>
    public string ImagesFolder => Path.Combine(Root, "images");

    /// <summary>The root of the engine's state, in the layout of Pulumi's file backend.</summary>
    public string EngineStateFolder => Path.Combine(StateFolder, "state");

    /// <summary>What belongs to one stack.</summary>
    public string StackFolder(string stackName) => Path.Combine(StateFolder, stackName);

    /// <summary>The chain of a localnet: dumps, log, process record.</summary>
    public string ChainFolder(string stackName) => Path.Combine(StackFolder(stackName), "chain");

    /// <summary>The provider agent: settings, cursor, log, process record.</summary>
    public string AgentFolder(string stackName) => Path.Combine(StackFolder(stackName), "agent");

    /// <summary>Intents written before transactions are sent.</summary>
    public string JournalFolder(string stackName) => Path.Combine(StackFolder(stackName), "journal");

    /// <summary>The built executable of a project.</summary>
    /// <param name="project">The project's name, for example <c>Jeju.Infra.Cli</c>.</param>
    /// <param name="executable">The executable's name, for example <c>jeju</c>.</param>
    public string Executable(string project, string executable) =>
        Path.Combine(Root, "artifacts", "bin", project, "release", executable);

    /// <summary>The command line tool, which is also the agent's and the chain keeper's executable.</summary>
    public string CommandLineTool => Executable("Jeju.Infra.Cli", "jeju");

    /// <summary>The Pulumi plugin.</summary>
    public string ProviderPlugin => Executable("Jeju.Infra.Provider", "pulumi-resource-jeju");

    /// <summary>The Pulumi program.</summary>
    public string Program => Executable("Jeju.Infra.Stacks", "Jeju.Infra.Stacks");

    /// <summary>A tool that npm installed for the Foundry project: the real executable, not npm's wrapper.</summary>
    /// <param name="tool"><c>anvil</c>, <c>forge</c> or <c>cast</c>.</param>
    public string FoundryTool(string tool)
    {
        string platform = OperatingSystem.IsMacOS() ? "darwin" : "linux";
        string architecture = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            is System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";
        return Path.Combine(ContractsFolder, "node_modules", "@foundry-rs", $"{tool}-{platform}-{architecture}", "bin", tool);
    }

    /// <summary>Finds the checkout that contains a folder, and takes the state folder from the environment.</summary>
    /// <param name="start">Any folder in the checkout, for example the executable's.</param>
    /// <exception cref="InfraException">JEJU0002: there is no checkout above the folder.</exception>
    public static RepositoryLayout Find(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, RootMarker)) && Directory.Exists(Path.Combine(folder.FullName, "stacks")))
            {
                return new RepositoryLayout(folder.FullName, Environment.GetEnvironmentVariable(StateFolderVariable));
            }
        }

        throw new InfraException(
            new ErrorCode(2),
            $"No checkout of Jeju.Infra contains '{start}'.",
            "Run the command inside a clone of the repository.",
            FailureKind.Usage);
    }
}
