using Microsoft.Extensions.Hosting;

namespace ClusterTrail.Telemetry;

/// <summary>Leaves SIGTERM to the agent, which continues to serve its metrics while it delivers what it holds.</summary>
public sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
