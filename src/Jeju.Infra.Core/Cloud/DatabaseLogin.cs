using System.Text.Json.Nodes;

namespace Jeju.Infra.Core;

/// <summary>A login to a managed database, as the cloud's secret store keeps it and the cluster copies it.</summary>
public static class DatabaseLogin
{
    /// <summary>The secret's value: a JSON object with the entries of <see cref="SecretCatalog.IndexerDatabase"/>.</summary>
    /// <param name="userName">The user.</param>
    /// <param name="password">The password.</param>
    public static string ToJson(string userName, string password) => new JsonObject { ["username"] = userName, ["password"] = password }.ToJsonString();
}
