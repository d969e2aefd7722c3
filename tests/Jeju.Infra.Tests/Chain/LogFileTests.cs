using Jeju.Infra.Chain.Localnet;

namespace Jeju.Infra.Tests.Chain;

/// <summary>The logs of chain, keeper and agent stay within bounds while their processes write.</summary>
public sealed class LogFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_log_beyond_the_limit_is_moved_aside_and_its_writer_goes_on_in_the_emptied_file()
    {
        string log = Path.Combine(_folder, "agent.log");
        using FileStream appended = new(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        using StreamWriter writer = new(appended) { AutoFlush = true };
        writer.Write(new string('a', 100));

        LogFile.Bound(log, limit: 100);
        Assert.False(File.Exists(log + ".1"));
        writer.Write('b');
        LogFile.Bound(log, limit: 100);

        Assert.Equal(101, new FileInfo(log + ".1").Length);
        Assert.Equal(0, new FileInfo(log).Length);
    }

    [Fact]
    public void A_log_that_is_not_there_is_no_error()
    {
        LogFile.Bound(Path.Combine(_folder, "nothing.log"));

        Assert.Empty(Directory.EnumerateFiles(_folder));
    }
}
