using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi;

/// <summary>Options of a stack: transformations that see every resource.</summary>
public class StackOptions
{
    private List<ResourceTransformation>? resourceTransformations;
    private List<ResourceTransform>? resourceTransforms;

    public List<ResourceTransformation> ResourceTransformations
    {
        get => resourceTransformations ??= [];
        set => resourceTransformations = value;
    }

    public List<ResourceTransform> ResourceTransforms
    {
        get => resourceTransforms ??= [];
        set => resourceTransforms = value;
    }
}

/// <summary>The root of all resources; the [Output] properties of a subclass are the stack's outputs.</summary>
public class Stack : ComponentResource
{
    public Stack(StackOptions? options = null)
        : base(Constants.StackType, $"{Deployment.Required.ProjectName}-{Deployment.Required.StackName}", ToResourceOptions(options)) =>
        Deployment.Required.Stack = this;

    /// <summary>Runs a program in a new stack and returns its outputs.</summary>
    internal Stack(Func<Task<IDictionary<string, object?>>> program, StackOptions? options)
        : this(options) => ProgramOutputs = Output.Create(Task.Run(program));

    /// <summary>The outputs of a program that is a function.</summary>
    internal Output<IDictionary<string, object?>>? ProgramOutputs { get; }

    /// <summary>Called once the constructor of the subclass has ended, so that every output has been set.</summary>
    internal virtual void RegisterStackOutputs() => RegisterOutputs(ProgramOutputs ?? Output.Create(PropertyOutputs()));

    private IDictionary<string, object?> PropertyOutputs()
    {
        var properties = GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(property => property.DeclaringType != typeof(Resource))
            .Select(property => (property, attribute: property.GetCustomAttribute<OutputAttribute>()))
            .Where(pair => pair.attribute is not null)
            .Select(pair => (pair.property, name: pair.attribute!.Name ?? pair.property.Name, value: pair.property.GetValue(this)))
            .ToImmutableArray();
        var wrong = properties.Where(entry => !typeof(IOutput).IsAssignableFrom(entry.property.PropertyType)).Select(entry => entry.name).ToList();
        if (wrong.Count > 0)
        {
            throw RunException.OutputsHaveIncorrectType(wrong);
        }
        var missing = properties.Where(entry => entry.value is null).Select(entry => entry.name).ToList();
        return missing.Count > 0
            ? throw new RunException($"The stack sets no value for its output {string.Join(", ", missing)}. Assign it in the constructor, Output.Create<T>(null) if there is none.")
            : properties.ToImmutableDictionary(entry => entry.name, entry => entry.value);
    }

    private static ComponentResourceOptions ToResourceOptions(StackOptions? options) => new()
    {
        ResourceTransformations = [.. options?.ResourceTransformations ?? []],
        ResourceTransforms = [.. options?.ResourceTransforms ?? []],
    };
}
