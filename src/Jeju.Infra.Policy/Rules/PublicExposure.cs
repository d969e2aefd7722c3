using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>The load balancers and the CDN face the internet, each behind a firewall, and nothing else does.</summary>
internal sealed class PublicExposure() : PolicyRule(902, "nothing public but the edge")
{
    private const string LoadBalancer = "aws:lb/loadBalancer:LoadBalancer";
    private static readonly int[] EdgePorts = [80, 443];
    private static readonly string[] BlockSwitches = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan)
    {
        var entries = plan.OfType(LoadBalancer).SelectMany(balancer => balancer.Sources("securityGroups")).ToHashSet(StringComparer.Ordinal);
        return plan.Resources.SelectMany(resource => JudgeOpenings(plan, resource, entries.Contains(resource.Urn)).Concat(JudgeResource(plan, resource)));
    }

    /// <summary>From anywhere, only the edge's own firewall opens anything, and it opens the two ports of the web.</summary>
    private IEnumerable<PolicyFinding> JudgeOpenings(PlanUnderReview plan, PlannedResource resource, bool isEntry) =>
        from opening in FirewallOpening.Of(resource)
        where AddressRanges.IsPublic(opening.Range) && !(isEntry && opening.From == opening.To && EdgePorts.Contains(opening.From)) && !LeaseEntrances.IsFirewall(plan, resource)
        select Refuse(
            resource, $"It opens port {opening.Ports} to {opening.Range}.",
            "Name the security group or the private range that needs the port; only the load balancer's own group opens 80 and 443 to anybody.");

    private IEnumerable<PolicyFinding> JudgeResource(PlanUnderReview plan, PlannedResource resource) => resource.Type switch
    {
        "aws:rds/instance:Instance" or "aws:rds/clusterInstance:ClusterInstance" => When(
            resource.IsTrue("publiclyAccessible"), resource, "The database takes connections from the internet: publiclyAccessible is true.", "Set publiclyAccessible to false."),
        "aws:eks/cluster:Cluster" => When(
            !resource.Each("vpcConfig.endpointPublicAccess").Any(value => value is PropertyBoolean { Value: false }) && IsOpen(resource.Each("vpcConfig.publicAccessCidrs")),
            resource, "The control plane takes connections from anywhere.", "List the offices and runners that may reach it in the setting allowedAddresses."),
        "aws:s3/bucket:Bucket" => JudgeBucket(plan, resource),
        "aws:s3/bucketAcl:BucketAcl" => When(
            resource.Text("acl")?.StartsWith("public", StringComparison.Ordinal) == true, resource, $"The bucket's acl is '{resource.Text("acl")}'.", "Take the acl off; the CDN reads with an origin access control."),
        "aws:ec2/subnet:Subnet" => When(
            resource.IsTrue("mapPublicIpOnLaunch"), resource, "Machines in the subnet get public addresses: mapPublicIpOnLaunch is true.", "Set it to false; load balancers and gateways bring their own."),
        "aws:ec2/instance:Instance" => When(
            resource.IsTrue("associatePublicIpAddress"), resource, "The machine has a public address.", "Put it behind the load balancer."),
        LoadBalancer => When(
            resource.Value("internal") is not PropertyBoolean { Value: true } && !LeaseEntrances.IsEntrance(plan, resource) && !plan.OfType("aws:wafv2/webAclAssociation:WebAclAssociation").Any(guard => PlanUnderReview.Refers(guard, "resourceArn", resource)),
            resource, "The load balancer faces the internet without a firewall.", "Associate a WebAcl with it, or set internal to true."),
        "aws:cloudfront/distribution:Distribution" => When(
            !resource.Has("webAclId"), resource, "The distribution faces the internet without a firewall.", "Set webAclId to the edge's WebAcl."),
        "gcp:sql/databaseInstance:DatabaseInstance" => When(
            resource.Value("settings.ipConfiguration.ipv4Enabled") is not PropertyBoolean { Value: false },
            resource, "The database has a public address: settings.ipConfiguration.ipv4Enabled is not false.", "Set it to false and name the private network."),
        "gcp:container/cluster:Cluster" => JudgeCluster(resource),
        "gcp:storage/bucket:Bucket" => When(
            resource.Text("publicAccessPrevention") != "enforced" || !resource.IsTrue("uniformBucketLevelAccess"),
            resource, "The bucket can be made public.", "Set publicAccessPrevention to 'enforced' and uniformBucketLevelAccess to true."),
        "gcp:compute/instance:Instance" => When(
            resource.Has("networkInterfaces.accessConfigs"), resource, "The machine has a public address.", "Take accessConfigs off its network interface."),
        "gcp:compute/backendService:BackendService" => When(
            resource.Text("loadBalancingScheme")?.StartsWith("EXTERNAL", StringComparison.Ordinal) == true && !resource.Has("securityPolicy") && !resource.Has("edgeSecurityPolicy"),
            resource, "The backend faces the internet without a firewall.", "Set securityPolicy to the edge's Cloud Armor policy."),
        "kubernetes:core/v1:Service" => JudgeService(resource),
        _ => [],
    };

    private IEnumerable<PolicyFinding> JudgeBucket(PlanUnderReview plan, PlannedResource bucket)
    {
        var block = plan.OfType("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").FirstOrDefault(candidate => PlanUnderReview.Refers(candidate, "bucket", bucket));
        var open = block is null ? BlockSwitches : [.. BlockSwitches.Where(name => !block.IsTrue(name))];
        return When(open.Length > 0, bucket, $"The bucket can be made public: {string.Join(", ", open)} are not set.", "Give it a BucketPublicAccessBlock with all four switches on.");
    }

    private IEnumerable<PolicyFinding> JudgeCluster(PlannedResource cluster) => When(
        !cluster.IsTrue("privateClusterConfig.enablePrivateNodes"), cluster, "The cluster's nodes have public addresses.", "Set privateClusterConfig.enablePrivateNodes to true.")
        .Concat(When(
            !cluster.IsTrue("privateClusterConfig.enablePrivateEndpoint") && IsOpen(cluster.Each("masterAuthorizedNetworksConfig.cidrBlocks.cidrBlock")),
            cluster, "The control plane takes connections from anywhere.", "List the offices and runners that may reach it in the setting allowedAddresses."));

    private IEnumerable<PolicyFinding> JudgeService(PlannedResource service)
    {
        var annotations = service.Value("metadata.annotations") as PropertyMap ?? PropertyMap.Empty;
        var isInternal = annotations.Any(entry => entry.Value.AsText() is "internal" or "Internal" or "true" && entry.Key.Contains("load-balancer", StringComparison.Ordinal));
        return When(
            service.Text("spec.type") == "NodePort" || (service.Text("spec.type") == "LoadBalancer" && !isInternal && !LeaseEntrances.IsService(service)),
            service, $"The service is reachable from outside the cluster: its type is {service.Text("spec.type")}.", "Use ClusterIP and a route of the edge.");
    }

    private IEnumerable<PolicyFinding> When(bool isWrong, PlannedResource resource, string reason, string remedy)
    {
        if (isWrong)
        {
            yield return Refuse(resource, reason, remedy);
        }
    }

    /// <summary>An allow-list that is missing lets everybody in.</summary>
    private static bool IsOpen(IEnumerable<PropertyValue> ranges)
    {
        var known = ranges.Select(PlannedInputs.AsText).OfType<string>().ToList();
        return known.Count == 0 || known.Any(AddressRanges.IsEverybody);
    }
}
