using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Eks;
using Pulumi.Aws.Iam;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a workload may do in the cloud.</summary>
public sealed class WorkloadRoleArgs : ResourceArgs
{
    /// <summary>The cluster in which the workload runs.</summary>
    [Input("clusterName", required: true)]
    public Input<string> ClusterName { get; set; } = null!;

    /// <summary>The workload's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The workload's service account.</summary>
    public required string ServiceAccount { get; init; }

    /// <summary>What it may do: a checked policy document as JSON.</summary>
    [Input("policy", required: true)]
    public Input<string> Policy { get; set; } = null!;
}

/// <summary>The role of one workload, bound to its service account by EKS pod identity. No other pod, and no node, has it.</summary>
public sealed class WorkloadRole : ComponentResource
{
    /// <summary>Declares the role.</summary>
    public WorkloadRole(string name, WorkloadRoleArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:WorkloadRole", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        Role role = new(name, new RoleArgs
        {
            Description = $"The workload {args.Namespace}/{args.ServiceAccount}",
            AssumeRolePolicy = ServiceTrust.Of("pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession"),
        }, child);
        _ = new RolePolicy(name, new RolePolicyArgs { Role = role.Id, Policy = args.Policy }, child);
        _ = new PodIdentityAssociation(name, new PodIdentityAssociationArgs
        {
            ClusterName = args.ClusterName,
            Namespace = args.Namespace,
            ServiceAccount = args.ServiceAccount,
            RoleArn = role.Arn,
        }, child);
        RoleArn = role.Arn;
        RegisterOutputs(new Dictionary<string, object?> { ["roleArn"] = RoleArn });
    }

    /// <summary>The role's ARN.</summary>
    [Output("roleArn")]
    public Output<string> RoleArn { get; private set; }
}
