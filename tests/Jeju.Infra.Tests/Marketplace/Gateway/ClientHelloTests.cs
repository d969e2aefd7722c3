using System.Net.Security;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Gateway;

namespace Jeju.Infra.Tests.Marketplace.Gateway;

public sealed class ClientHelloTests
{
    [Theory]
    [InlineData("jeju-0123456789abcdef0123.leases.example.org")]
    [InlineData("a.b")]
    public async Task The_name_that_a_client_asks_for_is_read_and_every_shorter_beginning_is_incomplete(string host)
    {
        byte[] hello = await HelloAsync(host);

        Assert.Equal((HelloState.Complete, host), ClientHello.Read(hello));
        for (int length = 0; length < hello.Length; length++)
        {
            Assert.Equal((HelloState.Incomplete, null), ClientHello.Read(hello.AsSpan(0, length)));
        }
    }

    [Fact]
    public async Task A_message_that_is_spread_over_records_and_followed_by_more_is_the_same()
    {
        byte[] hello = await HelloAsync("name.example.org");
        byte[] message = hello[5..];
        List<byte> spread = [];
        foreach (byte[] part in message.Chunk(7))
        {
            spread.AddRange([22, 3, 1, 0, (byte)part.Length, .. part]);
        }

        Assert.Equal((HelloState.Complete, "name.example.org"), ClientHello.Read([.. spread]));
        Assert.Equal((HelloState.Complete, "name.example.org"), ClientHello.Read([.. hello, 23, 3, 3, 0, 1, 0]));
    }

    [Fact]
    public async Task A_client_that_names_nobody_is_complete_without_a_name() =>
        Assert.Equal((HelloState.Complete, null), ClientHello.Read(await HelloAsync("192.0.2.1")));

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PING\r\n")]
    [InlineData("\u0016\u0002\u0001")]
    [InlineData("\u0016\u0003\u0001\u0000\u0000")]
    [InlineData("\u0016\u0003\u0001\u0000\u0004\u0002\u0000\u0000\u0000")]
    [InlineData("\u0016\u0003\u0001\u0000\u0004\u0001\u0001\u0000\u0000")]
    public void What_is_no_first_message_of_TLS_is_foreign(string text) =>
        Assert.Equal((HelloState.Foreign, null), ClientHello.Read(System.Text.Encoding.Latin1.GetBytes(text)));

    [Fact]
    public async Task Whatever_comes_over_the_wire_is_answered_with_a_state()
    {
        byte[] hello = await HelloAsync("jeju-0123456789abcdef0123.leases.example.org");
        Random random = new(20_000);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = hello[..random.Next(1, hello.Length + 1)];
            for (int flips = random.Next(1, 6); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            (HelloState state, string? host) = ClientHello.Read(damaged);
            Assert.True(state == HelloState.Complete || host is null);
        }
    }

    [Theory]
    [InlineData("jeju-0123456789abcdef0123.leases.example.org", "jeju-0123456789abcdef0123")]
    [InlineData("JEJU-0123456789ABCDEF0123.Leases.Example.ORG", "jeju-0123456789abcdef0123")]
    [InlineData("jeju-0123456789abcdef0123.leases.example.com", null)]
    [InlineData("jeju-0123456789abcdef0123", null)]
    [InlineData("leases.example.org", null)]
    [InlineData(".leases.example.org", null)]
    [InlineData("kubernetes.leases.example.org", null)]
    [InlineData("jeju-0123456789abcdef0123.other.leases.example.org", null)]
    [InlineData("jeju-0123456789abcdef012.leases.example.org", null)]
    [InlineData("jeju-0123456789abcdef0123/.leases.example.org", null)]
    public void Only_a_leases_own_name_below_the_domain_leads_anywhere(string host, string? lease) =>
        Assert.Equal(lease, LeaseAccess.LeaseOf(host, "leases.example.org"));

    /// <summary>The first message of a real client.</summary>
    private static async Task<byte[]> HelloAsync(string host)
    {
        using MemoryStream sent = new();
        await using SslStream client = new(new Unanswered(sent));
        await Assert.ThrowsAnyAsync<IOException>(() => client.AuthenticateAsClientAsync(host));
        return sent.ToArray();
    }

    /// <summary>Keeps what is written, and has nothing to say.</summary>
    private sealed class Unanswered(MemoryStream sent) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(0);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => sent.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            sent.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}
