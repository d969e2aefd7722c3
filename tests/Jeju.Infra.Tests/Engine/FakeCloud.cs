using System.Collections.Concurrent;
using System.Globalization;
using Jeju.Infra.Engine.Providers;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Tests.Engine;

/// <summary>
/// A provider whose cloud is a dictionary. Inputs steer it: a change of <c>key</c> forces a replacement, <c>fail</c> makes an operation fail
/// (<c>clean</c>, <c>lost</c>: nobody knows how it ended, <c>partial</c>), an empty <c>name</c> is invalid. The output <c>size</c> is computed.
/// </summary>
internal sealed class FakeCloud
{
    private int _lastId;

    public ConcurrentDictionary<string, PropertyMap> Things { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>What an interrupted create left, by URN.</summary>
    public ConcurrentDictionary<string, string> Orphans { get; } = new(StringComparer.Ordinal);

    public bool DeletesBeforeReplace { get; set; }

    public bool AcceptsSecrets { get; set; } = true;

    public Func<string, Task>? OnCall { get; set; }

    public IReadOnlyList<string> TakeCalls(params string[] verbs)
    {
        var calls = Calls.Where(call => verbs.Length == 0 || verbs.Contains(call.Split(' ')[0])).ToArray();
        Calls.Clear();
        return calls;
    }

    public IResourceProvider Connect() => new Connection(this);

    private sealed class Connection(FakeCloud cloud) : IResourceProvider
    {
        public ProviderCapabilities Capabilities => new(cloud.AcceptsSecrets, AcceptsResources: true, SupportsPreview: true);

        public Task<CheckResult> CheckConfigAsync(string urn, PropertyMap? oldInputs, PropertyMap inputs, CancellationToken cancellationToken) =>
            Task.FromResult(new CheckResult(inputs, []));

        public Task<DiffResult> DiffConfigAsync(ProviderTarget target, PropertyMap oldInputs, PropertyMap inputs, CancellationToken cancellationToken) =>
            Task.FromResult(new DiffResult { Changes = DiffChanges.Unknown, Replaces = Equals(oldInputs.Find("region"), inputs.Find("region")) ? [] : ["region"] });

        public Task ConfigureAsync(ProviderTarget target, PropertyMap inputs, CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task<CheckResult> CheckAsync(
            string urn, PropertyMap? oldInputs, PropertyMap inputs, ReadOnlyMemory<byte> randomSeed, CancellationToken cancellationToken)
        {
            await NoteAsync("check", urn);
            return new CheckResult(inputs, inputs.Find("name") is PropertyString { Value: "" } ? [new CheckFailure("name", "must not be empty")] : []);
        }

        public async Task<DiffResult> DiffAsync(
            ProviderTarget target, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap inputs, IReadOnlyList<string> ignoreChanges, CancellationToken cancellationToken)
        {
            await NoteAsync("diff", target.Urn);
            var changed = oldInputs.Keys.Union(inputs.Keys).Where(key => !Equals(oldInputs.Find(key), inputs.Find(key))).ToArray();
            return new DiffResult
            {
                Changes = changed.Length == 0 ? DiffChanges.None : DiffChanges.Some,
                Diffs = changed,
                Replaces = changed.Contains("key") ? ["key"] : [],
                DeleteBeforeReplace = cloud.DeletesBeforeReplace,
            };
        }

        public async Task<ResourceResult> CreateAsync(string urn, PropertyMap inputs, double timeoutSeconds, bool preview, CancellationToken cancellationToken)
        {
            await NoteAsync(preview ? "preview-create" : "create", urn);
            if (preview)
            {
                return new ResourceResult("", inputs.With("size", PropertyValue.Unknown));
            }

            var id = $"id-{Interlocked.Increment(ref cloud._lastId)}";
            FailWhereAsked(inputs, id, urn);
            var outputs = inputs.With("size", inputs.Count).With("token", "t-" + id);
            cloud.Things[id] = outputs;
            return new ResourceResult(id, outputs);
        }

        public async Task<ResourceResult> ReadAsync(ProviderTarget target, PropertyMap inputs, PropertyMap outputs, CancellationToken cancellationToken)
        {
            await NoteAsync("read", target.Urn);
            var id = target.Id.Length > 0 ? target.Id : cloud.Orphans.GetValueOrDefault(target.Urn, "");
            return cloud.Things.TryGetValue(id, out var found)
                ? new ResourceResult(id, found, PropertyMap.From(found.Where(entry => entry.Key is not ("size" or "token"))))
                : new ResourceResult("", PropertyMap.Empty);
        }

        public async Task<ResourceResult> UpdateAsync(
            ProviderTarget target, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap inputs, double timeoutSeconds,
            IReadOnlyList<string> ignoreChanges, bool preview, CancellationToken cancellationToken)
        {
            await NoteAsync(preview ? "preview-update" : "update", target.Urn);
            if (preview)
            {
                return new ResourceResult(target.Id, inputs.With("size", PropertyValue.Unknown));
            }

            FailWhereAsked(inputs, target.Id, target.Urn);
            var outputs = inputs.With("size", inputs.Count).With("token", "t-" + target.Id);
            cloud.Things[target.Id] = outputs;
            return new ResourceResult(target.Id, outputs);
        }

        public async Task DeleteAsync(ProviderTarget target, PropertyMap inputs, PropertyMap outputs, double timeoutSeconds, CancellationToken cancellationToken)
        {
            await NoteAsync("delete", target.Urn);
            if (inputs.Find("fail") is PropertyString { Value: "delete" })
            {
                throw new ProviderCallException("the thing cannot be deleted", cause: null, outcomeUnknown: false);
            }

            cloud.Things.TryRemove(target.Id, out _);
        }

        public async Task<(PropertyMap Result, IReadOnlyList<CheckFailure> Failures)> InvokeAsync(
            string token, PropertyMap arguments, bool preview, CancellationToken cancellationToken)
        {
            await NoteAsync("invoke", token);
            return (PropertyMap.Of(("echo", arguments)), []);
        }

        public Task CancelAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private void FailWhereAsked(PropertyMap inputs, string id, string urn)
        {
            switch ((inputs.Find("fail") as PropertyString)?.Value)
            {
                case "clean":
                    throw new ProviderCallException("the cloud said no", cause: null, outcomeUnknown: false);
                case "lost":
                    cloud.Things[id] = inputs.With("size", inputs.Count);
                    cloud.Orphans[urn] = id;
                    throw new ProviderCallException("the connection broke", cause: null, outcomeUnknown: true);
                case "partial":
                    cloud.Things[id] = inputs.With("size", PropertyValue.Null);
                    throw new PartialResourceException("not ready", id, cloud.Things[id], inputs: null, ["it is not ready"], cause: null);
                default:
                    break;
            }
        }

        private async Task NoteAsync(string verb, string urn)
        {
            var name = urn.StartsWith("urn:", StringComparison.Ordinal) ? Jeju.Infra.Engine.State.Urn.Name(urn) : urn;
            cloud.Calls.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{verb} {name}"));
            if (cloud.OnCall is { } onCall)
            {
                await onCall($"{verb} {name}");
            }
        }
    }
}
