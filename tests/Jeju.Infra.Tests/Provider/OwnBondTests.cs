using System.Numerics;
using Jeju.Infra.Provider.Handlers;

namespace Jeju.Infra.Tests.Provider;

public class OwnBondTests
{
    [Theory]
    [InlineData(20_000, 0, 0, 20_000)]
    [InlineData(20_000, 5_000, 0, 20_000)]
    [InlineData(20_000, 0, 10_000, 10_000)]
    [InlineData(20_000, 4_000, 10_000, 14_000)]
    [InlineData(20_000, 90_000, 10_000, 10_000)]
    [InlineData(20_000, 90_001, 10_000, 9_999)]
    [InlineData(20_000, 500_000, 10_000, 0)]
    [InlineData(5_000, 1_000, 10_000, 0)]
    public void What_leaves_is_what_the_contract_lets_go(int own, int delegated, int backing, int free) =>
        Assert.Equal(free, NodeOperatorHandler.FreeOwnBond(own, delegated, backing, 1000));

    [Fact]
    public void Whatever_stays_is_a_tenth_of_all_that_stays_and_one_unit_less_would_not_be()
    {
        foreach (int delegated in Enumerable.Range(1, 2_000))
        {
            BigInteger stays = 100_000 - NodeOperatorHandler.FreeOwnBond(100_000, delegated, 1, 1000);

            Assert.True(stays * 10 >= stays + delegated);
            Assert.True((stays - 1) * 10 < stays - 1 + delegated);
        }
    }

    [Fact]
    public void A_bond_that_must_be_all_of_the_stake_stays_as_long_as_anybody_delegates() =>
        Assert.Equal(BigInteger.Zero, NodeOperatorHandler.FreeOwnBond(100, 1, 1, 10_000));
}
