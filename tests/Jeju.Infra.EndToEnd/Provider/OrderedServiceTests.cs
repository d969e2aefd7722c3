using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Components.Localnet;
using Jeju.Infra.Components.Resources;
using Jeju.Infra.Core;
using Jeju.Infra.Protocol.Properties;
using Jeju.Infra.Tests.Engine;
using Pulumi;
using Pulumi.Automation;
using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.EndToEnd.Provider;

/// <summary>The whole flow on the null backend: stake, registration, order, readiness, discovery through the chain, refund.</summary>
public sealed class OrderedServiceTests : IAsyncLifetime
{
    private const string InAnyRegion = """[{"name":"cache","kind":"redis"}]""";
    private const string InRegionLocal = """[{"name":"cache","kind":"redis","region":"local"}]""";

    private static readonly Address Consumer = AnvilAccounts.Consumer.Address;

    private readonly LocalStack _stack = new LocalStack().With("backend", "null").With("services", InAnyRegion);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _stack.DisposeAsync().AsTask();

    [AutomationFact]
    public async Task An_order_is_placed_once_extended_replaced_there_and_back_and_refunded()
    {
        var first = (await _stack.UpAsync()).RequireSuccess();
        Assert.IsType<PropertySecret>(first.Output("connectionStrings")["cache"]);
        Assert.Matches("^127.0.0.1:[0-9]+$", Assert.IsType<PropertyString>(first.Output("endpoints")["cache"]).Value);

        await using var chain = await ConnectAsync();
        var orders = new ExternalChainProviderContract(AddressOf(first, "ExternalChainProvider"));
        var initial = Assert.Single(await OrdersAsync(chain, orders));
        Assert.Equal(OrderState.Ready, initial.State);

        var noncesBefore = await NoncesAsync(chain);
        Assert.Empty((await _stack.UpAsync()).RequireSuccess().Changes);
        Assert.Equal(noncesBefore, await NoncesAsync(chain));

        _stack.With("services", """[{"name":"cache","kind":"redis","hours":200}]""");
        // The component has the argument as well as the resource in it.
        Assert.Equal(["Update cache", "Update cache"], (await _stack.PreviewAsync()).RequireSuccess().Changes);
        (await _stack.UpAsync()).RequireSuccess();
        var extended = Assert.Single(await OrdersAsync(chain, orders));
        Assert.Equal(initial.PricePerHour * 200, extended.Deposit);
        Assert.Equal(initial.OrderId, extended.OrderId);

        _stack.With("services", InRegionLocal);
        (await _stack.UpAsync()).RequireSuccess();
        _stack.With("services", InAnyRegion);
        (await _stack.UpAsync()).RequireSuccess();
        var all = await OrdersAsync(chain, orders);
        Assert.Equal(3, all.Count);
        var live = Assert.Single(all, order => order.State is OrderState.Ready);
        Assert.Equal((initial.Salt, 2UL), (live.Salt, live.Generation));

        (await _stack.ReplaceAsync("jeju:marketplace:OrderedService$jeju:index:ProvisionedNode", "cache")).RequireSuccess();
        var replaced = Assert.Single(await OrdersAsync(chain, orders), order => order.State is OrderState.Ready);
        Assert.Equal((initial.Salt, 3UL), (replaced.Salt, replaced.Generation));
        var record = await chain.QueryAsync(
            new JNSResolverContract(AddressOf(first, "JNSResolver")).Service(JnsNames.Hash("cache.jeju")), CancellationToken.None);
        Assert.Equal(replaced.OrderId, record.OrderId);

        var destroyed = (await _stack.DestroyAsync()).RequireSuccess();
        Assert.Contains(destroyed.Diagnostics, line => line.Message.StartsWith("Lease ended: $", StringComparison.Ordinal));
        Assert.Empty(DetachedProcess.Find(Path.Combine(_stack.Layout.AgentFolder("localnet"), "settings.json")));
        Assert.False(System.IO.Directory.Exists(_stack.Layout.AgentFolder("localnet")));
    }

