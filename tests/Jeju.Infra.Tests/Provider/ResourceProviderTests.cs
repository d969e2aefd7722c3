using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Core;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Protocol.Properties;
using Jeju.Infra.Provider.Framework;
using Jeju.Infra.Provider.Hosting;
using Pulumirpc;

namespace Jeju.Infra.Tests.Provider;

/// <summary>The ResourceProvider service as an engine sees it, over the real transport.</summary>
public sealed class ResourceProviderTests : IAsyncLifetime
{
    private const string Urn = "urn:pulumi:test::jeju-infra::jeju:index:Sample::thing";
    private const string Account = "0x00000000000000000000000000000000000000aa";

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SampleHandler _handler = new();
    private readonly EngineLog _log = new();
    private readonly ResourceProviderService _service;
    private readonly GrpcServer _server;
    private readonly GrpcClient _engine;

    public ResourceProviderTests()
    {
        _service = new ResourceProviderService([_handler], _log);
        _server = new GrpcServer(_service.ToGrpcService());
        _engine = new GrpcClient(_server.Address);
    }

    public Task InitializeAsync() => _server.StartAsync(None);

    public async Task DisposeAsync()
    {
        _engine.Dispose();
        await _server.DisposeAsync();
        _service.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Check_reports_all_failures_at_once_with_their_fix()
    {
        var response = await CheckAsync(PropertyMap.Of(
            ("account", "0x12"), ("count", 11), ("size", "huge"), ("color", "red"), ("parts", PropertyList.From([PropertyMap.Empty]))));

        Assert.Equal(
            [
                "account: '0x12' is not allowed: write 0x and 40 hexadecimal digits",
                "color: is no property of jeju:index:Sample: use account, amount, count, digest, key, parts, size",
                "count: is 11: write a number from 1 to 10",
                "parts[0].name: is missing: The part's name.",
                "size: 'huge' is not allowed: use one of small, veryLarge",
            ],
            response.Failures.Select(failure => $"{failure.Property}: {failure.Reason}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Check_fills_defaults_wraps_secrets_and_adds_what_the_handler_found()
    {
        var response = await CheckAsync(PropertyMap.Of(("account", Account), ("key", "k")));

        Assert.Empty(response.Failures);
        Assert.Equal(
            PropertyMap.Of(
                ("account", Account), ("count", 3), ("digest", "digest-1"), ("key", new PropertySecret("k")), ("parts", PropertyList.From([])), ("size", "small")),
            PropertyCodec.FromStruct(response.Inputs));
    }

    [Fact]
    public async Task Check_lets_unknowns_through_and_still_looks_at_the_rest()
    {
        var response = await CheckAsync(PropertyMap.Of(("account", PropertyValue.Unknown), ("count", 7)));

        var failure = Assert.Single(response.Failures);
        Assert.Equal("count", failure.Property);
        Assert.Equal(PropertyValue.Unknown, PropertyCodec.FromStruct(response.Inputs)["account"]);
    }

    [Fact]
    public async Task Diff_of_equal_inputs_is_none_and_says_that_it_is_detailed()
    {
        var inputs = await CheckedAsync(PropertyMap.Of(("account", Account), ("key", "k")));

        var response = await DiffAsync(inputs, inputs);

        Assert.Equal(DiffResponse.Types.DiffChanges.DiffNone, response.Changes);
        Assert.True(response.HasDetailedDiff);
        Assert.Empty(response.DetailedDiff);
    }

    [Fact]
    public async Task Diff_names_every_path_and_what_forces_a_replacement()
    {
        var olds = await CheckedAsync(PropertyMap.Of(
            ("account", Account), ("key", "k"), ("parts", PropertyList.From([PropertyMap.Of(("name", "a"), ("owner", Account))]))));
        var news = await CheckedAsync(PropertyMap.Of(
            ("account", Account), ("count", 4), ("amount", "5"), ("parts", PropertyList.From([PropertyMap.Of(("name", "b"))]))));

        var response = await DiffAsync(olds, news);

        Assert.Equal(
            ["amount Add", "count Update", "key Delete", "parts[0].name Update", "parts[0].owner DeleteReplace"],
            response.DetailedDiff.Select(pair => $"{pair.Key} {pair.Value.Kind}").Order(StringComparer.Ordinal));
        Assert.Equal(["parts"], response.Replaces);
        Assert.All(response.DetailedDiff.Values, difference => Assert.True(difference.InputDiff));
    }

    [Fact]
    public async Task Diff_does_not_take_a_secret_mark_for_a_change()
    {
        var olds = PropertyMap.Of(("account", Account), ("count", 3), ("key", "k"));
        var news = PropertyMap.Of(("account", Account), ("count", 3), ("key", new PropertySecret("k")));

        Assert.Equal(DiffResponse.Types.DiffChanges.DiffNone, (await DiffAsync(olds, news)).Changes);
    }

    [Fact]
    public async Task Diff_shows_the_drift_of_the_real_thing()
    {
        var inputs = await CheckedAsync(PropertyMap.Of(("account", Account)));
        _handler.Drifts.Add(new Drift(nameof(SampleOutputs.Derived), "it stopped"));

        var response = await DiffAsync(inputs, inputs);

        var (path, difference) = Assert.Single(response.DetailedDiff);
        Assert.Equal("derived", path);
        Assert.False(difference.InputDiff);
        Assert.Equal(DiffResponse.Types.DiffChanges.DiffSome, response.Changes);
    }

    [Fact]
    public async Task Preview_of_a_creation_tells_what_is_known_and_touches_nothing()
    {
        var inputs = await CheckedAsync(PropertyMap.Of(("account", Account), ("amount", PropertyValue.Unknown)));

        var response = await CreateAsync(inputs, preview: true);

        var outputs = PropertyCodec.FromStruct(response.Properties);
        Assert.Empty(response.Id);
        Assert.Equal($"of {Account}", outputs["derived"]);
        Assert.Equal(PropertyValue.Unknown, outputs["password"]);
        Assert.Equal(PropertyValue.Unknown, outputs["amount"]);
        Assert.Empty(_handler.Calls);
    }

    [Fact]
    public async Task Create_returns_inputs_and_outputs_with_their_secrets_wrapped()
    {
        var inputs = await CheckedAsync(PropertyMap.Of(("account", Account), ("key", "k")));

        var response = await CreateAsync(inputs);

        var outputs = PropertyCodec.FromStruct(response.Properties);
        Assert.Equal("thing", response.Id);
        Assert.Equal(new PropertySecret("k"), outputs["key"]);
        Assert.Equal(new PropertySecret("swordfish"), outputs["password"]);
    }

    [Fact]
    public async Task A_partial_create_reports_the_id_and_what_is_known()
    {
        _handler.CreateFailure = new PartialResourceException(
            "half", new SampleOutputs { Derived = "of it" }, new InfraException(new ErrorCode(599), "It is not ready.", "Wait."));
        var inputs = await CheckedAsync(PropertyMap.Of(("account", Account)));

        var exception = await Assert.ThrowsAsync<GrpcStatusException>(() => CreateAsync(inputs));

        var detail = exception.FindDetail<ErrorResourceInitFailed>();
        Assert.NotNull(detail);
        Assert.Equal("half", detail.Id);
        Assert.Equal(["JEJU0599: It is not ready. Wait."], detail.Reasons);
        Assert.Equal("of it", PropertyCodec.FromStruct(detail.Properties)["derived"]);
        Assert.Equal(Account, PropertyCodec.FromStruct(detail.Inputs)["account"]);
    }

    [Theory]
    [InlineData(FailureKind.Failed, GrpcStatusCode.FailedPrecondition)]
    [InlineData(FailureKind.Usage, GrpcStatusCode.InvalidArgument)]
    [InlineData(FailureKind.Refused, GrpcStatusCode.PermissionDenied)]
    public async Task A_known_failure_is_a_clean_one(FailureKind kind, GrpcStatusCode expected)
    {
        _handler.CreateFailure = new InfraException(new ErrorCode(599), "No.", "Do something else.", kind);
        var inputs = await CheckedAsync(PropertyMap.Of(("account", Account)));

        var exception = await Assert.ThrowsAsync<GrpcStatusException>(() => CreateAsync(inputs));

        Assert.Equal(expected, exception.StatusCode);
        Assert.Equal("JEJU0599: No. Do something else.", exception.Message);
    }

    [Fact]
    public async Task An_unexpected_failure_leaves_the_state_in_doubt()
    {
        _handler.CreateFailure = new InvalidOperationException("a bug");
        var inputs = await CheckedAsync(PropertyMap.Of(("account", Account)));

        var exception = await Assert.ThrowsAsync<GrpcStatusException>(() => CreateAsync(inputs));

        Assert.Equal(GrpcStatusCode.Internal, exception.StatusCode);
    }

    [Fact]
    public async Task Read_of_something_gone_has_no_id()
    {
        var response = await _engine.CallAsync(
            PulumiMethods.ResourceProvider.Read, new ReadRequest { Id = "gone", Urn = Urn, Properties = new Struct(), Inputs = new Struct() }, None);

        Assert.Empty(response.Id);
    }

    [Fact]
    public async Task A_resource_lives_through_all_its_verbs()
    {
        var inputs = await CheckedAsync(PropertyMap.Of(("account", Account), ("key", "k")));
        var created = await CreateAsync(inputs);
        var read = await _engine.CallAsync(
            PulumiMethods.ResourceProvider.Read,
            new ReadRequest { Id = created.Id, Urn = Urn, Properties = created.Properties, Inputs = PropertyCodec.ToStruct(inputs) },
            None);
        Assert.Equal(inputs, PropertyCodec.FromStruct(read.Inputs));

        var news = await CheckedAsync(PropertyMap.Of(("account", Account), ("key", "k"), ("count", 5)));
        var update = new UpdateRequest
        {
            Id = created.Id, Urn = Urn, Olds = created.Properties, OldInputs = PropertyCodec.ToStruct(inputs), News = PropertyCodec.ToStruct(news), Preview = true,
        };
        var preview = PropertyCodec.FromStruct((await _engine.CallAsync(PulumiMethods.ResourceProvider.Update, update, None)).Properties);
        Assert.Equal($"of {Account}", preview["derived"]);
        Assert.Equal(PropertyValue.Unknown, preview["password"]);

        update.Preview = false;
        var updated = PropertyCodec.FromStruct((await _engine.CallAsync(PulumiMethods.ResourceProvider.Update, update, None)).Properties);
        Assert.Equal(new PropertySecret("changed"), updated["password"]);

        var delete = new DeleteRequest { Id = created.Id, Urn = Urn, Properties = created.Properties, OldInputs = PropertyCodec.ToStruct(news) };
        await _engine.CallAsync(PulumiMethods.ResourceProvider.Delete, delete, None);
        await _engine.CallAsync(PulumiMethods.ResourceProvider.Delete, delete, None);
        Assert.Equal(["create", "update", "delete", "delete"], _handler.Calls);
    }

    [Fact]
    public async Task An_unknown_type_is_named_with_the_ones_there_are()
    {
        var exception = await Assert.ThrowsAsync<GrpcStatusException>(() => _engine.CallAsync(
            PulumiMethods.ResourceProvider.Check, new CheckRequest { Urn = Urn, Type = "jeju:index:Nothing", News = new Struct() }, None));

        Assert.Equal("JEJU0201: There is no resource type 'jeju:index:Nothing'. Use one of jeju:index:Sample.", exception.Message);
    }

    [Fact]
    public async Task Handshake_and_configure_say_the_same()
    {
        var handshake = await _engine.CallAsync(PulumiMethods.ResourceProvider.Handshake, new ProviderHandshakeRequest(), None);
        var configure = await _engine.CallAsync(PulumiMethods.ResourceProvider.Configure, new ConfigureRequest(), None);

        Assert.True(handshake.AcceptSecrets);
        Assert.True(configure.AcceptSecrets);
        Assert.True(configure.SupportsPreview);
        Assert.Equal(handshake.AcceptResources, configure.AcceptResources);
        Assert.Equal(handshake.AcceptOutputs, configure.AcceptOutputs);
    }

    [Fact]
    public async Task Cancel_ends_what_runs()
    {
        await _engine.CallAsync(PulumiMethods.ResourceProvider.Cancel, new Empty(), None);

        Assert.True(_service.Cancelled.IsCancellationRequested);
    }

    private Task<CheckResponse> CheckAsync(PropertyMap news) => _engine.CallAsync(
        PulumiMethods.ResourceProvider.Check, new CheckRequest { Urn = Urn, News = PropertyCodec.ToStruct(news) }, None);

    private async Task<PropertyMap> CheckedAsync(PropertyMap news)
    {
        var response = await CheckAsync(news);
        Assert.Empty(response.Failures);
        return PropertyCodec.FromStruct(response.Inputs);
    }

    private Task<DiffResponse> DiffAsync(PropertyMap olds, PropertyMap news) => _engine.CallAsync(
        PulumiMethods.ResourceProvider.Diff,
        new DiffRequest
        {
            Id = "thing", Urn = Urn, Olds = PropertyCodec.ToStruct(olds), OldInputs = PropertyCodec.ToStruct(olds), News = PropertyCodec.ToStruct(news),
        },
        None);

    private Task<CreateResponse> CreateAsync(PropertyMap inputs, bool preview = false) => _engine.CallAsync(
        PulumiMethods.ResourceProvider.Create, new CreateRequest { Urn = Urn, Properties = PropertyCodec.ToStruct(inputs), Preview = preview }, None);
}
