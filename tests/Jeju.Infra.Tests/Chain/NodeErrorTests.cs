using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Chain;

/// <summary>What an error says of a node.</summary>
public sealed class NodeErrorTests
{
    [Theory]
    [InlineData("https://user:password@node.example/v2/key?token=key", "https://node.example")]
    [InlineData("http://127.0.0.1:8545", "http://127.0.0.1:8545")]
    public void Address_ofANode_isShownWithoutWhatCanHoldAKey(string url, string shown) => Assert.Equal(shown, ChainErrors.Public(new Uri(url)));

    [Fact]
    public async Task Settings_thatAWayOutNames_exist()
    {
        string root = RepositoryLayout.Find(AppContext.BaseDirectory).Root;
        string reference = await File.ReadAllTextAsync(Path.Combine(root, "stacks", "SETTINGS.md"));
        InfraException error = ChainErrors.WrongChain(new Uri("http://127.0.0.1:8545"), ChainId.Anvil, new ChainId(1337));

        string[] named = [.. error.Remedy.Split('`').Where((_, index) => index % 2 == 1)];

        Assert.NotEmpty(named);
        Assert.All(named, setting => Assert.Contains($"| `{setting}` |", reference, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Error_ofAnUnreachableNode_holdsNoSecretOfItsAddress()
    {
        // Port 1 of this machine: nobody listens there.
        InfraException error = await Assert.ThrowsAsync<InfraException>(() => ChainClient.ConnectAsync(
            ChainEndpoint.FromUrl("http://user:password@127.0.0.1:1/v2/secret-key?token=secret-token"), ChainId.Anvil, TimeProvider.System, CancellationToken.None));

        Assert.Equal(ChainErrors.UnreachableCode, error.Code);
        Assert.DoesNotContain("password", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }
}
