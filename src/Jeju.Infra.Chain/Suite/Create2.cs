using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Suite;

/// <summary>Addresses of CREATE2 (EIP-1014): known before anything is deployed.</summary>
public static class Create2
{
    /// <summary>
    /// The keyless deterministic deployer, at this address on every chain that has it: nobody holds its key, it was placed by a transaction
    /// without a known sender. Its input is a salt and the creation code.
    /// </summary>
    public static readonly Address KeylessDeployer = Address.Parse("0x4e59b44847b379578588920ca78fbf26c0b4956c");

    /// <summary>The address of a contract that <paramref name="creator"/> creates.</summary>
    public static Address AddressOf(Address creator, Bytes32 salt, Bytes32 initCodeHash)
    {
        byte[] preimage = [0xff, .. creator.ToBytes(), .. salt.ToBytes(), .. initCodeHash.ToBytes()];
        return Address.FromBytes(Keccak.Hash(preimage).ToBytes().AsSpan(12));
    }
}
