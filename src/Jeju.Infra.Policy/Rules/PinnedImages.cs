using System.Text.RegularExpressions;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>What runs is what was looked at: an image by a digest that was resolved, or by an exact version until it is.</summary>
internal sealed partial class PinnedImages() : PolicyRule(907, "images by a resolved digest or an exact version")
{
    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan)
    {
        foreach (var resource in plan.Resources)
        {
            if (resource.Type == "kubernetes:helm.sh/v3:Release" && !ExactVersion().IsMatch(resource.Text("version") ?? ""))
            {
                yield return Refuse(resource, $"The chart's version '{resource.Text("version") ?? "(none)"}' is not exact.", "Set version to one release of the chart.");
            }

            foreach (var image in Images(resource).Distinct(StringComparer.Ordinal))
            {
                if (Judge(plan, resource, image) is { } finding)
                {
                    yield return finding;
                }
            }
        }
    }

    private PolicyFinding? Judge(PlanUnderReview plan, PlannedResource resource, string image)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        var tagged = at < 0 ? image : image[..at];
        var colon = tagged.LastIndexOf(':');
        var (name, tag) = colon > tagged.LastIndexOf('/') ? (tagged[..colon], tagged[(colon + 1)..]) : (tagged, "");
        if (at >= 0)
        {
            var digest = image[(at + 1)..];
            return plan.ImageDigests.Any(pin => pin.Value == digest && (pin.Key == tagged || pin.Key.StartsWith(name + ":", StringComparison.Ordinal)))
                ? null
                : Refuse(resource, $"The digest of {image} is not in images/images.lock.json: nobody resolved it.", "Run ./jeju images pin, which resolves it; never write one by hand.");
        }

        if (!ExactVersion().IsMatch(tag))
        {
            return Refuse(resource, $"The image {image} has no exact version.", "Name one release, then run ./jeju images pin.");
        }

        const string remedy = "Run ./jeju images pin where the registry can be reached, and commit images/images.lock.json.";
        return plan is { Deploys: true, Network.Name: NetworkName.Mainnet }
            ? Refuse(resource, $"The image {image} is not pinned to a digest, which mainnet demands.", remedy)
            : Warn(resource, $"The image {image} is not pinned to a digest.", remedy);
    }

    private static IEnumerable<string> Images(PlannedResource resource)
    {
        var pod = PlannedPod.Of(resource);
        var images = pod is null ? [] : PlannedPod.Containers(pod).SelectMany(container => container.Each("image"));
        return images.Concat(resource.Type is "docker:index/container:Container" or "docker:index/remoteImage:RemoteImage" ? resource.Each("image").Concat(resource.Each("name")) : [])
            .Select(value => value is PropertyString ? value.AsText() : null)
            .OfType<string>()
            // An image of the stack's own registry, whose name only the cloud gives.
            .Concat(resource.ComposedTexts.Where(text => text.Key.EndsWith(".image", StringComparison.Ordinal)).Select(text => "registry" + text.Value[(text.Value.LastIndexOf("]]", StringComparison.Ordinal) + 2)..]));
    }

    /// <summary>A release number with at least two parts, a day, or a commit.</summary>
    [GeneratedRegex(@"^v?\d+\.\d+[\w.+-]*$|^[\w.-]*-?v?\d+\.\d+\.\d+[\w.+-]*$|^(sha-)?[0-9a-f]{7,40}$|^20\d{6}$", RegexOptions.CultureInvariant)]
    private static partial Regex ExactVersion();
}
