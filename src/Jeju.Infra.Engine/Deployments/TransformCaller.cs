using System.Collections.Concurrent;
using Google.Protobuf;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>Calls the program's transforms: a resource's own first, then its parents', then the stack's.</summary>
internal sealed class TransformCaller(Func<string, RegisteredResource?> findRegistered) : IDisposable
{
    private readonly ConcurrentDictionary<string, GrpcClient> _clients = new(StringComparer.Ordinal);

    public async Task<ResourceGoal> ApplyAsync(ResourceGoal goal)
    {
        var transforms = goal.Transforms.ToList();
        for (var parent = findRegistered(goal.Parent); parent is not null; parent = findRegistered(parent.State.Parent))
        {
            transforms.AddRange(parent.Goal.Transforms);
        }

        foreach (var transform in transforms)
        {
            goal = await ApplyAsync(goal, transform).ConfigureAwait(false);
        }

        return goal;
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private async Task<ResourceGoal> ApplyAsync(ResourceGoal goal, TransformCallback transform)
    {
        var request = new TransformRequest
        {
            Type = goal.Type,
            Name = goal.Name,
            Custom = goal.Custom,
            Parent = goal.Parent,
            // As outputs: the SDK would lose the mark of a plain secret, and drop a property that is plainly unknown.
            Properties = PropertyCodec.ToStruct((PropertyMap)Raise(goal.Inputs)),
            Options = WriteOptions(goal),
        };
        var client = _clients.GetOrAdd(transform.Target, static target => new GrpcClient(target));
        CallbackInvokeResponse answer;
        try
        {
            answer = await client.CallAsync(
                PulumiMethods.Callbacks.Invoke, new CallbackInvokeRequest { Token = transform.Token, Request = request.ToByteString() }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (GrpcStatusException exception)
        {
            throw EngineErrors.OperationFailed("Transforming", goal.Name, exception.Message, exception);
        }

        var response = TransformResponse.Parser.ParseFrom(answer.Response);
        if (response.Properties is null)
        {
            return goal;
        }

        goal = goal with { Inputs = GoalReader.ReadInputs(response.Properties) };
        return response.Options is null ? goal : ReadOptions(goal, response.Options);
    }

    private static PropertyValue Raise(PropertyValue value) => value switch
    {
        PropertySecret secret => new PropertyOutput(Raise(secret.Value), IsSecret: true, []),
        PropertyUnknown => new PropertyOutput(Value: null, IsSecret: false, []),
        PropertyMap map => map.Select((_, item) => Raise(item)),
        PropertyList list => PropertyList.From(list.Select(Raise)),
        _ => value,
    };

    private static TransformResourceOptions WriteOptions(ResourceGoal goal)
    {
        var options = new TransformResourceOptions
        {
            Version = goal.Version,
            Provider = goal.Provider,
            DeletedWith = goal.DeletedWith,
            Import = goal.ImportId,
            CustomTimeouts = new CustomTimeouts
            {
                Create = GoDuration(goal.CustomTimeouts.Create), Update = GoDuration(goal.CustomTimeouts.Update),
                Delete = GoDuration(goal.CustomTimeouts.Delete), Read = GoDuration(goal.CustomTimeouts.Read),
            },
        };
        if (goal.Protect is { } protect)
        {
            options.Protect = protect;
        }

        if (goal.RetainOnDelete is { } retain)
        {
            options.RetainOnDelete = retain;
        }

        if (goal.DeleteBeforeReplace is { } deleteFirst)
        {
            options.DeleteBeforeReplace = deleteFirst;
        }

        options.DependsOn.AddRange(goal.Dependencies);
        options.IgnoreChanges.AddRange(goal.IgnoreChanges);
        options.ReplaceOnChanges.AddRange(goal.ReplaceOnChanges);
        options.AdditionalSecretOutputs.AddRange(goal.AdditionalSecretOutputs);
        options.Providers.Add(goal.Providers.ToDictionary());
        options.Aliases.AddRange(goal.Aliases.Select(WriteAlias));
        return options;
    }

    private static ResourceGoal ReadOptions(ResourceGoal goal, TransformResourceOptions options) => goal with
    {
        Version = options.Version,
        Provider = options.Provider,
        DeletedWith = options.DeletedWith,
        // The official bridge loses the import id, and answers "false" for a flag that was never set.
        ImportId = options.Import.Length > 0 ? options.Import : goal.ImportId,
        DeleteBeforeReplace = options is { HasDeleteBeforeReplace: true, DeleteBeforeReplace: true } ? true : goal.DeleteBeforeReplace,
        Protect = options.HasProtect ? options.Protect : goal.Protect,
        RetainOnDelete = options.HasRetainOnDelete ? options.RetainOnDelete : goal.RetainOnDelete,
        CustomTimeouts = GoalReader.ReadTimeouts(options.CustomTimeouts),
        Dependencies = options.DependsOn.Order(StringComparer.Ordinal).ToEquatableList(),
        IgnoreChanges = options.IgnoreChanges.ToEquatableList(),
        ReplaceOnChanges = options.ReplaceOnChanges.ToEquatableList(),
        AdditionalSecretOutputs = options.AdditionalSecretOutputs.ToEquatableList(),
        Aliases = [.. options.Aliases.Select(GoalReader.ReadAlias)],
    };

    private static Alias WriteAlias(AliasSpec alias)
    {
        if (alias.Urn is not null)
        {
            return new Alias { Urn = alias.Urn };
        }

        var spec = new Alias.Types.Spec { Name = alias.Name ?? "", Type = alias.Type ?? "", Stack = alias.Stack ?? "", Project = alias.Project ?? "" };
        if (alias.ParentUrn is not null)
        {
            spec.ParentUrn = alias.ParentUrn;
        }
        else
        {
            spec.NoParent = alias.NoParent;
        }

        return new Alias { Spec = spec };
    }

    private static string GoDuration(double seconds) =>
        seconds > 0 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{seconds:0.#########}s") : "";
}
