using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures;

/// <summary>The S3 server of an assembly's tests; each makes buckets of its own.</summary>
public sealed class S3Fixture : ServerFixture<S3Server>
{
    /// <summary>Tests that use the server run one after the other, as some freeze, kill or fill it.</summary>
    public const string Collection = "S3 server";

    protected override Task<S3Server> StartAsync(CancellationToken cancellationToken) => S3Server.StartAsync(cancellationToken);
}
