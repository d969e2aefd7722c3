using Jeju.Infra.Cli.Display;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Tests.Cli;

public sealed class PropertyTextTests
{
    [Fact]
    public void A_secret_shows_itself_only_where_it_is_asked_for()
    {
        PropertySecret secret = new("hunter2");

        Assert.Equal("[secret]", PropertyText.InOneLine(secret));
        Assert.Equal("[secret]", PropertyText.ToPlainText(secret, showSecrets: false));
        Assert.Equal("hunter2", PropertyText.ToPlainText(secret, showSecrets: true));
    }

    [Theory]
    [InlineData(8545, "8545")]
    [InlineData(0.5, "0.5")]
    public void A_whole_number_stays_whole(double number, string text) => Assert.Equal(text, PropertyText.InOneLine(number));
}
