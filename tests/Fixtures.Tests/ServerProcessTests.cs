using System.Net;
using System.Net.Sockets;
using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures.Tests;

public sealed class ServerProcessTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly ServerLogs logs = new("test");

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneThatEndsFailsAtOnceWithTheEndOfItsLog()
    {
        using var server = Bash("echo starting; echo \"$WHY\" >&2; exit 7", new() { ["WHY"] = "no such luck" });

        var failed = await Assert.ThrowsAsync<ServerFailedException>(() =>
            server.WaitUntilReadyAsync(_ => Task.FromResult(false), Cancellation));

        Assert.StartsWith("bash ended with exit code 7 before it was ready.", failed.Message, StringComparison.Ordinal);
        Assert.EndsWith("starting\nno such luck", failed.Message, StringComparison.Ordinal);
        logs.Dispose();
        Assert.True(File.Exists(logs.Join("bash.log")));
    }

    [Fact]
    public async Task ItIsReadyWhenItAnswersWithSuccess()
    {
        await using var endpoint = await MetricsEndpoint.StartAsync("up 1\n");
        using var server = Bash("exec sleep 1000");

        await server.WaitUntilReadyAsync(new Uri(endpoint.Url, "/metrics"), Cancellation);

        Assert.False(server.HasExited);
    }

    [Fact]
    public async Task OneThatEndedIsNotReadyThoughAnotherAnswersOnItsPort()
    {
        await using var endpoint = await MetricsEndpoint.StartAsync("up 1\n");
        using var server = Bash("exit 1");
        await Until.HoldsAsync(() => server.HasExited);

        await Assert.ThrowsAsync<ServerFailedException>(() => server.WaitUntilReadyAsync(new Uri(endpoint.Url, "/metrics"), Cancellation));
    }

    [Fact]
    public async Task ItStandsStillWhileFrozen()
    {
        using var server = Bash("exec sleep 1000");

        server.Freeze();
        await Until.HoldsAsync(() => State(server) is 'T');

        server.Thaw();
        await Until.HoldsAsync(() => State(server) is 'S' or 'R');
    }

    [Fact]
    public void ItIsGoneOnceKilled()
    {
        using var server = Bash("exec sleep 1000");

        server.Kill();

        Assert.True(server.HasExited);
        Assert.False(Directory.Exists($"/proc/{server.Id}"));
    }

    [Fact]
    [Requires(Requires.Prometheus)]
    public async Task AServerWhosePortIsTakenStartsOnAnother()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        var ports = new Queue<int>([taken, FreePort.Next(), FreePort.Next()]);

        await using var server = await PrometheusServer.StartAsync(new(), ports.Dequeue, Cancellation).OrSkipAsync();

        Assert.NotEqual(taken, server.Url.Port);
        Assert.Equal(1, Assert.Single(await server.QueryAsync("vector(1)", Cancellation)).Value);
    }

    [Fact]
    [Requires(Requires.Prometheus)]
    public async Task APortThatStaysTakenIsSaid()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var failed = await Assert.ThrowsAsync<ServerFailedException>(
            () => PrometheusServer.StartAsync(new(), () => ((IPEndPoint)other.LocalEndpoint).Port, Cancellation).OrSkipAsync());

        Assert.Contains("address already in use", failed.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        folder.Dispose();
        if (Directory.Exists(logs.Path))
            Directory.Delete(logs.Path, recursive: true);
    }

    ServerProcess Bash(string script, Dictionary<string, string>? environment = null) =>
        ServerProcess.Start("bash", ["-c", script], folder.Path, logs, environment);

    static char State(ServerProcess server) =>
        File.ReadLines($"/proc/{server.Id}/status").First(line => line.StartsWith("State:", StringComparison.Ordinal))["State:\t".Length];
}
