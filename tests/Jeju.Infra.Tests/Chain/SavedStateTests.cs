using System.Text.Json;
using Jeju.Infra.Chain.Localnet;

namespace Jeju.Infra.Tests.Chain;

/// <summary>A saved chain is begun with its own first block, and not with one that a restart made.</summary>
public sealed class SavedStateTests : IDisposable
{
    private const string Nobody = "0x0000000000000000000000000000000000000000";
    private const string Ours = "0xa5516099f1246bef01daba529398058397a0e190";

    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-state-").FullName;

    private string StateFile => Path.Combine(_folder, "state.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Ours, "0x10", "0x10")]
    [InlineData(Ours, "0x20", "0x10")]
    [InlineData(Nobody, "0x10", "0x11")]
    public async Task Of_several_first_blocks_that_of_the_chain_stays(string maker, string begun, string restarted)
    {
        // Anvil writes them in any order.
        string kept = Block("0x0", begun, maker);
        await File.WriteAllTextAsync(StateFile, State(Block("0x0", restarted, Nobody), Block("0x2", "0x30", Ours), kept, Block("0x1", "0x30", Ours), Block("0x0", "0x31", Nobody)));

        await SavedState.LeaveOneFirstBlockAsync(StateFile, CancellationToken.None);

        Assert.True(JsonElement.DeepEquals(
            JsonDocument.Parse(State(Block("0x2", "0x30", Ours), kept, Block("0x1", "0x30", Ours))).RootElement,
            JsonDocument.Parse(await File.ReadAllTextAsync(StateFile)).RootElement));
        Assert.Equal([StateFile], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("{\"blocks\":[{\"header\":{\"number\":\"0x0\"}}] , \"accounts\":{}}")]
    [InlineData("{\"accounts\":{}}")]
    [InlineData("{\"blocks\":[")]
    public async Task A_state_that_needs_nothing_stays_as_it_is(string state)
    {
        await File.WriteAllTextAsync(StateFile, state);

        await SavedState.LeaveOneFirstBlockAsync(StateFile, CancellationToken.None);

        Assert.Equal(state, await File.ReadAllTextAsync(StateFile));
    }

    private static string State(params string[] blocks) =>
        $$$"""{"block":{"number":"0x2"},"accounts":{"0x01":{"nonce":1}},"best_block_number":2,"blocks":[{{{string.Join(',', blocks)}}}],"transactions":[]}""";

    private static string Block(string number, string timestamp, string maker) =>
        $$$"""{"header":{"number":"{{{number}}}","timestamp":"{{{timestamp}}}","miner":"{{{maker}}}"},"transactions":[],"ommers":[]}""";
}
