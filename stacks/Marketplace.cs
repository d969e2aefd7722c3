using Jeju.Infra.Components.Marketplace;
using Jeju.Infra.Components.Resources;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Stacks.Settings;
using Pulumi;

namespace Jeju.Infra.Stacks;

/// <summary>What all stacks have in common in the marketplace: the offers of the network's own node, and the orders.</summary>
internal static class Marketplace
{
    /// <summary>The offers of a node that runs containers: every kind that the environment has and a container can serve, at the catalog's price.</summary>
    public static InputList<OfferArgs> Offers(NetworkProfile profile, int capacity) =>
        [.. ServiceCatalog.All
            .Where(kind => kind.Workload is not null && kind.Requirements.ContainsKey(profile.Name))
            .Select(kind => (Kind: kind, Requirement: kind.RequirementFor(profile.Name)))
            .Select(offered => new OfferArgs
            {
                Kind = offered.Kind.Name,
                Network = offered.Requirement.Network,
                PricePerHour = offered.Requirement.PricePerHour.ToString(),
                Capacity = capacity,
                Tee = false,
            })];

    /// <summary>The kinds among the services, each once.</summary>
    public static InputList<string> Kinds(IEnumerable<ServiceSettings> services) => [.. services.Select(service => service.Kind).Distinct().Order()];

    /// <summary>Orders the services of the settings.</summary>
    /// <param name="settings">What to order.</param>
    /// <param name="profile">The environment.</param>
    /// <param name="suite">The contracts.</param>
    /// <param name="consumer">The key that orders, pays and owns the names.</param>
    /// <param name="servedBy">What has to be there before a service can become ready; nothing for services of others.</param>
    /// <param name="encryptionKey">The key for which credentials are sealed; derived from the consumer's where absent.</param>
    public static IReadOnlyDictionary<string, OrderedService> Order(
        IEnumerable<ServiceSettings> settings, NetworkProfile profile, SuiteArgs suite, SignerArgs consumer, IReadOnlyList<Resource> servedBy, string? encryptionKey = null) =>
        settings.ToDictionary(service => service.Name, service =>
        {
            var requirement = ServiceCatalog.Find(service.Kind).RequirementFor(profile.Name);
            var options = new ComponentResourceOptions { DependsOn = servedBy.Select(one => (Input<Resource>)one).ToArray() };

            return new OrderedService(
                service.Name,
                new OrderedServiceArgs
                {
                    Suite = suite,
                    Consumer = consumer,
                    Kind = service.Kind,
                    Region = OptionalInput.From(service.Region),
                    Tee = service.Tee || requirement.IsTeeRequired,
                    Hours = service.Hours,
                    MaximumPricePerHour = MaximumPrice(service, requirement).ToString(),
                    WaitFor = service.WaitFor == ServiceReadiness.Ready ? "ready" : "accepted",
                    EncryptionKey = OptionalInput.From(encryptionKey),
                    JnsName = service.JnsName ?? $"{service.Name}.jeju",
                    ReadyDeadline = requirement.ReadyDeadline,
                },
                options);
        });

    /// <summary>Host and port of every service.</summary>
    public static Dictionary<string, object?> Endpoints(IReadOnlyDictionary<string, OrderedService> services) =>
        services.ToDictionary(service => service.Key, service => (object?)service.Value.Endpoint);

    /// <summary>The connection string of every service, each a secret.</summary>
    public static Dictionary<string, object?> ConnectionStrings(IReadOnlyDictionary<string, OrderedService> services) =>
        services.ToDictionary(service => service.Key, service => (object?)service.Value.ConnectionString);

    private static TokenAmount MaximumPrice(ServiceSettings service, KindRequirement requirement) => service.MaximumPricePerHour is { } dollars
        ? new TokenAmount(new System.Numerics.BigInteger(decimal.Truncate(dollars * 1_000_000)))
        : new TokenAmount(requirement.PricePerHour.Units * 11 / 10);
}
