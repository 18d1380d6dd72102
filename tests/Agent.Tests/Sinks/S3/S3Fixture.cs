using ClusterTrail.Agent.Tests.Sinks.S3;
using ClusterTrail.Testing;

[assembly: AssemblyFixture(typeof(S3Fixture))]

namespace ClusterTrail.Agent.Tests.Sinks.S3;

/// <summary>The one S3 server of all tests, started when the first asks for it.</summary>
public sealed class S3Fixture : IAsyncDisposable
{
    /// <summary>Tests that use the server run one after the other, as some freeze or kill it.</summary>
    public const string Collection = "S3 server";

    readonly Lazy<Task<S3Server>> server = new(() => S3Server.StartAsync(CancellationToken.None));

    public async Task<S3Server> ServerAsync()
    {
        try
        {
            return await server.Value;
        }
        catch (MissingPartException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated && server.Value.IsCompletedSuccessfully)
            await (await server.Value).DisposeAsync();
    }
}
