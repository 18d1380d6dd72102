using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures;

/// <summary>The Alertmanager of an assembly's tests. It notifies nobody; a test that wants to be notified starts its own.</summary>
public sealed class AlertmanagerFixture : ServerFixture<AlertmanagerServer>
{
    protected override Task<AlertmanagerServer> StartAsync(CancellationToken cancellationToken) =>
        AlertmanagerServer.StartAsync(webhook: null, cancellationToken);
}
