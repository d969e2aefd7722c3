using Jeju.Infra.Chain;

namespace Jeju.Infra.Tests.Chain;

public class FeeQuoteTests
{
    private static readonly FeeQuote Quote = FeeQuote.For(1_000_000_000, 1_000_000);

    [Fact]
    public void BetterFee_IsWhatNodesTakeAsAReplacement()
    {
        FeeQuote better = Assert.IsType<FeeQuote>(Quote.Above(Quote));

        Assert.True(better.MaximumFee * 10 >= Quote.MaximumFee * 11);
        Assert.True(better.PriorityFee * 10 >= Quote.PriorityFee * 11);
    }

    [Fact]
    public void FeeOfWhatWaitsForAnotherReason_DoesNotGrowForEver()
    {
        FeeQuote fee = Quote;
        int raised = 0;
        for (; Quote.Above(fee) is { } better; fee = better)
        {
            Assert.InRange(++raised, 1, 20);
        }

        Assert.InRange(fee.MaximumFee, Quote.MaximumFee * 8, Quote.MaximumFee * 10);
    }
}
