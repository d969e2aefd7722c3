using System.Text.Json;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>Every resource says whose it is and to whom its cost belongs: the provider gives all of them the four tags, or labels.</summary>
internal sealed class CostTags() : PolicyRule(908, "tags: project, stack, owner, cost")
{
    private static readonly string[] Required = ["project", "stack", "owner", "cost"];

    /// <summary>What a provider's defaults do not reach: things that a resource makes by itself, and labels under another name.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["aws:ec2/launchTemplate:LaunchTemplate"] = "tagSpecifications.tags",
        ["gcp:sql/databaseInstance:DatabaseInstance"] = "settings.userLabels",
    };

    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan)
    {
        foreach (var resource in plan.Resources)
        {
            if (resource.Type is "pulumi:providers:aws" or "pulumi:providers:gcp")
            {
                var given = resource.Type == "pulumi:providers:aws" ? Given(resource.Value("defaultTags"), "tags") : Given(resource.Value("defaultLabels"), "");
                foreach (var finding in Missing(resource, given, resource.Type == "pulumi:providers:aws" ? "defaultTags" : "defaultLabels"))
                {
                    yield return finding;
                }
            }
            else if (resource.Type.StartsWith("aws:", StringComparison.Ordinal) || resource.Type.StartsWith("gcp:", StringComparison.Ordinal))
            {
                if (plan.Find(resource.Provider) is null)
                {
                    yield return Refuse(resource, "It uses the default provider, which gives no tags.", "Pass the stack's own provider in its options.");
                }

                if (Elsewhere.TryGetValue(resource.Type, out var path))
                {
                    foreach (var tags in resource.Each(path).OfType<PropertyMap>().DefaultIfEmpty(PropertyMap.Empty))
                    {
                        foreach (var finding in Missing(resource, [.. tags.Keys], path))
                        {
                            yield return finding;
                        }
                    }
                }
            }
        }
    }

    private IEnumerable<PolicyFinding> Missing(PlannedResource resource, string[] given, string path)
    {
        string[] missing = [.. Required.Except(given)];
        if (missing.Length > 0)
        {
            yield return Refuse(resource, $"{path} lack {string.Join(", ", missing)}.", $"Take them from CloudTags.");
        }
    }

    /// <summary>A provider's settings travel as JSON in a text.</summary>
    private static string[] Given(PropertyValue? value, string member)
    {
        if (value is PropertyMap map)
        {
            return [.. (member.Length == 0 ? map : map.Find(member) as PropertyMap ?? PropertyMap.Empty).Keys];
        }

        if (value?.AsText() is not { } json)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        var tags = document.RootElement;
        return member.Length == 0 || tags.TryGetProperty(member, out tags) ? [.. tags.EnumerateObject().Select(tag => tag.Name)] : [];
    }
}
