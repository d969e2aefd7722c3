using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Projects;

namespace Jeju.Infra.Cli.Plans;

/// <summary>What was looked at beyond the plan itself.</summary>
/// <param name="Subject">What.</param>
/// <param name="Passed">Whether it is as the plan needs it.</param>
/// <param name="Detail">What was found.</param>
internal sealed record OnlineCheck(string Subject, bool Passed, string Detail);

/// <summary>
/// Looks at what a plan takes for granted and anybody can look at without credentials: the chain behind each endpoint of the settings, and the
/// names of the zone.
/// </summary>
internal sealed class OnlineChecks(HttpMessageHandler network, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private const string L1Endpoint = "rollup.l1Endpoint";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <summary>The file of the stack's rollup bundle, as its settings name it; null where they do not.</summary>
    public static string? BundleFile(StackConfig settings, string project) =>
        settings.Entries.GetValueOrDefault($"{project}:rollup") is { IsSecret: false } rollup
            ? Leaves("rollup", rollup.Value).Where(leaf => leaf.Name == "rollup.bundle").Select(leaf => leaf.Url).SingleOrDefault()
            : null;

    /// <summary>Checks everything that the settings of a stack name.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="project">The project's name.</param>
    /// <param name="profile">The environment.</param>
    /// <param name="bundle">The stack's rollup bundle, where it has one.</param>
    /// <param name="cancellationToken">Ends the checks.</param>
    public async Task<IReadOnlyList<OnlineCheck>> RunAsync(StackConfig settings, string project, NetworkProfile profile, RollupBundle? bundle, CancellationToken cancellationToken)
    {
        List<Task<OnlineCheck>> checks = [];
        IReadOnlyList<(string Name, string Url)> endpoints = [.. Endpoints(settings, project)];
        if (bundle is not null)
        {
            string? l1 = endpoints.Where(endpoint => endpoint.Name == L1Endpoint).Select(endpoint => endpoint.Url).SingleOrDefault();
            checks.AddRange(bundle.Contracts.Select(contract => CodeAsync(contract.Key, contract.Value, l1, cancellationToken)));
        }

        foreach ((string name, string url) in endpoints)
        {
            checks.Add(name == "chainEndpoint" ? ChainAsync(name, url, profile.SettlementChain.ToString(), cancellationToken)
                : name == L1Endpoint ? ChainAsync(name, url, RollupChain.Of(profile.Name).L1.ToString(), cancellationToken)
                : name.Contains("beacon", StringComparison.OrdinalIgnoreCase) ? BeaconAsync(name, url, cancellationToken)
                : ChainAsync(name, url, expected: null, cancellationToken));
        }

        if (settings.Entries.GetValueOrDefault($"{project}:zone") is { } zone)
        {
            checks.Add(ZoneAsync(zone.Value, cancellationToken));
        }

        return await Task.WhenAll(checks);
    }

    private static IEnumerable<(string Name, string Url)> Endpoints(StackConfig settings, string project) =>
        from entry in settings.Entries
        where !entry.Value.IsSecret && entry.Key.StartsWith(project + ":", StringComparison.Ordinal)
        from leaf in Leaves(entry.Key[(project.Length + 1)..], entry.Value.Value)
        where leaf.Url.StartsWith("http", StringComparison.Ordinal) && (leaf.Name == "chainEndpoint" || leaf.Name.Contains("l1", StringComparison.OrdinalIgnoreCase))
        select leaf;

    private static IEnumerable<(string Name, string Url)> Leaves(string name, string value)
    {
        if (!value.StartsWith('{'))
        {
            return [(name, value)];
        }

        using JsonDocument document = JsonDocument.Parse(value);
        return [.. document.RootElement.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String).Select(member => ($"{name}.{member.Name}", member.Value.GetString()!))];
    }

    private Task<OnlineCheck> ChainAsync(string name, string url, string? expected, CancellationToken cancellationToken) => AskAsync($"{name} {url}", async client =>
    {
        string id = await CallAsync(client, url, """{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}""", cancellationToken) is ['0', 'x', .. string hex]
            ? long.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
            : "no chain id";
        return (expected is null ? id != "no chain id" : id == expected, expected is null || id == expected ? $"chain {id}" : $"chain {id} answers, and {(name == L1Endpoint ? "the chain is a rollup" : "the stack settles")} on {expected}");
    });

    /// <summary>An account without code takes every transaction and does nothing: batcher and proposer would pay for nothing.</summary>
    private Task<OnlineCheck> CodeAsync(string place, Address contract, string? url, CancellationToken cancellationToken)
    {
        string subject = $"bundle {place} {contract}";
        return url is null
            ? Task.FromResult(new OnlineCheck(subject, Passed: false, "nobody could be asked for its code: name an endpoint of Ethereum below 'jeju-infra:rollup' as 'l1Endpoint'"))
            : AskAsync(subject, async client =>
            {
                string? code = await CallAsync(client, url, $$"""{"jsonrpc":"2.0","id":1,"method":"eth_getCode","params":["{{contract}}","latest"]}""", cancellationToken);
                return code is null ? (false, "no answer about its code") : code.Length > 2 ? (true, FormattableString.Invariant($"{(code.Length - 2) / 2} bytes of code")) : (false, "there is no code");
            });
    }

    /// <summary>The result of a call; null where there is none.</summary>
    private static async Task<string?> CallAsync(HttpClient client, string url, string call, CancellationToken cancellationToken)
    {
        using StringContent question = new(call, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PostAsync(url, question, cancellationToken);
        using JsonDocument document = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken));
        return document.RootElement.TryGetProperty("result", out JsonElement result) ? result.GetString() : null;
    }

    private Task<OnlineCheck> BeaconAsync(string name, string url, CancellationToken cancellationToken) => AskAsync($"{name} {url}", async client =>
    {
        using HttpResponseMessage answer = await client.GetAsync($"{url.TrimEnd('/')}/eth/v1/node/version", cancellationToken);
        return (answer.IsSuccessStatusCode, answer.IsSuccessStatusCode ? "a beacon node answers" : $"HTTP {(int)answer.StatusCode}");
    });

    private async Task<OnlineCheck> ZoneAsync(string zone, CancellationToken cancellationToken)
    {
        string host = $"rpc.{zone}";
        try
        {
            IPAddress[] addresses = await resolve(host, cancellationToken);
            return new OnlineCheck($"zone {zone}", addresses.Length > 0, $"{host} is {string.Join(", ", addresses.Select(address => address.ToString()))}");
        }
        catch (SocketException problem)
        {
            return new OnlineCheck($"zone {zone}", Passed: false, $"{host} has no address ({problem.Message}): the zone is not delegated, or nothing is deployed yet");
        }
    }

    private async Task<OnlineCheck> AskAsync(string subject, Func<HttpClient, Task<(bool, string)>> ask)
    {
        using HttpClient client = new(network, disposeHandler: false) { Timeout = Deadline };
        try
        {
            (bool passed, string detail) = await ask(client);
            return new OnlineCheck(subject, passed, detail);
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException or FormatException or TaskCanceledException { InnerException: TimeoutException })
        {
            return new OnlineCheck(subject, Passed: false, $"no answer: {problem.Message}");
        }
    }
}
