using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>Questions about a custom resource definition.</summary>
public static class CustomResourceDefinitionExtensions
{
    extension(V1CustomResourceDefinition definition)
    {
        /// <summary>Whether the API server serves its kind.</summary>
        public bool IsEstablished =>
            definition.Status?.Conditions?.Any(condition => condition is { Type: "Established", Status: "True" }) == true;
    }
}
