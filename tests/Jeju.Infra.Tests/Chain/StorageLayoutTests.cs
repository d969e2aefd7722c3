using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Tests.Architecture;

namespace Jeju.Infra.Tests.Chain;

/// <summary>An upgrade may append to the storage of what is deployed, and nothing else.</summary>
public sealed class StorageLayoutTests
{
    private const string Deployed =
        """
        t_struct(Store)_storage, 128 bytes
          0:0 staking t_address
          1:0 entries t_array(t_struct(Entry)_storage)dyn_storage
          2:0 owners t_mapping(t_bytes32,t_struct(Owner)_storage)
        t_struct(Entry)_storage, 32 bytes
          0:0 amount t_uint128
        t_struct(Owner)_storage, 32 bytes
          0:0 account t_address
        """;

    public static TheoryData<string, string, string[]> Changes => new()
    {
        { "", "", [] },
        { "  2:0 owners t_mapping(t_bytes32,t_struct(Owner)_storage)", "  2:0 owners t_mapping(t_bytes32,t_struct(Owner)_storage)\n  3:0 more t_uint256", [] },
        { "  0:0 account t_address", "  0:0 account t_address\n  0:20 since t_uint64", [] },
        {
            "  0:0 staking t_address\n  1:0 entries t_array(t_struct(Entry)_storage)dyn_storage\n  2:0",
            "  0:0 extra t_uint256\n  1:0 staking t_address\n  2:0 entries t_array(t_struct(Entry)_storage)dyn_storage\n  3:0",
            [
                "t_struct(Store)_storage slot 0:0: was staking t_address, would be extra t_uint256",
                "t_struct(Store)_storage slot 1:0: was entries t_array(t_struct(Entry)_storage)dyn_storage, would be staking t_address",
                "t_struct(Store)_storage slot 2:0: was owners t_mapping(t_bytes32,t_struct(Owner)_storage), would be entries t_array(t_struct(Entry)_storage)dyn_storage",
            ]
        },
        { "staking t_address", "staking t_uint256", ["t_struct(Store)_storage slot 0:0: was staking t_address, would be staking t_uint256"] },
        { "staking t_address", "stake t_address", ["t_struct(Store)_storage slot 0:0: was staking t_address, would be stake t_address"] },
        { "\nt_struct(Owner)_storage, 32 bytes\n  0:0 account t_address", "", ["t_struct(Owner)_storage is gone"] },
        {
            "t_struct(Entry)_storage, 32 bytes\n  0:0 amount t_uint128", "t_struct(Entry)_storage, 64 bytes\n  0:0 amount t_uint128\n  1:0 at t_uint256",
            ["t_struct(Entry)_storage is kept in an array: its size was 32 bytes, would be 64 bytes"]
        },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Change_IsNamedBySlotOldAndNew(string from, string to, string[] expected)
    {
        string changed = from.Length == 0 ? Deployed : Deployed.Replace(from, to, StringComparison.Ordinal);
        StorageLayout later = StorageLayout.Parse(changed);

        Assert.Equal(expected, StorageLayout.Parse(Deployed).FindConflicts(later));
        Assert.True(from.Length == 0 || changed != Deployed);
    }

    [Fact]
    public async Task EveryLayoutOfTheCheckout_IsReadAndCompatibleWithItself()
    {
        IReadOnlyDictionary<string, string> layouts = await StorageLayout.ReadAllAsync(Checkout.Layout, CancellationToken.None);

        Assert.True(layouts.Count >= 27);
        Assert.All(layouts, layout => Assert.Empty(StorageLayout.Parse(layout.Value).FindConflicts(StorageLayout.Parse(layout.Value))));
    }
}
