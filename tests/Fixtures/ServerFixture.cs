using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures;

/// <summary>The one server of its kind for all tests of an assembly, started when the first asks for it.</summary>
public abstract class ServerFixture<T> : IAsyncDisposable
    where T : IServer
{
    readonly Lazy<Task<T>> server;

    protected ServerFixture() => server = new(() => Task.Run(() => StartAsync(CancellationToken.None)));

    /// <summary>The running server. Where it cannot be installed the test is skipped; when it does not start the test fails.</summary>
    public async Task<T> StartedAsync()
    {
        var started = await server.Value.OrSkipAsync();
        UsedLogs.Note(started.Logs);
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (server.IsValueCreated && server.Value.IsCompletedSuccessfully)
            await (await server.Value).DisposeAsync();
    }

    /// <exception cref="MissingPartException">It cannot be installed here.</exception>
    /// <exception cref="ServerFailedException">It does not start.</exception>
    protected abstract Task<T> StartAsync(CancellationToken cancellationToken);
}
