using System.Globalization;
using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Policy;

/// <summary>An entry of the setting <c>policyExceptions</c>: a finding that may stay, and why.</summary>
/// <param name="Rule">The rule's code, such as <c>JEJU0901</c>.</param>
/// <param name="Resource">The resource, by its URN or its name.</param>
/// <param name="Justification">Why it may stay, in at least <see cref="ShortestJustification"/> characters.</param>
/// <param name="Expires">The last day on which it counts; null where it has no end.</param>
public sealed record PolicyException(string Rule, string Resource, string Justification, DateOnly? Expires)
{
    /// <summary>A shorter text explains nothing.</summary>
    public const int ShortestJustification = 30;

    /// <summary>Reads the setting as the engine hands it over.</summary>
    /// <param name="json">The setting's JSON; null or empty where the stack has none.</param>
    /// <exception cref="InfraException">JEJU0921: it is malformed.</exception>
    public static IReadOnlyList<PolicyException> Parse(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(Read)];
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw PolicyErrors.ExceptionsMalformed("it is no list of groups");
        }
    }

    /// <summary>Whether a finding is meant.</summary>
    internal bool Covers(PolicyFinding finding) => Rule == finding.Code.ToString() && (Resource == finding.Urn || Resource == finding.Name);

    private static PolicyException Read(JsonElement entry, int index)
    {
        var where = FormattableString.Invariant($"entry {index + 1}");
        string Required(string name) => entry.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text
            ? text
            : throw PolicyErrors.ExceptionsMalformed($"{where} has no '{name}'");
        foreach (var member in entry.EnumerateObject().Where(member => member.Name is not ("rule" or "resource" or "justification" or "expires")))
        {
            throw PolicyErrors.ExceptionsMalformed($"{where} has an unknown '{member.Name}'");
        }

        var justification = Required("justification");
        if (justification.Trim().Length < ShortestJustification)
        {
            throw PolicyErrors.ExceptionsMalformed(FormattableString.Invariant($"{where} has a justification of less than {ShortestJustification} characters"));
        }

        DateOnly? expires = null;
        if (entry.TryGetProperty("expires", out var date))
        {
            expires = DateOnly.TryParseExact(date.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day
                : throw PolicyErrors.ExceptionsMalformed($"{where} has an 'expires' that is no date such as 2027-01-31");
        }

        return new PolicyException(Required("rule"), Required("resource"), justification, expires);
    }
}
