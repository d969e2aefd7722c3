using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Pulumirpc;
using Methods = Jeju.Infra.Protocol.PulumiMethods.Engine;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>The service to which the program and the plugins write their messages.</summary>
internal sealed class EngineLog
{
    /// <summary>How the SDK begins the text with a stack trace that it logs for every failed call; the engine has reported the cause itself.</summary>
    private const string UnhandledText = "Running program '";

    private readonly DeploymentContext _context;

    public EngineLog(DeploymentContext context)
    {
        _context = context;
        Service = new GrpcService()
            .Map(Methods.Log, (request, _) => Task.FromResult(Log(request)))
            .Map(Methods.GetRootResource, (_, _) => Task.FromResult(new GetRootResourceResponse { Urn = context.RootUrn }))
            .Map(Methods.SetRootResource, (_, _) => Task.FromResult(new SetRootResourceResponse()))
            .Map(Methods.RequirePulumiVersion, (_, _) => Task.FromResult(new RequirePulumiVersionResponse()));
    }

    public GrpcService Service { get; }

    /// <summary>The last error that the program logged; empty for none.</summary>
    public string LastError { get; private set; } = "";

    private Empty Log(LogRequest request)
    {
        if (request.Severity == LogSeverity.Debug)
        {
            return new Empty();
        }

        if (request.Severity == LogSeverity.Error)
        {
            LastError = request.Message;
            if (_context.HasFailed && request.Message.StartsWith(UnhandledText, StringComparison.Ordinal))
            {
                return new Empty();
            }
        }

        var severity = request.Severity switch
        {
            LogSeverity.Warning => DiagnosticSeverity.Warning,
            LogSeverity.Error => DiagnosticSeverity.Error,
            _ => DiagnosticSeverity.Info,
        };
        _context.Emit(new Diagnostic(severity, request.Urn, request.Message.TrimEnd(), request.Ephemeral));
        return new Empty();
    }
}
