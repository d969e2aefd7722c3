namespace Jeju.Infra.Core;

/// <summary>The storage classes that the platform declares, one on each cloud: solid state, encrypted with the stack's data key, growable.</summary>
public static class StorageClasses
{
    /// <summary>General purpose volumes of the third generation on AWS.</summary>
    public const string Gp3 = "gp3";

    /// <summary>Solid state persistent disks on Google Cloud.</summary>
    public const string PdSsd = "pd-ssd";

    /// <summary>The class of a cloud: what every volume claim names.</summary>
    public static string Of(CloudName cloud) => cloud == CloudName.Aws ? Gp3 : PdSsd;
}
