using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

using Xunit;

namespace Jeju.Infra.Tests.Marketplace;

public sealed class ServiceCatalogTests
{
    [Fact]
    public void Find_UnknownKind_NamesTheValidOnes()
    {
        InfraException refusal = Assert.Throws<InfraException>(() => ServiceCatalog.Find("mysql"));

        Assert.Equal("JEJU0501", refusal.Code.ToString());
        Assert.Equal(FailureKind.Usage, refusal.Kind);
        Assert.All(ServiceCatalog.All, kind => Assert.Contains(kind.Name, refusal.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_kind_has_requirements_with_a_price_and_a_deadline_in_every_environment()
    {
        foreach (ServiceKind kind in ServiceCatalog.All)
        {
            foreach (NetworkName network in Enum.GetValues<NetworkName>())
            {
                KindRequirement requirement = kind.RequirementFor(network);
                Assert.True(requirement.MemoryMegabytes > 0 && requirement.DiskGigabytes > 0 && requirement.Cores > 0, kind.Name);
                Assert.True(requirement.PricePerHour > TokenAmount.Zero, kind.Name);
                // The bounds of the contract's catalog.
                Assert.InRange(requirement.ReadyDeadline, TimeSpan.FromSeconds(10), TimeSpan.FromDays(14));
            }
        }
    }

    [Fact]
    public void Requirements_never_shrink_from_localnet_to_mainnet() => Assert.All(ServiceCatalog.All, kind =>
    {
        KindRequirement[] steps = [.. Enum.GetValues<NetworkName>().Order().Select(kind.RequirementFor)];
        Assert.Equal(steps.Select(step => step.MemoryMegabytes).Order(), steps.Select(step => step.MemoryMegabytes));
        Assert.Equal(steps.Select(step => step.PricePerHour).Order(), steps.Select(step => step.PricePerHour));
    });

    [Fact]
    public void Names_are_unique_and_survive_the_chain()
    {
        Assert.Equal(ServiceCatalog.All.Count, ServiceCatalog.All.Select(kind => kind.Id).Distinct().Count());
        Assert.All(ServiceCatalog.All, kind => Assert.Same(kind, ServiceCatalog.TryFind(kind.Id)));
        Assert.All(ServiceCatalog.All, kind => Assert.Equal(kind.Name, kind.Id.ToName()));
    }

    [Theory]
    [InlineData("solana", NetworkName.Localnet, false)]
    [InlineData("solana", NetworkName.Mainnet, true)]
    [InlineData("compute", NetworkName.Mainnet, true)]
    [InlineData("postgres", NetworkName.Mainnet, false)]
    [InlineData("bitcoin", NetworkName.Mainnet, false)]
    public void Tee_is_required_where_the_design_says_so(string kind, NetworkName network, bool expected) =>
        Assert.Equal(expected, ServiceCatalog.Find(kind).RequirementFor(network).IsTeeRequired);

    [Fact]
    public void Postgres_and_redis_run_and_no_workload_is_root()
    {
        Assert.NotNull(ServiceCatalog.Find("postgres").Workload);
        Assert.NotNull(ServiceCatalog.Find("redis").Workload);
        Assert.All(ServiceCatalog.All.Select(kind => kind.Workload).OfType<WorkloadTemplate>(), workload => Assert.NotEqual(0, workload.UserId));
    }

    [Fact]
    public void No_password_is_in_an_argument_or_the_environment()
    {
        ServiceCredentials credentials = new("user", "canary-password", "db");
        WorkloadLimits limits = new(1024, 10, 1);
        Assert.All(ServiceCatalog.All.Select(kind => kind.Workload).OfType<WorkloadTemplate>(), workload =>
        {
            Assert.Contains(workload.Files(limits, credentials), file => file.Content.Contains(credentials.Password, StringComparison.Ordinal));
            Assert.DoesNotContain(workload.Arguments(limits), argument => argument.Contains(credentials.Password, StringComparison.Ordinal));
            Assert.DoesNotContain(workload.Environment, entry => entry.Contains(credentials.Password, StringComparison.Ordinal));
        });
        Assert.DoesNotContain(credentials.Password, credentials.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Connection_strings_have_the_form_that_usual_clients_take()
    {
        ServiceEndpoint endpoint = new("127.0.0.1", [5433]);
        Assert.Equal(
            "postgres://postgres:p%40ss@127.0.0.1:5433/postgres",
            ServiceCatalog.Find("postgres").Workload!.ConnectionString(endpoint, new ServiceCredentials("postgres", "p@ss", "postgres")));
        Assert.Equal(
            "redis://default:p%40ss@127.0.0.1:5433/0",
            ServiceCatalog.Find("redis").Workload!.ConnectionString(endpoint, new ServiceCredentials("default", "p@ss")));

        // With a certificate, a client that forgot about TLS does not even try without it.
        Assert.EndsWith("/postgres?sslmode=require", ServiceCatalog.Find("postgres").Workload!.ConnectionString(endpoint, new ServiceCredentials("postgres", "p", "postgres", "ab")), StringComparison.Ordinal);
        Assert.StartsWith("rediss://", ServiceCatalog.Find("redis").Workload!.ConnectionString(endpoint, new ServiceCredentials("default", "p", null, "ab")), StringComparison.Ordinal);
    }
}
