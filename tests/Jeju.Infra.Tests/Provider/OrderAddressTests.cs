using Jeju.Infra.Core;
using Jeju.Infra.Provider.Handlers;

namespace Jeju.Infra.Tests.Provider;

public sealed class OrderAddressTests
{
    private const string Order = "0x00000000000000000000000000000000000000000000000000000000000000aa";
    private const string Deployer = "0x00000000000000000000000000000000000000bb";

    [Fact]
    public void An_address_reads_what_it_writes() =>
        Assert.Equal($"{Order}@http://127.0.0.1:8545@{Deployer}", OrderAddress.Parse($"{Order}@http://127.0.0.1:8545@{Deployer}").ToString());

    [Theory]
    [InlineData(Order)]
    [InlineData($"{Order}@http://127.0.0.1:8545")]
    [InlineData($"0x12@http://127.0.0.1:8545@{Deployer}")]
    [InlineData($"{Order}@nowhere@{Deployer}")]
    public void Anything_else_is_refused_with_the_form(string text)
    {
        var error = Assert.Throws<InfraException>(() => OrderAddress.Parse(text));

        Assert.Equal(FailureKind.Usage, error.Kind);
        Assert.Contains("<order>@<endpoint>@<deployer>", error.Remedy, StringComparison.Ordinal);
    }
}
