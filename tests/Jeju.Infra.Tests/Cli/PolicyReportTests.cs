using Jeju.Infra.Cli.Display;
using Jeju.Infra.Core;
using Jeju.Infra.Policy;
using Spectre.Console;

namespace Jeju.Infra.Tests.Cli;

/// <summary>Twenty resources with one fault are one matter for whoever reads the report, and nothing about one of them is lost.</summary>
public sealed class PolicyReportTests
{
    private static readonly PolicyVerdict Verdict = new()
    {
        Refusals = [Finding(901, "logs", "It is not encrypted.", "Set a key.")],
        Warnings =
        [
            Finding(907, "reader", "The image reader:1 is not pinned.", "Run ./jeju images pin.") with { IsWarning = true },
            Finding(907, "writer", "The image writer:2 is not pinned.", "Run ./jeju images pin.") with { IsWarning = true },
            Finding(907, "writer", "The image helper:3 is not pinned.", "Run ./jeju images pin.") with { IsWarning = true },
        ],
        Exceptions =
        [
            new ExceptedFinding(Finding(902, "sites", "Everybody reads it.", "Close it."), "It is public by purpose.", new DateOnly(2027, 1, 31)),
            new ExceptedFinding(Finding(902, "shop", "Everybody reads it, too.", "Close it."), "It is public by purpose.", new DateOnly(2027, 1, 31)),
        ],
        Costs = [],
    };

    [Fact]
    public void Findings_of_one_rule_with_one_way_out_stand_together()
    {
        using StringWriter written = new();
        IAnsiConsole page = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(written) });
        page.Profile.Width = 1000;

        PolicyReport.WriteText(page, Verdict);

        Assert.Equal(
            """
            refused JEJU0901 Set a key.
              logs  aws:s3/bucket:Bucket
                It is not encrypted.
            warning JEJU0907 3 findings. Run ./jeju images pin.
              reader  aws:s3/bucket:Bucket
                The image reader:1 is not pinned.
              writer  aws:s3/bucket:Bucket
                The image writer:2 is not pinned.
                The image helper:3 is not pinned.
            allowed JEJU0902 2 findings. It is public by purpose. (until 2027-01-31)
              sites  aws:s3/bucket:Bucket
                Everybody reads it.
              shop  aws:s3/bucket:Bucket
                Everybody reads it, too.

            """.ReplaceLineEndings(),
            written.ToString());
    }

    [Fact]
    public void A_pull_request_reads_each_way_out_once()
    {
        string text = PolicyReport.ToMarkdown(Verdict);

        Assert.Contains("| **refused** | JEJU0901 | `logs` (aws:s3/bucket:Bucket) | It is not encrypted. |\n", text, StringComparison.Ordinal);
        Assert.Contains("| warning | JEJU0907 | `writer` (aws:s3/bucket:Bucket) | The image helper:3 is not pinned. |\n\n- JEJU0901: Set a key.\n- JEJU0907: Run ./jeju images pin.\n", text, StringComparison.Ordinal);
    }

    private static PolicyFinding Finding(int code, string name, string reason, string remedy) =>
        new(new ErrorCode(code), $"urn:pulumi:testnet::jeju-infra::aws:s3/bucket:Bucket::{name}", reason, remedy);
}
