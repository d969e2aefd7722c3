using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>The size of one group of cluster nodes. What is absent keeps the default of the network and the cloud.</summary>
public sealed record NodeGroupSettings : ICheckedSettings
{
    /// <summary>The machine type.</summary>
    [Setting("The machine type of the nodes.", Pattern = @"[a-z][a-z0-9]*([.-][a-z0-9]+)+",
        PatternMeaning = "a machine type such as m6a.2xlarge on Amazon Web Services or n2-standard-8 on Google Cloud")]
    public string? MachineType { get; init; }

    /// <summary>Fewest nodes.</summary>
    [Setting("Fewest nodes.", Unit = "nodes", Minimum = 1, Maximum = 100)]
    public int? Minimum { get; init; }

    /// <summary>Most nodes.</summary>
    [Setting("Most nodes, at least the fewest.", Unit = "nodes", Minimum = 1, Maximum = 100)]
    public int? Maximum { get; init; }

    /// <summary>The root disk of each node.</summary>
    [Setting("The root disk of each node.", Unit = "GB", Minimum = 50, Maximum = 16_000)]
    public int? DiskGigabytes { get; init; }

    IEnumerable<SettingRefusal> ICheckedSettings.Check(NetworkProfile network)
    {
        if (Minimum > Maximum)
        {
            yield return new SettingRefusal(["minimum"], $"'{Minimum}' is more than the maximum of {Maximum}", "write at most the maximum");
        }
    }

    /// <summary>The settings that leave a group as it is.</summary>
    internal static NodeGroupSettings Of(NodeGroup group) =>
        new() { MachineType = group.MachineType, Minimum = group.Minimum, Maximum = group.Maximum, DiskGigabytes = group.DiskGigabytes };

    /// <summary>The group with what is set here; a limit that is not set follows one that is.</summary>
    internal NodeGroup Over(NodeGroup group)
    {
        int minimum = Minimum ?? Math.Min(group.Minimum, Maximum ?? group.Minimum);
        return group with
        {
            MachineType = MachineType ?? group.MachineType,
            Minimum = minimum,
            Maximum = Math.Max(Maximum ?? group.Maximum, minimum),
            DiskGigabytes = DiskGigabytes ?? group.DiskGigabytes,
        };
    }
}

/// <summary>The node groups of a cluster.</summary>
public sealed record NodeGroupsSettings : ICheckedSettings
{
    /// <summary>Everything without a group of its own.</summary>
    [Setting("Nodes for everything without a group of its own.")]
    public NodeGroupSettings? General { get; init; }

    /// <summary>Execution and consensus clients.</summary>
    [Setting("Nodes for execution and consensus clients.")]
    public NodeGroupSettings? Rpc { get; init; }

    /// <summary>The indexer.</summary>
    [Setting("Nodes for the indexer's processor and API.")]
    public NodeGroupSettings? Indexer { get; init; }

    /// <summary>The sequencer.</summary>
    [Setting("Confidential nodes for the sequencer; on mainnet alone.")]
    public NodeGroupSettings? Sequencer { get; init; }

    IEnumerable<SettingRefusal> ICheckedSettings.Check(NetworkProfile network)
    {
        if (Sequencer is not null && network.Name != NetworkName.Mainnet)
        {
            yield return new SettingRefusal(["sequencer"], $"{network.StackName} has no nodes of the sequencer's own", "remove it: there the sequencer runs on the group rpc");
        }
    }

    /// <summary>The settings that leave the default groups as they are.</summary>
    internal static NodeGroupsSettings Of(IReadOnlyList<NodeGroup> groups)
    {
        NodeGroupSettings? Find(string name) => groups.FirstOrDefault(group => group.Name == name) is { } group ? NodeGroupSettings.Of(group) : null;
        return new NodeGroupsSettings
        {
            General = Find(NodeGroups.General),
            Rpc = Find(NodeGroups.Rpc),
            Indexer = Find(NodeGroups.Indexer),
            Sequencer = Find(NodeGroups.Sequencer),
        };
    }

    /// <summary>The default groups with what is set here.</summary>
    internal IReadOnlyList<NodeGroup> Over(IReadOnlyList<NodeGroup> defaults) =>
        [.. defaults.Select(group => Named(group.Name)?.Over(group) ?? group)];

    private NodeGroupSettings? Named(string name) => name switch
    {
        NodeGroups.General => General,
        NodeGroups.Rpc => Rpc,
        NodeGroups.Indexer => Indexer,
        NodeGroups.Sequencer => Sequencer,
        _ => null,
    };
}
