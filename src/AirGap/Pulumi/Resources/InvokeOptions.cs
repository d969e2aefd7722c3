namespace Pulumi;

/// <summary>How a function of a provider is called.</summary>
public class InvokeOptions
{
    public Resource? Parent { get; set; }

    public ProviderResource? Provider { get; set; }

    public string? Version { get; set; }

    public string? PluginDownloadURL { get; set; }
}

/// <summary>How a function of a provider is called when the answer is an output.</summary>
public class InvokeOutputOptions : InvokeOptions
{
    private InputList<Resource>? dependsOn;

    public InputList<Resource> DependsOn
    {
        get => dependsOn ??= [];
        set => dependsOn = value;
    }
}

/// <summary>How a method of a resource is called.</summary>
public class CallOptions
{
    public Resource? Parent { get; set; }

    public ProviderResource? Provider { get; set; }

    public string? Version { get; set; }

    public string? PluginDownloadURL { get; set; }
}
