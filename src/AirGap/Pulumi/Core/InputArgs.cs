using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi;

/// <summary>Base of every class of arguments; its [Input] members are what is sent.</summary>
public abstract class InputArgs
{
    private static readonly ConcurrentDictionary<Type, ImmutableArray<Member>> MembersByType = new();

    private protected InputArgs()
    {
    }

    /// <summary>The arguments by their names on the wire, unserialized; those that are json are marked.</summary>
    internal virtual ImmutableDictionary<string, object?> ToDictionary()
    {
        var values = ImmutableDictionary.CreateBuilder<string, object?>();
        foreach (var member in MembersByType.GetOrAdd(GetType(), FindMembers))
        {
            var value = member.Get(this);
            if (value is null && member.Attribute.IsRequired)
            {
                throw new ArgumentNullException(member.Attribute.Name, $"[Input] {member.FullName} is required but was not given a value.");
            }
            values.Add(member.Attribute.Name, member.Attribute.Json && value is not null ? new JsonInput(value) : value);
        }
        return values.ToImmutable();
    }

    private static ImmutableArray<Member> FindMembers(Type type)
    {
        var members = new List<Member>();
        for (var current = type; current is not null && current != typeof(InputArgs); current = current.BaseType)
        {
            foreach (var member in current.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (member.GetCustomAttribute<InputAttribute>() is not { } attribute)
                {
                    continue;
                }
                // A list or a map keeps its value in a private field, so that reading an argument that was not given does not make an empty one.
                var get = member switch
                {
                    FieldInfo field => (Func<object, object?>)field.GetValue,
                    PropertyInfo { GetMethod: not null } property => property.GetValue,
                    _ => throw new InvalidOperationException($"[Input] {current.FullName}.{member.Name} has no getter."),
                };
                members.Add(new(attribute, $"{current.FullName}.{member.Name}", get));
            }
        }
        return [.. members.DistinctBy(member => member.Attribute.Name)];
    }

    private sealed record Member(InputAttribute Attribute, string FullName, Func<object, object?> Get);
}

/// <summary>A value that travels as JSON text: what a provider's configuration holds besides strings.</summary>
internal sealed record JsonInput(object Value);

/// <summary>Arguments of a resource.</summary>
public abstract class ResourceArgs : InputArgs
{
    public static readonly ResourceArgs Empty = new EmptyArgs();

    protected ResourceArgs()
    {
    }

    private sealed class EmptyArgs : ResourceArgs;
}

/// <summary>Arguments of a function.</summary>
public abstract class InvokeArgs : InputArgs
{
    public static readonly InvokeArgs Empty = new EmptyArgs();

    protected InvokeArgs()
    {
    }

    private sealed class EmptyArgs : InvokeArgs;
}

/// <summary>Arguments of a resource's method.</summary>
public abstract class CallArgs : InputArgs
{
    public static readonly CallArgs Empty = new EmptyArgs();

    protected CallArgs()
    {
    }

    private sealed class EmptyArgs : CallArgs;
}

/// <summary>Arguments of a resource by name.</summary>
public sealed class DictionaryResourceArgs(ImmutableDictionary<string, object?> dictionary) : ResourceArgs
{
    internal override ImmutableDictionary<string, object?> ToDictionary() => dictionary;
}

/// <summary>Arguments of a function by name.</summary>
public sealed class DictionaryInvokeArgs(ImmutableDictionary<string, object?> dictionary) : InvokeArgs
{
    internal override ImmutableDictionary<string, object?> ToDictionary() => dictionary;
}
