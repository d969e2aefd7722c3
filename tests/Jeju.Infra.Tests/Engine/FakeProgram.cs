using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Engine.Programs;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;
using Methods = Jeju.Infra.Protocol.PulumiMethods.ResourceMonitor;

namespace Jeju.Infra.Tests.Engine;

/// <summary>A program that talks to the monitor as the official SDK does, without the SDK.</summary>
internal sealed class FakeProgram(GrpcClient monitor, bool isPreview)
{
    public string RootUrn { get; private set; } = "";

    public bool IsPreview => isPreview;

    /// <summary>A program that registers its stack, then what the body registers, then its outputs, and ends well.</summary>
    public static IStackProgram Of(Func<FakeProgram, Task<PropertyMap>> body) => new InlineProgram(async (environment, _) =>
    {
        using var monitor = new GrpcClient(environment.MonitorAddress);
        var program = new FakeProgram(monitor, environment.Variables["PULUMI_DRY_RUN"] == "true");
        try
        {
            program.RootUrn = (await program.RegisterAsync("pulumi:pulumi:Stack", "proj-dev", request => request.Custom = false)).Urn;
            var outputs = await body(program);
            await program.SetOutputsAsync(program.RootUrn, outputs);
            await monitor.CallAsync(Methods.SignalAndWaitForShutdown, new Empty(), CancellationToken.None);
            return 0;
        }
        catch (GrpcStatusException)
        {
            return 32;
        }
    });

    public static IStackProgram Of(Func<FakeProgram, Task> body) => Of(async program =>
    {
        await body(program);
        return PropertyMap.Empty;
    });

    public Task<RegisterResourceResponse> ThingAsync(string name, PropertyMap inputs, Action<RegisterResourceRequest>? change = null) =>
        RegisterAsync("fake:index:Thing", name, request =>
        {
            request.Object = PropertyCodec.ToStruct(inputs);
            request.Parent = RootUrn;
            change?.Invoke(request);
        });

    public async Task<RegisterResourceResponse> ComponentAsync(string name, Action<RegisterResourceRequest>? change = null)
    {
        var response = await RegisterAsync("fake:index:Group", name, request =>
        {
            request.Custom = false;
            request.Parent = RootUrn;
            change?.Invoke(request);
        });
        await SetOutputsAsync(response.Urn, PropertyMap.Empty);
        return response;
    }

    public async Task<RegisterResourceResponse> RegisterAsync(string type, string name, Action<RegisterResourceRequest>? change = null)
    {
        var request = new RegisterResourceRequest
        {
            Type = type, Name = name, Custom = true, Object = new Struct(), AcceptSecrets = true, AcceptResources = true, SupportsResultReporting = true,
        };
        change?.Invoke(request);
        return await monitor.CallAsync(Methods.RegisterResource, request, CancellationToken.None);
    }

    public Task SetOutputsAsync(string urn, PropertyMap outputs) => monitor.CallAsync(
        Methods.RegisterResourceOutputs, new RegisterResourceOutputsRequest { Urn = urn, Outputs = PropertyCodec.ToStruct(outputs) }, CancellationToken.None);

    public Task<ReadResourceResponse> ReadAsync(string type, string name, string id) => monitor.CallAsync(
        Methods.ReadResource, new ReadResourceRequest { Type = type, Name = name, Id = id, Parent = RootUrn, AcceptSecrets = true }, CancellationToken.None);

    public Task<InvokeResponse> InvokeAsync(string token, PropertyMap arguments) => monitor.CallAsync(
        Methods.Invoke, new ResourceInvokeRequest { Tok = token, Args = PropertyCodec.ToStruct(arguments) }, CancellationToken.None);

    /// <summary>An output of an answer as the SDK would take it: what is missing in a preview is unknown.</summary>
    public PropertyValue Output(RegisterResourceResponse response, string name) =>
        response.Object.Fields.TryGetValue(name, out var value) ? PropertyCodec.FromValue(value) : isPreview ? PropertyValue.Unknown : PropertyValue.Null;
}
