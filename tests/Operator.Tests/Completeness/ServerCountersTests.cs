using System.Text;
using ClusterTrail.Operator.Completeness;

namespace ClusterTrail.Operator.Tests.Completeness;

public sealed class ServerCountersTests
{
    [Fact]
    public async Task TheyAreOnTheServersPage()
    {
        const string Page = """
            # HELP apiserver_audit_event_total [ALPHA] Counter of audit events generated and sent to the audit backend.
            # TYPE apiserver_audit_event_total counter
            apiserver_audit_event_total 12345
            apiserver_audit_error_total{plugin="log"} 2
            apiserver_audit_error_total{plugin="buffered"} 30
            apiserver_audit_error_total{plugin="webhook"} 400
            apiserver_audit_requests_rejected_total 1
            apiserver_audit_level_total{level="Request"} 7
            apiserver_audit_event_total_of_others 9
            process_start_time_seconds 1.76422512345e+09

            """;

        Assert.Equal(new(1764225123.45, 12345, 2, 430), await ReadAsync(Page));
    }

    [Theory]
    [InlineData("")]
    [InlineData("process_start_time_seconds 1.7e+09\n")]
    [InlineData("apiserver_audit_event_total 5\n")]
    [InlineData("apiserver_audit_event_total NaN\nprocess_start_time_seconds 1\n")]
    [InlineData("apiserver_audit_event_total -1\nprocess_start_time_seconds 1\n")]
    [InlineData("apiserver_audit_event_total 1e300\nprocess_start_time_seconds 1\n")]
    [InlineData("apiserver_audit_event_total\nprocess_start_time_seconds 1\n")]
    [InlineData("apiserver_audit_event_total{\nprocess_start_time_seconds 1\n")]
    [InlineData("apiserver_audit_event_total \nprocess_start_time_seconds 1\n")]
    public async Task APageWithoutThemIsRefused(string page) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(page));

    [Fact]
    public async Task ALongLineIsPassedOver() => Assert.Equal(
        5, (await ReadAsync($"# {new string('x', 1 << 20)}\napiserver_audit_event_total 5\nprocess_start_time_seconds 1")).Events);

    [Theory]
    [InlineData("process_start_time_seconds 1\n", "no apiserver_audit_event_total: no audit log is configured")]
    [InlineData("apiserver_audit_event_total 5\n", "no process_start_time_seconds")]
    public async Task WhatIsNotThereIsNamed(string page, string part) => Assert.Contains(
        part, (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(page))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ManyLinesOverflowNoSum()
    {
        var page = new StringBuilder("apiserver_audit_event_total 5\nprocess_start_time_seconds 1\n");
        for (var at = 0; at < 1100; at++)
            page.Append(null, $"apiserver_audit_error_total{{plugin=\"x{at}\"}} 9007199254740991\n");

        Assert.Equal(1L << 53, (await ReadAsync(page.ToString())).NotSent);
    }

    // Lines of each length, so that the end of a block is everywhere in them.
    [Theory]
    [InlineData(1)]
    [InlineData(16_000)]
    public async Task ALineMayLieAcrossTheEndOfABlock(int from)
    {
        for (var length = from; length < from + 500; length++)
        {
            var page = $"# {new string('x', length)}\napiserver_audit_event_total 5\nprocess_start_time_seconds 1";
            Assert.Equal(5, (await ReadAsync(page)).Events);
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("x")]
    [InlineData("apiserver_audit_error_total{plugin=\"log\"} 1\n")]
    public async Task APageThatDoesNotEndIsGivenUp(string what)
    {
        using var page = new EndlessStream(Encoding.UTF8.GetBytes(what));

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => ServerCounters.ReadAsync(page, TestContext.Current.CancellationToken));

        Assert.Equal("its metrics have more than 64 MiB", refused.Message);
        Assert.InRange(page.Sent, 64L << 20, 65L << 20);
    }

    static async Task<ServerCounters> ReadAsync(string page)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(page));
        return await ServerCounters.ReadAsync(stream, TestContext.Current.CancellationToken);
    }

    sealed class EndlessStream(byte[] block) : Stream
    {
        public long Sent { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Sent; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var at = 0; at < count; at++)
                buffer[offset + at] = block[(Sent + at) % block.Length];
            Sent += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
