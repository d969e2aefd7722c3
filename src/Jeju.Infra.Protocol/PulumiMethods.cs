using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Protocol.Grpc;
using Pulumirpc;

namespace Jeju.Infra.Protocol;

/// <summary>The methods of Pulumi's services.</summary>
public static class PulumiMethods
{
    /// <summary>The service that a program registers its resources with; the engine hosts it.</summary>
    public static class ResourceMonitor
    {
        private const string Service = "pulumirpc.ResourceMonitor";

        /// <summary>Asks for a capability by name.</summary>
        public static GrpcMethod<SupportsFeatureRequest, SupportsFeatureResponse> SupportsFeature { get; } =
            Define(Service, nameof(SupportsFeature), SupportsFeatureRequest.Parser, SupportsFeatureResponse.Parser);

        /// <summary>Calls a function of a provider.</summary>
        public static GrpcMethod<ResourceInvokeRequest, InvokeResponse> Invoke { get; } =
            Define(Service, nameof(Invoke), ResourceInvokeRequest.Parser, InvokeResponse.Parser);

        /// <summary>Calls a method of a remote component.</summary>
        public static GrpcMethod<ResourceCallRequest, CallResponse> Call { get; } =
            Define(Service, nameof(Call), ResourceCallRequest.Parser, CallResponse.Parser);

        /// <summary>Reads a resource that the stack does not manage.</summary>
        public static GrpcMethod<ReadResourceRequest, ReadResourceResponse> ReadResource { get; } =
            Define(Service, nameof(ReadResource), ReadResourceRequest.Parser, ReadResourceResponse.Parser);

        /// <summary>Registers a resource and waits until it exists.</summary>
        public static GrpcMethod<RegisterResourceRequest, RegisterResourceResponse> RegisterResource { get; } =
            Define(Service, nameof(RegisterResource), RegisterResourceRequest.Parser, RegisterResourceResponse.Parser);

        /// <summary>Sets the outputs of a component or of the stack.</summary>
        public static GrpcMethod<RegisterResourceOutputsRequest, Empty> RegisterResourceOutputs { get; } =
            Define(Service, nameof(RegisterResourceOutputs), RegisterResourceOutputsRequest.Parser, Empty.Parser);

        /// <summary>Announces a package and its parameters.</summary>
        public static GrpcMethod<RegisterPackageRequest, RegisterPackageResponse> RegisterPackage { get; } =
            Define(Service, nameof(RegisterPackage), RegisterPackageRequest.Parser, RegisterPackageResponse.Parser);

        /// <summary>Adds a transform for every resource of the stack.</summary>
        public static GrpcMethod<Callback, Empty> RegisterStackTransform { get; } =
            Define(Service, nameof(RegisterStackTransform), Callback.Parser, Empty.Parser);

        /// <summary>Adds a transform for every invoke of the stack.</summary>
        public static GrpcMethod<Callback, Empty> RegisterStackInvokeTransform { get; } =
            Define(Service, nameof(RegisterStackInvokeTransform), Callback.Parser, Empty.Parser);

        /// <summary>Registers a hook that resources refer to by name.</summary>
        public static GrpcMethod<RegisterResourceHookRequest, Empty> RegisterResourceHook { get; } =
            Define(Service, nameof(RegisterResourceHook), RegisterResourceHookRequest.Parser, Empty.Parser);

        /// <summary>Registers a hook for failed operations.</summary>
        public static GrpcMethod<RegisterErrorHookRequest, Empty> RegisterErrorHook { get; } =
            Define(Service, nameof(RegisterErrorHook), RegisterErrorHookRequest.Parser, Empty.Parser);

        /// <summary>Says that the program registered everything, and waits while callbacks may still be needed.</summary>
        public static GrpcMethod<Empty, Empty> SignalAndWaitForShutdown { get; } =
            Define(Service, nameof(SignalAndWaitForShutdown), Empty.Parser, Empty.Parser);
    }

    /// <summary>The engine's service for diagnostics.</summary>
    public static class Engine
    {
        private const string Service = "pulumirpc.Engine";

        /// <summary>Writes a diagnostic.</summary>
        public static GrpcMethod<LogRequest, Empty> Log { get; } = Define(Service, nameof(Log), LogRequest.Parser, Empty.Parser);

        /// <summary>The URN of the stack's root resource.</summary>
        public static GrpcMethod<GetRootResourceRequest, GetRootResourceResponse> GetRootResource { get; } =
            Define(Service, nameof(GetRootResource), GetRootResourceRequest.Parser, GetRootResourceResponse.Parser);

        /// <summary>Sets the URN of the stack's root resource.</summary>
        public static GrpcMethod<SetRootResourceRequest, SetRootResourceResponse> SetRootResource { get; } =
            Define(Service, nameof(SetRootResource), SetRootResourceRequest.Parser, SetRootResourceResponse.Parser);

