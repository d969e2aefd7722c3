using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Tests.Cli;
using Xunit;

namespace Jeju.Infra.Tests.Marketplace;

public sealed class WorkloadStopsTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Killed_a_few_times_it_comes_back_at_once_each_time_and_after_more_it_waits_longer_and_longer()
    {
        WorkloadStops stops = new(_time);
        List<int> tooMany = [stops.TooMany];
        for (int stop = 0; stop < WorkloadStops.Unremarkable + 3; stop++)
        {
            stops.Note();
            tooMany.Add(stops.TooMany);
            _time.Advance(WorkloadStops.StableAfter);
        }

        Assert.Equal([.. Enumerable.Repeat(0, WorkloadStops.Unremarkable + 1), 1, 2, 3], tooMany);
    }

    [Fact]
    public void After_it_ran_for_long_enough_the_count_begins_anew()
    {
        WorkloadStops stops = new(_time);
        for (int stop = 0; stop <= WorkloadStops.Unremarkable; stop++)
        {
            stops.Note();
        }

        Assert.Equal(1, stops.TooMany);
        _time.Advance(WorkloadStops.StableAfter + TimeSpan.FromTicks(1));
        Assert.Equal(0, stops.TooMany);
        stops.Note();
        Assert.Equal(0, stops.TooMany);
    }
}
