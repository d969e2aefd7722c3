using System.Text.RegularExpressions;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Localnet;

/// <summary>The commands as a person sees them, at a terminal.</summary>
public sealed partial class TerminalTests
{
    [TerminalFact]
    public async Task Up_can_be_broken_off_and_leaves_the_terminal_as_it_was_and_the_next_one_shows_how_it_completes()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        // Blocks that take a second, so that there is something left to break off when the key is pressed.
        await localnet.WriteSettingsAsync(("services", "[]"), ("blockTime", "1"));

        // A narrow one: nothing that is painted over may be wrapped.
        await using (PseudoTerminal narrow = PseudoTerminal.Start(localnet, columns: 40, rows: 24, "up"))
        {
            await narrow.Screen.ShowsAsync(shown => shown.Rows.Any(row => row.StartsWith("+ creating ", StringComparison.Ordinal)));
            Assert.False(narrow.Screen.ShowsCursor, "the cursor is shown in the middle of the rows");
            await narrow.TypeAsync("\x03");

            Assert.True(await narrow.WaitAsync() == 1, narrow.Screen.Text);
            Assert.Contains("JEJU0815", narrow.Screen.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("JEJU0899", narrow.Screen.Text, StringComparison.Ordinal);
            Assert.DoesNotMatch(Running(), narrow.Screen.Text);
            Assert.True(narrow.Screen.ShowsCursor, "the cursor is still hidden");
        }

        await using PseudoTerminal terminal = PseudoTerminal.Start(localnet, columns: 80, rows: 24, "up");
        Assert.True(await terminal.WaitAsync() == 0, terminal.Screen.Text);

        Assert.Matches(Done(), terminal.Screen.Text);
        Assert.DoesNotMatch(Running(), terminal.Screen.Text);
        Assert.True(terminal.Screen.ShowsCursor, "the cursor is still hidden");
        (await localnet.RunAsync("up", "--expect-no-changes")).Succeeded();
    }

    [GeneratedRegex(@"^[+~±] (creating|updating|replacing) ", RegexOptions.Multiline)]
    private static partial Regex Running();

    [GeneratedRegex(@"^. (created|updated) \S+ \(\S+\)  [0-9]+\.[0-9] s$", RegexOptions.Multiline)]
    private static partial Regex Done();
}
