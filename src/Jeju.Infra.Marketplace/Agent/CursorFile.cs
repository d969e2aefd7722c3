using System.Text.Json;

using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>
/// Remembers the last block that the agent dealt with. It only saves reading old events again: a missing or damaged file costs time, nothing
/// else.
/// </summary>
internal sealed class CursorFile(string path, ChainIdentity chain)
{
    public BlockCursor? Read()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            Content? content = JsonSerializer.Deserialize<Content>(File.ReadAllText(path));
            return content is not null && content.Chain == chain.ToString() && Bytes32.TryParse(content.Hash, out Bytes32 hash)
                ? new BlockCursor(content.Number, hash)
                : null;
        }
        catch (JsonException)
        {
            // Cut off by a crash of an earlier version or by hand: begin at the first block.
            return null;
        }
    }

    public void Write(BlockCursor cursor)
    {
        string temporary = path + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(new Content(chain.ToString(), cursor.Number, cursor.Hash.ToString())));
        File.Move(temporary, path, overwrite: true);
    }

    private sealed record Content(string Chain, ulong Number, string Hash);
}
