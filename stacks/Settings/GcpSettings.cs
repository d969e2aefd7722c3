using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>What a stack decides about Google Cloud.</summary>
public sealed record GcpSettings : CloudSettings
{
    /// <summary>The project.</summary>
    [Setting("The project.", Pattern = "[a-z][a-z0-9-]{4,28}[a-z0-9]", PatternMeaning = "a project id of 6 to 30 characters")]
    public required string Project { get; init; }

    /// <summary>The project's number.</summary>
    [Setting("The project's number, from which the names of Google's own accounts follow.", Pattern = "[0-9]{6,20}", PatternMeaning = "a number")]
    public required string ProjectNumber { get; init; }

    /// <summary>The region.</summary>
    [Setting("The region.", Pattern = "[a-z]+-[a-z]+[0-9]+", PatternMeaning = "a region such as europe-west1")]
    public required string Region { get; init; }

    /// <summary>Who pays.</summary>
    [Setting("The billing account.", Pattern = "[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}", PatternMeaning = "an id such as 012345-6789AB-CDEF01")]
    public required string BillingAccount { get; init; }

    /// <summary>Whether Security Command Center is switched on.</summary>
    [Setting("Whether Security Command Center is switched on for the organization or the project, which a person does in its console, and reports what it finds. Where absent it is taken to be, and a preview says so.")]
    public bool? SecurityCommandCenter { get; init; }

    internal override CloudName Cloud => CloudName.Gcp;

    /// <summary>What an empty group means on a network, for the reference.</summary>
    internal static GcpSettings Defaults(NetworkProfile network) => new()
    {
        Project = null!,
        ProjectNumber = null!,
        Region = null!,
        BillingAccount = null!,
        AllowedAddresses = null!,
        MonthlyBudget = 0,
        NodeGroups = NodeGroupsSettings.Of(Core.NodeGroups.For(network.Name, CloudName.Gcp)),
        Database = DatabaseSettings.Of(DatabasePlan.For(network.Name, CloudName.Gcp)),
        RequestsPerAddress = FirewallPlan.For(network.Name).RequestsPerFiveMinutes,
    };
}
