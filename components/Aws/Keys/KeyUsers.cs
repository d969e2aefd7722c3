using Jeju.Infra.Core;

namespace Jeju.Infra.Components.Aws;

/// <summary>Who may use a key beside the roles whose own policies say so: the account itself, and the cloud's services on the account's behalf.</summary>
internal static class KeyUsers
{
    private static readonly string[] Encryption = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

    /// <summary>The account administers the key, and rights to use it are given to roles by their own policies.</summary>
    public static IamStatement Administrator(string account) => new("AccountAdministersKey", ["kms:*"], ["*"])
    {
        Principals = new Dictionary<string, string> { ["AWS"] = $"arn:aws:iam::{account}:root" },
    };

    /// <summary>
    /// Node groups start instances with the account's own role of the autoscaling service, and the instances' disks are encrypted with this key (EKS user guide,
    /// "Encrypted volumes with a customer managed key"). In an account that has never had such a group the role is not there yet, and a policy that names it as its principal is refused; as a condition
    /// it may come later. Grants are for the cloud's own resources only.
    /// </summary>
    public static IEnumerable<IamStatement> OfDisks(string account)
    {
        Dictionary<string, string> anybody = new() { ["AWS"] = "*" };
        (string Operator, string Key, string Value)[] autoscaling =
        [
            ("StringEquals", "kms:CallerAccount", account),
            ("ArnEquals", "aws:PrincipalArn", $"arn:aws:iam::{account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"),
        ];
        yield return new IamStatement("NodeGroupsUseKey", Encryption, ["*"]) { Principals = anybody, Conditions = autoscaling };
        yield return new IamStatement("NodeGroupsGrantKey", ["kms:CreateGrant"], ["*"])
        {
            Principals = anybody,
            Conditions = [.. autoscaling, ("Bool", "kms:GrantIsForAWSResource", "true")],
        };
    }

    /// <summary>The distributions of this account open what they serve (CloudFront developer guide, "Restrict access to an Amazon S3 origin", SSE-KMS).</summary>
    public static IEnumerable<IamStatement> OfSites(string account) =>
        [ServiceUses("SitesAreServed", "cloudfront.amazonaws.com", ["kms:Decrypt"], ("ArnLike", "aws:SourceArn", $"arn:aws:cloudfront::{account}:distribution/*"))];

    /// <summary>
    /// Log groups and the trail name themselves in the context of each encryption, by which they are bound to this account (CloudWatch Logs user guide, "Encrypt log data"; CloudTrail user guide,
    /// "Configure AWS KMS key policies"). Alarms and events encrypt what they send to the topic.
    /// </summary>
    public static IEnumerable<IamStatement> OfLogs(string account, string region) =>
    [
        ServiceUses("LogGroupsUseKey", $"logs.{region}.amazonaws.com", Encryption, ("ArnLike", "kms:EncryptionContext:aws:logs:arn", $"arn:aws:logs:{region}:{account}:*")),
        ServiceUses("TrailUsesKey", "cloudtrail.amazonaws.com", ["kms:GenerateDataKey*"], ("StringLike", "kms:EncryptionContext:aws:cloudtrail:arn", $"arn:aws:cloudtrail:*:{account}:trail/*")),
        ServiceUses("TrailFindsKey", "cloudtrail.amazonaws.com", ["kms:DescribeKey"]),
        .. OfTopics(account),
    ];

    /// <summary>Alarms and events encrypt what they send to a topic. Events carry no account in their request (SNS developer guide, "Key management").</summary>
    public static IEnumerable<IamStatement> OfTopics(string account) =>
    [
        ServiceUses("AlarmsUseKey", "cloudwatch.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey*"], ("StringEquals", "aws:SourceAccount", account)),
        ServiceUses("EventsUseKey", "events.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey*"]),
    ];

    private static IamStatement ServiceUses(string name, string service, IReadOnlyList<string> actions, params (string Operator, string Key, string Value)[] conditions) =>
        new(name, actions, ["*"]) { Principals = new Dictionary<string, string> { ["Service"] = service }, Conditions = conditions };
}
