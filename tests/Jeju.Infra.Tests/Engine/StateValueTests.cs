using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Jeju.Infra.Engine.Deployments;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;
using Jeju.Infra.Tests.Protocol;

namespace Jeju.Infra.Tests.Engine;

public sealed class StateValueTests
{
    [Fact]
    public void Every_value_comes_back_from_the_state_with_its_secrets() => Prop.ForAll(PropertyArbitrary.Values, value =>
    {
        // The state knows no outputs, an unknown secret is only unknown, and a secret inside a secret is one secret.
        var lowered = GoalReader.Lower(value);
        return Equals(Flatten(lowered, inSecret: false), Read(Write(lowered)));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-0.0)]
    [InlineData(double.Epsilon)]
    [InlineData(9007199254740993.0)]
    public void Odd_numbers_keep_their_bits(double number) => Assert.Equal(
        BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(((PropertyNumber)Read(Write(number))).Value));

    [Fact]
    public void A_secret_is_not_in_the_text() =>
        Assert.DoesNotContain("hunter2", Write(PropertyMap.Of(("a", new PropertySecret(PropertyMap.Of(("b", new PropertySecret("hunter2"))))))), StringComparison.Ordinal);

    [Fact]
    public void A_plain_secret_of_an_export_is_read() => Assert.Equal(
        new PropertySecret("x"), Read($$"""{"{{PropertySignatures.Key}}":"{{PropertySignatures.Secret}}","plaintext":"\"x\""}"""));

    [Theory]
    [InlineData("300000000000ns", 300)]
    [InlineData("5m0s", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5s", 1.5)]
    [InlineData("", 0)]
    public void Durations_are_read_in_the_notation_of_Go(string text, double seconds) => Assert.Equal(seconds, GoalReader.Seconds(text), precision: 6);

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "a.b[0]", true)]
    [InlineData("a.b", "a", false)]
    [InlineData("a[*].c", "a[3].c.d", true)]
    [InlineData("a[\"x.y\"]", "a[\"x.y\"].z", true)]
    [InlineData("a.x", "a.xy", false)]
    public void A_path_covers_what_lies_below_it(string path, string other, bool covers) =>
        Assert.Equal(covers, PropertyPath.Parse(path).Covers(PropertyPath.Parse(other)));

    private static string Write(PropertyValue value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            StateValues.Write(writer, value, text => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)));
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static PropertyValue Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return StateValues.Read(document.RootElement, text => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(text)));
    }

    private static PropertyValue Flatten(PropertyValue value, bool inSecret) => value switch
    {
        PropertySecret secret when inSecret => Flatten(secret.Value, inSecret: true),
        PropertySecret secret => new PropertySecret(Flatten(secret.Value, inSecret: true)),
        PropertyList list => PropertyList.From(list.Select(item => Flatten(item, inSecret))),
        PropertyMap map => map.Select((_, item) => Flatten(item, inSecret)),
        _ => value,
    };
}
