using System.CommandLine;
using System.Net;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Plans;
using Jeju.Infra.Cli.Policies;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Policy;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju preview</c>: shows what <c>up</c> would change, or what a change of the repository changes in the plan.</summary>
internal static class PreviewCommand
{
    private sealed record Request(string Stack, ReportForm Form, RunSettings Settings, bool IsOnline, string? Against);

    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<bool> json = CommonOptions.Json();
        Option<bool> markdown = new("--markdown") { Description = "Print the result as Markdown, for a pull request." };
        Option<bool> refresh = new("--refresh") { Description = "Compare the state with what is there first." };
        Option<bool> expectNoChanges = new("--expect-no-changes") { Description = "Fail where anything would change." };
        Option<string?> against = new("--against") { Description = "Compare the plan with that of another commit: a branch, a tag or a hash." };
        Option<bool> offline = new("--offline") { Description = "Ask nobody outside of this machine: the default." };
        Option<bool> online = new("--online") { Description = "Also look at what needs no credentials: chains, endpoints and names." };
        Command command = new("preview", "Shows what `up` would change, and changes nothing.") { stack, json, markdown, refresh, expectNoChanges, against, offline, online };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(offline) && parsed.GetValue(online))
            {
                throw CliErrors.Usage("--offline and --online exclude each other.", "Leave one of them out; without either nobody is asked.");
            }

            if (parsed.GetValue(json) && parsed.GetValue(markdown))
            {
                throw CliErrors.Usage("--json and --markdown exclude each other.", "Leave one of them out.");
            }

            return RunAsync(
                context,
                new Request(
                    parsed.GetRequiredValue(stack), parsed.GetValue(json) ? ReportForm.Json : parsed.GetValue(markdown) ? ReportForm.Markdown : ReportForm.Text,
                    new RunSettings { Refresh = parsed.GetValue(refresh), ExpectNoChanges = parsed.GetValue(expectNoChanges) },
                    parsed.GetValue(online), parsed.GetValue(against)),
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, Request request, CancellationToken cancellationToken)
    {
        StackEngine engine = StackSession.Open(context, request.Stack);
        Task<IReadOnlyList<PlannedResource>>? earlier = request.Against is string reference
            ? new EarlierPlan(context, request.Stack).PlanAsync(reference, cancellationToken)
            : null;
        RunResult result = await PlanPreview.ShowAsync(context, engine, request.Settings, cancellationToken);
        ChangeReport report = ChangeReport.FromRun(result, request.Stack);
        if (earlier is not null)
        {
            IReadOnlyList<PlannedResource> before = await earlier;
            report = ChangeReport.FromPlans(request.Stack, request.Against!, before, result.Registered) with { Failures = result.Failures };
        }

        ProjectFile project = ProjectFile.Load(context.Layout.Root);
        StackConfig settings = StackConfig.Load(project.StackSettingsPath(request.Stack), project.Name);
        NetworkProfile profile = NetworkProfile.ForStack(request.Stack);
        report = report with { NotChecked = UncheckedMatters.Of(result, settings, project.Name, profile, request.IsOnline) };
        PolicyVerdict? verdict = result.Failures.Any(failure => failure.Kind != FailureKind.Refused) ? null : PlanJudge.Judge(context, request.Stack, result.Registered, report.Steps, deploys: false);
        int exitCode = await RunReport.WriteAsync(context, report, request.Form, verdict);
        if (!request.IsOnline)
        {
            return exitCode;
        }

        using SocketsHttpHandler network = new();
        RollupBundle? bundle = OnlineChecks.BundleFile(settings, project.Name) is { } file
            ? RollupBundle.Read(file, await File.ReadAllTextAsync(Path.Combine(context.Layout.StacksFolder, file), cancellationToken), profile.Name)
            : null;
        IReadOnlyList<OnlineCheck> checks = await new OnlineChecks(network, Dns.GetHostAddressesAsync).RunAsync(settings, project.Name, profile, bundle, cancellationToken);
        foreach (OnlineCheck check in checks)
        {
            context.Say($"jeju: {(check.Passed ? "checked" : "FAILED")}: {check.Subject}: {check.Detail}");
        }

        int failed = checks.Count(check => !check.Passed);
        return failed == 0 ? exitCode : throw new InfraException(
            new ErrorCode(826), FormattableString.Invariant($"{failed} of {checks.Count} online checks failed."), "Each is named above with what was found; --offline leaves them out.");
    }
}
