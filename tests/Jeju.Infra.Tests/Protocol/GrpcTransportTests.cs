using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;

namespace Jeju.Infra.Tests.Protocol;

public sealed class GrpcTransportTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_call_returns_what_the_handler_answers()
    {
        await using var server = await StartAsync(new GrpcService().Map(
            PulumiMethods.ResourceMonitor.SupportsFeature,
            (request, _) => Task.FromResult(new SupportsFeatureResponse { HasSupport = request.Id == "secrets" })));
        using var client = new GrpcClient(server.Address);

        var yes = await client.CallAsync(PulumiMethods.ResourceMonitor.SupportsFeature, new SupportsFeatureRequest { Id = "secrets" }, None);
        var no = await client.CallAsync(PulumiMethods.ResourceMonitor.SupportsFeature, new SupportsFeatureRequest { Id = "other" }, None);

        Assert.True(yes.HasSupport);
        Assert.False(no.HasSupport);
    }

    [Fact]
    public async Task An_unknown_method_is_unimplemented()
    {
        await using var server = await StartAsync(new GrpcService());
        using var client = new GrpcClient(server.Address);

        var exception = await Assert.ThrowsAsync<GrpcStatusException>(
            () => client.CallAsync(PulumiMethods.ResourceProvider.Cancel, new Empty(), None));

        Assert.Equal(GrpcStatusCode.Unimplemented, exception.StatusCode);
    }

    [Fact]
    public async Task A_peer_that_is_not_there_is_unavailable()
    {
        string address;
        await using (var server = await StartAsync(new GrpcService()))
        {
            address = server.Address;
        }

        using var client = new GrpcClient(address);
        var exception = await Assert.ThrowsAsync<GrpcStatusException>(
            () => client.CallAsync(PulumiMethods.ResourceProvider.Cancel, new Empty(), None));
        Assert.Equal(GrpcStatusCode.Unavailable, exception.StatusCode);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(700_000)]
    public async Task A_partial_create_arrives_with_its_properties(int length)
    {
        var sent = new ErrorResourceInitFailed { Id = "one", Properties = Bag(length), Inputs = Bag(length), Reasons = { "not ready: 100%" } };
        await using var server = await StartAsync(new GrpcService().Map(
            PulumiMethods.ResourceProvider.Create,
            (_, _) => throw new GrpcStatusException(GrpcStatusCode.Unknown, "nicht bereit: 준비되지 않음, 100 %\n", [sent])));
        using var client = new GrpcClient(server.Address);

        var exception = await Assert.ThrowsAsync<GrpcStatusException>(
            () => client.CallAsync(PulumiMethods.ResourceProvider.Create, new CreateRequest(), None));

        Assert.Equal("nicht bereit: 준비되지 않음, 100 %\n", exception.Message);
        Assert.Equal(sent, exception.FindDetail<ErrorResourceInitFailed>());
    }

    [Fact]
    public async Task A_property_of_forty_mebibytes_passes_both_ways()
    {
        await using var server = await StartAsync(new GrpcService().Map(
            PulumiMethods.ResourceProvider.Create,
            (request, _) => Task.FromResult(new CreateResponse { Id = "big", Properties = request.Properties })));
        using var client = new GrpcClient(server.Address);

        var response = await client.CallAsync(
            PulumiMethods.ResourceProvider.Create, new CreateRequest { Properties = Bag(40 * 1024 * 1024) }, None);

        Assert.Equal(40 * 1024 * 1024, response.Properties.Fields["text"].StringValue.Length);
    }

    [Fact]
    public async Task Two_hundred_nested_objects_pass()
    {
        PropertyValue nested = "deep";
        for (var level = 0; level < 200; level++)
        {
            nested = PropertyMap.Of(("inner", nested));
        }

        await using var server = await StartAsync(new GrpcService().Map(
            PulumiMethods.ResourceProvider.Create, (request, _) => Task.FromResult(new CreateResponse { Properties = request.Properties })));
        using var client = new GrpcClient(server.Address);

        var response = await client.CallAsync(
            PulumiMethods.ResourceProvider.Create, new CreateRequest { Properties = PropertyCodec.ToStruct((PropertyMap)nested) }, None);

        Assert.Equal(nested, PropertyCodec.FromStruct(response.Properties));
    }

    [Fact]
    public async Task Five_hundred_calls_run_at_once()
    {
        var arrived = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StartAsync(new GrpcService().Map(
            PulumiMethods.ResourceMonitor.SupportsFeature,
            async (_, _) =>
            {
                if (Interlocked.Increment(ref arrived) == 500)
                {
                    all.SetResult();
                }

                await all.Task;
                return new SupportsFeatureResponse();
            }));
        using var client = new GrpcClient(server.Address);

        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ =>
            client.CallAsync(PulumiMethods.ResourceMonitor.SupportsFeature, new SupportsFeatureRequest(), None)));

        Assert.Equal(500, arrived);
    }

    [Fact]
    public async Task A_very_long_error_text_is_cut_rather_than_lost()
    {
        await using var server = await StartAsync(new GrpcService().Map(
            PulumiMethods.ResourceProvider.Cancel, (_, _) => throw new GrpcStatusException(GrpcStatusCode.Internal, new string('한', 20_000))));
        using var client = new GrpcClient(server.Address);

        var exception = await Assert.ThrowsAsync<GrpcStatusException>(
            () => client.CallAsync(PulumiMethods.ResourceProvider.Cancel, new Empty(), None));

        Assert.StartsWith("한한한", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("한...", exception.Message, StringComparison.Ordinal);
    }

    private static Struct Bag(int length) => PropertyCodec.ToStruct(PropertyMap.Of(("text", new string('x', length))));

    private static async Task<GrpcServer> StartAsync(GrpcService service)
    {
        var server = new GrpcServer(service);
        await server.StartAsync(None);
        return server;
    }
}
