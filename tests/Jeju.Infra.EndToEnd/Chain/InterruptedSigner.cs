using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>Signs only after something happened, once: what was read of the chain before is no longer so.</summary>
internal sealed class InterruptedSigner : ISigner
{
    private readonly SoftwareSigner _signer = SoftwareSigner.Create(AnvilAccounts.Operator.PrivateKey, ChainId.Anvil);

    /// <summary>What happens before the next signature.</summary>
    public Func<Task>? Before { get; set; }

    public Address Address => _signer.Address;

    public async ValueTask<RecoverableSignature> SignAsync(Bytes32 hash, CancellationToken cancellationToken)
    {
        (Func<Task>? before, Before) = (Before, null);
        await (before?.Invoke() ?? Task.CompletedTask);
        return await _signer.SignAsync(hash, cancellationToken);
    }
}
