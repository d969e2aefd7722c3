using Jeju.Infra.Cli.Display;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Tests.Cli;

public sealed class PlanTextTests
{
    private const string RedisUrn = "urn:pulumi:localnet::jeju-infra::jeju:index:ProvisionedNode::redis";

    [Fact]
    public void A_step_names_the_resource_and_every_difference()
    {
        ResourceStep step = new(StepOperation.Replace, RedisUrn, null, null,
        [
            new PropertyDifference("hours", DifferenceKind.Changed, 168, 24),
            new PropertyDifference("region", DifferenceKind.Added, null, "eu", ForcesReplacement: true),
        ]);

        Assert.Equal(
            ["± replace redis (jeju:ProvisionedNode)", "    ~ hours: 168 => 24", "    + region: \"eu\"  (forces a replacement)"],
            PlanText.Lines(step));
    }

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
