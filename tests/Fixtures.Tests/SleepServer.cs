using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures.Tests;

/// <summary>The least of servers: it says hello in its log and sleeps.</summary>
sealed class SleepServer : IServer
{
    readonly TemporaryFolder folder = new();

    public SleepServer() => Process = ServerProcess.Start("bash", ["-c", "echo hello; exec sleep 1000"], folder.Path, Logs);

    public ServerProcess Process { get; }

    public ServerLogs Logs { get; } = new("sleep");

    public ValueTask DisposeAsync()
    {
        Process.Dispose();
        folder.Dispose();
        Logs.Dispose();
        return ValueTask.CompletedTask;
    }
}
