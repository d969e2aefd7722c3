using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Marketplace.Probes;

/// <summary>What a probe found.</summary>
public enum ProbeOutcome
{
    /// <summary>The service does its work with the lease's credentials.</summary>
    Serving,

    /// <summary>The service speaks its protocol but refuses the credentials. After readiness this is its consumer's doing: he may change his password.</summary>
    Refusing,

    /// <summary>The service does not answer, or says that it is not ready.</summary>
    Silent,
}

/// <summary>The result of a probe.</summary>
/// <param name="Outcome">What was found.</param>
/// <param name="Detail">Why, where it is not serving; never a secret.</param>
public sealed record ProbeResult(ProbeOutcome Outcome, string Detail)
{
    internal static readonly ProbeResult Serving = new(ProbeOutcome.Serving, string.Empty);

    internal static ProbeResult Silent(string detail) => new(ProbeOutcome.Silent, detail);

    internal static ProbeResult Refusing(string detail) => new(ProbeOutcome.Refusing, detail);
}

/// <summary>Finds out by the service's own protocol whether it serves. A result is never cached, and an upstream never part of it.</summary>
public interface IServiceProbe
{
    /// <summary>Asks once. A service that cannot be reached is a result, not an exception.</summary>
    Task<ProbeResult> ProbeAsync(ServiceEndpoint endpoint, ServiceCredentials credentials, CancellationToken cancellationToken);
}

/// <summary>The probe of each protocol.</summary>
public static class ServiceProbes
{
    /// <summary>The probe of a protocol.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="time">The clock of the deadlines.</param>
    public static IServiceProbe For(ProbeProtocol protocol, TimeProvider time)
    {
        IServiceProbe probe = protocol switch
        {
            ProbeProtocol.PostgresQuery => new PostgresProbe(),
            ProbeProtocol.RedisPing => new RedisProbe(),
            ProbeProtocol.HttpOk => new HttpProbe(),
            ProbeProtocol.SolanaHealth => new JsonRpcProbe("getHealth", result => result.ValueEquals("ok")),
            ProbeProtocol.BitcoinInfo => new JsonRpcProbe("getblockchaininfo", result => result.TryGetProperty("chain", out _)),
            ProbeProtocol.EthereumChainId => new JsonRpcProbe("eth_chainId", result => result.GetString() is { Length: > 2 }),
            ProbeProtocol.IpfsId => new IpfsProbe(),
            _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol, "There is no such protocol."),
        };
        return new BoundedProbe(probe, TimeSpan.FromSeconds(5), time);
    }

    /// <summary>Gives every probe a deadline: a service that accepts a connection and then says nothing is silent.</summary>
    private sealed class BoundedProbe(IServiceProbe inner, TimeSpan deadline, TimeProvider time) : IServiceProbe
    {
        public async Task<ProbeResult> ProbeAsync(ServiceEndpoint endpoint, ServiceCredentials credentials, CancellationToken cancellationToken)
        {
            using CancellationTokenSource timer = new(deadline, time);
            using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
            try
            {
                return await inner.ProbeAsync(endpoint, credentials, linked.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return ProbeResult.Silent($"no answer within {deadline.TotalSeconds:0} s");
            }
        }
    }
}
