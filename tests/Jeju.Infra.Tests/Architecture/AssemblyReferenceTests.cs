using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Jeju.Infra.Tests.Architecture;

/// <summary>Arrows go one way: Core ← Chain ← Marketplace ← {Provider, Cli}; components see Core and the Pulumi SDKs; stacks see components.</summary>
public sealed class AssemblyReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Jeju.Infra.Core"] = [],
        ["Jeju.Infra.Chain"] = ["Jeju.Infra.Core"],
        ["Jeju.Infra.Marketplace"] = ["Jeju.Infra.Core", "Jeju.Infra.Chain"],
        ["Jeju.Infra.Protocol"] = ["Jeju.Infra.Core"],
        ["Jeju.Infra.Engine"] = ["Jeju.Infra.Core", "Jeju.Infra.Protocol"],
        ["Jeju.Infra.Policy"] = ["Jeju.Infra.Core", "Jeju.Infra.Chain", "Jeju.Infra.Protocol", "Jeju.Infra.Engine"],
        ["pulumi-resource-jeju"] = ["Jeju.Infra.Core", "Jeju.Infra.Chain", "Jeju.Infra.Marketplace", "Jeju.Infra.Protocol"],
        ["jeju"] = ["Jeju.Infra.Core", "Jeju.Infra.Chain", "Jeju.Infra.Marketplace", "Jeju.Infra.Protocol", "Jeju.Infra.Engine", "Jeju.Infra.Policy"],
        ["Jeju.Infra.Components"] = ["Jeju.Infra.Core"],
        ["Jeju.Infra.Stacks"] = ["Jeju.Infra.Core", "Jeju.Infra.Components"],
    };

    public static TheoryData<string> Assemblies => new(Allowed.Keys);

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_room_refers_only_to_the_rooms_before_it(string assembly)
    {
        string[] forbidden =
        [
            .. References(assembly)
                .Where(reference => reference.StartsWith("Jeju.Infra.", StringComparison.Ordinal) || reference is "jeju" or "pulumi-resource-jeju")
                .Except(Allowed[assembly]),
        ];

        Assert.Empty(forbidden);
    }

    [Theory]
    [InlineData("Jeju.Infra.Components")]
    [InlineData("Jeju.Infra.Stacks")]
    public void The_program_opens_no_chain_and_no_socket(string assembly) =>
        Assert.DoesNotContain(
            References(assembly),
            reference => reference.StartsWith("Nethereum", StringComparison.Ordinal) || reference is "System.Net.Sockets" or "System.Net.Http");

    [Theory]
    [InlineData("Jeju.Infra.Core")]
    public void Core_needs_no_package(string assembly) =>
        Assert.All(References(assembly), reference => Assert.StartsWith("System.", reference, StringComparison.Ordinal));

    private static string[] References(string assembly)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));
        using PEReader image = new(file);
        MetadataReader metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
