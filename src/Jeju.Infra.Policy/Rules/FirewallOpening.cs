using System.Globalization;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>Ports that some addresses may reach, as one rule of a firewall says.</summary>
/// <param name="Resource">The firewall.</param>
/// <param name="Range">The addresses, in CIDR form.</param>
/// <param name="From">The first port.</param>
/// <param name="To">The last port.</param>
internal sealed record FirewallOpening(PlannedResource Resource, string Range, int From, int To)
{
    private const int LastPort = 65535;

    /// <summary>The opened ports as text.</summary>
    public string Ports => From == To ? From.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{From}-{To}");

    /// <summary>Whether a port is among the opened ones.</summary>
    public bool Opens(int port) => From <= port && port <= To;

    /// <summary>What a resource opens from outside; nothing for what is no firewall.</summary>
    public static IEnumerable<FirewallOpening> Of(PlannedResource resource) => resource.Type switch
    {
        "aws:ec2/securityGroup:SecurityGroup" or "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup" =>
            resource.Each("ingress").SelectMany(rule => Ranges(rule, "cidrBlocks", "ipv6CidrBlocks").Select(range => OfAws(resource, rule, range))),
        "aws:ec2/securityGroupRule:SecurityGroupRule" when resource.Text("type") == "ingress" =>
            Ranges(resource.Inputs, "cidrBlocks", "ipv6CidrBlocks").Select(range => OfAws(resource, resource.Inputs, range)),
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule" =>
            Ranges(resource.Inputs, "cidrIpv4", "cidrIpv6").Select(range => OfAws(resource, resource.Inputs, range)),
        "gcp:compute/firewall:Firewall" when resource.Text("direction") != "EGRESS" => OfGoogle(resource),
        _ => [],
    };

    private static IEnumerable<string> Ranges(PropertyValue rule, params string[] properties) =>
        properties.SelectMany(property => rule.Each(property)).Select(PlannedInputs.AsText).OfType<string>();

    private static FirewallOpening OfAws(PlannedResource resource, PropertyValue rule, string range)
    {
        var isAll = rule.Text("protocol") is "-1" or "all" || rule.Text("ipProtocol") == "-1";
        return new FirewallOpening(resource, range, isAll ? 0 : Port(rule, "fromPort", 0), isAll ? LastPort : Port(rule, "toPort", LastPort));
    }

    private static IEnumerable<FirewallOpening> OfGoogle(PlannedResource firewall)
    {
        // Without a source, Google's rule is for everybody.
        var ranges = Ranges(firewall.Inputs, "sourceRanges").ToList();
        if (ranges.Count == 0 && !firewall.Has("sourceTags") && !firewall.Has("sourceServiceAccounts"))
        {
            ranges.Add("0.0.0.0/0");
        }

        foreach (var allow in firewall.Each("allows"))
        {
            var ports = Ranges(allow, "ports").ToList();
            foreach (var port in ports.Count == 0 ? ["0-65535"] : ports)
            {
                var bounds = port.Split('-', 2);
                foreach (var range in ranges)
                {
                    yield return new FirewallOpening(
                        firewall, range, int.Parse(bounds[0], CultureInfo.InvariantCulture), int.Parse(bounds[^1], CultureInfo.InvariantCulture));
                }
            }
        }
    }

    private static int Port(PropertyValue rule, string property, int otherwise) => (int)(rule.Each(property).FirstOrDefault()?.AsNumber() ?? otherwise);
}
