using System.Text.RegularExpressions;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>A secret that stands in a plan as text stands in its state, its log and its pull request too.</summary>
internal sealed partial class PlainSecrets() : PolicyRule(909, "no secret in plain text")
{
    private const int LongestScanned = 1_000_000;
    private const string Remedy = "Take it from the secret store by reference, or give it as a Pulumi secret.";

    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan) =>
        from resource in plan.Resources
        from problem in Problems(resource)
        select Refuse(resource, problem, Remedy);

    private static IEnumerable<string> Problems(PlannedResource resource)
    {
        var isSecret = resource.Type == "kubernetes:core/v1:Secret";

        // What copies a secret from the cloud's store says in "secretKey" which entry it makes, not what is in it.
        var namesEntries = resource.Type.StartsWith("kubernetes:external-secrets.io/", StringComparison.Ordinal);
        foreach (var (path, value) in resource.Leaves())
        {
            // A value that is marked secret is encrypted wherever it goes.
            if (value is not PropertyString { Value: { Length: > 0 and < LongestScanned } text })
            {
                continue;
            }

            var name = Index().Replace(path[(path.LastIndexOf('.') + 1)..], "");
            if (isSecret && (path.StartsWith("stringData.", StringComparison.Ordinal) || path.StartsWith("data.", StringComparison.Ordinal)))
            {
                yield return $"{path} is written out.";
            }
            else if (SecretName().IsMatch(name) && !IsReference(text) && !(namesEntries && name == "secretKey"))
            {
                yield return $"{path} is written out.";
            }
            else if (Shape(name, text) is { } shape)
            {
                yield return $"{path} holds {shape}.";
            }
        }

        foreach (var container in PlannedPod.Of(resource) is { } pod ? PlannedPod.Containers(pod) : [])
        {
            foreach (var variable in container.Each("env").OfType<PropertyMap>())
            {
                if (variable.Text("name") is { } name && variable.Find("value") is PropertyString { Value.Length: > 0 } value && SecretVariable().IsMatch(name) && !IsReference(value.Value))
                {
                    yield return $"The variable {name} of the container '{container.Text("name")}' is written out.";
                }
            }

            foreach (var argument in container.Each("args").Concat(container.Each("command")).Select(PlannedInputs.AsText).OfType<string>())
            {
                if (SecretArgument().Match(argument) is { Success: true } match && !IsReference(match.Groups["value"].Value))
                {
                    yield return $"The argument --{match.Groups["name"].Value} of the container '{container.Text("name")}' is written out.";
                }
            }
        }
    }

    /// <summary>What a text is by its form, whatever its name.</summary>
    private static string? Shape(string name, string text) =>
        text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? "a private key"
        : CloudKey().IsMatch(text) ? "an access key"
        : AddressWithPassword().IsMatch(text) ? "a password in an address"
        : HexKey().IsMatch(text) && !PublicHex().IsMatch(name) ? "32 bytes that could be a key"
        : LongToken().IsMatch(text) && !PublicHex().IsMatch(name) && Entropy(text) > 4.4 ? "a text that looks like a token"
        : null;

    /// <summary>The name of a secret, a file that holds it, a variable, an account on a chain: all of them may be read by everybody.</summary>
    private static bool IsReference(string text) =>
        text.StartsWith('/') || text.StartsWith("file:", StringComparison.Ordinal) || text.StartsWith("arn:", StringComparison.Ordinal) || text.StartsWith("projects/", StringComparison.Ordinal)
        || text.StartsWith("$(", StringComparison.Ordinal) || text.StartsWith("${", StringComparison.Ordinal) || Account().IsMatch(text) || text is "true" or "false" or "required" or "optional";

    private static double Entropy(string text) => text.GroupBy(letter => letter).Sum(group =>
    {
        var share = (double)group.Count() / text.Length;
        return -share * Math.Log2(share);
    });

    [GeneratedRegex(@"\[\d+\]$", RegexOptions.CultureInvariant)]
    private static partial Regex Index();

    [GeneratedRegex(@"^(secret|token)$|(password(Wo)?|passwd|passphrase|private_?key|api_?key|secret_?(access_?)?key|auth_?token|access_?token|mnemonic|secret_?string|secret_?data)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    [GeneratedRegex("(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|MNEMONIC|(PRIVATE|API|ACCESS|SECRET|SIGNING)_?KEY)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretVariable();

    [GeneratedRegex(@"^--?(?<name>[\w.-]*(password|passphrase|private-?key|secret|auth-?token|mnemonic))[= ](?<value>.+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretArgument();

    [GeneratedRegex(@"\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b|\bgh[pousr]_[0-9A-Za-z]{36}\b|\bxox[abps]-[0-9A-Za-z-]{10,}|\beyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}\.", RegexOptions.CultureInvariant)]
    private static partial Regex CloudKey();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]*://[^\s/:@$]+:[^\s/@$(]+@", RegexOptions.CultureInvariant)]
    private static partial Regex AddressWithPassword();

    [GeneratedRegex("^(0x)?[0-9a-fA-F]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex HexKey();

    [GeneratedRegex("(hash|id|root|digest|salt|sum|print|measurement|commitment|node|kind|topic)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PublicHex();

    [GeneratedRegex(@"^(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/=_-]{32,}$", RegexOptions.CultureInvariant)]
    private static partial Regex LongToken();

    [GeneratedRegex("^0x[0-9a-fA-F]{40}$", RegexOptions.CultureInvariant)]
    private static partial Regex Account();
}
