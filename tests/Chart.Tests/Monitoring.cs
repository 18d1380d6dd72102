using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Chart.Tests;

/// <summary>The kinds of the Prometheus operator, as far as a test needs them: any content is taken.</summary>
static class Monitoring
{
    public static async Task InstallAsync(KubectlUser kubectl, CancellationToken cancellationToken)
    {
        foreach (var kind in (string[])["PodMonitor", "PrometheusRule", "ServiceMonitor"])
        {
            await kubectl.ApplyAsync(Definition(kind, $"{kind}s".ToLowerInvariant()), cancellationToken);
            await kubectl.WaitForKindsAsync(["crd", NameOf($"{kind}s".ToLowerInvariant())], cancellationToken);
        }
    }

    static string NameOf(string plural) => $"{plural}.monitoring.coreos.com";

    static string Definition(string kind, string plural) => $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: {{NameOf(plural)}} }
        spec:
          group: monitoring.coreos.com
          scope: Namespaced
          names: { kind: {{kind}}, plural: {{plural}}, singular: {{plural[..^1]}} }
          versions:
          - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }
        """;
}
