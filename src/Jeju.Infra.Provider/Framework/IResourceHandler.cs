using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Provider.Framework;

/// <summary>The checked inputs, or what is wrong with them.</summary>
internal sealed record CheckOutcome(PropertyMap Inputs, IReadOnlyList<PropertyFailure> Failures);

/// <summary>The differences, and whether the old resource has to go before the new one comes.</summary>
internal sealed record DiffOutcome(IReadOnlyList<PropertyDifference> Differences, bool DeleteBeforeReplace);

/// <summary>A resource as it is written to the engine.</summary>
internal sealed record ResourceOutcome(string Id, PropertyMap Outputs, PropertyMap Inputs);

/// <summary>A resource type as the provider's dispatch sees it.</summary>
internal interface IResourceHandler
{
    string Token { get; }

    string Description { get; }

    RecordModel Inputs { get; }

    RecordModel Outputs { get; }

    Task<CheckOutcome> CheckAsync(ResourceContext context, PropertyMap news, CancellationToken cancellationToken);

    Task<DiffOutcome> DiffAsync(
        ResourceContext context, string id, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap news, CancellationToken cancellationToken);

    PropertyMap PlanCreate(ResourceContext context, PropertyMap inputs);

    PropertyMap PlanUpdate(ResourceContext context, string id, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap news);

    Task<ResourceOutcome> CreateAsync(ResourceContext context, PropertyMap inputs, CancellationToken cancellationToken);

    Task<ResourceOutcome?> ReadAsync(ResourceContext context, string id, PropertyMap inputs, PropertyMap outputs, CancellationToken cancellationToken);

    Task<ResourceOutcome> UpdateAsync(
        ResourceContext context, string id, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap news, CancellationToken cancellationToken);

    Task DeleteAsync(ResourceContext context, string id, PropertyMap inputs, PropertyMap outputs, CancellationToken cancellationToken);
}
