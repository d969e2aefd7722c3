using Jeju.Infra.Protocol.Properties;
using Jeju.Infra.Provider.Framework;
using Jeju.Infra.Provider.Handlers;

namespace Jeju.Infra.Tests.Provider;

/// <summary>A password is made once, changes on demand alone, and leaves the plugin as a secret.</summary>
public sealed class GeneratedPasswordTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly IResourceHandler _handler = new GeneratedPasswordHandler();
    private readonly ResourceContext _context = new("urn:pulumi:mainnet::jeju-infra::jeju:index:GeneratedPassword::login", null, new NoLog());

    [Fact]
    public async Task Two_of_the_same_name_and_inputs_differ_and_both_are_secrets_of_letters_and_digits()
    {
        var inputs = (await _handler.CheckAsync(_context, PropertyMap.Empty, None)).Inputs;

        var values = new[] { await CreateAsync(inputs), await CreateAsync(inputs) };

        Assert.NotEqual(values[0], values[1]);
        Assert.All(values, value => Assert.Matches("^[A-Za-z0-9]{40}$", value));
    }

    [Fact]
    public async Task It_stays_until_another_generation_is_asked_for()
    {
        var inputs = (await _handler.CheckAsync(_context, PropertyMap.Empty, None)).Inputs;
        var created = await _handler.CreateAsync(_context, inputs, None);
        var next = (await _handler.CheckAsync(_context, PropertyMap.Of(("generation", 2)), None)).Inputs;

        Assert.Empty((await _handler.DiffAsync(_context, created.Id, inputs, created.Outputs, inputs, None)).Differences);
        var difference = Assert.Single((await _handler.DiffAsync(_context, created.Id, inputs, created.Outputs, next, None)).Differences);
        Assert.Equal(("generation", false), (difference.Path, difference.Replaces));
        var updated = await _handler.UpdateAsync(_context, created.Id, inputs, created.Outputs, next, None);
        Assert.NotEqual(Secret(created.Outputs), Secret(updated.Outputs));
    }

    [Fact]
    public async Task What_is_read_is_what_the_state_has_and_a_state_without_it_is_gone()
    {
        var inputs = (await _handler.CheckAsync(_context, PropertyMap.Empty, None)).Inputs;
        var created = await _handler.CreateAsync(_context, inputs, None);

        var read = await _handler.ReadAsync(_context, created.Id, inputs, created.Outputs, None);

        Assert.NotNull(read);
        Assert.Equal(Secret(created.Outputs), Secret(read.Outputs));
        Assert.Null(await _handler.ReadAsync(_context, created.Id, inputs, inputs, None));
    }

    private static string Secret(PropertyMap outputs) => Assert.IsType<PropertyString>(Assert.IsType<PropertySecret>(outputs["value"]).Value).Value;

    private async Task<string> CreateAsync(PropertyMap inputs) => Secret((await _handler.CreateAsync(_context, inputs, None)).Outputs);

    private sealed class NoLog : IResourceLog
    {
        public Task ProgressAsync(string message, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task InformationAsync(string message, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task WarningAsync(string message, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
