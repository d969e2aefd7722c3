using System.Collections.Immutable;

namespace Jeju.Infra.AirGap.SdkGen;

/// <summary>
/// What the program uses of a package (resources.txt): one token per line, as in ec2/vpc:Vpc or index/getRegion:getRegion.
/// A star stands for all types of a Kubernetes API group, without the List and Patch forms.
/// </summary>
internal static class ResourceList
{
    public static ImmutableArray<string> Read(string file) =>
        [.. File.ReadLines(file).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0).Distinct(StringComparer.Ordinal)];
}

/// <summary>How C# spells a package where it does not follow from the declarations (dialect.txt).</summary>
internal sealed class Dialect
{
    private readonly Dictionary<string, string> namespaces = [];
    private readonly Dictionary<string, string> names = [];
    private readonly HashSet<string> doubles = [];
    private readonly HashSet<string> secrets = [];

    private Dialect()
    {
    }

    public static Dialect Read(string file)
    {
        var dialect = new Dialect();
        foreach (var words in File.Exists(file) ? ResourceList.Read(file).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : [])
        {
            switch (words)
            {
                case ["namespace", var module, var spelling]:
                    dialect.namespaces.Add(module, spelling);
                    break;
                case ["name", var property, var spelling]:
                    dialect.names.Add(property, spelling);
                    break;
                case ["double", .. var properties]:
                    dialect.doubles.UnionWith(properties);
                    break;
                case ["secret", .. var properties]:
                    dialect.secrets.UnionWith(properties);
                    break;
                default:
                    throw new InvalidDataException($"{file}: '{string.Join(' ', words)}' is none of: namespace MODULE SPELLING, name TYPE.PROPERTY SPELLING, double [TYPE.]PROPERTY..., secret TYPE.PROPERTY...");
            }
        }
        return dialect;
    }

    /// <summary>A part of a namespace: what is listed, else with a capital; v1beta1 is V1Beta1.</summary>
    public string Namespace(string module) => namespaces.TryGetValue(module, out var spelling)
        ? spelling
        : Capital(module.Replace("alpha", "Alpha", StringComparison.Ordinal).Replace("beta", "Beta", StringComparison.Ordinal));

    /// <summary>A property of a class. C# has no member that is called like its class.</summary>
    public string Property(string className, string property)
    {
        if (names.TryGetValue($"{className}.{property}", out var spelling))
        {
            return spelling;
        }
        var name = Capital(property.TrimStart('$'));
        return name == className ? $"{name}Value" : name;
    }

    /// <summary>Declarations know one kind of number; C# has two.</summary>
    public bool IsDouble(string typeName, string property) => doubles.Contains(property) || doubles.Contains($"{typeName}.{property}");

    /// <summary>Scripts do not say which properties of nested types are secret.</summary>
    public bool IsSecret(string typeName, string property) => secrets.Contains($"{typeName}.{property}");

    public static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
