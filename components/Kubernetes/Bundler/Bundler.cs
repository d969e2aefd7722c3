using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a stack decides about the bundler.</summary>
public sealed class BundlerArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The image.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>The entry point, which has the same address on every chain.</summary>
    public Address EntryPoint { get; init; } = EntryPointVersion7;

    /// <summary>The entry point of ERC-4337, version 0.7.</summary>
    public static Address EntryPointVersion7 { get; } = Address.Parse("0x0000000071727de22e5e9d8baf0edac6f37da032");
}

/// <summary>The bundler of account abstraction. Each of its pods signs with a key of its own, a file from a secret.</summary>
public sealed class Bundler : ComponentResource
{
    private const string KeyFolder = "/secrets/bundler";

    /// <summary>Declares the bundler.</summary>
    public Bundler(string name, BundlerArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:Bundler", name, args, options)
    {
        WorkloadPlan plan = args.Cluster.Plan(WorkloadNames.Bundler);
        _ = new ChainWorkload(
            $"{name}-bundler",
            new ChainWorkloadArgs
            {
                Cluster = args.Cluster,
                Plan = plan,
                Image = args.Image,
                Variables =
                [
                    .. OwnProgram.Variables(args.Cluster, plan),
                    PodVariable.Of("RPC_URL", OwnProgram.Rpc(args.Cluster)),
                    PodVariable.Of("CHAIN_ID", RollupChain.Of(args.Cluster.Profile.Name).L2.ToString()),
                    PodVariable.Of("ENTRY_POINTS", args.EntryPoint.ToString()),
                    PodVariable.PodIndex,
                    PodVariable.Of("PRIVATE_KEY_FILE", $"{KeyFolder}/bundler-$(POD_INDEX).key"),
                ],
                SecretFolders = [new(SecretCatalog.BundlerKeys, KeyFolder)],
            },
            new ComponentResourceOptions { Parent = this });
        RegisterOutputs();
    }
}
