using System.CommandLine;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju provider ...</c>.</summary>
internal static class ProviderCommand
{
    public static Command Create(CommandContext context) => new("provider", "A provider node of the marketplace: registration, offers, leaving.")
    {
        ProviderRegisterCommand.Create(context),
        ProviderOffersCommand.Create(context),
        ProviderDrainCommand.Create(context),
    };
}
