using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Kubernetes;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju k8s render</c>: the Kubernetes objects of a stack's plan as YAML files.</summary>
internal static class K8sRenderCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string> folder = new("--out", "-o") { Description = "The folder to write to: empty, or written by this command before.", Required = true };
        Option<string?> cloud = CommonOptions.Cloud();
        Option<bool> json = CommonOptions.Json();
        Command command = new("render", "Writes the Kubernetes objects of the stack's plan as YAML, one folder per service.") { stack, folder, cloud, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, parsed.GetRequiredValue(stack), parsed.GetRequiredValue(folder), parsed.GetValue(cloud), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, string stack, string folder, string? cloud, bool asJson, CancellationToken cancellationToken)
    {
        StackEngine engine = StackSession.Open(context, stack);
        RunResult plan = await new RunDisplay(context).ShowAsync(events => engine.PreviewAsync(RunSettings.Default, events, cancellationToken));
        if (!plan.Succeeded)
        {
            throw plan.Failures[0];
        }

        ManifestSet set = ManifestSet.Of(plan.Registered, cloud);
        if (set.Manifests.Count == 0 && set.Charts.Count == 0)
        {
            throw CliErrors.Usage(
                $"The stack '{stack}' has nothing on Kubernetes{(cloud is null ? "" : $" on {cloud}")}.",
                "Name a stack with a cluster: --stack testnet or --stack mainnet.");
        }

        ManifestIndex index = await new ManifestFolder(folder).WriteAsync(stack, set, cancellationToken);
        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(index, JsonText.Indented));
        }
        else
        {
            foreach (RenderedFile file in index.Files)
            {
                await context.Output.WriteLineAsync(Path.Combine(folder, file.File));
            }

            foreach (ReplacedValue unknown in index.Unknowns)
            {
                context.Say($"jeju: known after the deployment, '{unknown.Placeholder}' until then: {NameOf(unknown.Urn)} {unknown.Path}{From(unknown)}");
            }

            foreach (ReplacedValue secret in index.Secrets)
            {
                context.Say($"jeju: secret, not written: {NameOf(secret.Urn)} {secret.Path}");
            }

            foreach (PlannedChart chart in index.Charts)
            {
                context.Say($"jeju: installed by Helm, not rendered: {chart.Name} ({chart.Chart} {chart.Version})");
            }
        }

        context.Say($"jeju: {index.Files.Count} files in {folder}; {index.Unknowns.Count} values known after the deployment, {index.Secrets.Count} secrets and {index.Charts.Count} charts left out; {ManifestFolder.IndexName} lists them");
        return ExitCode.Done;
    }

    private static string From(ReplacedValue value) => value.Sources.Count == 0 ? "" : $" (from {string.Join(", ", value.Sources)})";

    private static string NameOf(string urn) => urn[(urn.LastIndexOf("::", StringComparison.Ordinal) + 2)..];
}
