using System.Text.RegularExpressions;

namespace Jeju.Infra.Tests.Architecture;

/// <summary>Rules of the house that a compiler does not know.</summary>
public sealed partial class SourceRuleTests
{
    private const int MostLines = 400;
    private const int MostLinesOfATest = 600;

    [Fact]
    public void No_source_knows_the_package_mode() =>
        Assert.DoesNotContain(Checkout.Sources(), file => ConditionalCompilation().IsMatch(Checkout.Read(file)));

    [Fact]
    public void No_file_is_too_long_to_read() =>
        Assert.Empty(
            from file in Checkout.Sources()
            let lines = Checkout.Read(file).AsSpan().Count('\n')
            where lines > (file.StartsWith("tests", StringComparison.Ordinal) ? MostLinesOfATest : MostLines)
            select $"{file}: {lines} lines");

    [Fact]
    public void No_file_and_no_folder_is_named_for_nothing() =>
        Assert.DoesNotContain(Checkout.Sources(), file => NamesThatSayNothing().IsMatch(file));

    [Fact]
    public void Tests_wait_for_events_and_never_for_a_fixed_time() =>
        Assert.DoesNotContain(
            Checkout.Sources().Where(file => file.StartsWith("tests", StringComparison.Ordinal)),
            file => FixedSleep().IsMatch(Checkout.Read(file)));

    [GeneratedRegex(@"^\s*#\s*if\b", RegexOptions.Multiline)]
    private static partial Regex ConditionalCompilation();

    [GeneratedRegex(@"(Utils|Utilities|Helpers?|Common|Manager|Misc)(\.cs|/)")]
    private static partial Regex NamesThatSayNothing();

    [GeneratedRegex(@"Thread\.Sleep\(")]
    private static partial Regex FixedSleep();
}
