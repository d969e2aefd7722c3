using Jeju.Infra.Chain;
using Jeju.Infra.Chain.KeyServices;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Operators;

namespace Jeju.Infra.Cli.Chains;

/// <summary>The deployed contracts of a stack, and one account that acts on them through its own pipeline.</summary>
internal sealed class MarketSession : IAsyncDisposable
{
    private readonly KeyServiceDirectory _keyServices;

    private MarketSession(
        SettlementChain settlement, SuiteAddresses addresses, ChainClient chain, ISigner signer, TransactionPipeline pipeline, KeyServiceDirectory keyServices)
    {
        Settlement = settlement;
        Addresses = addresses;
        Chain = chain;
        Signer = signer;
        Pipeline = pipeline;
        _keyServices = keyServices;
    }

    /// <summary>The stack's chain.</summary>
    public SettlementChain Settlement { get; }

    /// <summary>The contracts.</summary>
    public SuiteAddresses Addresses { get; }

    /// <summary>The connection.</summary>
    public ChainClient Chain { get; }

    /// <summary>The key, before the limits that the pipeline puts on it.</summary>
    public ISigner Signer { get; }

    /// <summary>What sends for the account.</summary>
    public TransactionPipeline Pipeline { get; }

    /// <summary>The account on the contracts.</summary>
    public MarketAccess Market => new(
        Chain,
        new MarketContracts(Addresses.Of),
        Pipeline.Account,
        (calls, cancellationToken) => calls.Count == 0 ? Task.CompletedTask : Pipeline.SendAsync(calls, cancellationToken));

    /// <summary>Connects with the key of a role. It may call the suite's contracts and the payment token, and send no native coin.</summary>
    /// <exception cref="InfraException">JEJU0820: the contracts are not deployed; JEJU0210 and up: the key cannot be had.</exception>
    public static async Task<MarketSession> OpenAsync(
        CommandContext context, string stack, StackRole role, string? namedSigner, CancellationToken cancellationToken)
    {
        SignerReference reference = StackAccount.Find(context, stack, role, namedSigner);
        SettlementChain settlement = SettlementChain.OfStack(context, stack);
        SuiteAddresses addresses = await settlement.AddressesAsync(context, cancellationToken);
        ChainClient chain = await settlement.ConnectAsync(context, cancellationToken);
        KeyServiceDirectory keyServices = new(context.ReadEnvironment, context.Time);
        try
        {
            await settlement.RequireDeployedAsync(chain, addresses, stack, cancellationToken);
            ISigner signer = await new SignerResolver(context.ReadEnvironment, context.Layout.Root, keyServices)
                .ResolveAsync(reference, settlement.Network.SettlementChain, cancellationToken);
            Address paymentToken = await chain.QueryAsync(
                new Jeju.Infra.Chain.Bindings.DWSBillingContract(addresses["DWSBilling"]).PaymentToken(), cancellationToken);
            SigningLimits limits = new(addresses.All.Values.Append(paymentToken).ToHashSet(), 0);
            TransactionPipeline pipeline = await TransactionPipeline.OpenAsync(
                chain,
                new LimitedSigner(signer, limits),
                await TransactionJournal.OpenAsync(context.Layout.JournalFolder(stack), chain.Identity, signer.Address, context.Time, cancellationToken),
                new TransactionPipelineOptions { Confirmations = settlement.Network.Confirmations },
                cancellationToken);
            return new MarketSession(settlement, addresses, chain, signer, pipeline, keyServices);
        }
        catch
        {
            await chain.DisposeAsync();
            keyServices.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Pipeline.Dispose();
        await Chain.DisposeAsync();
        _keyServices.Dispose();
    }
}
