namespace Jeju.Infra.Core;

/// <summary>What every site tells browsers to insist on, on whichever cloud it is served.</summary>
public static class SiteHeaders
{
    /// <summary>A year, in seconds.</summary>
    public const int TransportSecuritySeconds = 31_536_000;

    /// <summary>What a site may load. Wallets reach any RPC endpoint the person chooses, so connections are limited to HTTPS and WSS, not to our hosts.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'self'; connect-src 'self' https: wss:; img-src 'self' https: data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    /// <summary>Nobody may put a site into a frame.</summary>
    public const string FrameOptions = "DENY";

    /// <summary>How much of an address another site is told.</summary>
    public const string ReferrerPolicy = "strict-origin-when-cross-origin";

    /// <summary>All of them as lines of HTTP.</summary>
    public static IReadOnlyList<string> Lines { get; } =
    [
        FormattableString.Invariant($"Strict-Transport-Security: max-age={TransportSecuritySeconds}; includeSubDomains"),
        "X-Content-Type-Options: nosniff",
        $"X-Frame-Options: {FrameOptions}",
        $"Referrer-Policy: {ReferrerPolicy}",
        $"Content-Security-Policy: {ContentSecurityPolicy}",
    ];
}
