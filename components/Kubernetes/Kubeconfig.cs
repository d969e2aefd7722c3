using System.Text.Json.Nodes;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>How a client reaches a cluster: its address, its authority, and a program that fetches a short-lived token. No credential is in it.</summary>
public static class Kubeconfig
{
    /// <summary>For EKS, with a token of the AWS command line.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="endpoint">The API server's address.</param>
    /// <param name="authority">Its certificate authority, base64.</param>
    /// <param name="region">The cluster's region.</param>
    public static string ForEks(string cluster, string endpoint, string authority, string region) =>
        Of(cluster, endpoint, authority, new JsonObject
        {
            ["apiVersion"] = "client.authentication.k8s.io/v1",
            ["command"] = "aws",
            ["args"] = new JsonArray("eks", "get-token", "--cluster-name", cluster, "--region", region, "--output", "json"),
            ["interactiveMode"] = "Never",
        });

    /// <summary>For GKE, with Google's plugin.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="endpoint">The API server's address, without a scheme.</param>
    /// <param name="authority">Its certificate authority, base64.</param>
    public static string ForGke(string cluster, string endpoint, string authority) =>
        Of(cluster, $"https://{endpoint}", authority, new JsonObject
        {
            ["apiVersion"] = "client.authentication.k8s.io/v1",
            ["command"] = "gke-gcloud-auth-plugin",
            ["interactiveMode"] = "Never",
            ["provideClusterInfo"] = true,
        });

    private static string Of(string cluster, string server, string authority, JsonObject exec) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Config",
        ["current-context"] = cluster,
        ["clusters"] = new JsonArray(new JsonObject
        {
            ["name"] = cluster,
            ["cluster"] = new JsonObject { ["server"] = server, ["certificate-authority-data"] = authority },
        }),
        ["contexts"] = new JsonArray(new JsonObject
        {
            ["name"] = cluster,
            ["context"] = new JsonObject { ["cluster"] = cluster, ["user"] = cluster },
        }),
        ["users"] = new JsonArray(new JsonObject { ["name"] = cluster, ["user"] = new JsonObject { ["exec"] = exec } }),
    }.ToJsonString();
}
