using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.EndToEnd.Chain;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.EndToEnd.Provider;

/// <summary>What an agent that is taken away does about the leases that it still serves.</summary>
public sealed class AgentRemovalTests
{
    // One more than a page of the contract's lists.
    private const int Leases = 101;

    [FoundryFact]
    public async Task Every_lease_is_given_up_also_where_there_are_more_than_one_page_lists()
    {
        await using LocalStack stack = new LocalStack().With("backend", "null").With("capacityPerKind", $"{Leases}");
        var contracts = (await stack.UpAsync()).RequireSuccess().Output("contracts");
        Address AddressOf(string name) => Address.Parse(Assert.IsType<PropertyString>(contracts[name]).Value);
        await using ChainClient chain = await ChainClient.ConnectAsync(ChainEndpoint.FromUrl(stack.Chain.Url), ChainId.Anvil, TimeProvider.System, default);
        ExternalChainProviderContract orders = new(AddressOf("ExternalChainProvider"));
        KindRequirement requirement = ServiceCatalog.Find("redis").RequirementFor(NetworkName.Localnet);
        ExternalChainProviderTypes.Offer offer = Assert.Single(
            await chain.QueryAsync(orders.OffersOfKind(ServiceCatalog.Find("redis").Id, requirement.NetworkId, 0, 10), default));
        TestUsdContract payment = new(AddressOf("TestUsd"));
        using TransactionPipeline payer = await OpenAsync(chain, AnvilAccounts.Consumer);

        // A node takes 32 of one consumer that nobody has reported yet.
        foreach (IEnumerable<int> numbers in Enumerable.Range(0, Leases).Chunk(26))
        {
            using TransactionPipeline consumer = await OpenAsync(chain, AnvilAccounts.All[5 + (numbers.First() / 26)]);
            BigInteger price = offer.PricePerHour * numbers.Count();
            await payer.SendAsync(payment.Transfer(consumer.Account, price), default);
            await consumer.SendAsync(
                [
                    payment.Approve(AddressOf("DWSBilling"), price),
                    .. numbers.Select(number => orders.ProvisionNode(new ExternalChainProviderTypes.OrderRequest(
                        Keccak.Hash($"order {number}"), offer.OfferId, offer.Kind, offer.Network, 1, offer.PricePerHour,
                        Bytes32.Zero, false, false, default, Bytes32.Zero, Keccak.Hash("key"), []))),
                ],
                default);
        }

        var destroyed = (await stack.DestroyAsync()).RequireSuccess();

        Assert.Contains(destroyed.Diagnostics, line => line.Message.StartsWith($"{Leases} leases are given up", StringComparison.Ordinal));
    }

    private static Task<TransactionPipeline> OpenAsync(ChainClient chain, AnvilAccount account) => TransactionPipeline.OpenAsync(
        chain, SoftwareSigner.Create(account.PrivateKey, ChainId.Anvil), TransactionJournal.InMemory(), new TransactionPipelineOptions(), default);
}
