using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Tests.Protocol;

public sealed class PropertyCodecTests
{
    [Fact]
    public void Every_value_comes_back_from_the_wire_as_it_was() =>
        Prop.ForAll(PropertyArbitrary.Values, value => PropertyCodec.FromValue(Value.Parser.ParseFrom(PropertyCodec.ToValue(value).ToByteArray())).Equals(value))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_map_comes_back_from_the_wire_as_it_was() =>
        Prop.ForAll(PropertyArbitrary.Maps, map => PropertyCodec.FromStruct(PropertyCodec.ToStruct(map)).Equals(map)).QuickCheckThrowOnFailure();

    [Fact]
    public void Without_secrets_none_is_left_and_the_values_are_the_same() => Prop.ForAll(PropertyArbitrary.Values, value =>
    {
        var bare = PropertyCodec.FromValue(PropertyCodec.ToValue(value, PropertyEncoding.WithoutOutputs with { KeepSecrets = false }));
        return !bare.HasPart(part => part is PropertySecret or PropertyOutput) && bare.Equals(Strip(value));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Equal_values_have_equal_hashes() => Prop.ForAll(PropertyArbitrary.Values, value =>
        PropertyCodec.FromValue(PropertyCodec.ToValue(value)).GetHashCode() == value.GetHashCode()).QuickCheckThrowOnFailure();

    [Fact]
    public void A_map_answers_for_its_keys_whatever_their_order() => Prop.ForAll(PropertyArbitrary.Maps, map =>
        PropertyMap.From(map.Reverse()).Equals(map) && map.All(entry => map[entry.Key].Equals(entry.Value)) && map.With("§", true).Without("§").Equals(map))
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("04da6b54-80e4-46f7-96ec-b56ff0331ba9")]
    [InlineData("1c4a061d-8072-4f0a-a4cb-0ff528b18fe7")]
    [InlineData("3eeb2bf0-c639-47a8-9e75-3b44932eb421")]
    [InlineData("6a19a0b0-7e62-4c92-b797-7f8e31da9cc2")]
    [InlineData("030794c1-ac77-496b-92df-f27374a8bd58")]
    [InlineData("e48ece36-62e2-4504-bad9-02848725956a")]
    [InlineData("dd056dcd-154b-4c76-9bd3-c8f88648b5ff")]
    public void Each_of_the_seven_unknowns_is_understood_and_only_the_first_sent(string sentinel)
    {
        Assert.Equal(PropertyValue.Unknown, PropertyCodec.FromValue(Value.ForString(sentinel)));
        Assert.Equal("04da6b54-80e4-46f7-96ec-b56ff0331ba9", PropertyCodec.ToValue(PropertyValue.Unknown).StringValue);
    }

    [Fact]
    public void A_secret_without_value_is_refused() => Assert.Throws<FormatException>(() =>
        PropertyCodec.FromValue(PropertyCodec.ToValue(PropertyMap.Of((PropertySignatures.Key, PropertySignatures.Secret)))));

    [Fact]
    public void Text_and_logs_of_a_secret_do_not_show_it() =>
        Assert.DoesNotContain("hunter2", PropertyMap.Of(("a", new PropertySecret("hunter2")), ("b", new PropertyOutput("hunter2", true, []))).ToString(), StringComparison.Ordinal);

    private static PropertyValue Strip(PropertyValue value) => value switch
    {
        PropertySecret secret => Strip(secret.Value),
        PropertyOutput output => Strip(output.Lower()),
        PropertyList list => PropertyList.From(list.Select(Strip)),
        PropertyMap map => map.Select((_, item) => Strip(item)),
        _ => value,
    };
}
