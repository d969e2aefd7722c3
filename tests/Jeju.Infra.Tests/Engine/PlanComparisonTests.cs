using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;
using static Jeju.Infra.Tests.Engine.StackHarness;

namespace Jeju.Infra.Tests.Engine;

/// <summary>What a pull request is told about its plan.</summary>
public sealed class PlanComparisonTests
{
    [Fact]
    public void Each_change_shows_once_and_nothing_else_does()
    {
        PlannedResource[] before =
        [
            Resource("aws:rds/instance:Instance", "data", Of(("instanceClass", "db.t4g.medium"), ("engine", "postgres"))),
            Resource("aws:ec2/subnet:Subnet", "private-a", Of(("cidrBlock", "10.1.64.0/18"))),
            Resource("kubernetes:apps/v1:Deployment", "gateway", Of(("spec", Of(("replicas", 2.0), ("image", "gateway:1.0.0"))))),
            Resource("aws:cloudwatch/metricAlarm:MetricAlarm", "disk-full", Of(("threshold", 90.0))),
            Resource("aws:sns/topic:Topic", "alarms", Of(("name", "alarms"))),
        ];
        PlannedResource[] after =
        [
            before[0] with { Inputs = before[0].Inputs.With("instanceClass", "db.t4g.large") },
            before[1] with { Inputs = before[1].Inputs.With("cidrBlock", "10.1.128.0/18") },
            before[2] with { Inputs = Of(("spec", Of(("replicas", 3.0), ("image", "gateway:1.0.0")))) },
            before[4],
        ];

        Assert.Equal(
            """
            ### Plan of testnet against main

            **3 to update, 1 to delete, 1 unchanged**

            <details open><summary>Changes</summary>

            ```diff
            ! data (aws:rds/instance:Instance)
            -     instanceClass: "db.t4g.medium"
            +     instanceClass: "db.t4g.large"
            - disk-full (aws:cloudwatch/metricAlarm:MetricAlarm)
            ! gateway (kubernetes:apps/v1:Deployment)
            -     spec.replicas: 2
            +     spec.replicas: 3
            ! private-a (aws:ec2/subnet:Subnet)
            -     cidrBlock: "10.1.64.0/18"
            +     cidrBlock: "10.1.128.0/18"
            ```

            </details>

            """,
            MarkdownReport.Render(ChangeReport.FromPlans("testnet", "main", before, after)));
    }

    private static PlannedResource Resource(string type, string name, PropertyMap inputs) => new()
    {
        Urn = $"urn:pulumi:testnet::jeju-infra::{type}::{name}", Type = type, Inputs = inputs, Parent = "", Dependencies = [], Provider = "", Options = PropertyMap.Empty,
    };
}
