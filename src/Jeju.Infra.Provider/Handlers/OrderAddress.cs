using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>Where an order is, as one word: what an import is given, since it has nothing else to go by.</summary>
internal sealed record OrderAddress(Bytes32 OrderId, Uri Endpoint, Address Deployer)
{
    private static readonly ErrorCode InvalidImportId = new(203);

    public static OrderAddress Of(Bytes32 orderId, SuiteInputs suite) => new(orderId, suite.Endpoint, suite.Deployer);

    /// <summary>Reads <c>order@endpoint@deployer</c>.</summary>
    /// <exception cref="InfraException">JEJU0203: anything else.</exception>
    public static OrderAddress Parse(string text)
    {
        var parts = text.Split('@');
        return parts.Length == 3 && Bytes32.TryParse(parts[0], out var orderId)
            && Uri.TryCreate(parts[1], UriKind.Absolute, out var endpoint) && Address.TryParse(parts[2], out var deployer)
            ? new OrderAddress(orderId, endpoint, deployer)
            : throw new InfraException(
                InvalidImportId,
                $"'{text}' does not say which order to import.",
                "Write the order's id, the chain's endpoint and the contracts' deployer as <order>@<endpoint>@<deployer>.",
                FailureKind.Usage);
    }

    /// <summary>
    /// The command that takes the order over as a resource of the stack. A resource of a component has to come back below it: elsewhere the next `up`
    /// would find an order that no program asks for, and end it. The component of an order has the order's name.
    /// </summary>
    /// <param name="token">The resource's type.</param>
    /// <param name="context">The resource.</param>
    public string ImportCommand(string token, ResourceContext context)
    {
        var command = $"pulumi import {token} {context.Name} {this}";
        return context.ParentOfTheSameName is { } parent ? $"{command} --parent 'parent={parent}'" : command;
    }

    /// <summary>The inputs with which the order would have been placed. Whose key signs for it, only the program can say, but for a development account.</summary>
    public ProvisionedNodeInputs ToInputs(ExternalChainProviderTypes.Order order, ChainIdentity chain) => new()
    {
        Suite = new SuiteInputs { Endpoint = Endpoint, ChainId = chain.ChainId, GenesisHash = chain.Genesis, Deployer = Deployer },
        Signer = SignerOf(order.Consumer, chain.ChainId),
        Account = order.Consumer,
        Kind = order.Kind.ToName(),
        Region = order.Region.IsZero ? null : order.Region.ToName(),
        Tee = order.Tee,
        Hours = order.PricePerHour.IsZero ? 1 : (int)(order.Deposit / order.PricePerHour),
        MaximumPricePerHour = new TokenAmount(order.MaxPricePerHour),
    };

    private static SignerInputs SignerOf(Address consumer, ChainId chain) =>
        SignerRules.DevelopmentRoles.FirstOrDefault(role => chain == ChainId.Anvil && role.Value.Address == consumer) is { Key: { } role }
            ? new SignerInputs { Type = SignerType.Development, Key = role }
            : new SignerInputs { Type = SignerType.PrivateKey, Address = consumer };

    public override string ToString() => $"{OrderId}@{Endpoint.OriginalString}@{Deployer}";
}
