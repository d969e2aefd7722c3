using Jeju.Infra.Components.Kubernetes;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Stacks.Settings;
using Pulumi;

namespace Jeju.Infra.Stacks;

/// <summary>What the chain services of a cluster take from their cloud.</summary>
internal sealed record ChainGround
{
    /// <summary>The cloud.</summary>
    public required CloudName Cloud { get; init; }

    /// <summary>The cluster's node groups.</summary>
    public required IReadOnlyList<NodeGroup> NodeGroups { get; init; }

    /// <summary>The cluster, ready for services.</summary>
    public required ClusterPlatform Platform { get; init; }

    /// <summary>The endpoints of the cloud's zone.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>What stands before the name of an image in the cloud's registry.</summary>
    public required string Registry { get; init; }

    /// <summary>Where the database takes writes.</summary>
    public required Output<string> DatabaseHost { get; init; }

    /// <summary>Where the database is read.</summary>
    public required Output<string> DatabaseReadHost { get; init; }

    /// <summary>The peer id of the sequencer's consensus client, where the cluster sequences.</summary>
    public required Output<string> SequencerPeerId { get; init; }

    /// <summary>The batcher's key, as the signer names it.</summary>
    public required Output<string> BatcherKey { get; init; }

    /// <summary>The proposer's key, as the signer names it.</summary>
    public required Output<string> ProposerKey { get; init; }

    /// <summary>What binds the signer's service account to its identity in the cloud; nothing where the cloud binds it by name.</summary>
    public IReadOnlyDictionary<string, Output<string>> SignerIdentity { get; init; } = new Dictionary<string, Output<string>>();
}

/// <summary>The ten chain services with signer and agent, on every cluster of a stack. Of all clusters exactly one builds the chain.</summary>
internal static class ChainServices
{
    private static readonly ErrorCode NoBundle = new(747);
    private static readonly ErrorCode NoDigest = new(748);
    private static readonly ErrorCode NoValidators = new(749);
    private static readonly ErrorCode NoPeers = new(750);

    /// <summary>Declares the services.</summary>
    /// <returns>Those of each cloud that a host is routed to.</returns>
    public static IReadOnlyDictionary<CloudName, IReadOnlyList<Resource>> Define(MarketSettings settings, NetworkProfile profile, IReadOnlyList<ChainGround> grounds)
    {
        RepositoryLayout layout = RepositoryLayout.Find(AppContext.BaseDirectory);
        RollupBundle? bundle = Bundle(settings.Rollup, profile, layout);
        CloudName sequencing = settings.Rollup.SequencingCloud ?? grounds.Select(ground => ground.Cloud).Order().First();
        EndpointTable sequencer = grounds.Single(ground => ground.Cloud == sequencing).Endpoints;
        string publicEndpoint = $"https://{sequencer.Endpoints.Single(endpoint => endpoint.Name == "rpc").HostIn(sequencer.Zone)}";
        WorkloadSizes sizes = settings.SizesFor(profile);
        ImageLock digests = ImageLock.Read(layout);
        WarnOfWhatTheAgentWillRefuse(profile, digests);
        WarnOfMissingPeers(settings.Rollup, profile, bundle is not null && grounds.Count > 1);
        Dictionary<CloudName, IReadOnlyList<Resource>> routed = [];
        foreach (ChainGround ground in grounds)
        {
            ChainCluster cluster = new(profile, ground.Cloud, ground.NodeGroups, ground.Cloud == sequencing, sizes, ground.Endpoints)
            {
                Bundle = bundle,

                // The secrets come last, and wait for namespaces and operators.
                Platform = [ground.Platform.Ready[^1]],
            };
            routed[ground.Cloud] = Define(settings, cluster, ground, new ChainImages(ground.Registry, settings.Images, digests), publicEndpoint);
        }

        return routed;
    }

