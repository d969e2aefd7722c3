using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Pulumi;
using Pulumirpc;

namespace Jeju.Infra.Tests.Likeness;

/// <summary>What a program sends to the engine is what the same program sends with the official SDK, message by message.</summary>
[Collection(ProgramEnvironment.Name)]
public sealed class WireLikenessTests
{
    [SharedReferenceTheory]
    [InlineData("main")]
    [InlineData("provider")]
    [InlineData("read")]
    [InlineData("two")]
    [InlineData("depcomp")]
    [InlineData("alias2")]
    [InlineData("transform")]
    [InlineData("assets")]
    public async Task A_program_sends_what_the_official_SDK_sends(string program)
    {
        await AssertSameAsync(program, isPreview: false);
        await AssertSameAsync(program, isPreview: true);
    }

    private static async Task AssertSameAsync(string program, bool isPreview)
    {
        await using var monitor = new ReplayMonitor(SharedReference.PathOf("wire", isPreview ? $"{program}-preview.jsonl" : $"{program}.jsonl"));
        await monitor.StartAsync();

        var exitCode = await ProgramEnvironment.RunAsync(monitor.Address, isPreview, () => Deployment.RunAsync(WirePrograms.Find(program)));

        Assert.Empty(monitor.Errors);
        Assert.Equal(0, exitCode);
        var expected = Comparable(monitor.Recording.Select(entry => entry.Request));
        Assert.Equal(expected, Comparable(monitor.Received.Select(entry => entry.Request)));
    }

    /// <summary>The messages as text, in an order of their own: a feature counts once, however often it was asked for.</summary>
    private static string[] Comparable(IEnumerable<IMessage> requests) =>
        [.. requests.Select(Normalize).Where((text, _) => text.Length > 0).GroupBy(text => text).SelectMany(group => group.Key.StartsWith("Supports", StringComparison.Ordinal) ? group.Take(1) : group).Order(StringComparer.Ordinal)];

    private static string Normalize(IMessage request)
    {
        if (request is RegisterResourceRequest original)
        {
            var resource = original.Clone();
            Sort(resource.Dependencies);
            foreach (var dependencies in resource.PropertyDependencies.Values)
            {
                Sort(dependencies.Urns);
            }
            foreach (var transform in resource.Transforms)
            {
                // A random port and a random token.
                (transform.Target, transform.Token) = (string.Empty, string.Empty);
            }
            request = resource;
        }
        return $"{request.Descriptor.Name} {SortKeys(JsonDocument.Parse(JsonFormatter.Default.Format(request)).RootElement)}";
    }

    private static string SortKeys(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(", ", json.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"{member.Name}: {SortKeys(member.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(", ", json.EnumerateArray().Select(SortKeys)) + "]",
        _ => json.GetRawText(),
    };

    private static void Sort(Google.Protobuf.Collections.RepeatedField<string> urns)
    {
        var sorted = urns.Order(StringComparer.Ordinal).ToArray();
        urns.Clear();
        urns.AddRange(sorted);
    }
}