        /// <summary>Checks the version of the engine against a range.</summary>
        public static GrpcMethod<RequirePulumiVersionRequest, RequirePulumiVersionResponse> RequirePulumiVersion { get; } =
            Define(Service, nameof(RequirePulumiVersion), RequirePulumiVersionRequest.Parser, RequirePulumiVersionResponse.Parser);
    }

    /// <summary>The service that a program hosts for its transforms and hooks.</summary>
    public static class Callbacks
    {
        /// <summary>Calls a function of the program.</summary>
        public static GrpcMethod<CallbackInvokeRequest, CallbackInvokeResponse> Invoke { get; } =
            Define("pulumirpc.Callbacks", nameof(Invoke), CallbackInvokeRequest.Parser, CallbackInvokeResponse.Parser);
    }

    /// <summary>The service that a provider plugin hosts.</summary>
    public static class ResourceProvider
    {
        private const string Service = "pulumirpc.ResourceProvider";

        /// <summary>Exchanges capabilities, directly after connecting.</summary>
        public static GrpcMethod<ProviderHandshakeRequest, ProviderHandshakeResponse> Handshake { get; } =
            Define(Service, nameof(Handshake), ProviderHandshakeRequest.Parser, ProviderHandshakeResponse.Parser);

        /// <summary>The package's schema as JSON, for generators.</summary>
        public static GrpcMethod<GetSchemaRequest, GetSchemaResponse> GetSchema { get; } =
            Define(Service, nameof(GetSchema), GetSchemaRequest.Parser, GetSchemaResponse.Parser);

        /// <summary>Validates the provider's own settings.</summary>
        public static GrpcMethod<CheckRequest, CheckResponse> CheckConfig { get; } =
            Define(Service, nameof(CheckConfig), CheckRequest.Parser, CheckResponse.Parser);

        /// <summary>Compares the provider's own settings.</summary>
        public static GrpcMethod<DiffRequest, DiffResponse> DiffConfig { get; } =
            Define(Service, nameof(DiffConfig), DiffRequest.Parser, DiffResponse.Parser);

        /// <summary>Hands over the provider's settings.</summary>
        public static GrpcMethod<ConfigureRequest, ConfigureResponse> Configure { get; } =
            Define(Service, nameof(Configure), ConfigureRequest.Parser, ConfigureResponse.Parser);

        /// <summary>Calls a function.</summary>
        public static GrpcMethod<InvokeRequest, InvokeResponse> Invoke { get; } =
            Define(Service, nameof(Invoke), InvokeRequest.Parser, InvokeResponse.Parser);

        /// <summary>Validates inputs and fills defaults.</summary>
        public static GrpcMethod<CheckRequest, CheckResponse> Check { get; } =
            Define(Service, nameof(Check), CheckRequest.Parser, CheckResponse.Parser);

        /// <summary>Compares a resource's state with new inputs.</summary>
        public static GrpcMethod<DiffRequest, DiffResponse> Diff { get; } =
            Define(Service, nameof(Diff), DiffRequest.Parser, DiffResponse.Parser);

        /// <summary>Creates a resource.</summary>
        public static GrpcMethod<CreateRequest, CreateResponse> Create { get; } =
            Define(Service, nameof(Create), CreateRequest.Parser, CreateResponse.Parser);

        /// <summary>Reads a resource as it is.</summary>
        public static GrpcMethod<ReadRequest, ReadResponse> Read { get; } =
            Define(Service, nameof(Read), ReadRequest.Parser, ReadResponse.Parser);

        /// <summary>Changes a resource in place.</summary>
        public static GrpcMethod<UpdateRequest, UpdateResponse> Update { get; } =
            Define(Service, nameof(Update), UpdateRequest.Parser, UpdateResponse.Parser);

        /// <summary>Deletes a resource.</summary>
        public static GrpcMethod<DeleteRequest, Empty> Delete { get; } =
            Define(Service, nameof(Delete), DeleteRequest.Parser, Empty.Parser);

        /// <summary>Asks the plugin to break off what it is doing.</summary>
        public static GrpcMethod<Empty, Empty> Cancel { get; } = Define(Service, nameof(Cancel), Empty.Parser, Empty.Parser);

        /// <summary>The plugin's version.</summary>
        public static GrpcMethod<Empty, PluginInfo> GetPluginInfo { get; } =
            Define(Service, nameof(GetPluginInfo), Empty.Parser, PluginInfo.Parser);

        /// <summary>Tells a plugin that was started by hand where the engine is.</summary>
        public static GrpcMethod<PluginAttach, Empty> Attach { get; } = Define(Service, nameof(Attach), PluginAttach.Parser, Empty.Parser);
    }

    private static GrpcMethod<TRequest, TResponse> Define<TRequest, TResponse>(
        string service, string name, MessageParser<TRequest> requestParser, MessageParser<TResponse> responseParser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        new(service, name, requestParser, responseParser);
}
