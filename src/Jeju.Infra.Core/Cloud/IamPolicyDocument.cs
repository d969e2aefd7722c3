using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jeju.Infra.Core;

/// <summary>One statement of an AWS policy.</summary>
/// <param name="Sid">Its name: letters and digits.</param>
/// <param name="Actions">What is allowed, for example <c>kms:Sign</c>.</param>
/// <param name="Resources">On which resources, as ARNs.</param>
public sealed record IamStatement(string Sid, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources)
{
    /// <summary><c>Allow</c> or <c>Deny</c>.</summary>
    public string Effect { get; init; } = "Allow";

    /// <summary>Who: key is <c>AWS</c>, <c>Service</c> or <c>Federated</c>. Empty in a policy attached to an identity.</summary>
    public IReadOnlyDictionary<string, string> Principals { get; init; } = new Dictionary<string, string>();

    /// <summary>Conditions: operator, key, values.</summary>
    public IReadOnlyList<(string Operator, string Key, string Value)> Conditions { get; init; } = [];
}

/// <summary>
/// An AWS policy document (IAM user guide, "Grammar of the IAM JSON policy language"). A statement that allows everything on everything, or a wildcard action on a
/// wildcard resource, cannot be built.
/// </summary>
public sealed class IamPolicyDocument
{
    private const string PolicyVersion = "2012-10-17";

    /// <summary>
    /// Actions that AWS offers on no narrower resource than <c>*</c> (service authorization reference); they read, or need the caller's own token.
    /// </summary>
    private static readonly HashSet<string> UnscopedActions = new(StringComparer.Ordinal)
    {
        "ecr:GetAuthorizationToken",
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAddresses",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSnapshots",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVolumes",
        "ec2:DescribeVolumesModifications",
        "ec2:DescribeVpcs",
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeTags",
        "acm:ListCertificates",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetMetricData",
        "cloudwatch:ListMetrics",
        "route53:ListHostedZones",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "wafv2:GetWebACLForResource",
    };

    private readonly IReadOnlyList<IamStatement> _statements;

    /// <summary>Makes a document of checked statements.</summary>
    /// <exception cref="InfraException">JEJU0720: a statement allows more than it names.</exception>
    public IamPolicyDocument(params IReadOnlyList<IamStatement> statements)
    {
        foreach (IamStatement statement in statements)
        {
            Check(statement);
        }

        _statements = statements;
    }

    /// <summary>The statements.</summary>
    public IReadOnlyList<IamStatement> Statements => _statements;

    /// <summary>The document as AWS takes it; the same statements always give the same text.</summary>
    public string ToJson()
    {
        JsonArray statements = [];
        foreach (IamStatement statement in _statements)
        {
            JsonObject node = new() { ["Sid"] = statement.Sid, ["Effect"] = statement.Effect };
            if (statement.Principals.Count > 0)
            {
                node["Principal"] = new JsonObject(statement.Principals.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));
            }

            node["Action"] = ToArray(statement.Actions);
            if (statement.Resources.Count > 0)
            {
                node["Resource"] = ToArray(statement.Resources);
            }

            if (statement.Conditions.Count > 0)
            {
                JsonObject conditions = [];
                foreach (IGrouping<string, (string Operator, string Key, string Value)> byOperator in statement.Conditions.GroupBy(condition => condition.Operator))
                {
                    JsonObject keys = [];
                    foreach (IGrouping<string, (string Operator, string Key, string Value)> byKey in byOperator.GroupBy(condition => condition.Key))
                    {
                        string[] values = [.. byKey.Select(condition => condition.Value)];
                        keys[byKey.Key] = values.Length == 1 ? values[0] : ToArray(values);
                    }

                    conditions[byOperator.Key] = keys;
                }

                node["Condition"] = conditions;
            }

            statements.Add(node);
        }

        JsonObject document = new() { ["Version"] = PolicyVersion, ["Statement"] = statements };
        return document.ToJsonString(JsonOptions);
    }

    private static readonly JsonSerializerOptions JsonOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonArray ToArray(IReadOnlyList<string> values) => [.. values.Select(value => (JsonNode?)JsonValue.Create(value))];

    private static void Check(IamStatement statement)
    {
        bool allows = statement.Effect == "Allow";
        bool anyResource = statement.Resources.Contains("*");

        // A key policy's resource "*" means the key itself; there the principal narrows it.
        bool isResourcePolicy = statement.Principals.Count > 0;
        string? tooWide = statement.Actions.FirstOrDefault(action =>
            action == "*" || (anyResource && !isResourcePolicy && !UnscopedActions.Contains(action) && statement.Conditions.Count == 0));
        if (allows && tooWide is not null)
        {
            throw new InfraException(
                new ErrorCode(720),
                $"The statement '{statement.Sid}' allows '{tooWide}' on {(anyResource ? "every resource" : "its resources")}.",
                "Name the actions, and name the resources or narrow them by a condition.",
                FailureKind.Refused);
        }

        if (statement.Actions.Count == 0 || !statement.Sid.All(char.IsAsciiLetterOrDigit))
        {
            throw new InfraException(
                new ErrorCode(721),
                $"The statement '{statement.Sid}' has no action, or a name that is not made of letters and digits.",
                "Give it at least one action and a plain name.",
                FailureKind.Usage);
        }
    }
}
