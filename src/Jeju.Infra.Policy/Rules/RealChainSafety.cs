using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>What a development machine may do, a network with other people's money may not: keys that everybody knows, and quotes that prove nothing.</summary>
internal sealed class RealChainSafety() : PolicyRule(910, "no simulated attestation and no well-known key off localnet")
{
    private const string Mnemonic = "test test test test test test test test test test test junk";

    private static readonly (string Text, string Meaning)[] WellKnown =
    [
        .. AnvilAccounts.All.Select((account, index) => (account.PrivateKey[2..], FormattableString.Invariant($"the key of Anvil's account {index}"))),
        .. AnvilAccounts.All.Select((account, index) => (account.Address.ToString()[2..].ToLowerInvariant(), FormattableString.Invariant($"Anvil's account {index}"))),
        (Mnemonic, "Anvil's mnemonic"),
    ];

    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan) => plan.Network.Name == NetworkName.Localnet ? [] : plan.Resources.SelectMany(Judge);

    private IEnumerable<PolicyFinding> Judge(PlannedResource resource)
    {
        if (resource.Type == "jeju:index:LocalChain")
        {
            yield return Refuse(resource, "It is a chain of a development machine.", "Settle on the chain of the stack's profile.");
        }

        foreach (var (path, value) in resource.Leaves())
        {
            // A secret is looked into as well: that it is one makes a published key no better.
            var text = (value is PropertySecret secret ? secret.Value : value) is PropertyString { Value: var plain } ? plain : "";
            if (text.Length >= 40 && WellKnown.FirstOrDefault(known => text.Contains(known.Text, StringComparison.OrdinalIgnoreCase)) is { Text: not null } found)
            {
                yield return Refuse(resource, $"{path} holds {found.Meaning}, which everybody knows.", "Use a key of the stack: from the environment, a keystore or a key service.");
            }

            if ((text.Equals("simulated", StringComparison.OrdinalIgnoreCase) && Mentions(path, "attest", "tee"))
                || (text.Equals("true", StringComparison.OrdinalIgnoreCase) && Mentions(path, "simulat"))
                || text.Contains("SimulatedAttestation", StringComparison.Ordinal)
                || (value is PropertyBoolean { Value: true } && Mentions(path, "simulat")))
            {
                yield return Refuse(resource, $"{path} simulates the attestation.", "Use hardware that attests, or offer the service without a TEE.");
            }

            if (text == "development" && path.EndsWith("type", StringComparison.Ordinal) && resource.Value("signer.type") is not null)
            {
                yield return Refuse(resource, $"{path} names the development accounts, whose keys everybody knows.", "Use a key of the stack: from the environment, a keystore or a key service.");
            }
        }

        foreach (var variable in PlannedPod.Of(resource) is { } pod ? PlannedPod.Containers(pod).SelectMany(container => container.Each("env")) : [])
        {
            if (variable.Text("name") is { } name && Mentions(name, "attest", "tee") && string.Equals(variable.Text("value"), "simulated", StringComparison.OrdinalIgnoreCase))
            {
                yield return Refuse(resource, $"The variable {name} simulates the attestation.", "Use hardware that attests, or offer the service without a TEE.");
            }
        }
    }

    private static bool Mentions(string text, params string[] words) => words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
