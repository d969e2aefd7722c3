namespace Jeju.Infra.Chain;

/// <summary>Where a node listens.</summary>
/// <param name="Http">Requests go here.</param>
/// <param name="WebSocket">New blocks come from here.</param>
public sealed record ChainEndpoint(Uri Http, Uri WebSocket)
{
    /// <summary>
    /// A node that serves both on one address, as Anvil and most hosted nodes do: <c>http://127.0.0.1:8545</c> also means
    /// <c>ws://127.0.0.1:8545</c>.
    /// </summary>
    public static ChainEndpoint FromUrl(string url)
    {
        Uri http = new(url);
        UriBuilder builder = new(http) { Scheme = http.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs, Port = http.Port };
        return new ChainEndpoint(http, builder.Uri);
    }
}
