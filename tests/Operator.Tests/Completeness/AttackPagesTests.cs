using System.Diagnostics;
using System.Text;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Completeness;
using ClusterTrail.Testing;
using k8s.Models;

namespace ClusterTrail.Operator.Tests.Completeness;

public sealed class AttackPagesTests
{
    /// <summary>Who may write EndpointSlices in "default" makes the operator send its requests elsewhere, and compare nothing: Unknown, without an alert.</summary>
    [Fact]
    public async Task SP1_ASliceThatSomebodyElseMadeIsNoApiServer()
    {
        var cluster = new InMemoryCluster();
        foreach (var (name, address) in new[] { ("kubernetes", "10.0.0.1"), ("evil-x7k2p", "0.0.0.9") })
        {
            await cluster.SaveAsync(
                ResourceType.Of<V1EndpointSlice>(),
                new V1EndpointSlice
                {
                    Metadata = new()
                    {
                        Name = name, NamespaceProperty = "default",
                        Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = "kubernetes" },
                    },
                    AddressType = "IPv4", Ports = [new() { Name = "https", Port = 6443 }], Endpoints = [new() { Addresses = [address] }],
                }, TestContext.Current.CancellationToken);
        }

        var found = await new ApiServers(cluster, null).FindAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["10.0.0.1"], found.Select(one => one.Host));
    }

    sealed class Endless(byte[] block) : Stream
    {
        int at;
        public long Sent { get; private set; }
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => Sent; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var i = 0; i < count; i++)
                buffer[offset + i] = block[(at + i) % block.Length];
            at = (at + count) % block.Length;
            Sent += count;
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("x")]
    [InlineData("apiserver_audit_error_total{plugin=\"log\"} 1\n")]
    [InlineData("apiserver_request_duration_seconds_bucket{verb=\"GET\",le=\"0.005\"} 17\n")]
    public async Task APageThatDoesNotEndCostsLittle(string what)
    {
        using var stream = new Endless(Encoding.UTF8.GetBytes(what));
        var (clock, allocated) = (Stopwatch.StartNew(), GC.GetTotalAllocatedBytes());
        await Assert.ThrowsAsync<InvalidDataException>(() => ServerCounters.ReadAsync(stream, TestContext.Current.CancellationToken));
        var mb = (GC.GetTotalAllocatedBytes() - allocated) >> 20;
        Assert.True(clock.Elapsed.TotalSeconds < 3 && mb < 512, $"{clock.Elapsed.TotalSeconds:0.0} s, {mb} MB allocated, {stream.Sent >> 20} MB read");
    }

    /// <summary>A page as a busy API server has it: 20 MB.</summary>
    [Fact]
    public async Task ALargePageTakesLittleTime()
    {
        var page = new StringBuilder();
        while (page.Length < 20 << 20)
            page.Append("apiserver_request_duration_seconds_bucket{component=\"apiserver\",group=\"\",resource=\"pods\",verb=\"GET\",le=\"0.005\"} 17\n");
        page.Append("apiserver_audit_event_total 5\nprocess_start_time_seconds 1\n");
        var bytes = Encoding.UTF8.GetBytes(page.ToString());
        using var first = new MemoryStream(bytes);
        await ServerCounters.ReadAsync(first, TestContext.Current.CancellationToken);
        using var stream = new MemoryStream(bytes);
        var clock = Stopwatch.StartNew();
        await ServerCounters.ReadAsync(stream, TestContext.Current.CancellationToken);
        Assert.True(clock.ElapsedMilliseconds < 100, $"{clock.ElapsedMilliseconds} ms");
    }
}
