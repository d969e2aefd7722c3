using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>The suite comes up as planned, once, whatever interrupts it; and what somebody changes by hand is named and repaired.</summary>
public class SuiteDeploymentTests
{
    private const ulong BlockGas = 60_000_000;

    [FoundryFact]
    public async Task Deployment_BringsThePlan_AndTheSecondRunSendsNothing()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        SuitePlan plan = await PlanAsync();
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);

        SuiteDeploymentResult first = await new SuiteDeployment(plan, pipeline).ApplyAsync(CancellationToken.None);
        SuiteDeploymentResult second = await new SuiteDeployment(plan, pipeline).ApplyAsync(CancellationToken.None);

        Assert.True(first.Inspection.IsAsPlanned, string.Join('\n', first.Inspection.Deviations));
        Assert.Equal(0, second.Transactions);
        Assert.Equal(
            (await SuitePlan.PredictAddressesAsync(NetworkProfile.Localnet, AnvilAccounts.Deployer.Address, Artifacts, CancellationToken.None)).All,
            plan.Addresses.All);
        SuiteFactoryContract factory = new(plan.Compiled.FactoryAddress);
        Assert.Equal(
            plan.Addresses["DWSBilling"],
            await anvil.Client.QueryAsync(factory.AddressOf(plan.Settings.Deployer, CompiledSuite.SaltOf("DWSBilling")), CancellationToken.None));
    }

    [FoundryFact]
    public async Task Deployment_AtTwoSecondBlocks_TakesAtMostTwoBlocksMoreThanItsGasNeeds()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync(blockTime: 2);
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
        List<TransactionReceipt> receipts = [];
        pipeline.Progress += progress => receipts.AddRange(progress.Receipt is { } receipt ? [receipt] : []);

        await new SuiteDeployment(await PlanAsync(), pipeline).ApplyAsync(CancellationToken.None);

        ulong gas = (ulong)receipts.Sum(receipt => (long)receipt.GasUsed);
        ulong blocks = receipts.Max(receipt => receipt.BlockNumber) - receipts.Min(receipt => receipt.BlockNumber) + 1;
        Assert.InRange(blocks, 1UL, ((gas + BlockGas - 1) / BlockGas) + 2);
    }

    [FoundryFact]
    public async Task Deployment_KilledAfterAnyNumberOfTransactions_IsCompletedByTheNextRun()
    {
        SuitePlan plan = await PlanAsync();
        foreach (int steps in new[] { 1, 2, 7, 14, 20 })
        {
            // Blocks that hold three or four deployments each, so that the kill falls between transactions.
            await using TestAnvil anvil = await TestAnvil.StartAsync(blockTime: 1);
            await anvil.RpcAsync("evm_setBlockGasLimit", "0x1000000");
            TransactionPipeline killed = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
            using CancellationTokenSource kill = new();
            int done = 0;
            killed.Progress += progress =>
            {
                if (progress.Receipt is not null && ++done == steps)
                {
                    kill.Cancel();
                }
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new SuiteDeployment(plan, killed).ApplyAsync(kill.Token));

            // What waited in the pool is lost, as after a crash of the node.
            await anvil.RpcAsync("anvil_dropAllTransactions");
            await anvil.RpcAsync("evm_setBlockGasLimit", "0x3938700");
            TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
            SuiteDeploymentResult result = await new SuiteDeployment(plan, pipeline).ApplyAsync(CancellationToken.None);
            SuiteDeploymentResult again = await new SuiteDeployment(plan, pipeline).ApplyAsync(CancellationToken.None);

            Assert.True(result.Inspection.IsAsPlanned, string.Join('\n', result.Inspection.Deviations));
            Assert.Equal(0, again.Transactions);
            Assert.Equal(TokenAmount.FromTokens(2_000_000, 18).Units, await JejuOfAsync(anvil, plan, AnvilAccounts.Operator.Address));
        }
    }

    [FoundryFact]
    public async Task Reorganisation_OfADeployedSuite_IsBroughtBackAtTheSameAddresses()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        SuitePlan plan = await PlanAsync();
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
        await new SuiteDeployment(plan, pipeline).ApplyAsync(CancellationToken.None);

        ulong head = await anvil.Client.GetBlockNumberAsync(CancellationToken.None);
        await anvil.RpcAsync("anvil_rollback", Math.Min(head, 3));
        TransactionPipeline next = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
        SuiteDeploymentResult result = await new SuiteDeployment(plan, next).ApplyAsync(CancellationToken.None);

        Assert.True(result.Inspection.IsAsPlanned, string.Join('\n', result.Inspection.Deviations));
        Assert.Equal(TokenAmount.FromTokens(2_000_000, 18).Units, await JejuOfAsync(anvil, plan, AnvilAccounts.Operator.Address));
    }

    [FoundryFact]
    public async Task Deployment_SurvivesDroppedTransactionsAndARisingBaseFee()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync(blockTime: 1);
        SuitePlan plan = await PlanAsync();
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer, new TransactionPipelineOptions { BlocksBeforeBump = 2 });
        List<Task> disturbances = [];
        int sent = 0;
        pipeline.Progress += progress =>
        {
            if (progress.Receipt is null && ++sent is 3 or 20 or 40)
            {
                disturbances.Add(anvil.RpcAsync("anvil_dropTransaction", progress.Hash.ToString()));
                disturbances.Add(anvil.RpcAsync("anvil_setNextBlockBaseFeePerGas", "0xba43b7400"));
            }
        };

        SuiteDeploymentResult result = await new SuiteDeployment(plan, pipeline).ApplyAsync(CancellationToken.None);
        SuiteDeploymentResult again = await new SuiteDeployment(plan, pipeline).ApplyAsync(CancellationToken.None);

        await Task.WhenAll(disturbances);
        Assert.Equal(6, disturbances.Count);
        Assert.True(result.Inspection.IsAsPlanned, string.Join('\n', result.Inspection.Deviations));
        Assert.Equal(0, again.Transactions);
        Assert.Equal((ulong)result.Transactions, await anvil.Client.GetNonceAsync(pipeline.Account, CancellationToken.None));
    }

    [FoundryFact]
    public async Task RestartedAnvil_ThatLostThePartOfADeployment_IsBroughtToTheSameAddresses()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync(blockTime: 1);
        SuitePlan plan = await PlanAsync();
        TransactionPipeline before = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
        Task? saved = null;
        before.Progress += progress => saved ??= progress.Receipt is null ? null : anvil.SaveAsync();
        SuiteDeploymentResult first = await new SuiteDeployment(plan, before).ApplyAsync(CancellationToken.None);
        Assert.NotNull(saved);
        await saved;

        await anvil.KillAndRestartAsync();
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
        SuiteDeploymentResult result = await new SuiteDeployment(plan, pipeline).ApplyAsync(CancellationToken.None);
        SuiteDeploymentResult again = await new SuiteDeployment(plan, pipeline).ApplyAsync(CancellationToken.None);

        Assert.True(result.Inspection.IsAsPlanned, string.Join('\n', result.Inspection.Deviations));
        Assert.Equal(first.Inspection.Addresses.All, result.Inspection.Addresses.All);
        Assert.Equal(0, again.Transactions);
        Assert.Equal(TokenAmount.FromTokens(2_000_000, 18).Units, await JejuOfAsync(anvil, plan, AnvilAccounts.Operator.Address));
    }

    [FoundryFact]
    public async Task ChangesByHand_AreNamedOneByOne_AndRepaired()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        SuitePlan plan = await PlanAsync();
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
        await new SuiteDeployment(plan, pipeline).ApplyAsync(CancellationToken.None);
        IReadOnlyList<(string Contract, string Subject)> expected = await ChangeByHandAsync(anvil, plan);

        SuiteInspection found = await new SuiteInspector(anvil.Client, plan).InspectAsync(CancellationToken.None);
        SuiteDeploymentResult repaired = await new SuiteDeployment(plan, pipeline).ApplyAsync(CancellationToken.None);

        Assert.Equal(
            expected.Order(), found.Deviations.Select(deviation => (deviation.Contract, deviation.Subject)).Order());
        Assert.True(repaired.Inspection.IsAsPlanned, string.Join('\n', repaired.Inspection.Deviations));
    }

    [FoundryFact]
    public async Task Refusal_CarriesTheTypedErrorWithItsArguments()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        SuitePlan plan = await PlanAsync();
        await new SuiteDeployment(plan, await anvil.OpenPipelineAsync(AnvilAccounts.Deployer)).ApplyAsync(CancellationToken.None);
        TransactionPipeline stranger = await anvil.OpenPipelineAsync(AnvilAccounts.All[9]);

        InfraException error = await Assert.ThrowsAsync<InfraException>(() => stranger.SendAsync(
            new JejuTokenContract(plan.Addresses["JejuToken"]).Mint(stranger.Account, 1), CancellationToken.None));

        ContractRevertException revert = Assert.IsType<ContractRevertException>(error.InnerException);
        Assert.Equal(
            new ContractErrors.AccessControlUnauthorizedAccount(stranger.Account, PlannedRole.IdOf("MINTER_ROLE")), revert.Revert.Error);
        Assert.Contains("JejuToken.mint", error.Message, StringComparison.Ordinal);
        Assert.Equal(ChainErrors.RevertedCode, error.Code);
    }

    /// <summary>A dozen changes that a hand could make with cast, as the timelock; the result is what verify must say.</summary>
    private static async Task<IReadOnlyList<(string Contract, string Subject)>> ChangeByHandAsync(TestAnvil anvil, SuitePlan plan)
    {
        string timelock = plan.Addresses["JejuTimelock"].ToString();
        string stranger = AnvilAccounts.All[8].Address.ToString();
        await anvil.RpcAsync("anvil_impersonateAccount", timelock);
        await anvil.RpcAsync("anvil_setBalance", timelock, "0x8ac7230489e80000");
        async Task SendAsync(string contract, string signature, params string[] arguments) => await Cast.RunAsync(
            ["send", "--rpc-url", anvil.Settings.Url, "--unlocked", "--from", timelock, plan.Addresses[contract].ToString(), signature, .. arguments]);
        string minter = PlannedRole.IdOf("MINTER_ROLE").ToString();
        string lessor = PlannedRole.IdOf("LESSOR_ROLE").ToString();
        string action = (await anvil.Client.QueryAsync(new GovernedContract(plan.Addresses["DWSBilling"]).PausableActions(), CancellationToken.None))[0].ToString();
        string other = plan.Compiled.ImplementationOf("JejuToken").ToString();
        string postgres = Bytes32.FromName("postgres").ToString();
        string database = Bytes32.FromName("database").ToString();

        await SendAsync("JejuToken", "grantRole(bytes32,address)", minter, stranger);
        await SendAsync("TestUsd", "grantRole(bytes32,address)", Bytes32.Zero.ToString(), stranger);
        await SendAsync("DWSBilling", "revokeRole(bytes32,address)", lessor, plan.Addresses["ExternalChainProvider"].ToString());
        await SendAsync("DWSBilling", "pauseAction(bytes32)", action);
        await SendAsync("DWSBilling", "setProtocolFee(uint16)", "900");
        await SendAsync("DWSBilling", "setWiring(address,address)", stranger, plan.Addresses["DelegatedNodeStaking"].ToString());
        await SendAsync("DWSProviderRegistry", "setParameters((uint32,uint32,uint32))", "(60,180,86400)");
        await SendAsync("ExternalChainProvider", "setParameters((uint32,uint32,uint16,uint16))", "(600,300,32,0)");
        await SendAsync(
            "ExternalChainProvider", "setKind(bytes32,bytes32,(bool,bool,bool,uint16,uint32,uint32,uint32,uint128,bytes32))", postgres,
            Bytes32.FromName("localnet").ToString(), $"(true,false,true,64,1,1,300,1,{database})");
        await SendAsync("MultiServiceStakeManager", "setService(bytes32,uint128)", database, "1");
        await SendAsync("MultiServiceStakeManager", "setUnbondingPeriod(uint32)", "864000");
        await SendAsync("JNSResolver", "setProvider(address,bool)", plan.Addresses["ExternalChainProvider"].ToString(), "false");
        await SendAsync("AutoSlasher", "setSource(address,bool)", stranger, "true");
        await SendAsync("SequencerRegistry", "setFactSources(address,address)", stranger, stranger);
        await SendAsync("NodeStakingManager", "setRegion(bytes32,bool)", Bytes32.FromName("local").ToString(), "false");
        await SendAsync(
            "JNSRegistry", "setSubnodeOwner(bytes32,bytes32,address)", Bytes32.Zero.ToString(), Keccak.Hash(JnsNames.TopLevel).ToString(), stranger);
        await SendAsync("Treasury", "upgradeToAndCall(address,bytes)", other, "0x");
        return
        [
            ("JejuToken", "MINTER_ROLE"), ("TestUsd", "DEFAULT_ADMIN_ROLE"), ("DWSBilling", "LESSOR_ROLE"),
            ("DWSBilling", $"action {Bytes32.Parse(action).ToName()}"), ("DWSBilling", "protocol fee in basis points"), ("DWSBilling", "treasury"),
            ("DWSProviderRegistry", "parameters"), ("ExternalChainProvider", "parameters"), ("ExternalChainProvider", "kind postgres on localnet"),
            ("MultiServiceStakeManager", "service database"), ("MultiServiceStakeManager", "unbonding in seconds"),
            ("JNSResolver", "provider ExternalChainProvider"), ("Treasury", "implementation"), ("Treasury", "split"),
            ("Treasury", "daily limit of the payment token"), ("Treasury", "daily limit of JEJU"), ("AutoSlasher", $"source {AnvilAccounts.All[8].Address.ToChecksumText()}"),
            ("SequencerRegistry", "fact sources"), ("NodeStakingManager", "region local"), ("JNSRegistry", "owner of the name jeju"),
        ];
    }

    private static ContractArtifacts Artifacts { get; } = new(FoundryFactAttribute.Layout);

    private static Task<SuitePlan> PlanAsync() => SuitePlan.CreateAsync(SuiteSettings.Localnet, Artifacts, CancellationToken.None);

    private static async Task<BigInteger> JejuOfAsync(TestAnvil anvil, SuitePlan plan, Address account) =>
        await anvil.Client.QueryAsync(new JejuTokenContract(plan.Addresses["JejuToken"]).BalanceOf(account), CancellationToken.None);
}
