using System.Collections.Concurrent;
using Jeju.Infra.Core;
using Jeju.Infra.Stacks;
using Jeju.Infra.Stacks.Settings;
using Jeju.Infra.Tests.AirGap;
using Jeju.Infra.Tests.Architecture;
using Jeju.Infra.Tests.Likeness;
using Pulumi;
using Pulumirpc;

namespace Jeju.Infra.Tests.Stacks;

/// <summary>Nothing below a zone can be certified before the zone above names its servers.</summary>
[Collection(ProgramEnvironment.Name)]
public sealed class ZoneDelegationTests
{
    private const string Delegation = "jeju-testnet-delegation";

    [Fact]
    public async Task Certificates_are_waited_for_once_the_zone_above_names_the_servers()
    {
        var settings = Testnet();
        var registered = await RegisteredAsync(settings with { Aws = settings.Aws! with { ParentZone = new ParentZoneSettings { ZoneId = "Z0123456789ABCDEFGHIJ" } } });
        var delegation = Assert.Single(registered, one => one.Name == Delegation);
        RegisterResourceRequest[] waiting = [.. registered.Where(one => one.Type == "aws:acm/certificateValidation:CertificateValidation")];

        Assert.Equal(["jeju-testnet-edge", "jeju-testnet-regional"], waiting.Select(one => one.Name).Order());
        Assert.All(waiting, one => Assert.Contains(ScriptedEngine.Accept(delegation).Urn, one.Dependencies));
        Assert.Equal(("NS", "testnet.jejunetwork.org", "Z0123456789ABCDEFGHIJ"), (Text(delegation, "type"), Text(delegation, "name"), Text(delegation, "zoneId")));

        // Another account may own that zone.
        Assert.Contains("aws-parent-zone", delegation.Provider, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_zone_above_nobody_waits_for_a_record_that_is_not_planned() =>
        Assert.DoesNotContain(await RegisteredAsync(Testnet()), one => one.Name == Delegation);

    private static string Text(RegisterResourceRequest request, string input) => request.Object.Fields[input].StringValue;

    private static MarketSettings Testnet()
    {
        var file = SettingsFile.Read(Checkout.Layout.StackSettingsFile("testnet"));
        return new SettingsReader(file, NetworkProfile.Testnet).Read<MarketSettings>(file.Keys.ToDictionary(key => key, key => file.Text(key) ?? ""));
    }

    /// <summary>What the clouds register in a preview, in which all that a cloud decides is unknown.</summary>
    private static async Task<IReadOnlyCollection<RegisterResourceRequest>> RegisteredAsync(MarketSettings settings)
    {
        ConcurrentQueue<RegisterResourceRequest> requests = [];
        await using ScriptedEngine engine = new(request =>
        {
            requests.Enqueue(request);
            return ScriptedEngine.Accept(request);
        });
        await engine.StartAsync();

        Assert.Equal(0, await ProgramEnvironment.RunAsync(engine.Address, isPreview: true, () => Deployment.RunAsync(() => { Clouds.Define(settings, NetworkProfile.Testnet); })));
        return requests;
    }
}
