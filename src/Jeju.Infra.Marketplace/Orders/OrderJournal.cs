using System.Text.Json;

using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Orders;

/// <summary>
/// The intents of a consumer: written and flushed before an order is sent, removed when the order has been ended. After a kill at any moment it
/// tells whether a live order on chain is ours. It holds nothing secret.
/// </summary>
public sealed class OrderJournal
{
    private readonly string _folder;

    /// <summary>Makes the journal.</summary>
    /// <param name="folder">The folder of the stack's journals.</param>
    public OrderJournal(string folder) => _folder = folder;

    /// <summary>Whether we were sending, or have sent, this very order on this chain.</summary>
    internal bool Contains(ChainIdentity chain, Address contract, Address consumer, Bytes32 salt, Bytes32 orderId)
    {
        string path = PathOf(chain, contract, consumer, salt);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            Entry? entry = JsonSerializer.Deserialize<Entry>(File.ReadAllText(path));
            return entry?.OrderIds.Contains(orderId.ToString()) == true;
        }
        catch (JsonException)
        {
            // Never written in place, so not ours: it cannot vouch for an order.
            return false;
        }
    }

    /// <summary>Notes that an order is about to be sent. Returns when the note is on the disk.</summary>
    internal void Write(ChainIdentity chain, Address contract, Address consumer, Bytes32 salt, Bytes32 orderId)
    {
        Directory.CreateDirectory(_folder);
        string path = PathOf(chain, contract, consumer, salt);
        string temporary = path + ".new";
        using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, new Entry(chain.ToString(), [orderId.ToString()]));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Forgets a salt: its order has ended.</summary>
    internal void Remove(ChainIdentity chain, Address contract, Address consumer, Bytes32 salt) =>
        File.Delete(PathOf(chain, contract, consumer, salt));

    private string PathOf(ChainIdentity chain, Address contract, Address consumer, Bytes32 salt)
    {
        Bytes32 name = Keccak.Hash($"{chain}/{contract}/{consumer}/{salt}");
        return Path.Combine(_folder, $"order-{chain.ShortName}-{name.ToString()[2..34]}.json");
    }

    private sealed record Entry(string Chain, IReadOnlyList<string> OrderIds);
}
