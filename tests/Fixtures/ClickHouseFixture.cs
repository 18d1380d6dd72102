using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures;

/// <summary>The ClickHouse of an assembly's tests, two shards.</summary>
public sealed class ClickHouseFixture : ServerFixture<ClickHouseServer>
{
    protected override Task<ClickHouseServer> StartAsync(CancellationToken cancellationToken) =>
        ClickHouseServer.StartAsync(cancellationToken);
}
