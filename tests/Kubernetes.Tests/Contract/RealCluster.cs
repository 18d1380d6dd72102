using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Kubernetes.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Kubernetes.Tests.Contract;

/// <summary>A client of the cluster that CLUSTERTRAIL_TEST_KUBECONFIG names.</summary>
static class RealCluster
{
    const string Variable = "CLUSTERTRAIL_TEST_KUBECONFIG";

    public static ICluster Connect(string fieldManager = "contract", bool force = true)
    {
        var path = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(path))
            Assert.Skip($"{Variable} names no kubeconfig of a cluster to test against.");
        return new HttpCluster(
            ClusterConnection.Find(path).CreateClient("clustertrail-tests"), new() { FieldManager = fieldManager, Force = force },
            Some.Metrics(), TimeProvider.System, NullLogger<HttpCluster>.Instance);
    }
}
