using System.Globalization;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;

namespace Jeju.Infra.Provider.Framework;

/// <summary>One difference between what is and what is asked for.</summary>
/// <param name="Path">The property path.</param>
/// <param name="Kind">How it differs, and whether only a replacement helps.</param>
/// <param name="IsInput">Between old and new inputs; otherwise the resource itself drifted from its inputs.</param>
internal sealed record PropertyDifference(string Path, PropertyDiff.Types.Kind Kind, bool IsInput)
{
    public bool Replaces => Kind is PropertyDiff.Types.Kind.AddReplace or PropertyDiff.Types.Kind.DeleteReplace or PropertyDiff.Types.Kind.UpdateReplace;

    /// <summary>The name of the top-level property.</summary>
    public string Property => Path.Split('.', '[')[0];
}

/// <summary>Compares the inputs of two deployments, as deep as the handler's records know them.</summary>
internal static class PropertyComparison
{
    public static IReadOnlyList<PropertyDifference> Compare(RecordModel model, PropertyMap olds, PropertyMap news)
    {
        var differences = new List<PropertyDifference>();
        CompareRecord(model, olds, news, "", inherited: false, differences);
        return differences;
    }

    private static void CompareRecord(
        RecordModel model, PropertyMap olds, PropertyMap news, string prefix, bool inherited, List<PropertyDifference> differences)
    {
        // What the plugin finds out itself and cannot find out now (an account without its key) is taken to be as it was.
        foreach (var property in model.Properties.Where(property => !property.Attribute.Computed || news.ContainsKey(property.Name)))
        {
            var path = prefix.Length == 0 ? property.Name : $"{prefix}.{property.Name}";
            CompareValue(
                property.Type,
                PropertyBinder.Unwrap(olds.Find(property.Name) ?? PropertyValue.Null),
                PropertyBinder.Unwrap(news.Find(property.Name) ?? PropertyValue.Null),
                path,
                inherited || property.Attribute.Replaces,
                differences);
        }
    }

    private static void CompareValue(
        ValueModel type, PropertyValue old, PropertyValue @new, string path, bool replaces, List<PropertyDifference> differences)
    {
        switch (type.Shape, old, @new)
        {
            case (PropertyShape.Object, PropertyMap oldMap, PropertyMap newMap):
                CompareRecord(type.Record, oldMap, newMap, path, replaces, differences);
                break;
            case (PropertyShape.Map, PropertyMap oldMap, PropertyMap newMap) when type.Element is { } element:
                foreach (var key in oldMap.Keys.Union(newMap.Keys).Order(StringComparer.Ordinal))
                {
                    CompareValue(element, At(oldMap, key), At(newMap, key), $"{path}.{key}", replaces, differences);
                }

                break;
            case (PropertyShape.List, PropertyList oldList, PropertyList newList) when type.Element is { } element:
                for (var index = 0; index < Math.Max(oldList.Count, newList.Count); index++)
                {
                    CompareValue(
                        element, At(oldList, index), At(newList, index), string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), replaces, differences);
                }

                break;
            default:
                if (!Strip(old).Equals(Strip(@new)))
                {
                    differences.Add(new PropertyDifference(path, Kind(old, @new, replaces), IsInput: true));
                }

                break;
        }
    }

    private static PropertyDiff.Types.Kind Kind(PropertyValue old, PropertyValue @new, bool replaces) => (old.IsNull, @new.IsNull) switch
    {
        (true, _) => replaces ? PropertyDiff.Types.Kind.AddReplace : PropertyDiff.Types.Kind.Add,
        (_, true) => replaces ? PropertyDiff.Types.Kind.DeleteReplace : PropertyDiff.Types.Kind.Delete,
        _ => replaces ? PropertyDiff.Types.Kind.UpdateReplace : PropertyDiff.Types.Kind.Update,
    };

    private static PropertyValue At(PropertyMap map, string key) => PropertyBinder.Unwrap(map.Find(key) ?? PropertyValue.Null);

    private static PropertyValue At(PropertyList list, int index) => index < list.Count ? PropertyBinder.Unwrap(list[index]) : PropertyValue.Null;

    /// <summary>The value without its marks, in the whole tree: that something became secret is no change of the resource.</summary>
    private static PropertyValue Strip(PropertyValue value) => PropertyBinder.Unwrap(value) switch
    {
        PropertyMap map => map.Select((_, item) => Strip(item)),
        PropertyList list => PropertyList.From(list.Select(Strip)),
        var plain => plain,
    };
}
