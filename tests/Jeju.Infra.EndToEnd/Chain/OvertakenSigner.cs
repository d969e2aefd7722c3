using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>Signs only after another process with the same key sent something: the nonce that was read is taken by then.</summary>
internal sealed class OvertakenSigner(TransactionPipeline faster, ContractCall call, int times) : ISigner
{
    private readonly SoftwareSigner _signer = SoftwareSigner.Create(AnvilAccounts.Operator.PrivateKey, ChainId.Anvil);
    private int _left = times;
    private bool _wasOvertaken;

    /// <summary>Raised when it was overtaken for the first time.</summary>
    public event Action? Overtaken;

    /// <summary>Whose signatures are overtaken.</summary>
    public Func<bool> When { get; init; } = () => true;

    public Address Address => _signer.Address;

    public async ValueTask<RecoverableSignature> SignAsync(Bytes32 hash, CancellationToken cancellationToken)
    {
        if (When() && _left-- > 0)
        {
            await faster.SendAsync(call, cancellationToken);
            if (!_wasOvertaken)
            {
                _wasOvertaken = true;
                Overtaken?.Invoke();
            }
        }

        return await _signer.SignAsync(hash, cancellationToken);
    }
}
