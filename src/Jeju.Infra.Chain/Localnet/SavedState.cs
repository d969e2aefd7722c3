using System.Globalization;
using System.Text.Json;

namespace Jeju.Infra.Chain.Localnet;

/// <summary>
/// The saved state of a local chain before it is loaded. An Anvil that loads one makes a first block of its own beforehand and keeps it beside the
/// loaded one, also in its next dump. From the second start on it was chance which of them the chain began with, and another first block is another
/// chain: all that was ordered on it was given up and ordered anew.
/// </summary>
internal static class SavedState
{
    /// <summary>Leaves only the first block that the chain was begun with.</summary>
    /// <param name="stateFile">The dump, as JSON; replaced in one step, and only if there is another first block in it.</param>
    /// <param name="cancellationToken">Leaves the file as it was.</param>
    internal static async Task LeaveOneFirstBlockAsync(string stateFile, CancellationToken cancellationToken)
    {
        string temporary = stateFile + ".new";
        JsonDocument state;
        try
        {
            await using FileStream file = File.OpenRead(stateFile);
            state = await JsonDocument.ParseAsync(file, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            // Anvil says what is wrong with it.
            return;
        }

        using (state)
        {
            if (!state.RootElement.TryGetProperty("blocks", out JsonElement blocks))
            {
                return;
            }

            JsonElement[] first = [.. blocks.EnumerateArray().Where(block => Number(block, "number") == 0)];
            if (first.Length < 2)
            {
                return;
            }

            // Ours says who made it, Anvil's own does not; of chains from before ours said so, the oldest is the one that the others came after.
            JsonElement kept = first.OrderBy(block => Number(block, "miner") == 0).ThenBy(block => Number(block, "timestamp")).First();
            await using (FileStream file = File.Create(temporary))
            {
                Utf8JsonWriter writer = new(file);
                await using (writer.ConfigureAwait(false))
                {
                    Write(writer, state.RootElement, block => Number(block, "number") != 0 || JsonElement.DeepEquals(block, kept));
                }

                file.Flush(flushToDisk: true);
            }
        }

        File.Move(temporary, stateFile, overwrite: true);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement state, Func<JsonElement, bool> isKept)
    {
        writer.WriteStartObject();
        foreach (JsonProperty part in state.EnumerateObject())
        {
            if (part.Name != "blocks")
            {
                part.WriteTo(writer);
                continue;
            }

            writer.WriteStartArray(part.Name);
            foreach (JsonElement block in part.Value.EnumerateArray().Where(isKept))
            {
                block.WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>A number of a block's header; 0 where it has none.</summary>
    private static System.Numerics.BigInteger Number(JsonElement block, string name) =>
        block.GetProperty("header").TryGetProperty(name, out JsonElement value) && value.GetString() is ['0', 'x', .. var digits]
            ? System.Numerics.BigInteger.Parse("0" + digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : 0;
}
