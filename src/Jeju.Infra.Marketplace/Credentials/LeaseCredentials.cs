using System.Security.Cryptography;
using System.Text.Json;

using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Marketplace.Credentials;

/// <summary>Makes the credentials of a lease, and writes them as JSON: the form that is sealed for the consumer and kept in the lease's volume.</summary>
internal static class LeaseCredentials
{
    // Letters and digits only: the password goes into configuration files and connection strings. 32 of 62 are 190 bits.
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int PasswordLength = 32;

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web);

    public static ServiceCredentials Generate(ServiceKind kind) => new(
        kind.Workload?.UserName ?? "default",
        RandomNumberGenerator.GetString(Alphabet, PasswordLength),
        kind.Workload?.Database);

    public static byte[] ToBytes(ServiceCredentials credentials) => JsonSerializer.SerializeToUtf8Bytes(credentials, JsonOptions);

    /// <summary>Reads the JSON; null where it is damaged, as after a write that was cut off.</summary>
    public static ServiceCredentials? TryRead(ReadOnlySpan<byte> bytes)
    {
        try
        {
            ServiceCredentials? credentials = JsonSerializer.Deserialize<ServiceCredentials>(bytes, JsonOptions);
            return string.IsNullOrEmpty(credentials?.Password) ? null : credentials;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
