using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures;

/// <summary>The Prometheus of an assembly's tests. It begins without targets and rules; a test gives it its own by reloading.</summary>
public sealed class PrometheusFixture : ServerFixture<PrometheusServer>
{
    /// <summary>Tests that use the server run one after the other, as each reloads it.</summary>
    public const string Collection = "Prometheus";

    protected override Task<PrometheusServer> StartAsync(CancellationToken cancellationToken) =>
        PrometheusServer.StartAsync(new(), cancellationToken);
}