    [AutomationFact]
    public async Task A_killed_agent_a_rolled_back_chain_and_a_reset_chain_are_repaired_by_the_next_up()
    {
        var first = (await _stack.UpAsync()).RequireSuccess();
        var orders = new ExternalChainProviderContract(AddressOf(first, "ExternalChainProvider"));
        ExternalChainProviderTypes.Order initial;
        await using (var chain = await ConnectAsync())
        {
            initial = Assert.Single(await OrdersAsync(chain, orders));

            var agent = Assert.Single(DetachedProcess.Find(Path.Combine(_stack.Layout.AgentFolder("localnet"), "settings.json")));
            await KillAsync(agent);
            Assert.Equal(["Update agent"], (await _stack.UpAsync()).RequireSuccess().Changes);

            await RollBackAsync(chain, orders, initial);
            (await _stack.UpAsync()).RequireSuccess();
            var again = Assert.Single(await OrdersAsync(chain, orders));
            Assert.Equal((initial.OrderId, OrderState.Ready), (again.OrderId, again.State));
            Assert.Empty((await _stack.UpAsync()).RequireSuccess().Changes);
        }

        await AnvilProcess.ResetAsync(_stack.Chain, TimeProvider.System, CancellationToken.None);
        var anew = (await _stack.UpAsync()).RequireSuccess();
        Assert.NotEqual(first.Output("chain")["genesisHash"], anew.Output("chain")["genesisHash"]);
        Assert.Equal(first.Result.Outputs["contracts"], anew.Result.Outputs["contracts"]);
        await using (var chain = await ConnectAsync())
        {
            Assert.Equal(OrderState.Ready, Assert.Single(await OrdersAsync(chain, orders)).State);
        }

        Assert.Empty((await _stack.UpAsync()).RequireSuccess().Changes);
        (await _stack.DestroyAsync()).RequireSuccess();
    }

    [AutomationFact]
    public async Task A_live_order_that_neither_state_nor_journal_knows_is_not_paid_again_and_is_taken_over_by_the_import_that_is_named()
    {
        var first = (await _stack.UpAsync()).RequireSuccess();
        System.IO.Directory.Delete(_stack.Layout.EngineStateFolder, recursive: true);
        System.IO.Directory.Delete(_stack.Layout.JournalFolder("localnet"), recursive: true);

        var second = await _stack.UpAsync();

        var failure = Assert.Single(second.Result.Failures, error => error.Message.Contains("JEJU0520", StringComparison.Ordinal));
        Assert.Equal(FailureKind.Refused, failure.Kind);
        await using var chain = await ConnectAsync();
        var order = Assert.Single(await OrdersAsync(chain, new ExternalChainProviderContract(AddressOf(first, "ExternalChainProvider"))));
        Assert.Contains($"pulumi import jeju:index:ProvisionedNode cache {order.OrderId}@{_stack.Chain.Url}@", failure.Message, StringComparison.Ordinal);
        Assert.Equal(OrderState.Ready, order.State);

        var named = Regex.Match(failure.Message, @"pulumi import jeju:index:ProvisionedNode cache (\S+) --parent .parent=urn:pulumi:localnet::[^ ]+\$?jeju:marketplace:OrderedService::cache.`").Groups[1].Value;
        using var importing = await ImportingStackAsync(first, order, named);
        var imported = await importing.UpAsync();
        Assert.Equal(1, imported.Summary.ResourceChanges![OperationType.Import]);
        Assert.Equal(order.OrderId.ToString(), imported.Outputs["orderId"].Value);
        Assert.Equal([OperationType.Same], (await importing.UpAsync()).Summary.ResourceChanges!.Keys);
        await importing.DestroyAsync();
        var ended = Assert.Single(await OrdersAsync(chain, new ExternalChainProviderContract(AddressOf(first, "ExternalChainProvider"))));
        Assert.True(ended.State is OrderState.Ended or OrderState.Settled, $"the order is {ended.State}");
    }

