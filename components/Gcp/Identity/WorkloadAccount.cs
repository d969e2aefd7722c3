using Pulumi;
using Pulumi.Gcp.ServiceAccount;

namespace Jeju.Infra.Components.Gcp;

/// <summary>Who a workload is in the cloud.</summary>
public sealed class WorkloadAccountArgs : ResourceArgs
{
    /// <summary>The pool of the cluster's identities; there is none before the project's first cluster.</summary>
    [Input("workloadPool", required: true)]
    public Input<string> WorkloadPool { get; set; } = null!;

    /// <summary>The account's id, 6 to 30 characters.</summary>
    public required string AccountId { get; init; }

    /// <summary>The workload's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The workload's Kubernetes service account.</summary>
    public required string ServiceAccount { get; init; }
}

/// <summary>
/// The service account of one workload, bound to its Kubernetes service account by Workload Identity. Rights are granted to it on single
/// resources, never on the project.
/// </summary>
public sealed class WorkloadAccount : ComponentResource
{
    /// <summary>Declares the account.</summary>
    public WorkloadAccount(string name, WorkloadAccountArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:WorkloadAccount", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        Account account = new(name, new AccountArgs { AccountId = args.AccountId, DisplayName = $"The workload {args.Namespace}/{args.ServiceAccount}" }, child);
        _ = new IAMMember(name, new IAMMemberArgs
        {
            ServiceAccountId = account.Name,
            Role = "roles/iam.workloadIdentityUser",
            Member = args.WorkloadPool.ToOutput().Apply(pool => $"serviceAccount:{pool}[{args.Namespace}/{args.ServiceAccount}]"),
        }, child);
        Email = account.Email;
        Member = account.Email.Apply(email => $"serviceAccount:{email}");
        RegisterOutputs(new Dictionary<string, object?> { ["email"] = Email, ["member"] = Member });
    }

    /// <summary>The account's address.</summary>
    [Output("email")]
    public Output<string> Email { get; private set; }

    /// <summary>The account as a member of a policy.</summary>
    [Output("member")]
    public Output<string> Member { get; private set; }
}
