using System.CommandLine;
using Jeju.Infra.Cli.Deployments;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju k8s ...</c>.</summary>
internal static class K8sCommand
{
    public static Command Create(CommandContext context) => new("k8s", "What runs on the Kubernetes clusters of a stack.")
    {
        K8sRenderCommand.Create(context),
        DeployCommand.Phases(
            context, "deploy", "Deploys what runs on the clusters: the platform, then the chain services.", DeploymentPhase.Platform, DeploymentPhase.ChainServices),
    };
}
