using System.Text.Json;
using System.Text.Json.Nodes;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;
using Jeju.Infra.EndToEnd.Chain;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.EndToEnd.Readme;

namespace Jeju.Infra.EndToEnd.Localnet;

/// <summary>What somebody changes by hand in the contracts, through the commands: verify and preview name it, up puts it right.</summary>
public sealed class ContractRepairTests
{
    [FoundryFact]
    [ReadmeCommand("./jeju contracts deploy")]
    [ReadmeCommand("./jeju contracts collect")]
    [ReadmeCommand("./jeju signer create deployer.json --passphrase-variable PASSPHRASE")]
    public async Task Changes_by_hand_are_named_by_verify_and_preview_and_put_right_by_up()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.WriteSettingsAsync(("services", "[]"), ("backend", "\"null\""), ("delegation", "0"));
        (await localnet.RunAsync("up")).Succeeded();
        JsonElement deployed = JsonDocument.Parse((await localnet.RunAsync("contracts", "deploy", "--json")).Succeeded().Output).RootElement;
        Assert.Equal(0, deployed.GetProperty("transactions").GetInt32());
        JsonElement contracts = deployed.GetProperty("contracts");
        IReadOnlyList<string> subjects = await ChangeAsync(localnet, name => contracts.GetProperty(name).GetString() ?? "");

        CommandRun verify = (await localnet.RunAsync("contracts", "verify")).FailedWith(1, "JEJU0821");
        CommandRun preview = (await localnet.RunAsync("preview")).Succeeded();

        Assert.All(subjects, subject => Assert.Contains(subject, verify.Output, StringComparison.Ordinal));
        Assert.All(subjects, subject => Assert.Contains(subject, preview.Output + preview.Error, StringComparison.Ordinal));
        (await localnet.RunAsync("up")).Succeeded();
        (await localnet.RunAsync("contracts", "verify")).Succeeded();
        (await localnet.RunAsync("up", "--expect-no-changes")).Succeeded();

