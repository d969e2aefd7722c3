namespace Jeju.Infra.Stacks.Settings;

/// <summary>What a stack decides about Google Cloud.</summary>
public sealed record GcpSettings
{
    /// <summary>The project.</summary>
    [Setting("The project.", Pattern = "[a-z][a-z0-9-]{4,28}[a-z0-9]", PatternMeaning = "a project id of 6 to 30 characters")]
    public required string Project { get; init; }

    /// <summary>The project's number.</summary>
    [Setting("The project's number, from which the names of Google's own accounts follow.", Pattern = "[0-9]{6,20}", PatternMeaning = "a number")]
    public required string ProjectNumber { get; init; }

    /// <summary>The region.</summary>
    [Setting("The region.", Pattern = "[a-z]+-[a-z]+[0-9]", PatternMeaning = "a region such as europe-west1")]
    public required string Region { get; init; }

    /// <summary>Who may reach the cluster's control plane.</summary>
    [Setting("The addresses, in CIDR form, that may reach the cluster's control plane.",
        Pattern = @"[0-9.]+/[0-9]{1,2}", PatternMeaning = "an IPv4 block such as 203.0.113.0/24")]
    public required IReadOnlyList<string> AllowedAddresses { get; init; }

    /// <summary>Who pays.</summary>
    [Setting("The billing account.", Pattern = "[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}", PatternMeaning = "an id such as 012345-6789AB-CDEF01")]
    public required string BillingAccount { get; init; }

    /// <summary>The budget.</summary>
    [Setting("What a month may cost.", Unit = "US dollars", Minimum = 1, Maximum = 1_000_000)]
    public required int MonthlyBudget { get; init; }
}
