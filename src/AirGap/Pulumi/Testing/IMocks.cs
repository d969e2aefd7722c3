using System.Collections.Immutable;

namespace Pulumi.Testing;

/// <summary>Stands for the engine in a test: says what resources and functions answer.</summary>
public interface IMocks
{
    /// <summary>The id and the state of a resource.</summary>
    Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args);

    /// <summary>The answer of a function.</summary>
    Task<object> CallAsync(MockCallArgs args);

    /// <summary>Sees the outputs of components and of the stack.</summary>
    Task RegisterResourceOutputs(MockRegisterResourceOutputsRequest args) => Task.CompletedTask;
}

/// <summary>Mocks that answer with the inputs, and an id made of the name.</summary>
public class EmptyMocks : IMocks
{
    public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args) => Task.FromResult(((string?)$"{args.Name}-id", (object)args.Inputs));

    public Task<object> CallAsync(MockCallArgs args) => Task.FromResult((object)args.Args);
}

/// <summary>A resource that a program registers or reads.</summary>
public class MockResourceArgs
{
    public string? Type { get; set; }

    public string? Name { get; set; }

    public ImmutableDictionary<string, object> Inputs { get; set; } = ImmutableDictionary<string, object>.Empty;

    public string? Provider { get; set; }

    public string? Id { get; set; }
}

/// <summary>A function that a program calls.</summary>
public class MockCallArgs
{
    public string? Token { get; set; }

    public ImmutableDictionary<string, object> Args { get; set; } = ImmutableDictionary<string, object>.Empty;

    public string? Provider { get; set; }
}

/// <summary>The outputs of a component or of the stack.</summary>
public class MockRegisterResourceOutputsRequest(string urn, ImmutableDictionary<string, Output<object?>> outputs)
{
    public readonly string Urn = urn;

    public readonly ImmutableDictionary<string, Output<object?>> Outputs = outputs;
}

/// <summary>The run that a test pretends.</summary>
public class TestOptions
{
    public string? ProjectName { get; set; }

    public string? StackName { get; set; }

    public string? OrganizationName { get; set; }

    public string? RootDirectory { get; set; }

    /// <summary>Whether it is a preview, as it is unless said otherwise.</summary>
    public bool? IsPreview { get; set; }
}
