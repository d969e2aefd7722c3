using Google.Protobuf;

namespace Pulumi;

/// <summary>A package that the engine has to be told about before a resource of it is registered.</summary>
public sealed class RegisterPackageRequest(
    string name, string version, string? downloadUrl, Dictionary<string, byte[]>? checksums, RegisterPackageRequest.PackageParameterization? parameterization)
{
    public string Name { get; } = name;

    public string Version { get; } = version;

    public string DownloadUrl { get; } = downloadUrl ?? string.Empty;

    public Dictionary<string, byte[]> Checksums { get; } = checksums ?? [];

    public PackageParameterization? Parameterization { get; } = parameterization;

    internal Pulumirpc.RegisterPackageRequest ToMessage()
    {
        var message = new Pulumirpc.RegisterPackageRequest { Name = Name, Version = Version, DownloadUrl = DownloadUrl };
        foreach (var (platform, checksum) in Checksums)
        {
            message.Checksums.Add(platform, ByteString.CopyFrom(checksum));
        }
        if (Parameterization is { } parameters)
        {
            message.Parameterization = new() { Name = parameters.Name, Version = parameters.Version, Value = ByteString.CopyFrom(parameters.Value) };
        }
        return message;
    }

    /// <summary>How a general provider becomes the provider of this package.</summary>
    public sealed class PackageParameterization(string name, string version, byte[] value)
    {
        public string Name { get; } = name;

        public string Version { get; } = version;

        public byte[] Value { get; } = value;
    }
}
