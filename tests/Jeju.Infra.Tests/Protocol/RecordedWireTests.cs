using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Protocol.Properties;
using Jeju.Infra.Tests.Likeness;
using Pulumirpc;

namespace Jeju.Infra.Tests.Protocol;

/// <summary>What the official SDK sent, read with our messages: nothing is lost, and the properties survive the model.</summary>
public sealed class RecordedWireTests
{
    private static readonly Dictionary<string, (MessageParser Request, MessageParser Response)> Parsers = new(StringComparer.Ordinal)
    {
        [PulumiMethods.ResourceMonitor.SupportsFeature.Path] = (SupportsFeatureRequest.Parser, SupportsFeatureResponse.Parser),
        [PulumiMethods.ResourceMonitor.RegisterResource.Path] = (RegisterResourceRequest.Parser, RegisterResourceResponse.Parser),
        [PulumiMethods.ResourceMonitor.RegisterResourceOutputs.Path] = (RegisterResourceOutputsRequest.Parser, Empty.Parser),
        [PulumiMethods.ResourceMonitor.ReadResource.Path] = (ReadResourceRequest.Parser, ReadResourceResponse.Parser),
        [PulumiMethods.ResourceMonitor.Invoke.Path] = (ResourceInvokeRequest.Parser, InvokeResponse.Parser),
        [PulumiMethods.ResourceMonitor.Call.Path] = (ResourceCallRequest.Parser, CallResponse.Parser),
        [PulumiMethods.ResourceMonitor.RegisterPackage.Path] = (RegisterPackageRequest.Parser, RegisterPackageResponse.Parser),
        [PulumiMethods.ResourceMonitor.RegisterResourceHook.Path] = (RegisterResourceHookRequest.Parser, Empty.Parser),
        [PulumiMethods.ResourceMonitor.SignalAndWaitForShutdown.Path] = (Empty.Parser, Empty.Parser),
        [PulumiMethods.Callbacks.Invoke.Path] = (CallbackInvokeRequest.Parser, CallbackInvokeResponse.Parser),
        [PulumiMethods.Engine.Log.Path] = (LogRequest.Parser, Empty.Parser),
    };

    [SharedReferenceFact]
    public void Every_recorded_message_is_read_without_a_field_left_over()
    {
        var count = 0;
        foreach (var (file, line) in Lines())
        {
            var rpc = line.GetProperty("rpc").GetString()!;
            Assert.True(Parsers.TryGetValue(rpc, out var parsers), $"{file}: {rpc}");
            foreach (var (parser, bytes) in new[] { (parsers.Request, Bytes(line, "request")), (parsers.Response, Bytes(line, "response")) })
            {
                // A message that drops unknown fields is as long as one that keeps them only when there are none.
                Assert.Equal(parser.ParseFrom(bytes).CalculateSize(), parser.WithDiscardUnknownFields(true).ParseFrom(bytes).CalculateSize());
                count++;
            }
        }

        Assert.True(count > 400, $"only {count} messages were found");
    }

    [SharedReferenceFact]
    public void Every_recorded_property_bag_is_written_as_it_was_read()
    {
        var bags = Lines().Where(entry => entry.Line.GetProperty("rpc").GetString() == PulumiMethods.ResourceMonitor.RegisterResource.Path)
            .Select(entry => RegisterResourceRequest.Parser.ParseFrom(Bytes(entry.Line, "request")).Object)
            .Concat(Lines().Where(entry => entry.Line.GetProperty("rpc").GetString() == PulumiMethods.ResourceMonitor.RegisterResourceOutputs.Path)
                .Select(entry => RegisterResourceOutputsRequest.Parser.ParseFrom(Bytes(entry.Line, "request")).Outputs))
            .ToArray();

        Assert.NotEmpty(bags);
        Assert.All(bags, bag => Assert.Equal(bag, PropertyCodec.ToStruct(PropertyCodec.FromStruct(bag))));
    }

    private static IEnumerable<(string File, JsonElement Line)> Lines() =>
        from file in Directory.EnumerateFiles(SharedReference.PathOf("wire"), "*.jsonl").Order(StringComparer.Ordinal)
        from line in File.ReadLines(file)
        select (Path.GetFileName(file), JsonDocument.Parse(line).RootElement);

    private static byte[] Bytes(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? Convert.FromBase64String(value.GetString() ?? "") : [];
}
