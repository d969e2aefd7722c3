using Pulumi.Automation.Events;

namespace Pulumi.Automation;

public class UpdateOptions
{
    public int? Parallel { get; set; }

    public Action<string>? OnStandardOutput { get; set; }

    public Action<string>? OnStandardError { get; set; }

    public Action<EngineEvent>? OnEvent { get; set; }
}

public sealed class UpOptions : UpdateOptions
{
    public bool? ExpectNoChanges { get; set; }

    public bool? Refresh { get; set; }

    public List<string>? Replace { get; set; }

    public PulumiFn? Program { get; set; }
}

public sealed class PreviewOptions : UpdateOptions
{
    public bool? ExpectNoChanges { get; set; }

    public bool? Refresh { get; set; }

    public List<string>? Replace { get; set; }

    public PulumiFn? Program { get; set; }
}

public sealed class RefreshOptions : UpdateOptions
{
    public bool? ExpectNoChanges { get; set; }
}

public sealed class DestroyOptions : UpdateOptions
{
    public bool? Refresh { get; set; }
}
