using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterTrail.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class ConnectionLimitTests
{
    static readonly IPAddress Kubelet = IPAddress.Parse("10.0.0.1");
    static readonly IPAddress Stranger = IPAddress.Parse("10.0.0.2");

    readonly ConnectionLimit limit = new(3);
    readonly List<string> closed = [];

    [Fact]
    public void UpToTheLimitNothingIsClosed()
    {
        Enter(Stranger, "a", "b", "c");

        Assert.Empty(closed);
    }

    [Fact]
    public void ThePeerWithTheMostLosesItsOldest()
    {
        Enter(Kubelet, "probe");
        Enter(Stranger, "a", "b", "c", "d");

        Assert.Equal(["a", "b"], closed);
        Assert.Equal(3, limit.Count);
    }

    [Fact]
    public void ANewConnectionIsNeverTheOneThatIsClosed()
    {
        Enter(Stranger, "a", "b", "c");
        Enter(Kubelet, "probe");

        Assert.Equal(["a"], closed);
    }

    [Fact]
    public void AmongEqualsTheOldestIsClosed()
    {
        for (var last = 1; last <= 4; last++)
            Enter(IPAddress.Parse($"10.0.1.{last}"), $"{last}");

        Assert.Equal(["1"], closed);
    }

    [Fact]
    public void WhatHasEndedTakesNoPlace()
    {
        var ended = limit.Enter(Stranger, () => closed.Add("ended"));
        Enter(Stranger, "a", "b");
        ended.Dispose();
        ended.Dispose();

        Enter(Stranger, "c");
        Enter(Stranger, "d");
        ended.Dispose();

        Assert.Equal(["a"], closed);
        Assert.Equal(3, limit.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AProbeIsAnsweredWhateverAStrangerOpens(int kind)
    {
        string[] begun = ["", "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /metrics HT"];
        await using var server = await TelemetryServer.StartAsync(
            "127.0.0.1:0", SomeTelemetry.Pages(), NullLogger.Instance, TestContext.Current.CancellationToken);
        List<Socket> opened = [];
        try
        {
            for (var i = 0; i < 300; i++)
                opened.Add(await OpenAsync(server.Url.Port, begun[kind]));

            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) }; // a probe's
            for (var probe = 0; probe < 3; probe++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, "/healthz"));
                request.Headers.ConnectionClose = true;
                using var response = await client.SendAsync(request);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }
        finally
        {
            opened.ForEach(socket => socket.Dispose());
        }
    }

    static async Task<Socket> OpenAsync(int port, string begun)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port);
        if (begun.Length > 0)
            await socket.SendAsync(Encoding.ASCII.GetBytes(begun));
        return socket;
    }

    void Enter(IPAddress peer, params string[] names)
    {
        foreach (var name in names)
            limit.Enter(peer, () => closed.Add(name));
    }
}
