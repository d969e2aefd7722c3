using System.Globalization;
using System.Text.Json;

using Jeju.Infra.Chain;
using Jeju.Infra.Core;

using ProbeRecord = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.ProbeRecord;

namespace Jeju.Infra.Marketplace.Watchers;

/// <summary>
/// An exchange of JSON files in a folder that the watchers share, by whatever carries files between their machines. One file per record and
/// watcher; its name says whose it is, its content decides. Records are public: they say what everybody can find out.
/// </summary>
internal sealed class ProbeFolder : IProbeExchange
{
    private const string Pattern = "probe-*.json";
    private const int MostFiles = 10_000;
    private const long MostBytes = 4096;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly string _folder;
    private readonly ChainId _chain;
    private readonly Address _contract;
    private readonly TimeProvider _time;

    // Recovering a signer takes long, and most files stay as they are.
    private readonly Dictionary<string, (DateTime Written, SignedProbe? Probe)> _known = new(StringComparer.Ordinal);

    public ProbeFolder(string folder, ChainId chain, Address contract, TimeProvider time)
    {
        _folder = Path.GetFullPath(folder);
        _chain = chain;
        _contract = contract;
        _time = time;
        try
        {
            Directory.CreateDirectory(_folder);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InfraException(
                MarketplaceErrors.ExchangeUnusable,
                $"The folder of records {_folder} cannot be used: {cause.Message}",
                "Name a folder that this user may write to, and that the watchers share.",
                FailureKind.Usage,
                cause);
        }
    }

    public async Task PublishAsync(SignedProbe probe, CancellationToken cancellationToken)
    {
        ProbeRecord record = probe.Record;
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"probe-{probe.Watcher}-{_chain.Value}-{record.OrderId}-{record.Placement}-{record.FirstSlot}-{record.Slots}.json");
        string path = Path.Combine(_folder, name);
        if (File.Exists(path) && await ReadFileAsync(path, cancellationToken).ConfigureAwait(false) is not null)
        {
            return;
        }

        Content content = new(
            _chain.Value, _contract.ToString(), record.OrderId.ToString(), record.Placement, record.FirstSlot, record.Slots,
            probe.Watcher.ToString(), "0x" + Convert.ToHexStringLower(probe.Signature));

        // Whoever looks sees the whole file or none.
        string temporary = path + ".new";
        await File.WriteAllTextAsync(temporary, JsonSerializer.Serialize(content, Format), cancellationToken).ConfigureAwait(false);
        File.Move(temporary, path, overwrite: true);
    }

    public async Task<IReadOnlyList<SignedProbe>> ReadAsync(CancellationToken cancellationToken)
    {
        List<SignedProbe> probes = [];
        HashSet<string> present = [];
        foreach (string path in Directory.EnumerateFiles(_folder, Pattern).Take(MostFiles))
        {
            present.Add(path);
            DateTime written = File.GetLastWriteTimeUtc(path);
            if (!_known.TryGetValue(path, out (DateTime Written, SignedProbe? Probe) known) || known.Written != written)
            {
                try
                {
                    known = (written, await ReadFileAsync(path, cancellationToken).ConfigureAwait(false));
                    _known[path] = known;
                }
                catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
                {
                    // Not now: it is on its way, or gone again. What could not be read is read at the next look.
                    continue;
                }
            }

            if (known.Probe is not null)
            {
                probes.Add(known.Probe);
            }
        }

        foreach (string gone in _known.Keys.Where(path => !present.Contains(path)).ToList())
        {
            _known.Remove(gone);
        }

        return probes;
    }

    public void Prune(Address own, TimeSpan age)
    {
        DateTime oldest = _time.GetUtcNow().UtcDateTime - age;
        foreach (string path in Directory.EnumerateFiles(_folder, $"probe-{own}-*").Where(path => File.GetLastWriteTimeUtc(path) < oldest))
        {
            File.Delete(path);
        }
    }

    /// <summary>Null for what is no record of this contract, or was signed by somebody else: files of strangers are passed over.</summary>
    private async Task<SignedProbe?> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                return null;
            }

            string text = await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
            Content? content = JsonSerializer.Deserialize<Content>(text, Format);
            if (content is null || content.ChainId != _chain.Value || !Address.TryParse(content.Contract, out Address contract) || contract != _contract
                || !Bytes32.TryParse(content.OrderId, out Bytes32 orderId) || !Address.TryParse(content.Watcher, out Address watcher)
                || content.Slots is 0 or > SlotLedger.LongestRun || content.FirstSlot > uint.MaxValue / SlotLedger.SlotSeconds)
            {
                return null;
            }

            ProbeRecord record = new(orderId, content.Placement, content.FirstSlot, content.Slots);
            byte[] signature = Convert.FromHexString((content.Signature ?? string.Empty).Replace("0x", string.Empty, StringComparison.Ordinal));
            return ProbeSignature.FindSigner(ProbeSignature.HashOf(record, _chain, _contract), signature) == watcher
                ? new SignedProbe(record, watcher, signature)
                : null;
        }
        catch (Exception strange) when (strange is JsonException or FormatException)
        {
            return null;
        }
    }

    private sealed record Content(
        ulong ChainId, string Contract, string OrderId, uint Placement, uint FirstSlot, uint Slots, string Watcher, string? Signature);
}
