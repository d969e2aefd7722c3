using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.EndToEnd.Provider;

/// <summary>The whole flow on the null backend: stake, registration, order, readiness, discovery through the chain, refund.</summary>
public sealed class OrderedServiceTests : IAsyncLifetime
{
    private readonly LocalStack _stack = new LocalStack().With("backend", "null").With("services", """["redis"]""");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _stack.DisposeAsync().AsTask();

    [Fact]
    public async Task A_service_is_ordered_changed_and_ended()
    {
        var first = (await _stack.UpAsync()).RequireSuccess();
        Assert.IsType<PropertySecret>(first.Output("connectionStrings")["redis"]);
        var endpoint = Assert.IsType<PropertyString>(first.Output("endpoints")["redis"]).Value;
        Assert.NotEqual(":0", endpoint);

        var second = (await _stack.UpAsync()).RequireSuccess();
        Assert.Empty(second.Changes);

        var destroyed = (await _stack.DestroyAsync()).RequireSuccess();
        Assert.Contains(destroyed.Diagnostics, line => line.Message.StartsWith("Lease ended: $", StringComparison.Ordinal));
    }
}
