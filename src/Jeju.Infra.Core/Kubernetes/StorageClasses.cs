namespace Jeju.Infra.Core;

/// <summary>
/// The storage classes that the platform declares, two on each cloud: solid state, encrypted with the stack's data key, growable. The disks of the network's own services outlive their claims; those of leases end with
/// them, because what was a consumer's is nobody else's, and nobody pays for it any more.
/// </summary>
public static class StorageClasses
{
    /// <summary>General purpose volumes of the third generation on AWS.</summary>
    public const string Gp3 = "gp3";

    /// <summary>Solid state persistent disks on Google Cloud.</summary>
    public const string PdSsd = "pd-ssd";

    /// <summary>The class of a cloud: what every volume claim of the network's own services names.</summary>
    public static string Of(CloudName cloud) => cloud == CloudName.Aws ? Gp3 : PdSsd;

    /// <summary>The class of the volumes of leases.</summary>
    public static string OfLeases(CloudName cloud) => $"{Of(cloud)}-leases";
}
