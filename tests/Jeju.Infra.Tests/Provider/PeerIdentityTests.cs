using Jeju.Infra.Chain;
using Jeju.Infra.Protocol.Properties;
using Jeju.Infra.Provider.Framework;
using Jeju.Infra.Provider.Handlers;

namespace Jeju.Infra.Tests.Provider;

/// <summary>An identity is made once, its key leaves the plugin as a secret and its id in the open, and both change together.</summary>
public sealed class PeerIdentityTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly IResourceHandler _handler = new PeerIdentityHandler();
    private readonly ResourceContext _context = new("urn:pulumi:mainnet::jeju-infra::jeju:index:PeerIdentity::sequencer", null, new SilentLog());

    [Fact]
    public async Task The_id_is_that_of_the_key_and_the_key_is_a_secret()
    {
        var inputs = (await _handler.CheckAsync(_context, PropertyMap.Empty, None)).Inputs;
        var created = await _handler.CreateAsync(_context, inputs, None);

        Assert.Equal(PeerKey.Of(Key(created.Outputs)).PeerId, Assert.IsType<PropertyString>(created.Outputs["peerId"]).Value);
        Assert.NotEqual(Key(created.Outputs), Key((await _handler.CreateAsync(_context, inputs, None)).Outputs));
        Assert.Equal(Key(created.Outputs), Key((await _handler.ReadAsync(_context, created.Id, inputs, created.Outputs, None))!.Outputs));
        Assert.Null(await _handler.ReadAsync(_context, created.Id, inputs, inputs, None));
    }

    [Fact]
    public async Task It_stays_until_another_generation_is_asked_for()
    {
        var inputs = (await _handler.CheckAsync(_context, PropertyMap.Empty, None)).Inputs;
        var created = await _handler.CreateAsync(_context, inputs, None);
        var next = (await _handler.CheckAsync(_context, PropertyMap.Of(("generation", 2)), None)).Inputs;

        Assert.Empty((await _handler.DiffAsync(_context, created.Id, inputs, created.Outputs, inputs, None)).Differences);
        Assert.False(Assert.Single((await _handler.DiffAsync(_context, created.Id, inputs, created.Outputs, next, None)).Differences).Replaces);
        var updated = await _handler.UpdateAsync(_context, created.Id, inputs, created.Outputs, next, None);
        Assert.NotEqual(Key(created.Outputs), Key(updated.Outputs));
        Assert.NotEqual(created.Outputs["peerId"], updated.Outputs["peerId"]);
    }

    private static string Key(PropertyMap outputs) => Assert.IsType<PropertyString>(Assert.IsType<PropertySecret>(outputs["privateKey"]).Value).Value;
}
