using Jeju.Infra.Tests.Architecture;

namespace Jeju.Infra.Tests.Golden;

/// <summary>A text that was looked at once and must not change by accident.</summary>
internal static class GoldenFile
{
    /// <summary>Set to 1, the texts of this run become the golden ones. Continuous integration never sets it.</summary>
    private const string AcceptVariable = "JEJU_ACCEPT_GOLDEN";

    /// <summary>Compares a text with its golden file.</summary>
    /// <param name="name">The file below tests/Jeju.Infra.Tests/Golden.</param>
    /// <param name="text">What was made now.</param>
    public static void Verify(string name, string text)
    {
        var path = Path.Combine(Checkout.Layout.Root, "tests", "Jeju.Infra.Tests", "Golden", name);
        text = text.TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(path, text);
        }

        var golden = File.Exists(path) ? File.ReadAllText(path) : "";
        if (golden == text)
        {
            return;
        }

        var expected = golden.Split('\n');
        var actual = text.Split('\n');
        var line = Enumerable.Range(0, Math.Max(expected.Length, actual.Length)).First(index => expected.ElementAtOrDefault(index) != actual.ElementAtOrDefault(index));
        Assert.Fail(
            $"{name} differs from line {line + 1} on.\n- {expected.ElementAtOrDefault(line)}\n+ {actual.ElementAtOrDefault(line)}\n"
            + $"If the change is meant: {AcceptVariable}=1 ./jeju test fast, and look at the difference before committing it.");
    }
}
