using Jeju.Infra.Core;

namespace Jeju.Infra.Components.Aws;

/// <summary>What each operator of the cluster may do in the account: no more than its part of the platform needs.</summary>
public static class OperatorPolicies
{
    /// <summary>Reads the stack's secrets and the database's login, and decrypts them through the store alone.</summary>
    /// <param name="secretArns">The secrets.</param>
    /// <param name="dataKeyArn">The key that encrypts them.</param>
    /// <param name="region">The region.</param>
    public static IamPolicyDocument ReadSecrets(IReadOnlyList<string> secretArns, string dataKeyArn, string region) => new(
        new IamStatement("ReadSecrets", ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], secretArns),
        new IamStatement("DecryptSecrets", ["kms:Decrypt"], [dataKeyArn]) { Conditions = [("StringEquals", "kms:ViaService", $"secretsmanager.{region}.amazonaws.com")] });

    /// <summary>Joins pods to the stack's target groups and takes them out; it cannot make a load balancer, a rule or a security group.</summary>
    /// <param name="targetGroupArns">The target groups.</param>
    public static IamPolicyDocument RegisterTargets(IReadOnlyList<string> targetGroupArns) => new(
        new IamStatement("RegisterTargets", ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"], targetGroupArns),
        new IamStatement(
            "FindTargets",
            [
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
                "elasticloadbalancing:DescribeTags",
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ],
            ["*"]));

    /// <summary>Writes records into the private zones of the internal endpoints, and into no other zone.</summary>
    /// <param name="zoneIds">The zones.</param>
    public static IamPolicyDocument WriteRecords(IReadOnlyList<string> zoneIds) => new(
        new IamStatement(
            "WriteRecords",
            ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:ListTagsForResource"],
            [.. zoneIds.Select(id => $"arn:aws:route53:::hostedzone/{id}")]),
        new IamStatement("FindZones", ["route53:ListHostedZones"], ["*"]));

    /// <summary>Sets the size of the cluster's own groups of nodes, which the service tags with the cluster's name.</summary>
    /// <param name="cluster">The cluster's name.</param>
    public static IamPolicyDocument ScaleNodes(string cluster) => new(
        new IamStatement("ScaleNodes", ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"], ["*"])
        {
            Conditions = [("StringEquals", $"aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster}", "owned")],
        },
        new IamStatement(
            "FindNodes",
            [
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeLaunchConfigurations",
                "autoscaling:DescribeScalingActivities",
                "autoscaling:DescribeTags",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplateVersions",
            ],
            ["*"]));

    /// <summary>Writes metrics to the stack's managed Prometheus.</summary>
    /// <param name="workspaceArn">The workspace.</param>
    public static IamPolicyDocument WriteMetrics(string workspaceArn) => new(new IamStatement("WriteMetrics", ["aps:RemoteWrite"], [workspaceArn]));

    /// <summary>Sends alerts to the stack's topic, whose messages are encrypted.</summary>
    /// <param name="topicArn">The topic.</param>
    /// <param name="keyArn">The key of its messages.</param>
    public static IamPolicyDocument SendAlerts(string topicArn, string keyArn) => new(
        new IamStatement("SendAlerts", ["sns:Publish"], [topicArn]),
        new IamStatement("EncryptAlerts", ["kms:GenerateDataKey", "kms:Decrypt"], [keyArn]));
}
