using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Provider.Chains;

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

    /// <summary>The inputs with which the order would have been placed. Whose key signs for it, only the program can say.</summary>
    public ProvisionedNodeInputs ToInputs(ExternalChainProviderTypes.Order order, ChainIdentity chain) => new()
    {
        Suite = new SuiteInputs { Endpoint = Endpoint, ChainId = chain.ChainId, GenesisHash = chain.Genesis, Deployer = Deployer },
        Signer = new SignerInputs { Type = SignerType.PrivateKey, Address = order.Consumer },
        Account = order.Consumer,
        Kind = order.Kind.ToName(),
        Region = order.Region.IsZero ? null : order.Region.ToName(),
        Tee = order.Tee,
        Hours = order.PricePerHour.IsZero ? 1 : (int)(order.Deposit / order.PricePerHour),
        MaximumPricePerHour = new TokenAmount(order.MaxPricePerHour),
    };

    public override string ToString() => $"{OrderId}@{Endpoint.OriginalString}@{Deployer}";
}
