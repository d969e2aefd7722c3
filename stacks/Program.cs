using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;
using Pulumi;

namespace Jeju.Infra.Stacks;

/// <summary>The Pulumi program: one stack per environment, chosen by the stack's name.</summary>
internal static class Program
{
    private static Task<int> Main() => Deployment.RunAsync(Define);

    private static IDictionary<string, object?> Define()
    {
        try
        {
            var stackName = Deployment.Instance.StackName;
            var layout = RepositoryLayout.Find(AppContext.BaseDirectory);
            return NetworkProfile.ForStack(stackName).Name switch
            {
                NetworkName.Localnet => LocalnetStack.Define(StackConfiguration.Read<LocalnetSettings>(layout, stackName)),
                NetworkName.Testnet => MarketStack.Define(StackConfiguration.Read<MarketSettings>(layout, stackName), NetworkProfile.Testnet),
                _ => MarketStack.Define(StackConfiguration.Read<MarketSettings>(layout, stackName), NetworkProfile.Mainnet),
            };
        }
        catch (InfraException error)
        {
            // The SDK prints a RunException without its stack: the text says what to do, and that is all there is to say.
            throw new RunException(error.ToDisplayText(), error);
        }
    }
}
