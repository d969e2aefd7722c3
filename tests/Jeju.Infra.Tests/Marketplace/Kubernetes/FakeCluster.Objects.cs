using System.Globalization;
using System.Text.Json.Nodes;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Marketplace.Kubernetes;

/// <summary>The objects of the cluster, and what its controllers do.</summary>
internal sealed partial class FakeCluster
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(long Version, string Plural, string Type, JsonObject Object)> _changes = [];
    private readonly List<JsonObject> _events = [];
    private TaskCompletionSource _pulse = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 1;
    private long _forgottenTo;
    private long _beginsAgainAt;
    private int _watches;
    private int _endedWatches;

    /// <summary>How many pods were started.</summary>
    public int Starts { get; private set; }

    /// <summary>Why no pod can be made, as the quota says it; null where it can.</summary>
    public string? NoPods { get; set; }

    /// <summary>Why the container of a new pod waits, for example <c>ImagePullBackOff</c>; null where it runs.</summary>
    public string? Waiting { get; set; }

    /// <summary>Watches that were opened.</summary>
    public int Watches => Volatile.Read(ref _watches);

    /// <summary>The names of all that is there, for example <c>services/jeju-1</c>.</summary>
    public IReadOnlyList<string> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _objects.Keys];
            }
        }
    }

    /// <summary>The only object of a kind.</summary>
    public StoredObject Single(string plural)
    {
        lock (_gate)
        {
            return _objects.Values.Single(stored => stored.Plural == plural);
        }
    }

    /// <summary>Another than the agent sets fields.</summary>
    public void ApplyAs(string manager, string plural, JsonObject manifest)
    {
        lock (_gate)
        {
            Apply(plural, manifest["metadata"]!["name"]!.GetValue<string>(), manager, manifest, force: true);
        }
    }

    /// <summary>Somebody removes an object by hand, at once and with all that it made.</summary>
    public void Remove(string plural, string name)
    {
        lock (_gate)
        {
            if (plural == "statefulsets")
            {
                Drop(Key("pods", $"{name}-0"));
            }

            Drop(Key(plural, name));
            Reconcile();
        }
    }

    /// <summary>A container ends, and the kubelet starts it again.</summary>
    public void Crash(string name)
    {
        lock (_gate)
        {
            StoredObject pod = _objects[Key("pods", $"{name}-0")];
            JsonNode status = pod.Value["status"]!["containerStatuses"]![0]!;
            status["restartCount"] = status["restartCount"]!.GetValue<int>() + 1;
            Changed(pod, "MODIFIED");
        }
    }

    /// <summary>The server forgets what happened until now. Watches that stand are told, or end first and are refused when they begin again.</summary>
    public void Forget(bool endsWatches)
    {
        lock (_gate)
        {
            _version++;
            _forgottenTo = _version;
            _changes.Clear();
            if (endsWatches)
            {
                Interlocked.Increment(ref _endedWatches);
            }
        }

        Pulse();
    }

    /// <summary>Sends a bookmark (nothing happened, and this is the version) and ends the watches. Who begins again before the bookmark is refused.</summary>
    public void Bookmark()
    {
        lock (_gate)
        {
            _version++;
            JsonObject mark = new() { ["kind"] = "Pod", ["apiVersion"] = "v1", ["metadata"] = new JsonObject { ["resourceVersion"] = Text(_version) } };
            _changes.Add((_version, "pods", "BOOKMARK", mark));
            _endedWatches++;
            _beginsAgainAt = _version;
        }

        Pulse();
    }

    private Task NextChange
    {
        get
        {
            lock (_gate)
            {
                return _pulse.Task;
            }
        }
    }

    private void Pulse()
    {
        TaskCompletionSource before;
        lock (_gate)
        {
            before = _pulse;
            _pulse = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        before.TrySetResult();
    }

    private bool IsForgotten(long version)
    {
        lock (_gate)
        {
            return version < _forgottenTo;
        }
    }

    private List<(long At, string Type, JsonObject Object)> ChangesSince(string plural, string selector, long version)
    {
        lock (_gate)
        {
            return [.. _changes.Where(change => change.Version > version && change.Plural == plural && (change.Type == "BOOKMARK" || Matches(change.Object, selector)))
                .Select(change => (change.Version, change.Type, (JsonObject)change.Object.DeepClone()))];
        }
    }

    private string Do(Request request)
    {
        lock (_gate)
        {
            Authorize(request.Group, request.Resource, request.Verb);
            return request switch
            {
                { IsLog: true } => Log(request),
                { Verb: "get" } => Get(request).Value.ToJsonString(),
                { Verb: "list" } => List(request).ToJsonString(),
                { Verb: "patch" } => Patch(request).ToJsonString(),
                _ => Delete(request).ToJsonString(),
            };
        }
    }

    private string Log(Request request)
    {
        StoredObject pod = Get(request);
        return pod.Value["status"]?["containerStatuses"]?[0]?["state"]?["running"] is null
            ? throw new ApiRefusalException(400, "BadRequest", "container \"workload\" in pod is waiting to start")
            : $"ready to accept connections\n{request.Query["tailLines"]} lines at most\n";
    }

    /// <summary>An object that is being deleted is seen for a while, and a volume as long as a pod uses it.</summary>
    private StoredObject Get(Request request)
    {
        string key = Key(request.Plural, request.Name!);
        if (!_objects.TryGetValue(key, out StoredObject? stored))
        {
            throw new ApiRefusalException(404, "NotFound", $"{request.Plural} \"{request.Name}\" not found");
        }

        if (stored.IsDeleting && !(request.Plural == "persistentvolumeclaims" && _objects.ContainsKey(Key("pods", $"{request.Name}-0"))) && stored.RestOfLife-- <= 0)
        {
            Drop(key);
            throw new ApiRefusalException(404, "NotFound", $"{request.Plural} \"{request.Name}\" not found");
        }

        return stored;
    }

    private JsonObject List(Request request)
    {
        if (request.Plural == "events")
        {
            string involved = request.Query["fieldSelector"].Split(',')[0].Split('=')[1];
            return Page(_events.Where(item => item["involvedObject"]!["name"]!.GetValue<string>() == involved).ToList(), null);
        }

        int start = request.Query.TryGetValue("continue", out string? from) ? int.Parse(from, CultureInfo.InvariantCulture) : 0;
        if (start > 0 && ForgottenPages > 0)
        {
            ForgottenPages--;
            throw new ApiRefusalException(410, "Expired", "The provided continue parameter is too old");
        }

        JsonObject[] all = [.. _objects.Values.Where(stored => stored.Plural == request.Plural && Matches(stored.Value, request.Query["labelSelector"])).Select(stored => stored.Value)];
        int size = Math.Min(PageSize, int.Parse(request.Query["limit"], CultureInfo.InvariantCulture));
        return Page([.. all.Skip(start).Take(size)], start + size < all.Length ? Text(start + size) : null);
    }

    private JsonObject Page(List<JsonObject> items, string? next)
    {
        JsonObject metadata = new() { ["resourceVersion"] = Text(_version) };
        if (next is not null)
        {
            metadata["continue"] = next;
        }

        return new JsonObject { ["metadata"] = metadata, ["items"] = new JsonArray([.. items.Select(item => item.DeepClone())]) };
    }

    private JsonObject Patch(Request request)
    {
        if (request.Query.GetValueOrDefault("fieldManager") is not { Length: > 0 } manager || request.Query.GetValueOrDefault("fieldValidation") != "Strict")
        {
            throw new NotSupportedException("an apply without its manager, or without validation");
        }

        if (ObjectRules.Problems(request.Plural, Namespace, request.Name!, request.Body!) is { Count: > 0 } problems)
        {
            _unknown.Enqueue($"{request.Plural} {request.Name}: {string.Join("; ", problems)}");
            throw new ApiRefusalException(422, "Invalid", string.Join("; ", problems));
        }

        if (!_objects.ContainsKey(Key(request.Plural, request.Name!)))
        {
            Authorize(request.Group, request.Plural, "create");
        }

        return Apply(request.Plural, request.Name!, manager, request.Body!, request.Query.GetValueOrDefault("force") == "true").Value;
    }

    private StoredObject Apply(string plural, string name, string manager, JsonObject manifest, bool force)
    {
        bool isNew = !_objects.TryGetValue(Key(plural, name), out StoredObject? stored);
        stored ??= New(plural, name, new JsonObject { ["apiVersion"] = manifest["apiVersion"]!.DeepClone(), ["kind"] = manifest["kind"]!.DeepClone() });
        if (stored.Apply(manager, manifest, force) || isNew)
        {
            _objects[Key(plural, name)] = stored;
            Changed(stored, isNew ? "ADDED" : "MODIFIED");
        }

        Reconcile();
        return stored;
    }

    private JsonObject Delete(Request request)
    {
        if (request.Body?["propagationPolicy"]?.GetValue<string>() != "Foreground")
        {
            throw new NotSupportedException("a deletion that does not wait for what the object made");
        }

        if (!_objects.TryGetValue(Key(request.Plural, request.Name!), out StoredObject? stored))
        {
            throw new ApiRefusalException(404, "NotFound", $"{request.Plural} \"{request.Name}\" not found");
        }

        stored.Value["metadata"]!["deletionTimestamp"] ??= "2026-01-01T00:00:00Z";
        Changed(stored, "MODIFIED");
        if (request.Plural == "statefulsets")
        {
            Drop(Key("pods", $"{request.Name}-0"));
        }

        return stored.Value;
    }

    /// <summary>The controller of stateful sets, the scheduler and the kubelet in one: a pod for each set that has what it mounts.</summary>
    private void Reconcile()
    {
        foreach (StoredObject set in _objects.Values.Where(stored => stored.Plural == "statefulsets").ToList())
        {
            string pod = Key("pods", $"{set.Name}-0");
            bool isWanted = !set.IsDeleting && set.Value["spec"]!["replicas"]!.GetValue<int>() == 1;
            JsonNode template = set.Value["spec"]!["template"]!;
            if (_objects.TryGetValue(pod, out StoredObject? present) && (!isWanted || !JsonNode.DeepEquals(present.Value["spec"], template["spec"])))
            {
                Drop(pod);
            }

            if (isWanted && !_objects.ContainsKey(pod) && new[] { "secrets", "persistentvolumeclaims", "networkpolicies", "services" }.All(needed => _objects.ContainsKey(Key(needed, set.Name))))
            {
                Start(pod, set.Name, template);
            }
        }
    }

    private void Start(string key, string set, JsonNode template)
    {
        if (NoPods is not null)
        {
            _events.Add(new JsonObject { ["message"] = NoPods, ["type"] = "Warning", ["lastTimestamp"] = "2026-01-01T00:00:00Z", ["involvedObject"] = new JsonObject { ["name"] = set } });
            return;
        }

        StoredObject pod = New("pods", $"{set}-0", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod" });
        JsonNode metadata = pod.Value["metadata"]!;
        metadata["labels"] = template["metadata"]!["labels"]!.DeepClone();
        metadata["annotations"] = template["metadata"]!["annotations"]!.DeepClone();
        pod.Value["spec"] = template["spec"]!.DeepClone();
        JsonObject state = Waiting is null
            ? new JsonObject { ["running"] = new JsonObject() }
            : new JsonObject { ["waiting"] = new JsonObject { ["reason"] = Waiting, ["message"] = "Back-off pulling image" } };
        pod.Value["status"] = new JsonObject { ["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = "workload", ["restartCount"] = 0, ["state"] = state }) };
        _objects[key] = pod;
        Starts++;
        Changed(pod, "ADDED");
    }

    private StoredObject New(string plural, string name, JsonObject value)
    {
        _version++;
        value["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace, ["uid"] = $"uid-{_version}", ["resourceVersion"] = Text(_version) };
        return new StoredObject(plural, value);
    }

    private void Changed(StoredObject stored, string type)
    {
        _version++;
        stored.Version = Text(_version);
        _changes.Add((_version, stored.Plural, type, (JsonObject)stored.Value.DeepClone()));
        Pulse();
    }

    private void Drop(string key)
    {
        if (_objects.Remove(key, out StoredObject? stored))
        {
            Changed(stored, "DELETED");
        }
    }

    private static bool Matches(JsonObject item, string selector) =>
        selector.Split(',').Select(term => term.Split('=')).All(term => item["metadata"]!["labels"]?[term[0]]?.GetValue<string>() == term[1]);

    private static string Key(string plural, string name) => $"{plural}/{name}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
