using System.Collections.Frozen;
using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Providers;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;
using Methods = Jeju.Infra.Protocol.PulumiMethods.ResourceMonitor;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>The service that the program talks to while it registers its resources.</summary>
internal sealed class ResourceMonitor
{
    private static readonly FrozenSet<string> Features = FrozenSet.Create(
        StringComparer.Ordinal, "secrets", "resourceReferences", "outputValues", "aliasSpecs", "deletedWith", "transforms");

    private readonly Task<RunningDeployment> _deployment;
    private readonly DeploymentContext _context;
    private readonly AssetHashes _assets;

    /// <param name="context">The run.</param>
    /// <param name="deployment">What answers, once the state is loaded: the program starts before that.</param>
    public ResourceMonitor(DeploymentContext context, Task<RunningDeployment> deployment)
    {
        (_context, _deployment) = (context, deployment);
        _assets = new AssetHashes(context.Options.Project.ProgramDirectory);
        Service = new GrpcService()
            .Map(Methods.SupportsFeature, (request, _) => Task.FromResult(new SupportsFeatureResponse { HasSupport = Features.Contains(request.Id) }))
            .Map(Methods.RegisterResource, (request, _) => AnswerAsync(request.Name, () => RegisterAsync(request)))
            .Map(Methods.RegisterResourceOutputs, (request, _) => AnswerAsync(request.Urn, () => RegisterOutputsAsync(request)))
            .Map(Methods.ReadResource, (request, _) => AnswerAsync(request.Name, () => ReadAsync(request)))
            .Map(Methods.Invoke, (request, _) => AnswerAsync(request.Tok, () => InvokeAsync(request)))
            .Map(Methods.Call, (request, _) => AnswerAsync<CallResponse>(request.Tok, () => throw EngineErrors.Unsupported($"methods of remote components ('{request.Tok}')")))
            .Map(Methods.RegisterPackage, (request, _) => AnswerAsync(request.Name, () => RegisterPackage(request)))
            .Map(Methods.RegisterStackTransform, (_, _) => AnswerAsync<Empty>("", () => throw EngineErrors.Unsupported("stack transforms of this kind")))
            .Map(Methods.RegisterStackInvokeTransform, (_, _) => AnswerAsync<Empty>("", () => throw EngineErrors.Unsupported("transforms of invokes")))
            .Map(Methods.RegisterResourceHook, (_, _) => AnswerAsync<Empty>("", () => throw EngineErrors.Unsupported("resource hooks")))
            .Map(Methods.SignalAndWaitForShutdown, (_, _) =>
            {
                HasSignalled = true;
                return Task.FromResult(new Empty());
            });
    }

    public GrpcService Service { get; }

    /// <summary>Whether the program said that it has registered everything.</summary>
    public bool HasSignalled { get; private set; }

    /// <summary>
    /// Brings a call to its end even where the program has gone away: what was begun is recorded. Failures are recorded with their code, and
    /// the program gets the text.
    /// </summary>
    private async Task<TResponse> AnswerAsync<TResponse>(string subject, Func<Task<TResponse>> answer)
    {
        try
        {
            return await _context.TrackAsync(answer).ConfigureAwait(false);
        }
        catch (InfraException exception)
        {
            _context.Fail(exception, subject.StartsWith("urn:", StringComparison.Ordinal) ? subject : "");
            throw new GrpcStatusException(GrpcStatusCode.Unknown, exception.ToDisplayText());
        }
        catch (OperationCanceledException exception)
        {
            throw new GrpcStatusException(GrpcStatusCode.Cancelled, exception.Message);
        }
    }

    private async Task<RegisterResourceResponse> RegisterAsync(RegisterResourceRequest request)
    {
        if (request.Remote)
        {
            throw EngineErrors.Unsupported($"remote components ('{request.Type}')");
        }

        var deployment = await _deployment.ConfigureAwait(false);
        var goal = await deployment.Transforms.ApplyAsync(GoalReader.Read(request)).ConfigureAwait(false);
        var registered = await deployment.Registrar.RegisterAsync(goal with { Inputs = _assets.Fill(goal.Inputs) }).ConfigureAwait(false);
        var state = registered.State;
        if (_context is { IsPreview: true, Settings.TracesOutputs: true } && state is { Custom: true, IsProvider: false })
        {
            return Traced(state, deployment.Providers.PlanOnlyPackages.Contains(Urn.Package(state.Type)));
        }

        var response = new RegisterResourceResponse
        {
            Urn = state.Urn,
            Id = state.Id,
            Object = PropertyCodec.ToStruct(state.Custom ? Known(state.Outputs) : PropertyMap.Empty, PropertyEncoding.WithoutOutputs),
        };
        return response;
    }

