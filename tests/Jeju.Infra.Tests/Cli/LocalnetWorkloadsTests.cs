using Jeju.Infra.Cli.Localnet;

namespace Jeju.Infra.Tests.Cli;

/// <summary>What the recorded state tells those who clear a localnet up.</summary>
public sealed class LocalnetWorkloadsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("""{"a":[{"chainId":"31337","genesisHash":"0x01"},{"b":{"chainId":"31337","genesisHash":"0x02"}}],"c":{"chainId":"31337","genesisHash":"0x01"}}""", "31337-0x01 31337-0x02")]
    [InlineData("""{"chainId":31337}""", "")]
    [InlineData("""{"a":[{"chainId":"31337","genes""", "")]
    [InlineData("", "")]
    public async Task Chains_of_a_state_are_found_also_where_it_is_damaged(string state, string labels)
    {
        await File.WriteAllTextAsync(_file, state);

        Assert.Equal(labels, string.Join(' ', await LocalnetWorkloads.LabelsInStateAsync(_file, CancellationToken.None)));
    }

    [Fact]
    public async Task Stack_without_a_state_knows_no_chain()
    {
        File.Delete(_file);

        Assert.Empty(await LocalnetWorkloads.LabelsInStateAsync(_file, CancellationToken.None));
    }
}