        await CreateSignerAsync(localnet);
        await CollectAsync(localnet, name => contracts.GetProperty(name).GetString() ?? "");
        await DisableUpgradesAsync(localnet, contracts.GetProperty("JejuTimelock").GetString()!, contracts.GetProperty("RepoRegistry").GetString()!);
    }

    /// <summary>What lies where it was earned, here by mistake, reaches the treasury, named by source, and a second run finds nothing.</summary>
    private static async Task CollectAsync(LocalnetCheckout localnet, Func<string, string> addressOf)
    {
        string consumer = AnvilAccounts.Consumer.Address.ToString();
        await localnet.CastAsync("rpc", "anvil_impersonateAccount", consumer);
        Task GiveAsync(string token, string contract, string amount) =>
            localnet.CastAsync("send", "--unlocked", "--from", consumer, addressOf(token), "transfer(address,uint256)", addressOf(contract), amount);
        await GiveAsync("TestUsd", "DWSBilling", "1000003");
        await GiveAsync("TestUsd", "Treasury", "17");
        await GiveAsync("TestUsd", "DelegatedNodeStaking", "23");
        await GiveAsync("JejuToken", "IdentityRegistry", "2500000000000000000");
        await GiveAsync("JejuToken", "SequencerRegistry", "1000000000000000000");

        JsonElement collected = await localnet.JsonAsync("contracts", "collect");
        CommandRun second = (await localnet.RunAsync("contracts", "collect")).Succeeded();

        Assert.Equal(
            ["DWSBilling 1.000003 tUSD", "DelegatedNodeStaking 0.000023 tUSD", "IdentityRegistry 2.5 JEJU", "SequencerRegistry 1 JEJU"],
            collected.GetProperty("arrived").EnumerateArray().Select(Describe).Order());
        Assert.Equal(
            ["Treasury 1.000043 tUSD", "Treasury 3.5 JEJU"], collected.GetProperty("booked").EnumerateArray().Select(Describe).Order());
        Assert.Equal("", second.Text);
        Assert.Contains("nothing to collect, and nothing was sent", second.Error, StringComparison.Ordinal);
        static string Describe(JsonElement amount) =>
            $"{amount.GetProperty("source").GetString()} {amount.GetProperty("tokens").GetString()} {amount.GetProperty("symbol").GetString()}";
    }

    /// <summary>The administrator ends the upgrades of a contract, and then its source changes: nothing is sent until somebody has decided.</summary>
    private static async Task DisableUpgradesAsync(LocalnetCheckout localnet, string timelock, string contract)
    {
        await localnet.CastAsync("send", "--unlocked", "--from", timelock, contract, "disableUpgrades()");
        CommandRun verified = (await localnet.RunAsync("contracts", "verify")).Succeeded();
        Assert.Contains("the upgrades of RepoRegistry are disabled", verified.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["RepoRegistry"],
            (await localnet.JsonAsync("contracts", "inspect")).EnumerateArray()
                .Where(one => one.GetProperty("upgradesDisabled").GetBoolean()).Select(one => one.GetProperty("name").GetString()));
        await ChangeCodeAsync(localnet, "RepoRegistry");
        await ChangeCodeAsync(localnet, "PackageRegistry");
        string deployer = AnvilAccounts.Deployer.Address.ToString();
        string sent = await localnet.CastAsync("nonce", deployer);

        CommandRun differs = (await localnet.RunAsync("contracts", "verify")).FailedWith(1, "JEJU0821");
        (await localnet.RunAsync("contracts", "deploy")).FailedWith(3, "JEJU0410");
        CommandRun preview = await localnet.RunAsync("preview");

        Assert.Contains("upgrades are disabled", differs.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, preview.ExitCode);
        Assert.Contains("JEJU0410", preview.Output + preview.Error, StringComparison.Ordinal);
        Assert.Equal(sent, await localnet.CastAsync("nonce", deployer));

        // Left as it is by a setting, it keeps nobody from upgrading another.
        await localnet.WriteSettingsAsync(
            ("services", "[]"), ("backend", "\"null\""), ("delegation", "0"), ("contracts", "{ exceptions: [\"RepoRegistry: implementation\"] }"));
        (await localnet.RunAsync("up")).Succeeded();
        Assert.NotEqual(sent, await localnet.CastAsync("nonce", deployer));
    }

    /// <summary>Gives a compiled contract another creation code, as after a change in its source.</summary>
    private static async Task ChangeCodeAsync(LocalnetCheckout localnet, string contract)
    {
        string file = Path.Combine(localnet.Layout.ContractArtifactsFolder, $"{contract}.sol", $"{contract}.json");
        JsonNode artifact = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        artifact["bytecode"]!["object"] = artifact["bytecode"]!["object"]!.GetValue<string>() + "00";

        // It is a hard link to the developer's.
        File.Delete(file);
        await File.WriteAllTextAsync(file, artifact.ToJsonString());
    }

    /// <summary>Twelve changes, one of each kind, as the timelock could make them.</summary>
    private static async Task<IReadOnlyList<string>> ChangeAsync(LocalnetCheckout localnet, Func<string, string> addressOf)
    {
        string timelock = addressOf("JejuTimelock");
        string stranger = AnvilAccounts.All[8].Address.ToString();
        await localnet.CastAsync("rpc", "anvil_impersonateAccount", timelock);
        await localnet.CastAsync("rpc", "anvil_setBalance", timelock, "0x8ac7230489e80000");
        Task SendAsync(string contract, string signature, params string[] arguments) =>
            localnet.CastAsync(["send", "--unlocked", "--from", timelock, addressOf(contract), signature, .. arguments]);
        string pausable = (await localnet.CastAsync("call", addressOf("DWSBilling"), "pausableActions()(bytes32[])")).Trim('[', ']').Split(',')[0].Trim();
        string otherCode = "0x" + (await localnet.CastAsync("storage", addressOf("JejuToken"), SuiteInspector.ImplementationSlot.ToString()))[26..];
        string database = Bytes32.FromName("database").ToString();

        await SendAsync("JejuToken", "grantRole(bytes32,address)", PlannedRole.IdOf("MINTER_ROLE").ToString(), stranger);
        await SendAsync("DWSBilling", "revokeRole(bytes32,address)", PlannedRole.IdOf("LESSOR_ROLE").ToString(), addressOf("ExternalChainProvider"));
        await SendAsync("DWSBilling", "setProtocolFee(uint16)", "900");
        await SendAsync("DWSBilling", "pauseAction(bytes32)", pausable);
        await SendAsync("DWSBilling", "setWiring(address,address)", stranger, addressOf("DelegatedNodeStaking"));
        await SendAsync(
            "JNSRegistry", "setSubnodeOwner(bytes32,bytes32,address)", Bytes32.Zero.ToString(), Keccak.Hash(JnsNames.TopLevel).ToString(), stranger);
        await SendAsync(
            "ExternalChainProvider", "setKind(bytes32,bytes32,(bool,bool,bool,uint16,uint32,uint32,uint32,uint128,bytes32))",
            Bytes32.FromName("postgres").ToString(), Bytes32.FromName("localnet").ToString(), $"(true,false,true,64,1,1,300,1,{database})");
        await SendAsync("ExternalChainProvider", "setWatcher(address,bool)", stranger, "true");
        await SendAsync("MultiServiceStakeManager", "setService(bytes32,uint128)", database, "1");
        await SendAsync("AutoSlasher", "setSource(address,bool)", stranger, "true");
        await SendAsync("NodeStakingManager", "setRegion(bytes32,bool)", Bytes32.FromName("local").ToString(), "false");
        await SendAsync("RepoRegistry", "upgradeToAndCall(address,bytes)", otherCode, "0x");
        return
        [
            "JejuToken: MINTER_ROLE", "DWSBilling: LESSOR_ROLE", "DWSBilling: protocol fee in basis points", "DWSBilling: action ",
            "DWSBilling: treasury", "JNSRegistry: owner of the name jeju", "ExternalChainProvider: kind postgres on localnet",
            "ExternalChainProvider: watcher", "MultiServiceStakeManager: service database", "AutoSlasher: source", "NodeStakingManager: region local",
            "RepoRegistry: implementation",
        ];
    }

    private static async Task CreateSignerAsync(LocalnetCheckout localnet)
    {
        string file = Path.Combine(localnet.Layout.StateFolder, "deployer.json");
        localnet.Environment["PASSPHRASE"] = "correct horse battery staple";

        string account = (await localnet.RunAsync("signer", "create", file, "--passphrase-variable", "PASSPHRASE")).Succeeded().Text;

        Assert.Equal(account, await Cast.RunAsync("wallet", "address", "--keystore", file, "--password", "correct horse battery staple"));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        (await localnet.RunAsync("signer", "create", file, "--passphrase-variable", "PASSPHRASE")).FailedWith(2, "JEJU0840");
    }
}
