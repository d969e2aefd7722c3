using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>A permission names what may be done to what, and by whom; a role that may do everything is one theft away from being everybody's.</summary>
internal sealed class WildcardPermissions() : PolicyRule(904, "no wildcard permission")
{
    private static readonly string[] AwsDocuments = ["policy", "assumeRolePolicy", "accessPolicy", "inlinePolicies.policy"];
    private static readonly string[] Everybody = ["allUsers", "allAuthenticatedUsers"];

    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan) => plan.Resources.SelectMany(resource => resource.Type.Split(':', 2)[0] switch
    {
        "aws" => JudgeAws(resource),
        "gcp" => JudgeGoogle(resource),
        "kubernetes" => JudgeKubernetes(resource),
        _ => [],
    });

    private IEnumerable<PolicyFinding> JudgeAws(PlannedResource resource)
    {
        foreach (var path in AwsDocuments)
        {
            foreach (var value in resource.Each(path))
            {
                // What a traced preview has made of it, with placeholders for the names that only the cloud gives.
                var text = value.AsText() ?? resource.ComposedTexts.GetValueOrDefault(path);
                if (value is PropertyUnknown && text is null)
                {
                    yield return Warn(resource, $"The document {path} cannot be read before deployment.", "Make it from values that the plan knows, or judge it with the preview of a cloud.");
                }
                else if (text?.TrimStart().StartsWith('{') == true)
                {
                    foreach (var problem in AccessDocument.Problems(text, isKeyPolicy: resource.Type == "aws:kms/key:Key"))
                    {
                        yield return Refuse(resource, $"{path}: {problem}", "Name the actions and the resources, or bind them by a condition.");
                    }
                }
            }
        }

        var managed = resource.Each("policyArn").Concat(resource.Each("managedPolicyArns")).Select(PlannedInputs.AsText).OfType<string>();
        foreach (var arn in managed.Where(arn => arn.StartsWith("arn:aws:iam::aws:policy/", StringComparison.Ordinal)))
        {
            if (arn.EndsWith("FullAccess", StringComparison.Ordinal) || arn.EndsWith("/AdministratorAccess", StringComparison.Ordinal) || arn.EndsWith("/PowerUserAccess", StringComparison.Ordinal))
            {
                yield return Refuse(resource, $"It attaches {arn}.", "Attach a policy of its own with the actions that are needed.");
            }
        }
    }

    private IEnumerable<PolicyFinding> JudgeGoogle(PlannedResource resource)
    {
        var member = resource.Type.Split(':')[^1];
        if (!member.Contains("IAM", StringComparison.Ordinal) && !member.Contains("Iam", StringComparison.Ordinal))
        {
            yield break;
        }

        if (resource.Text("role") is "roles/owner" or "roles/editor")
        {
            yield return Refuse(resource, $"It gives the role {resource.Text("role")}.", "Give the predefined roles that the work needs.");
        }

        foreach (var everybody in resource.Each("member").Concat(resource.Each("members")).Select(PlannedInputs.AsText).Where(Everybody.Contains))
        {
            yield return Refuse(resource, $"It gives {resource.Text("role") ?? "a role"} to {everybody}.", "Name the service accounts.");
        }
    }

    private IEnumerable<PolicyFinding> JudgeKubernetes(PlannedResource resource)
    {
        var kind = resource.Type.Split(':')[^1];
        if (kind is "ClusterRole" or "Role")
        {
            foreach (var rule in resource.Each("rules"))
            {
                if (Holds(rule, "verbs", "*") && Holds(rule, "resources", "*"))
                {
                    yield return Refuse(resource, "A rule allows every verb on every resource.", "Name verbs and resources.");
                }
                else if (Holds(rule, "resources", "secrets") && kind == "ClusterRole" && (Holds(rule, "verbs", "*") || Holds(rule, "verbs", "list")) && !rule.Each("resourceNames").Any())
                {
                    yield return Refuse(resource, "A rule of the whole cluster reads every secret.", "Use a Role in the namespace, or name the secrets.");
                }
            }
        }
        else if (kind is "ClusterRoleBinding" or "RoleBinding")
        {
            if (resource.Text("roleRef.name") == "cluster-admin")
            {
                yield return Refuse(resource, "It binds cluster-admin.", "Bind a role with the verbs that are needed.");
            }

            foreach (var subject in resource.Each("subjects.name").Select(PlannedInputs.AsText).Where(name => name is "system:anonymous" or "system:unauthenticated" or "system:authenticated"))
            {
                yield return Refuse(resource, $"It gives a role to {subject}.", "Name the service accounts.");
            }
        }
    }

    private static bool Holds(PropertyValue rule, string property, string value) => rule.Each(property).Any(item => item.AsText() == value);
}
