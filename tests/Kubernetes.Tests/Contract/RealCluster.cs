using ClusterTrail.Fixtures;
using ClusterTrail.Kubernetes.Client;
using ClusterTrail.Kubernetes.Connecting;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Kubernetes.Tests.Contract;

/// <summary>A client of a real API server.</summary>
static class RealCluster
{
    public static async Task<ICluster> ConnectAsync(ClusterFixture fixture, string fieldManager = "contract", bool force = true)
    {
        var cluster = await fixture.StartedAsync();
        return new KubernetesCluster(
            ClusterConnection.Find(cluster.Admin.Kubeconfig),
            new() { FieldManager = fieldManager, Force = force, UserAgent = "clustertrail-tests" },
            Some.Metrics(), TimeProvider.System, NullLogger<KubernetesCluster>.Instance);
    }
}
