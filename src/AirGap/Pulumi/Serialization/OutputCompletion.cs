using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Jeju.Infra.Protocol.Properties;

namespace Pulumi;

/// <summary>The outputs of one resource while the engine has not answered: each ends with a value or with the failure of the resource.</summary>
internal sealed class OutputCompletion
{
    private static readonly ConcurrentDictionary<Type, ImmutableArray<(PropertyInfo Property, string Name)>> PropertiesByType = new();
    private readonly ImmutableDictionary<string, Source> sources;

    /// <summary>Gives every [Output] property of the resource an output that comes later.</summary>
    public OutputCompletion(Resource resource)
    {
        var builder = ImmutableDictionary.CreateBuilder<string, Source>();
        foreach (var (property, name) in PropertiesByType.GetOrAdd(resource.GetType(), FindProperties))
        {
            var source = (Source)Activator.CreateInstance(typeof(Source<>).MakeGenericType(property.PropertyType.GetGenericArguments()))!;
            builder.Add(name, source);
            property.SetValue(resource, source.Output);
        }
        sources = builder.ToImmutable();
    }

    /// <summary>Sets an output that is not a property of the answer: the URN and the id.</summary>
    public void Complete(string name, string? value, bool isKnown, ImmutableHashSet<Resource> resources) =>
        sources.GetValueOrDefault(name)?.Complete(value, isKnown, isSecret: false, resources);

    /// <summary>Sets all outputs that are still open.</summary>
    /// <param name="resource">The resource, for messages and as a dependency of its outputs.</param>
    /// <param name="properties">The properties that the engine answered.</param>
    /// <param name="missingAreUnknown">A property that is not there is unknown; otherwise it has the default of its type.</param>
    /// <param name="dependencies">What an output depends on besides the resource.</param>
    public void CompleteAll(Resource resource, PropertyMap properties, bool missingAreUnknown, Func<string, IEnumerable<Resource>> dependencies)
    {
        foreach (var (name, source) in sources)
        {
            var own = ImmutableHashSet.Create(resource).Union(dependencies(name));
            if (!properties.TryGetValue(name, out var property))
            {
                source.Complete(source.Convert(name, PropertyValue.Null), !missingAreUnknown, isSecret: false, own);
                continue;
            }
            var revealed = Revealed.From(property);
            var value = Convert(resource, name, source, revealed.IsKnown ? revealed.Value : PropertyValue.Null);
            source.Complete(value, revealed.IsKnown, revealed.IsSecret, own.Union(revealed.Dependencies.Select(urn => new DependencyResource(urn))));
        }
    }

    /// <summary>Ends all outputs that are still open with the failure of the resource, so that nothing waits for them in vain.</summary>
    public void Fail(Exception exception)
    {
        foreach (var source in sources.Values)
        {
            source.Fail(exception);
        }
    }

    /// <summary>A provider that answers with another type than it declared is a warning: the resource exists all the same.</summary>
    private static object? Convert(Resource resource, string name, Source source, PropertyValue value)
    {
        try
        {
            return source.Convert($"{resource.GetResourceType()}.{name} of {resource.GetResourceName()}", value);
        }
        catch (PropertyMismatchException exception)
        {
            Log.Warn(exception.Message, resource);
            return source.Convert(name, PropertyValue.Null);
        }
    }

    private static ImmutableArray<(PropertyInfo Property, string Name)> FindProperties(Type type)
    {
        var result = ImmutableArray.CreateBuilder<(PropertyInfo, string)>();
        for (var current = type; current is not null; current = current.BaseType)
        {
            // The outputs of a stack are what its constructor assigns, and nothing comes from the engine.
            if (typeof(Stack).IsAssignableFrom(current))
            {
                continue;
            }
            foreach (var property in current.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (property.GetCustomAttribute<OutputAttribute>() is not { } attribute)
                {
                    continue;
                }
                if (!property.PropertyType.IsGenericType || property.PropertyType.GetGenericTypeDefinition() != typeof(Output<>) || property.SetMethod is null)
                {
                    throw new InvalidOperationException($"[Output] {current.FullName}.{property.Name} must be an Output<T> with a setter, which may be private.");
                }
                result.Add((property, attribute.Name ?? property.Name));
            }
        }
        return [.. result.DistinctBy(entry => entry.Item2)];
    }

    private abstract class Source
    {
        public abstract object Output { get; }

        public abstract object? Convert(string path, PropertyValue value);

        public abstract void Complete(object? value, bool isKnown, bool isSecret, ImmutableHashSet<Resource> resources);

        public abstract void Fail(Exception exception);
    }

    private sealed class Source<T> : Source
    {
        private readonly TaskCompletionSource<OutputData<T>> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Source() => Output = new Output<T>(completion.Task);

        public override object Output { get; }

        public override object? Convert(string path, PropertyValue value) => PropertyConverter.Convert(path, value, typeof(T));

        public override void Complete(object? value, bool isKnown, bool isSecret, ImmutableHashSet<Resource> resources) =>
            completion.TrySetResult(new(resources, (T)value!, isKnown, isSecret));

        public override void Fail(Exception exception) => completion.TrySetException(exception);
    }
}
