namespace Jeju.Infra.Stacks.Settings;

/// <summary>What a stack decides about Amazon Web Services.</summary>
public sealed record AwsSettings
{
    /// <summary>The account.</summary>
    [Setting("The account; the program refuses to touch another.", Pattern = "[0-9]{12}", PatternMeaning = "an account number of twelve digits")]
    public required string AccountId { get; init; }

    /// <summary>The region.</summary>
    [Setting("The region; its zones a, b and c are used.", Pattern = "[a-z]{2}-[a-z]+-[0-9]", PatternMeaning = "a region such as eu-west-1")]
    public required string Region { get; init; }

    /// <summary>The Kubernetes version.</summary>
    [Setting("The version of the cluster.", Pattern = @"1\.[0-9]{2}", PatternMeaning = "a version such as 1.33")]
    public string KubernetesVersion { get; init; } = "1.33";

    /// <summary>Who may reach the cluster's control plane.</summary>
    [Setting("The addresses, in CIDR form, that may reach the cluster's control plane.",
        Pattern = @"[0-9.]+/[0-9]{1,2}", PatternMeaning = "an IPv4 block such as 203.0.113.0/24")]
    public required IReadOnlyList<string> AllowedAddresses { get; init; }

    /// <summary>Who administers the cluster.</summary>
    [Setting("The roles that administer the cluster.", Pattern = "arn:aws:iam::[0-9]{12}:role/.+", PatternMeaning = "the ARN of a role")]
    public required IReadOnlyList<string> AdministratorRoles { get; init; }

    /// <summary>The budget.</summary>
    [Setting("What a month may cost.", Unit = "US dollars", Minimum = 1, Maximum = 1_000_000)]
    public required int MonthlyBudget { get; init; }
}
