using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>A name that points at an order.</summary>
internal sealed record JnsNameInputs : ISuiteResource
{
    [Property("The contracts to work with.")]
    public required SuiteInputs Suite { get; init; }

    [Property("The key that signs.")]
    public required SignerInputs Signer { get; init; }

    [Property("The account of the key.", Computed = true, Replaces = true)]
    public Address? Account { get; init; }

    [Property("The name, such as redis.jeju.", Replaces = true)]
    public required string Name { get; init; }

    [Property("The order that it points at.")]
    public required Bytes32 OrderId { get; init; }
}

/// <summary>What the chain says of a name.</summary>
internal sealed record JnsNameOutputs
{
    [Property("The name's hash.")]
    public Bytes32? Node { get; init; }

    [Property("The account that owns the name.")]
    public Address? Owner { get; init; }
}

/// <summary>A name in JNS. The endpoint is read through the order, so that nothing is written when a service moves to another node.</summary>
[ResourceType("JnsName", "A name in JNS whose service record points at an order, so that the endpoint is read through it.")]
internal sealed class JnsNameHandler(SuiteServices services) : SuiteResourceHandler<JnsNameInputs, JnsNameOutputs>(services)
{
    private static readonly ErrorCode NotOwner = new(222);

    // A replaced order's name is taken over by the new one and must not be cleared after that.
    protected override bool DeleteBeforeReplace => true;

    protected override Task CheckAsync(InputCheck<JnsNameInputs> check, CancellationToken cancellationToken)
    {
        if (check.Inputs.Knows(nameof(JnsNameInputs.Name)))
        {
            var labels = check.Inputs.Values.Name.Split('.');
            if (labels.Length < 2 || labels[^1] != JnsNames.TopLevel || labels.Any(label => label.Length is 0 or > 63 || label.Any(letter => !IsAllowed(letter))))
            {
                check.Fail(
                    "name", $"'{check.Inputs.Values.Name}' is no name: write lower-case labels of letters, digits and hyphens that end with .{JnsNames.TopLevel}");
            }
        }

        return base.CheckAsync(check, cancellationToken);
    }

    protected override void PlanCreate(ResourceContext context, Bound<JnsNameInputs> inputs, Plan<JnsNameOutputs> plan)
    {
        if (inputs.Knows(nameof(JnsNameInputs.Name)))
        {
            plan.Knows(nameof(JnsNameOutputs.Node), JnsNames.Hash(inputs.Values.Name));
        }

        if (inputs.Values.Account is { } account)
        {
            plan.Knows(nameof(JnsNameOutputs.Owner), account);
        }
    }

    protected override async Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, SuiteSession session, ResourceState<JnsNameInputs, JnsNameOutputs> state, CancellationToken cancellationToken)
    {
        var service = await session.Chain.QueryAsync(session.Contracts.Resolver.Service(JnsNames.Hash(state.Inputs.Name)), cancellationToken);
        return service.OrderId == state.Inputs.OrderId
            ? []
            : [new Drift(nameof(JnsNameInputs.OrderId), $"{state.Inputs.Name} points elsewhere: it is set again.")];
    }

    protected override async Task<Created<JnsNameOutputs>> CreateAsync(ResourceContext context, JnsNameInputs inputs, CancellationToken cancellationToken) =>
        new(inputs.Name, await EnsureAsync(await OpenAsync(context, inputs, cancellationToken), inputs, cancellationToken));

    protected override async Task<JnsNameOutputs> UpdateAsync(
        ResourceContext context, ResourceState<JnsNameInputs, JnsNameOutputs> state, JnsNameInputs news, CancellationToken cancellationToken) =>
        await EnsureAsync(await OpenAsync(context, news, cancellationToken), news, cancellationToken);

    protected override async Task<ResourceState<JnsNameInputs, JnsNameOutputs>?> ReadAsync(
        ResourceContext context, SuiteSession session, ResourceState<JnsNameInputs, JnsNameOutputs> state, CancellationToken cancellationToken)
    {
        var node = JnsNames.Hash(state.Inputs.Name);
        var owner = await session.Chain.QueryAsync(session.Contracts.Names.Owner(node), cancellationToken);
        var service = await session.Chain.QueryAsync(session.Contracts.Resolver.Service(node), cancellationToken);
        return owner.IsZero || service.OrderId.IsZero
            ? null
            : state with
            {
                Inputs = state.Inputs with { OrderId = service.OrderId },
                Outputs = new JnsNameOutputs { Node = node, Owner = owner },
            };
    }

    protected override async Task DeleteAsync(
        ResourceContext context, SuiteSession session, ResourceState<JnsNameInputs, JnsNameOutputs> state, CancellationToken cancellationToken)
    {
        var node = JnsNames.Hash(state.Inputs.Name);
        var service = await session.Chain.QueryAsync(session.Contracts.Resolver.Service(node), cancellationToken);
        var mayWrite = await session.Chain.QueryAsync(session.Contracts.Names.IsAuthorized(node, session.Account), cancellationToken);

        // A record that somebody has pointed elsewhere since is not ours to clear.
        if (mayWrite && service.OrderId == state.Inputs.OrderId)
        {
            await session.SendAsync([session.Contracts.Resolver.ClearRecords(node)], cancellationToken);
        }
    }

    private static async Task<JnsNameOutputs> EnsureAsync(SuiteSession session, JnsNameInputs inputs, CancellationToken cancellationToken)
    {
        var names = session.Contracts.Names;
        var resolver = session.Contracts.Resolver;
        var calls = new List<ContractCall>();
        var labels = inputs.Name.Split('.');
        var parent = JnsNames.TopLevel;
        for (var depth = labels.Length - 2; depth >= 0; depth--)
        {
            var name = $"{labels[depth]}.{parent}";
            var owners = await session.Chain.QueryAsync([names.Owner(JnsNames.Hash(parent)), names.Owner(JnsNames.Hash(name))], cancellationToken);
            if (owners[1] != session.Account)
            {
                // The parent's owner may take a name that is free; after the first step of a deeper name the parent is ours by then.
                if (!owners[1].IsZero || (calls.Count == 0 && owners[0] != session.Account))
                {
                    throw new InfraException(
                        NotOwner,
                        $"The name {name} belongs to {Shown(owners[1])} and {parent} to {Shown(owners[0])}; neither is {session.Account.ToChecksumText()}.",
                        "Use a name of your own, or the key of its owner.");
                }

                calls.Add(names.SetSubnodeOwner(JnsNames.Hash(parent), Keccak.Hash(labels[depth]), session.Account));
            }

            parent = name;
        }

        var node = JnsNames.Hash(inputs.Name);
        if (await session.Chain.QueryAsync(names.Resolver(node), cancellationToken) != resolver.Address)
        {
            calls.Add(names.SetResolver(node, resolver.Address));
        }

        var service = await session.Chain.QueryAsync(resolver.Service(node), cancellationToken);
        if (service.OrderId != inputs.OrderId || service.Provider != session.Contracts.Orders.Address)
        {
            calls.Add(resolver.SetService(node, session.Contracts.Orders.Address, inputs.OrderId));
        }

        await session.SendAsync(calls, cancellationToken);
        return new JnsNameOutputs { Node = node, Owner = session.Account };
    }

    private static bool IsAllowed(char letter) => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-';

    private static string Shown(Address address) => address.IsZero ? "nobody" : address.ToChecksumText();
}