    /// <summary>A program that knows the order by its import alone, with a state of its own.</summary>
    private async Task<WorkspaceStack> ImportingStackAsync(StackRunRecord first, ExternalChainProviderTypes.Order order, string id)
    {
        var folder = System.IO.Directory.CreateDirectory(Path.Combine(_stack.Folder, "importing")).FullName;
        await System.IO.File.WriteAllTextAsync(
            Path.Combine(folder, "Pulumi.yaml"),
            $"name: jeju-infra\nruntime: dotnet\nplugins:\n  providers:\n    - name: jeju\n      path: {Path.GetDirectoryName(_stack.Layout.ProviderPlugin)}\n");
        var genesis = Assert.IsType<PropertyString>(first.Output("chain")["genesisHash"]).Value;
        return await LocalWorkspace.CreateOrSelectStackAsync(new InlineProgramArgs("jeju-infra", "localnet", PulumiFn.Create(() =>
        {
            var node = new ProvisionedNode(
                "cache",
                new ProvisionedNodeArgs
                {
                    Suite = new SuiteArgs
                    {
                        Endpoint = _stack.Chain.Url, ChainId = "31337", GenesisHash = genesis, Deployer = AnvilAccounts.Deployer.Address.ToString(),
                    },
                    Signer = DevelopmentAccounts.Consumer,
                    Kind = "redis",
                    Hours = 168,
                    MaximumPricePerHour = order.MaxPricePerHour.ToString(CultureInfo.InvariantCulture),
                },
                new CustomResourceOptions { ImportId = id });
            return new Dictionary<string, object?> { ["orderId"] = node.OrderId };
        }))
        {
            WorkDir = folder,
            EnvironmentVariables = new Dictionary<string, string?>
            {
                ["PULUMI_BACKEND_URL"] = $"file://{folder}",
                ["PULUMI_CONFIG_PASSPHRASE"] = "",
                [RepositoryLayout.StateFolderVariable] = _stack.Folder,
            },
        });
    }

    private Task<ChainClient> ConnectAsync() =>
        ChainClient.ConnectAsync(ChainEndpoint.FromUrl(_stack.Chain.Url), ChainId.Anvil, TimeProvider.System, CancellationToken.None);

    private static Address AddressOf(StackRunRecord run, string contract) =>
        Address.Parse(Assert.IsType<PropertyString>(run.Output("contracts")[contract]).Value);

    private static async Task<IReadOnlyList<ExternalChainProviderTypes.Order>> OrdersAsync(ChainClient chain, ExternalChainProviderContract orders)
    {
        var ids = await chain.QueryAsync(orders.OrdersOfConsumer(Consumer, 0, 100), CancellationToken.None);
        return await chain.QueryAsync([.. ids.Select(id => orders.Order(id))], CancellationToken.None);
    }

    /// <summary>How often each of our keys has sent; the agent's is left out, since its heartbeats go on.</summary>
    private static async Task<IReadOnlyList<ulong>> NoncesAsync(ChainClient chain)
    {
        var nonces = new List<ulong>();
        foreach (var account in new[] { AnvilAccounts.Deployer, AnvilAccounts.Operator, AnvilAccounts.Consumer, AnvilAccounts.Delegator })
        {
            nonces.Add(await chain.GetNonceAsync(account.Address, CancellationToken.None));
        }

        return nonces;
    }

    /// <summary>Takes the order's own block away and not one more: the contracts may be of the same second.</summary>
    private async Task RollBackAsync(ChainClient chain, ExternalChainProviderContract orders, ExternalChainProviderTypes.Order order)
    {
        using var client = new HttpClient();
        // The agent lives: a heartbeat between the count and the rollback leaves one block more.
        while (await BlocksSinceAsync(chain, orders, order) is > 0 and var blocks)
        {
            using var response = await client.PostAsJsonAsync(
                _stack.Chain.Url, new { jsonrpc = "2.0", id = 1, method = "anvil_rollback", @params = new object[] { blocks } });
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.False(answer.TryGetProperty("error", out var error), error.ToString());
        }
    }

    private static async Task<int> BlocksSinceAsync(ChainClient chain, ExternalChainProviderContract orders, ExternalChainProviderTypes.Order order)
    {
        var head = await chain.GetBlockNumberAsync(CancellationToken.None);
        var number = head;
        while ((await chain.QueryAsync(orders.Order(order.OrderId), CancellationToken.None, number)).State is not OrderState.None)
        {
            number--;
        }

        return (int)(head - number);
    }

    private static async Task KillAsync(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        await process.WaitForExitAsync();
    }
}
