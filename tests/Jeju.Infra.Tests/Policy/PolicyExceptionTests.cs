using Jeju.Infra.Core;
using Jeju.Infra.Policy;
using static Jeju.Infra.Protocol.Properties.PropertyMap;

namespace Jeju.Infra.Tests.Policy;

public sealed class PolicyExceptionTests
{
    private const string Reason = "The bucket holds nothing but what everybody may read.";

    [Fact]
    public void A_justified_exception_lets_a_finding_stay_and_is_told()
    {
        var verdict = Plan().Judge(new PolicyException("JEJU0904", "nodes", Reason, Expires: null));

        Assert.Empty(verdict.Refusals);
        Assert.Equal(("nodes", Reason), (Assert.Single(verdict.Exceptions).Finding.Name, verdict.Exceptions[0].Justification));
        Assert.Null(verdict.ToError("testnet"));
    }

    [Fact]
    public void Without_an_exception_the_plan_ends_with_exit_code_3()
    {
        var error = Plan().Judge().ToError("testnet");

        Assert.Equal((new ErrorCode(900), FailureKind.Refused), (error!.Code, error.Kind));
        Assert.Equal("The policy refuses the plan of 'testnet' for 1 reason; nothing was changed.", error.Message);
    }

    [Fact]
    public void An_exception_that_matches_nothing_is_itself_refused() => Assert.Equal(
        "The exception from JEJU0904 for 'others' matches nothing.",
        Assert.Single(new PlanOfResources().Judge(new PolicyException("JEJU0904", "others", Reason, Expires: null)).Refusals).Reason);

    [Fact]
    public void An_exception_from_no_rule_is_refused() => Assert.Equal(
        "The exception for 'nodes' names 'JEJU0999', which is no rule.",
        new PlanOfResources().Judge(new PolicyException("JEJU0999", "nodes", Reason, Expires: null)).Refusals[0].Reason);

    [Fact]
    public void An_exception_counts_to_the_end_of_its_last_day()
    {
        Assert.Empty(Plan().Judge(new PolicyException("JEJU0904", "nodes", Reason, PlanOfResources.Today)).Refusals);
        Assert.Equal(
            ["It binds cluster-admin.", "The exception from JEJU0904 for 'nodes' ended on 2026-11-21."],
            Plan().Judge(new PolicyException("JEJU0904", "nodes", Reason, PlanOfResources.Today.AddDays(-1))).Refusals.Select(finding => finding.Reason));
    }

    [Theory]
    [InlineData("""{"rule":"JEJU0901"}""", "it is no list of groups")]
    [InlineData("""[{"rule":"JEJU0901","justification":"x"}]""", "entry 1 has a justification of less than 30 characters")]
    [InlineData("""[{"rule":"JEJU0901","justification":"It has a reason that is long enough to be one."}]""", "entry 1 has no 'resource'")]
    [InlineData("""[{"rule":"JEJU0901","resource":"a","justification":"It has a reason that is long enough to be one.","expires":"soon"}]""", "entry 1 has an 'expires' that is no date such as 2027-01-31")]
    [InlineData("""[{"rule":"JEJU0901","resource":"a","justification":"It has a reason that is long enough to be one.","until":"2027-01-31"}]""", "entry 1 has an unknown 'until'")]
    public void A_malformed_exception_is_refused_with_its_place(string json, string problem) => Assert.Contains(
        problem, Assert.Throws<InfraException>(() => PolicyException.Parse(json)).Message, StringComparison.Ordinal);

    private static PlanOfResources Plan() => new PlanOfResources().With("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "nodes", Of(("roleRef", Of(("name", "cluster-admin")))));
}
