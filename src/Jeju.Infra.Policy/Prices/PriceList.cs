using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Jeju.Infra.Policy.Prices;

/// <summary>A price and a quantity of it.</summary>
/// <param name="Price">The key of the price; an input in braces is put in.</param>
/// <param name="Quantity">How much of it a month takes.</param>
/// <param name="AtMost">How much at full scale.</param>
internal sealed record PriceLine(string Price, string Quantity, string AtMost);

/// <summary>The checked-in list of prices, with its date and its regions.</summary>
internal sealed class PriceList
{
    private readonly Dictionary<string, decimal> _prices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PriceLine[]> _types = new(StringComparer.Ordinal);
    private readonly HashSet<string> _free = new(StringComparer.Ordinal);

    private PriceList(YamlMappingNode root)
    {
        Date = DateOnly.ParseExact(Text(root, "date"), "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Regions = Entries(root, "regions").ToDictionary(entry => entry.Name, entry => ((YamlScalarNode)entry.Node).Value ?? "", StringComparer.Ordinal);
        foreach (var (name, node) in Entries(root, "prices"))
        {
            // Who reads a figure must be able to look it up.
            _ = Text(node, "unit");
            _ = Text(node, "source");
            _prices[name] = decimal.Parse(Text(node, "price"), CultureInfo.InvariantCulture);
        }

        foreach (var (name, node) in Entries(root, "types"))
        {
            _types[name] = [.. ((YamlSequenceNode)node).Select(line => new PriceLine(Text(line, "price"), Text(line, "quantity"), Find(line, "atMost") ?? Text(line, "quantity")))];
        }

        foreach (var (cloud, node) in Entries(root, "free"))
        {
            _free.UnionWith(((YamlScalarNode)node).Value!.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(name => $"{cloud}:{name}"));
        }
    }

    /// <summary>The list of this build.</summary>
    public static PriceList Current { get; } = Read(typeof(PriceList).Assembly.GetManifestResourceStream("prices.yaml")!);

    /// <summary>When the figures were known.</summary>
    public DateOnly Date { get; }

    /// <summary>The region whose prices they are, by cloud.</summary>
    public IReadOnlyDictionary<string, string> Regions { get; }

    /// <summary>Reads a list.</summary>
    /// <exception cref="Core.InfraException">JEJU0922: it is malformed.</exception>
    public static PriceList Read(Stream text)
    {
        try
        {
            using var reader = new StreamReader(text);
            var yaml = new YamlStream();
            yaml.Load(reader);
            return new PriceList((YamlMappingNode)yaml.Documents[0].RootNode);
        }
        catch (Exception problem) when (problem is YamlException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            throw PolicyErrors.PricesMalformed(problem.Message);
        }
    }

    /// <summary>The lines of a type; empty for one that costs nothing of its own; null for one that the list does not know.</summary>
    public IReadOnlyList<PriceLine>? LinesOf(string type)
    {
        if (_types.TryGetValue(type, out var lines))
        {
            return lines;
        }

        // aws:ec2/vpc:Vpc is listed as ec2/vpc.
        var isCloud = type.StartsWith("aws:", StringComparison.Ordinal) || type.StartsWith("gcp:", StringComparison.Ordinal);
        return !isCloud || _free.Contains(type[..type.LastIndexOf(':')]) ? [] : null;
    }

    /// <summary>A unit price; null for a key that the list does not know.</summary>
    public decimal? Find(string key) => _prices.TryGetValue(key, out var price) ? price : null;

    private static IEnumerable<(string Name, YamlNode Node)> Entries(YamlMappingNode root, string name) =>
        ((YamlMappingNode)root.Children[new YamlScalarNode(name)]).Children.Select(entry => (((YamlScalarNode)entry.Key).Value!, entry.Value));

    private static string Text(YamlNode node, string name) => Find(node, name) ?? throw new KeyNotFoundException($"line {node.Start.Line}: '{name}' is missing");

    private static string? Find(YamlNode node, string name) =>
        ((YamlMappingNode)node).Children.TryGetValue(new YamlScalarNode(name), out var value) ? ((YamlScalarNode)value).Value : null;
}
