using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Core;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>An Anvil of one test, on a free port, with its state in a folder of its own. Nothing of it is left behind.</summary>
internal sealed class TestAnvil : IAsyncDisposable
{
    private readonly List<IDisposable> _opened = [];

    private TestAnvil(LocalChainSettings settings) => Settings = settings;

    public LocalChainSettings Settings { get; private set; }

    public ChainClient Client { get; private set; } = null!;

    public string JournalFolder => Path.Combine(Settings.Folder, "journal");

    public static async Task<TestAnvil> StartAsync(int? blockTime = null, bool withKeeper = false, ChainId? chain = null)
    {
        string folder = Directory.CreateTempSubdirectory("jeju-anvil-").FullName;
        RepositoryLayout layout = FoundryFactAttribute.Layout;
        LocalChainSettings settings = new(folder, LoopbackPort.Next(), layout.FoundryTool("anvil"), withKeeper ? layout.CommandLineTool : null)
        {
            BlockTime = blockTime,
            ChainId = (chain ?? ChainId.Anvil).Value,
        };
        TestAnvil anvil = new(settings);
        await AnvilProcess.StartAsync(settings, TimeProvider.System, CancellationToken.None);
        await anvil.ConnectAsync();
        return anvil;
    }

    public async Task ConnectAsync() => Client = await ChainClient.ConnectAsync(
        ChainEndpoint.FromUrl(Settings.Url), new ChainId(Settings.ChainId), TimeProvider.System, CancellationToken.None);

    /// <summary>A pipeline of one of Anvil's accounts, with a journal on disk as the product has it.</summary>
    public async Task<TransactionPipeline> OpenPipelineAsync(AnvilAccount account, TransactionPipelineOptions? options = null)
    {
        SoftwareSigner signer = SoftwareSigner.Create(account.PrivateKey, ChainId.Anvil);
        TransactionJournal journal = await OpenJournalAsync(signer.Address);
        TransactionPipeline pipeline = await TransactionPipeline.OpenAsync(
            Client, signer, journal, options ?? new TransactionPipelineOptions(), CancellationToken.None);
        _opened.Add(pipeline);
        return pipeline;
    }

    /// <summary>The journal of a key, as each process opens it for itself.</summary>
    public Task<TransactionJournal> OpenJournalAsync(Address account) =>
        TransactionJournal.OpenAsync(JournalFolder, Client.Identity, account, TimeProvider.System, CancellationToken.None);

    /// <summary>Calls Anvil's own methods, which the product never does.</summary>
    public async Task<string> RpcAsync(string method, params object?[] parameters) =>
        (await Client.SendAsync([new RpcCall(method, parameters)], CancellationToken.None))[0].Required.ToString();

    /// <summary>Saves the state once, as the keeper does after each block; what comes later is lost by a kill.</summary>
    public async Task SaveAsync()
    {
        using CancellationTokenSource stop = new();
        Task keeper = ChainKeeper.RunAsync(Settings, TimeProvider.System, Assert.Fail, stop.Token);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20));
        DateTime before = File.GetLastWriteTimeUtc(Settings.StateFile);
        while (File.GetLastWriteTimeUtc(Settings.StateFile) == before)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
        }

        await stop.CancelAsync();
        await keeper;
    }

    /// <summary>Kills Anvil as a crash would, and starts it again with what was saved.</summary>
    public async Task KillAndRestartAsync()
    {
        await KillAsync();
        await AnvilProcess.StartAsync(Settings, TimeProvider.System, CancellationToken.None);
    }

    public async Task KillAsync()
    {
        foreach (int process in DetachedProcess.Find(Settings.ProcessMarker))
        {
            using System.Diagnostics.Process running = System.Diagnostics.Process.GetProcessById(process);
            running.Kill();
            await running.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _opened.ForEach(opened => opened.Dispose());
        await Client.DisposeAsync();
        await AnvilProcess.ResetAsync(Settings, TimeProvider.System, CancellationToken.None);
    }
}
