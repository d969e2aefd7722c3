using Jeju.Infra.Engine.Deployments;
using Jeju.Infra.Engine.Providers;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Display;

/// <summary>Finds what differs between two versions of a resource, leaf by leaf.</summary>
internal static class PropertyComparison
{
    /// <summary>Compares two property bags.</summary>
    public static IReadOnlyList<PropertyDifference> Compare(PropertyMap old, PropertyMap @new)
    {
        var differences = new List<PropertyDifference>();
        CompareMaps("", old, @new, isSecret: false, differences);
        return differences;
    }

    /// <summary>What a provider says differs, with the values looked up; where it gives no paths, what differs among the inputs.</summary>
    public static IReadOnlyList<PropertyDifference> FromDiff(DiffResult diff, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap inputs)
    {
        if (diff.Detailed is { Count: > 0 } detailed)
        {
            return
            [
                .. detailed.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry =>
                {
                    var path = PropertyPath.Parse(entry.Key);
                    var old = entry.Value.Kind == DifferenceKind.Added
                        ? null
                        : entry.Value.ComparesInputs ? path.Find(oldInputs) : path.Find(oldOutputs) ?? path.Find(oldInputs);
                    var @new = entry.Value.Kind == DifferenceKind.Deleted ? null : path.Find(inputs);
                    return new PropertyDifference(entry.Key, entry.Value.Kind, old, @new, entry.Value.Replaces);
                }),
            ];
        }

        var replacing = diff.Replaces.Select(PropertyPath.Parse).ToArray();
        return
        [
            .. Compare(oldInputs, inputs).Select(difference =>
            {
                var path = PropertyPath.Parse(difference.Path);
                return difference with { ForcesReplacement = replacing.Any(replaced => replaced.Covers(path) || path.Covers(replaced)) };
            }),
        ];
    }

    private static void CompareMaps(string path, PropertyMap old, PropertyMap @new, bool isSecret, List<PropertyDifference> differences)
    {
        foreach (var key in old.Keys.Union(@new.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            CompareValues(PropertyPath.Append(path, key), old.Find(key), @new.Find(key), isSecret, differences);
        }
    }

    private static void CompareValues(string path, PropertyValue? old, PropertyValue? @new, bool isSecret, List<PropertyDifference> differences)
    {
        if (Equals(old, @new))
        {
            return;
        }

        switch (old, @new)
        {
            case (null, not null):
                differences.Add(new PropertyDifference(path, DifferenceKind.Added, null, Mask(@new, isSecret)));
                break;
            case (not null, null):
                differences.Add(new PropertyDifference(path, DifferenceKind.Deleted, Mask(old, isSecret), null));
                break;
            case (PropertySecret oldSecret, PropertySecret newSecret):
                CompareValues(path, oldSecret.Value, newSecret.Value, isSecret: true, differences);
                break;
            case (PropertyMap oldMap, PropertyMap newMap):
                CompareMaps(path, oldMap, newMap, isSecret, differences);
                break;
            case (PropertyList oldList, PropertyList newList):
                for (var index = 0; index < Math.Max(oldList.Count, newList.Count); index++)
                {
                    CompareValues(
                        PropertyPath.Append(path, index), index < oldList.Count ? oldList[index] : null, index < newList.Count ? newList[index] : null,
                        isSecret, differences);
                }

                break;
            default:
                differences.Add(new PropertyDifference(path, DifferenceKind.Changed, Mask(old!, isSecret), Mask(@new!, isSecret)));
                break;
        }
    }

    private static PropertyValue Mask(PropertyValue value, bool isSecret) => isSecret && value is not PropertyUnknown ? new PropertySecret(value) : value;
}
