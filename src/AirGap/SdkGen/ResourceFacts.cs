using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Jeju.Infra.AirGap.SdkGen;

/// <summary>What the declarations of a resource do not say and its script does.</summary>
internal sealed partial record ResourceFacts
{
    /// <summary>The type token.</summary>
    public string Token { get; init; } = string.Empty;

    /// <summary>Arguments that are made secret.</summary>
    public ImmutableHashSet<string> Secrets { get; init; } = [];

    /// <summary>Arguments that travel as JSON text.</summary>
    public ImmutableHashSet<string> Json { get; init; } = [];

    /// <summary>Arguments with one value only: apiVersion, kind.</summary>
    public ImmutableDictionary<string, string> Constants { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Defaults, as C# expressions.</summary>
    public ImmutableDictionary<string, string> Defaults { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableArray<string> AliasTypes { get; init; } = [];

    public ImmutableArray<string> AdditionalSecretOutputs { get; init; } = [];

    public ImmutableArray<string> ReplaceOnChanges { get; init; } = [];

    public static ResourceFacts Read(string script) => new()
    {
        Token = TokenPattern().Match(script).Groups[1].Value,
        Secrets = [.. SecretPattern().Matches(script).Select(match => match.Groups[1].Value)],
        Json = [.. JsonPattern().Matches(script).Select(match => match.Groups[1].Value)],
        Constants = ConstantPattern().Matches(script).ToImmutableDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value),
        Defaults = DefaultPattern().Matches(script).ToImmutableDictionary(match => match.Groups[1].Value, match => ToDefault(match.Groups[2].Value)),
        AliasTypes = [.. AliasPattern().Match(script) is { Success: true } aliases ? TypePattern().Matches(aliases.Value).Select(match => match.Groups[1].Value) : []],
        AdditionalSecretOutputs = Texts(SecretOutputsPattern().Match(script)),
        ReplaceOnChanges = Texts(ReplaceOnChangesPattern().Match(script)),
    };

    /// <summary>The token of a function.</summary>
    public static string FunctionToken(string script) => InvokePattern().Match(script).Groups[1].Value;

    private static ImmutableArray<string> Texts(Match match) =>
        match.Success ? [.. TextPattern().Matches(match.Groups[1].Value).Select(text => text.Groups[1].Value)] : [];

    private static string ToDefault(string expression)
    {
        if (EnvironmentPattern().Match(expression) is not { Success: true } environment)
        {
            return expression;
        }
        var fallback = environment.Groups[3].Success ? $" ?? {environment.Groups[3].Value}" : string.Empty;
        return $"Utilities.{Dialect.Capital(environment.Groups[1].Value)}({environment.Groups[2].Value}){fallback}";
    }

    [GeneratedRegex("""__pulumiType = '([^']+)'""")]
    private static partial Regex TokenPattern();

    [GeneratedRegex("""resourceInputs\["([^"]+)"\] = [^;\n]*pulumi\.secret\(args""")]
    private static partial Regex SecretPattern();

    [GeneratedRegex("""resourceInputs\["([^"]+)"\] = [^\n]*JSON\.stringify\)""")]
    private static partial Regex JsonPattern();

    [GeneratedRegex("""resourceInputs\["([^"]+)"\] = "([^"]*)";""")]
    private static partial Regex ConstantPattern();

    [GeneratedRegex("""resourceInputs\["([^"]+)"\] = (?:pulumi\.output\()?\(args\?\.\w+\) \?\? (.+?)(?:\)\.apply\(JSON\.stringify\))?;""")]
    private static partial Regex DefaultPattern();

    [GeneratedRegex("""utilities\.(getEnv|getEnvBoolean|getEnvNumber)\(([^)]*)\)(?: \?\? ([^)\s]+))?""")]
    private static partial Regex EnvironmentPattern();

    [GeneratedRegex("""const aliasOpts = \{ aliases: \[[^\]]*\]""")]
    private static partial Regex AliasPattern();

    [GeneratedRegex("type: \"([^\"]+)\"")]
    private static partial Regex TypePattern();

    [GeneratedRegex("""additionalSecretOutputs: \[([^\]]*)\] \}""")]
    private static partial Regex SecretOutputsPattern();

    [GeneratedRegex("""const replaceOnChanges = \{ replaceOnChanges: \[(.*?)\] \};""")]
    private static partial Regex ReplaceOnChangesPattern();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex TextPattern();

    [GeneratedRegex("pulumi\\.runtime\\.invoke\\(\"([^\"]+)\"")]
    private static partial Regex InvokePattern();
}
