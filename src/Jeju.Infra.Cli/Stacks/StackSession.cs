using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Programs;
using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Engine.Secrets;

namespace Jeju.Infra.Cli.Stacks;

/// <summary>One stack of this checkout, ready to be run by the embedded engine.</summary>
internal static class StackSession
{
    private const string PassphraseVariable = "PULUMI_CONFIG_PASSPHRASE";
    private const string PassphraseFileVariable = "PULUMI_CONFIG_PASSPHRASE_FILE";

    /// <summary>Makes the engine of a stack.</summary>
    /// <exception cref="InfraException">JEJU0814: the program or the plugin is not built.</exception>
    public static StackEngine Open(CommandContext context, string stack) =>
        OpenFor(context, context.Layout, stack, config: null, context.Layout.EngineStateFolder);

    /// <summary>Makes the engine of a stack of a checkout.</summary>
    /// <param name="context">The environment, and the clock.</param>
    /// <param name="layout">The checkout.</param>
    /// <param name="stack">The stack's name.</param>
    /// <param name="config">Its settings; null for those of the checkout.</param>
    /// <param name="stateFolder">Where its state is.</param>
    /// <exception cref="InfraException">JEJU0814: the program or the plugin is not built.</exception>
    public static StackEngine OpenFor(CommandContext context, RepositoryLayout layout, string stack, StackConfig? config, string stateFolder)
    {
        // A name that no environment has would run with no settings at all.
        NetworkProfile.ForStack(stack);
        foreach (string executable in new[] { layout.Program, layout.ProviderPlugin })
        {
            if (!File.Exists(executable))
            {
                throw CliErrors.NotBuilt(executable);
            }
        }

        Dictionary<string, string> passphrase = new(StringComparer.Ordinal);
        foreach (string variable in new[] { PassphraseVariable, PassphraseFileVariable })
        {
            if (context.ReadEnvironment(variable) is string value)
            {
                passphrase[variable] = value;
            }
        }

        return new StackEngine(new StackEngineOptions
        {
            Project = ProjectFile.Load(layout.Root),
            Stack = stack,
            StateDirectory = stateFolder,
            Config = config,
            Program = new ExecutableProgram(layout.Program, layout.StacksFolder),
            // The secrets of a localnet protect nothing but this machine's own containers: it makes its passphrase itself.
            Passphrase = new PassphraseSource(passphrase, IsLocalnet(stack) ? Path.Combine(context.Layout.StackFolder(stack), "passphrase") : null),
            Time = context.Time,
        });
    }

    /// <summary>The recorded state of a stack, which may not exist.</summary>
    public static string StateFile(CommandContext context, string stack) => Path.Combine(
        context.Layout.EngineStateFolder, ".pulumi", "stacks", ProjectFile.Load(context.Layout.Root).Name, $"{stack}.json");

    /// <summary>Whether a stack is the network on this machine.</summary>
    public static bool IsLocalnet(string stack) => stack == "localnet";
}
