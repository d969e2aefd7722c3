using Jeju.Infra.Protocol;

namespace Pulumi;

/// <summary>One run of a program.</summary>
public sealed partial class Deployment
{
    private static readonly AsyncLocal<Deployment?> Running = new();
    private readonly IMonitor monitor;
    private readonly IMonitor engine;
    private readonly DeploymentInstance instance;
    private readonly CallbackServer callbacks = new();

    private Deployment(DeploymentSettings settings, IMonitor monitor, IMonitor engine)
    {
        Settings = settings;
        this.monitor = monitor;
        this.engine = engine;
        instance = new(this);
        Logger = new(engine);
        Features = new(monitor);
    }

    /// <summary>The run to which the calling code belongs.</summary>
    public static DeploymentInstance Instance => Required.instance;

    internal static Deployment? Current => Running.Value;

    internal static Deployment Required => Current
        ?? throw new InvalidOperationException("There is no deployment here: resources are made inside the program that is given to Deployment.RunAsync.");

    internal DeploymentSettings Settings { get; }

    internal string ProjectName => Settings.Project;

    internal string StackName => Settings.Stack;

    internal TaskTracker Tasks { get; } = new();

    internal EngineLogger Logger { get; }

    internal Features Features { get; }

    /// <summary>The root of the resources that have no other parent.</summary>
    internal Stack? Stack { get; set; }

    /// <summary>Fails the run when the engine's version does not fit the range.</summary>
    public static Task RequirePulumiVersionAsync(string pulumiVersionRange) =>
        Required.engine.CallAsync(PulumiMethods.Engine.RequirePulumiVersion, new() { PulumiVersionRange = pulumiVersionRange });
}