    private static Resource[] Define(MarketSettings settings, ChainCluster cluster, ChainGround ground, ChainImages images, string publicEndpoint)
    {
        string name = ground.Platform.Name;
        ComponentResourceOptions options = new() { Provider = ground.Platform.Provider };
        bool isReth = settings.Rollup.ExecutionClient == ExecutionClient.OpReth;

        _ = new RollupConfiguration(name, new RollupConfigurationArgs { Cluster = cluster }, options);
        OpGeth execution = new($"{name}-op-geth", new OpGethArgs
        {
            Cluster = cluster,
            Client = settings.Rollup.ExecutionClient,
            Image = images.Public(isReth ? settings.Images.OpReth : settings.Images.OpGeth),
            GenesisImage = images.Own("rollup-genesis"),
            RemoteSequencer = publicEndpoint,
        }, options);
        OpNode consensus = new($"{name}-op-node", new OpNodeArgs
        {
            Cluster = cluster,
            Client = settings.Rollup.ExecutionClient,
            Image = images.Public(settings.Images.OpNode),
            SequencerPeerId = ground.SequencerPeerId,
            StaticPeers = settings.Rollup.StaticPeers,
            After = [execution],
        }, options);
        if (cluster.Sequences)
        {
            OpSigner signer = new($"{name}-op", new OpSignerArgs
            {
                Cluster = cluster,
                Image = images.Public(settings.Images.OpSigner),
                BatcherKey = ground.BatcherKey,
                ProposerKey = ground.ProposerKey,
                Identity = Inputs(ground.SignerIdentity),
            }, options);
            _ = new OpBatcher($"{name}-op", new OpBatcherArgs { Cluster = cluster, Image = images.Public(settings.Images.OpBatcher), After = [consensus, signer] }, options);
            _ = new OpProposer($"{name}-op", new OpProposerArgs { Cluster = cluster, Image = images.Public(settings.Images.OpProposer), After = [consensus, signer] }, options);
        }

        Indexer indexer = new($"{name}-indexer", new IndexerArgs
        {
            Cluster = cluster,
            Image = images.Own("indexer"),
            DatabaseHost = ground.DatabaseHost,
            DatabaseReadHost = ground.DatabaseReadHost,
        }, options);
        Gateway gateway = new(name, new GatewayArgs { Cluster = cluster, Image = images.Own("gateway"), DatabaseHost = ground.DatabaseHost, Endpoints = ground.Endpoints, ChainEndpoint = settings.ChainEndpoint }, options);
        Bundler bundler = new(name, new BundlerArgs { Cluster = cluster, Image = images.Own("bundler") }, options);
        FarcasterHub hub = new(name, new FarcasterHubArgs
        {
            Cluster = cluster,
            Image = images.Public(settings.Images.FarcasterHub),
            FiguresImage = images.Public(PublicImages.StatsdExporter),
            BootstrapPeers = settings.Rollup.FarcasterPeers,
            ValidatorSets = ValidatorSets(settings.Rollup),
        }, options);
        _ = new CovenantSql($"{name}-covenantsql", new CovenantSqlArgs
        {
            Cluster = cluster,
            Image = settings.Images.CovenantSql is { } covenantSql ? images.Public(covenantSql) : images.Own("covenantsql"),
        }, options);
        Messaging messaging = new(name, new MessagingArgs { Cluster = cluster, RelayImage = images.Own("messaging-relay"), KmsImage = images.Own("messaging-kms") }, options);
        DwsAgent agent = new(name, new DwsAgentArgs { Cluster = cluster, Image = images.Own(OwnImages.Agent), ChainEndpoint = settings.ChainEndpoint, ImageDigests = images.ServiceDigests }, options);
        return [execution, indexer, gateway, bundler, hub, messaging, agent];
    }

    /// <summary>The nodes of a cluster build no image, and what a lease was started from must be there again after every restart.</summary>
    private static void WarnOfWhatTheAgentWillRefuse(NetworkProfile profile, ImageLock digests)
    {
        string[] images = [.. ServiceCatalog.All
            .Where(kind => kind.Workload is { } workload && kind.Requirements.ContainsKey(profile.Name) && !digests.IsPinned(workload.Image))
            .Select(kind => kind.Workload!.Image.Registry)
            .Distinct()];
        if (images.Length > 0)
        {
            Log.Warn(
                $"{NoDigest}: The images of leased services have no digest yet: {string.Join(", ", images)}. The agent refuses orders of them, and their consumers are refunded. "
                + "Resolve them with `./jeju images pin`.");
        }
    }

    /// <summary>Whom the chain's followers and the hub would look for in vain.</summary>
    private static void WarnOfMissingPeers(RollupSettings settings, NetworkProfile profile, bool followsOnAnotherCloud)
    {
        if (followsOnAnotherCloud && settings.StaticPeers.Count == 0)
        {
            Log.Warn(
                $"{NoPeers}: The consensus clients of '{profile.StackName}' on the cloud that does not sequence have no peer: names of one cluster are not known in the other, and so they get blocks from Ethereum "
                + "alone, half an hour late. Name the sequencer's client by an address that is reached from there, and by the output 'sequencerPeerId', below 'jeju-infra:rollup' as 'staticPeers: "
                + "[/ip4/ADDRESS/tcp/9003/p2p/ID]'.");
        }

        if (settings.FarcasterValidators is null)
        {
            Log.Warn(
                $"{NoValidators}: The Farcaster hub has no validator sets, without which it ends at its start. Put the file that its maintainers publish (validators.toml) into the folder 'stacks', "
                + "and name it below 'jeju-infra:rollup' as 'farcasterValidators: FILE'; its peers are 'farcasterPeers'.");
        }
    }

    private static RollupBundle? Bundle(RollupSettings settings, NetworkProfile profile, RepositoryLayout layout)
    {
        if (settings.Bundle is not { } file)
        {
            Log.Warn(
                $"{NoBundle}: The stack '{profile.StackName}' has no rollup bundle: execution and consensus clients, batcher and proposer are declared, but start only once there is one. "
                + $"Write it from the deployment of the chain's contracts on chain {RollupChain.Of(profile.Name).L1}, and name it below 'jeju-infra:rollup' as 'bundle: FILE'.");
            return null;
        }

        string path = Path.Combine(layout.StacksFolder, file);
        return File.Exists(path)
            ? RollupBundle.Read(file, File.ReadAllText(path), profile.Name)
            : throw new InfraException(NoBundle, $"There is no rollup bundle {path}.", "Put the file there, or correct 'bundle' below 'jeju-infra:rollup'.", FailureKind.Usage);
    }

    private static string ValidatorSets(RollupSettings settings)
    {
        if (settings.FarcasterValidators is not { } file)
        {
            return "";
        }

        string path = Path.Combine(RepositoryLayout.Find(AppContext.BaseDirectory).StacksFolder, file);
        return File.Exists(path)
            ? File.ReadAllText(path)
            : throw new InfraException(NoValidators, $"There is no file of validator sets {path}.", "Put the file there, or correct 'farcasterValidators' below 'jeju-infra:rollup'.", FailureKind.Usage);
    }

    private static InputMap<string> Inputs(IReadOnlyDictionary<string, Output<string>> values)
    {
        InputMap<string> inputs = [];
        foreach ((string key, Output<string> value) in values)
        {
            inputs.Add(key, value);
        }

        return inputs;
    }
}
