using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ClusterTrail.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class TelemetryServerTests : IDisposable
{
    readonly HttpClient client = new();

    public void Dispose() => client.Dispose();

    [Theory]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8", "clustertrail_source_read_events_total{source=\"apiserver\"} 3\n", "\n")]
    [InlineData(
        "application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8",
        "clustertrail_source_read_events_total{source=\"apiserver\"} 3.0\n", "# EOF\n")]
    public async Task MetricsAreServedInTheFormatAskedFor(string accept, string contentType, string part, string end)
    {
        using var metrics = SomeTelemetry.Metrics();
        await using var server = await StartAsync(SomeTelemetry.Pages() with { Metrics = metrics.Collector.WriteAsync });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, "/metrics")) { Headers = { { "Accept", accept } } };

        using var response = await client.SendAsync(request);

        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType!.ToString());
        Assert.Contains(part, page);
        Assert.EndsWith(end, page);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task AnAgentWithoutProblemsIsOk(string path)
    {
        await using var server = await StartAsync(SomeTelemetry.Pages());

        using var response = await client.GetAsync(new Uri(server.Url, path));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("ok\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task HealthAndReadinessNameTheirProblemsOneALine()
    {
        await using var server = await StartAsync(SomeTelemetry.Pages() with
        {
            HealthProblems = () => ["The upload loop stands still."],
            ReadinessProblems = () => ["The spool\nis full.", "Source a failed."],
        });

        using var health = await client.GetAsync(new Uri(server.Url, "/healthz"));
        using var readiness = await client.GetAsync(new Uri(server.Url, "/readyz"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal("The upload loop stands still.\n", await health.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, readiness.StatusCode);
        Assert.Equal("The spool is full.\nSource a failed.\n", await readiness.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task StatusIsCamelCaseJsonWithoutWhatIsNotKnown()
    {
        await using var server = await StartAsync(SomeTelemetry.Pages());

        using var response = await client.GetAsync(new Uri(server.Url, "/status"));

        using var status = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var source = status.RootElement.GetProperty("sources")[0];
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("cp-1", status.RootElement.GetProperty("agent").GetProperty("nodeName").GetString());
        Assert.Equal("Reading", source.GetProperty("state").GetString());
        Assert.False(source.TryGetProperty("message", out _));
        Assert.Equal("AccessDenied", status.RootElement.GetProperty("sinks")[0].GetProperty("lastError").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/metrics/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/../etc/passwd", HttpStatusCode.NotFound)]
    [InlineData("POST", "/metrics", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/status", HttpStatusCode.MethodNotAllowed)]
    public async Task OnlyThePagesAreServedAndOnlyToBeRead(string method, string path, HttpStatusCode expected)
    {
        await using var server = await StartAsync(SomeTelemetry.Pages());
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Url, path));

        using var response = await client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.False(response.Headers.Contains("Server"));
        Assert.Equal(expected == HttpStatusCode.MethodNotAllowed ? ["GET", "HEAD"] : [], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task HeadTellsTheLengthAndSendsNoBody()
    {
        await using var server = await StartAsync(SomeTelemetry.Pages());
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(server.Url, "/healthz"));

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task APageThatFailsTellsNothingOfTheInside()
    {
        await using var server = await StartAsync(
            SomeTelemetry.Pages() with { Status = () => throw new InvalidOperationException("a secret") });

        using var response = await client.GetAsync(new Uri(server.Url, "/status"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("internal error, see the agent's log\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task APortInUseIsOneSentenceThatNamesIt()
    {
        await using var first = await StartAsync(SomeTelemetry.Pages());
        var listen = $"127.0.0.1:{first.Url.Port}";

        var e = await Assert.ThrowsAsync<TelemetryException>(() => StartAsync(SomeTelemetry.Pages(), listen));

        Assert.Equal($"Telemetry cannot listen on {listen}: the port is in use.", e.Message);
    }

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::1]:0")]
    public async Task OtherAddressesAreListenedOnToo(string listen)
    {
        Assert.SkipUnless(!listen.StartsWith('[') || HasIPv6(), "This machine has no IPv6 on its loopback: ::1 cannot be tested.");
        await using var server = await StartAsync(SomeTelemetry.Pages(), listen);

        var host = listen.StartsWith('[') ? "[::1]" : "127.0.0.1";
        using var response = await client.GetAsync(new Uri($"http://{host}:{server.Url.Port}/healthz"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task AllAddressesAreThoseOfIPv4AndIPv6()
    {
        await using var server = await StartAsync(SomeTelemetry.Pages(), "[::]:0");

        Assert.Equal("ok\n", await client.GetStringAsync(new Uri($"http://127.0.0.1:{server.Url.Port}/healthz")));
        Assert.SkipUnless(HasIPv6(), "This machine has no IPv6 on its loopback: ::1 cannot be tested.");
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri($"http://[::1]:{server.Url.Port}/healthz")));
        Assert.Equal($"[::]:{server.Url.Port}", server.Listening);
    }

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0:0", "0.0.0.0", "127.0.0.1")]
    [InlineData("[::]:0", "[::]", "127.0.0.1")]
    [InlineData("[::1]:0", "[::1]", "[::1]")]
    public async Task WhatIsLoggedIsTheAddressAndAUrlThatWorksHere(string listen, string address, string host)
    {
        Assert.SkipUnless(!listen.StartsWith('[') || HasIPv6(), "This machine has no IPv6 on its loopback: ::1 cannot be tested.");

        await using var server = await StartAsync(SomeTelemetry.Pages(), listen);

        Assert.Equal($"{address}:{server.Url.Port}", server.Listening);
        Assert.Equal($"http://{host}:{server.Url.Port}/", server.Url.ToString());
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri(server.Url, "healthz")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("9808")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1:9808")]
    [InlineData("[::]")]
    [InlineData("::1")]
    [InlineData("localhost:9808")]
    [InlineData("127.0.0.1:99999")]
    public async Task AWrongAddressIsOneSentenceThatShowsARightOne(string listen)
    {
        var e = await Assert.ThrowsAsync<TelemetryException>(() => StartAsync(SomeTelemetry.Pages(), listen));

        Assert.Equal(
            $"telemetry.listen is '{listen}' but must be an IP address and a port, such as 127.0.0.1:9808 or [::]:9808.", e.Message);
    }

    static bool HasIPv6()
    {
        try
        {
            using var socket = new TcpListener(IPAddress.IPv6Loopback, 0);
            socket.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static Task<TelemetryServer> StartAsync(TelemetryPages pages, string listen = "127.0.0.1:0") =>
        TelemetryServer.StartAsync(listen, pages, NullLogger.Instance, TestContext.Current.CancellationToken);
}
