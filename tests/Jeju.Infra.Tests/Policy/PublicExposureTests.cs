using Jeju.Infra.Protocol.Properties;
using static Jeju.Infra.Protocol.Properties.PropertyMap;

namespace Jeju.Infra.Tests.Policy;

public sealed class PublicExposureTests
{
    private const string Public = "JEJU0902";
    private const string Administration = "JEJU0903";
    private const string SecurityGroup = "aws:ec2/securityGroup:SecurityGroup";

    [Fact]
    public void A_group_that_is_not_the_edges_opens_nothing_to_anybody() => Assert.Equal(
        ["web: It opens port 443 to 0.0.0.0/0."],
        new PlanOfResources().With(SecurityGroup, "web", Opening(443, "0.0.0.0/0")).Refusals(Public));

    [Fact]
    public void The_edge_opens_only_the_ports_of_the_web() => Assert.Equal(
        ["web: It opens port 8545 to 0.0.0.0/0."],
        Edge(8545).Refusals(Public));

    [Fact]
    public void A_load_balancer_needs_a_firewall() => Assert.Equal(
        ["entry: The load balancer faces the internet without a firewall."],
        new PlanOfResources().With("aws:lb/loadBalancer:LoadBalancer", "entry", Of(("internal", false))).Refusals(Public));

    [Fact]
    public void An_edge_with_its_firewall_and_private_stores_pass() => Assert.Empty(
        Edge(443)
            .With(SecurityGroup, "inside", Opening(5432, "10.1.0.0/16"))
            .With("aws:rds/instance:Instance", "data", Of(("publiclyAccessible", false)))
            .With("gcp:compute/firewall:Firewall", "balancer", Of(("sourceRanges", PropertyList.Create(["35.191.0.0/16"])), ("allows", PropertyList.Create([Of(("protocol", "tcp"))]))))
            .With("kubernetes:core/v1:Service", "indexer", Of(("spec", Of(("type", "ClusterIP")))))
            .Refusals(Public));

    [Theory]
    [InlineData("aws:rds/instance:Instance", "publiclyAccessible", "true", "The database takes connections from the internet: publiclyAccessible is true.")]
    [InlineData("aws:ec2/subnet:Subnet", "mapPublicIpOnLaunch", "true", "Machines in the subnet get public addresses: mapPublicIpOnLaunch is true.")]
    [InlineData("aws:eks/cluster:Cluster", "vpcConfig.publicAccessCidrs", "0.0.0.0/0", "The control plane takes connections from anywhere.")]
    [InlineData("aws:s3/bucketAcl:BucketAcl", "acl", "public-read", "The bucket's acl is 'public-read'.")]
    [InlineData("aws:cloudfront/distribution:Distribution", "enabled", "true", "The distribution faces the internet without a firewall.")]
    [InlineData("gcp:sql/databaseInstance:DatabaseInstance", "settings.tier", "db-custom-2-8192", "The database has a public address: settings.ipConfiguration.ipv4Enabled is not false.")]
    [InlineData("gcp:storage/bucket:Bucket", "publicAccessPrevention", "inherited", "The bucket can be made public.")]
    [InlineData("kubernetes:core/v1:Service", "spec.type", "LoadBalancer", "The service is reachable from outside the cluster: its type is LoadBalancer.")]
    [InlineData("kubernetes:core/v1:Service", "spec.type", "NodePort", "The service is reachable from outside the cluster: its type is NodePort.")]
    public void What_faces_the_internet_by_itself_is_refused(string type, string path, string value, string reason) => Assert.Equal(
        [$"thing: {reason}"], new PlanOfResources().With(type, "thing", At(path, value)).Refusals(Public));

    [Fact]
    public void A_bucket_that_could_be_made_public_is_refused() => Assert.Equal(
        ["store: The bucket can be made public: blockPublicPolicy are not set."],
        new PlanOfResources()
            .With("aws:s3/bucket:Bucket", "store", Empty)
            .With("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block",
                Of(("bucket", PropertyValue.Unknown), ("blockPublicAcls", true), ("ignorePublicAcls", true), ("restrictPublicBuckets", true)),
                from: new() { ["bucket"] = "store" })
            .Refusals(Public));

    [Theory]
    [InlineData(22, "0.0.0.0/0", "Port 22 (SSH) is open to 0.0.0.0/0.")]
    [InlineData(5432, "203.0.113.0/24", "Port 5432 (PostgreSQL) is open to 203.0.113.0/24.")]
    [InlineData(8551, "::/0", "Port 8551 (the engine port) is open to ::/0.")]
    public void An_administration_port_is_not_open(int port, string range, string reason) => Assert.Equal(
        [$"group: {reason}"], new PlanOfResources().With(SecurityGroup, "group", Opening(port, range)).Refusals(Administration));