    private RegisterResourceResponse Traced(ResourceState state, bool isPlanOnly)
    {
        var types = isPlanOnly ? _context.Options.Program?.OutputsOf(state.Type) : null;
        var (id, outputs, marks) = Plans.OutputTrace.Answer(state, types ?? FrozenDictionary<string, bool>.Empty);
        var response = new RegisterResourceResponse { Urn = state.Urn, Id = id, Object = PropertyCodec.ToStruct(outputs, PropertyEncoding.WithoutOutputs) };
        foreach (var (name, mark) in marks)
        {
            response.PropertyDependencies[name] = new RegisterResourceResponse.Types.PropertyDependencies { Urns = { mark } };
        }

        return response;
    }

    private async Task<Empty> RegisterOutputsAsync(RegisterResourceOutputsRequest request)
    {
        var deployment = await _deployment.ConfigureAwait(false);
        await deployment.Registrar.SetOutputsAsync(request.Urn, GoalReader.ReadInputs(request.Outputs)).ConfigureAwait(false);
        return new Empty();
    }

    private async Task<ReadResourceResponse> ReadAsync(ReadResourceRequest request)
    {
        var deployment = await _deployment.ConfigureAwait(false);
        var goal = GoalReader.Read(request);
        var registered = request.Type == StackReferences.Type
            ? await deployment.Registrar.ReadOwnAsync(goal, request.Id, await deployment.References.ReadAsync(request.Id).ConfigureAwait(false)).ConfigureAwait(false)
            : await deployment.Registrar.ReadAsync(goal, request.Id).ConfigureAwait(false);
        return new ReadResourceResponse
        {
            Urn = registered.State.Urn,
            Properties = PropertyCodec.ToStruct(Known(registered.State.Outputs), PropertyEncoding.WithoutOutputs),
        };
    }

    private async Task<InvokeResponse> InvokeAsync(ResourceInvokeRequest request)
    {
        var deployment = await _deployment.ConfigureAwait(false);
        var arguments = GoalReader.ReadInputs(request.Args);
        if (request.Tok == "pulumi:pulumi:getResource")
        {
            return new InvokeResponse { Return = PropertyCodec.ToStruct(GetResource(deployment, arguments), PropertyEncoding.WithoutOutputs) };
        }

        var binding = await deployment.Providers.ResolveAsync(request.Provider, Urn.Package(request.Tok), request.Version).ConfigureAwait(false);
        try
        {
            var (result, failures) = await binding.Provider.InvokeAsync(request.Tok, arguments, _context.IsPreview, _context.Cancellation).ConfigureAwait(false);
            var response = new InvokeResponse { Return = PropertyCodec.ToStruct(result, PropertyEncoding.WithoutOutputs) };
            response.Failures.AddRange(failures.Select(failure => new Pulumirpc.CheckFailure { Property = failure.Property, Reason = failure.Reason }));
            return response;
        }
        catch (ProviderCallException exception)
        {
            throw EngineErrors.OperationFailed("Invoking", request.Tok, exception.Message, exception);
        }
    }

    private static PropertyMap GetResource(RunningDeployment deployment, PropertyMap arguments)
    {
        var urn = (arguments.Find("urn") as PropertyString)?.Value ?? "";
        var state = deployment.Registrar.Find(urn)?.State ?? throw EngineErrors.ProviderUnknown(urn);
        return PropertyMap.Of(("urn", urn), ("id", state.Id), ("state", Known(state.Outputs)));
    }

    private static Task<RegisterPackageResponse> RegisterPackage(RegisterPackageRequest request) =>
        request.Parameterization is null
            ? Task.FromResult(new RegisterPackageResponse { Ref = "" })
            : throw EngineErrors.Unsupported($"parameterized packages ('{request.Name}')");

    /// <summary>The SDK takes what is missing for unknown in a preview; that is how unknown outputs are told.</summary>
    private static PropertyMap Known(PropertyMap outputs) =>
        outputs.ContainsUnknowns ? PropertyMap.From(outputs.Where(output => !output.Value.ContainsUnknowns)) : outputs;
}

/// <summary>The parts of a run that answer the program.</summary>
internal sealed record RunningDeployment(
    ResourceRegistrar Registrar, ProviderRegistry Providers, TransformCaller Transforms, StackReferences References);
