using FsCheck;
using FsCheck.Fluent;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Tests.Protocol;

/// <summary>Random property values of every kind, nested.</summary>
internal static class PropertyArbitrary
{
    /// <summary>Values that travel unchanged.</summary>
    public static Arbitrary<PropertyValue> Values { get; } = Gen.Sized(size => Value(Math.Min(size, 12))).ToArbitrary();

    public static Arbitrary<PropertyMap> Maps { get; } = Gen.Sized(size => Map(Math.Min(size, 12))).ToArbitrary();

    private static Gen<string> Text { get; } = ArbMap.Default.GeneratorFor<string>().Select(text => new string([.. (text ?? "").Where(char.IsAscii)]) + "한");

    private static Gen<PropertyValue> Value(int size)
    {
        var leaves = Gen.OneOf(
            Gen.Constant(PropertyValue.Null),
            Gen.Constant(PropertyValue.Unknown),
            ArbMap.Default.GeneratorFor<bool>().Select(value => (PropertyValue)value),
            ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(value => (PropertyValue)value),
            Text.Select(value => (PropertyValue)value),
            Text.Select(value => (PropertyValue)new PropertyAsset(Text: value)),
            Text.Select(value => (PropertyValue)new PropertyAsset(Path: value, Hash: "abc")),
            Text.Select(value => (PropertyValue)new PropertyArchive(PropertyMap.Empty, Path: value)),
            Text.Select(value => (PropertyValue)new PropertyResourceReference($"urn:{value}", value)),
            Text.Select(value => (PropertyValue)new PropertyResourceReference($"urn:{value}", PropertyValue.Unknown)),
            Text.Select(value => (PropertyValue)new PropertyResourceReference($"urn:{value}", Id: null, "1.2.3")));
        if (size <= 1)
        {
            return leaves;
        }

        var smaller = Value(size / 3);
        return Gen.OneOf(
            leaves,
            smaller.ListOf(3).Select(items => (PropertyValue)PropertyList.From(items)),
            Map(size / 3).Select(map => (PropertyValue)map),
            smaller.Where(value => value is not PropertySecret).Select(value => (PropertyValue)new PropertySecret(value)),
            smaller.Where(value => value is not PropertyUnknown).Select(value => (PropertyValue)new PropertyOutput(value, IsSecret: true, ["urn:a", "urn:b"])),
            Gen.Constant((PropertyValue)new PropertyOutput(Value: null, IsSecret: false, ["urn:a"])));
    }

    private static Gen<PropertyMap> Map(int size) =>
        (from keys in Text.ListOf(3)
         from values in Value(Math.Max(1, size / 2)).ListOf(3)
         select PropertyMap.From(keys.Zip(values, KeyValuePair.Create)));
}
