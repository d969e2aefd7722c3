using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>On what the volumes of a cluster lie.</summary>
public sealed class StorageClassArgs : ResourceArgs
{
    /// <summary>The cloud.</summary>
    public required CloudName Cloud { get; init; }

    /// <summary>The key that encrypts the volumes: an ARN on AWS, an id on Google Cloud.</summary>
    [Input("dataKey", required: true)]
    public Input<string> DataKey { get; set; } = null!;
}

/// <summary>
/// The one storage class of a cluster, which is also its default: solid state, encrypted with the stack's own key, growable, and made in the zone where the pod is. Volumes
/// outlive their claims: a chain's data is never deleted by deleting an object. Those of leases do not: a lease that is over leaves neither a consumer's data nor a bill.
/// </summary>
public sealed class StorageClass : ComponentResource
{
    /// <summary>Declares the class.</summary>
    public StorageClass(string name, StorageClassArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:StorageClass", name, args, options)
    {
        Declare(name, StorageClasses.Of(args.Cloud), args, outlivesClaims: true);
        Declare(name, StorageClasses.OfLeases(args.Cloud), args, outlivesClaims: false);
        RegisterOutputs();
    }
    private void Declare(string name, string className, StorageClassArgs args, bool outlivesClaims)
    {
        ObjectMetaArgs metadata = new() { Name = className };
        if (outlivesClaims)
        {
            metadata.Annotations = new InputMap<string> { ["storageclass.kubernetes.io/is-default-class"] = "true" };
        }

        Pulumi.Kubernetes.Types.Inputs.Storage.V1.StorageClassArgs storage = new()
        {
            Metadata = metadata,
            Provisioner = args.Cloud == CloudName.Aws ? "ebs.csi.aws.com" : "pd.csi.storage.gke.io",
            AllowVolumeExpansion = true,
            ReclaimPolicy = outlivesClaims ? "Retain" : "Delete",
            VolumeBindingMode = "WaitForFirstConsumer",
            Parameters = args.Cloud == CloudName.Aws
                ? new InputMap<string> { ["type"] = "gp3", ["encrypted"] = "true", ["kmsKeyId"] = args.DataKey, ["csi.storage.k8s.io/fstype"] = "ext4" }
                : new InputMap<string> { ["type"] = "pd-ssd", ["disk-encryption-kms-key"] = args.DataKey, ["csi.storage.k8s.io/fstype"] = "ext4" },
        };
        _ = new Pulumi.Kubernetes.Storage.V1.StorageClass($"{name}-{className}", storage, new CustomResourceOptions { Parent = this });
    }
}