    [Fact]
    public void A_rule_of_Google_without_a_source_is_for_everybody() => Assert.Equal(
        ["ssh: Port 22 (SSH) is open to 0.0.0.0/0."],
        new PlanOfResources()
            .With("gcp:compute/firewall:Firewall", "ssh", Of(("allows", PropertyList.Create([Of(("protocol", "tcp"), ("ports", PropertyList.Create(["20-30"])))]))))
            .Refusals(Administration));

    [Fact]
    public void Nodes_take_no_logins() => Assert.Equal(
        ["nodes: The nodes take SSH logins: remoteAccess is set."],
        new PlanOfResources().With("aws:eks/nodeGroup:NodeGroup", "nodes", Of(("remoteAccess", Of(("ec2SshKey", "mine"))))).Refusals(Administration));

    [Fact]
    public void An_administration_port_inside_the_network_passes() => Assert.Empty(
        new PlanOfResources().With(SecurityGroup, "group", Opening(5432, "10.1.0.0/16")).Refusals(Administration));

    [Fact]
    public void The_entry_of_the_leases_opens_the_ports_of_leases_and_is_no_firewalls_exception_for_anything_else()
    {
        Assert.Empty(LeaseEntry("network", 5432).Refusals(Public).Concat(LeaseEntry("network", 6379).Refusals(Administration)));

        // Another port, another kind of load balancer, and anything else behind the same firewall are what they were.
        Assert.Equal(2, LeaseEntry("network", 5433).Refusals(Public).Count());
        Assert.Equal(2, LeaseEntry("application", 5432).Refusals(Public).Count());
        Assert.Equal(["leases: Port 5432 (PostgreSQL) is open to 0.0.0.0/0."], LeaseEntry("application", 5432).Refusals(Administration));
        PlanOfResources shared = LeaseEntry("network", 5432)
            .With("aws:rds/instance:Instance", "data", Of(("publiclyAccessible", false), ("vpcSecurityGroupIds", PropertyList.Create([PropertyValue.Unknown]))), from: new() { ["vpcSecurityGroupIds"] = "leases" });
        Assert.Equal(["leases: Port 5432 (PostgreSQL) is open to 0.0.0.0/0."], shared.Refusals(Administration));
        Assert.Equal(
            ["leases: Port 5432 (PostgreSQL) is open to 0.0.0.0/0."],
            new PlanOfResources().With(SecurityGroup, "leases", Opening(5432, "0.0.0.0/0")).Refusals(Administration));
    }

    [Theory]
    [InlineData("lease-gateway", 5432, true)]
    [InlineData("lease-gateway", 22, false)]
    [InlineData("op-geth", 5432, false)]
    public void The_one_service_with_a_public_load_balancer_leads_to_the_gateway_of_the_leases(string pods, double port, bool isLet)
    {
        PropertyMap spec = Of(
            ("type", "LoadBalancer"), ("selector", Of(("app.kubernetes.io/name", pods))), ("ports", PropertyList.Create([Of(("port", port))])));

        Assert.Equal(isLet ? 0 : 1, new PlanOfResources().With("kubernetes:core/v1:Service", "entry", Of(("spec", spec))).Refusals(Public).Count());
    }

    private static PlanOfResources LeaseEntry(string type, int port) => new PlanOfResources()
        .With(SecurityGroup, "leases", Opening(port, "0.0.0.0/0"))
        .With("aws:lb/loadBalancer:LoadBalancer", "entry", Of(("loadBalancerType", type), ("internal", false), ("securityGroups", PropertyList.Create([PropertyValue.Unknown]))), from: new() { ["securityGroups"] = "leases" });

    private static PlanOfResources Edge(int port) => new PlanOfResources()
        .With(SecurityGroup, "web", Opening(port, "0.0.0.0/0"))
        .With("aws:lb/loadBalancer:LoadBalancer", "entry", Of(("securityGroups", PropertyList.Create([PropertyValue.Unknown]))), from: new() { ["securityGroups"] = "web" })
        .With("aws:wafv2/webAclAssociation:WebAclAssociation", "guard", Of(("resourceArn", PropertyValue.Unknown)), from: new() { ["resourceArn"] = "entry" });

    private static PropertyMap Opening(double port, string range) => Of(("ingress", PropertyList.Create(
        [Of(("fromPort", port), ("toPort", port), ("protocol", "tcp"), (range.Contains(':') ? "ipv6CidrBlocks" : "cidrBlocks", PropertyList.Create([range])))])));

    private static PropertyMap At(string path, PropertyValue value) => path.Split('.', 2) is [var first, var rest] ? Of((first, At(rest, value))) : Of((path, value));
}
