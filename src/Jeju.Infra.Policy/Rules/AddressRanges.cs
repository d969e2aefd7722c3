using Jeju.Infra.Core;

namespace Jeju.Infra.Policy.Rules;

/// <summary>Which addresses a rule of a firewall opens to.</summary>
internal static class AddressRanges
{
    private static readonly CidrBlock[] Private =
        [CidrBlock.Parse("10.0.0.0/8"), CidrBlock.Parse("172.16.0.0/12"), CidrBlock.Parse("192.168.0.0/16"), CidrBlock.Parse("100.64.0.0/10")];

    /// <summary>Google's load balancers and health checks, which reach only what is a backend of one.</summary>
    private static readonly CidrBlock[] GoogleLoadBalancers = [CidrBlock.Parse("35.191.0.0/16"), CidrBlock.Parse("130.211.0.0/22")];

    /// <summary>Whether a range is everybody.</summary>
    public static bool IsEverybody(string range) => range is "0.0.0.0/0" or "::/0" or "*" or "Internet";

    /// <summary>Whether a range reaches beyond private networks and the cloud's own load balancers.</summary>
    public static bool IsPublic(string range)
    {
        if (IsEverybody(range))
        {
            return true;
        }

        if (range.Contains(':', StringComparison.Ordinal))
        {
            return !range.StartsWith("fc", StringComparison.OrdinalIgnoreCase) && !range.StartsWith("fd", StringComparison.OrdinalIgnoreCase);
        }

        var block = CidrBlock.Parse(range.Contains('/', StringComparison.Ordinal) ? range : $"{range}/32");
        return !Private.Concat(GoogleLoadBalancers).Any(known => known.Contains(block));
    }
}
