namespace ClusterTrail.Testing;

/// <summary>A real server, started by the tests. Disposing stops it; its data is gone, its logs are where they were asked to be
/// kept.</summary>
public interface IServer : IAsyncDisposable
{
    ServerLogs Logs { get; }
}
