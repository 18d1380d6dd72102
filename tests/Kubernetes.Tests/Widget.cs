using System.Text.Json.Nodes;
using k8s.Models;

namespace ClusterTrail.Kubernetes.Tests;

/// <summary>A custom resource.</summary>
[KubernetesEntity(Group = "test.clustertrail.io", ApiVersion = "v1", Kind = "Widget", PluralName = "widgets")]
sealed record Widget : Resource
{
    public WidgetSpec? Spec { get; init; }
    public WidgetStatus? Status { get; init; }

    public static JsonResource CustomResourceDefinition { get; } = new(ResourceType.Of<V1CustomResourceDefinition>(), (JsonObject)JsonNode.Parse(
        """
        {
          "metadata": { "name": "widgets.test.clustertrail.io" },
          "spec": {
            "group": "test.clustertrail.io", "scope": "Namespaced",
            "names": { "kind": "Widget", "listKind": "WidgetList", "plural": "widgets", "singular": "widget" },
            "versions": [{
              "name": "v1", "served": true, "storage": true, "subresources": { "status": {} },
              "schema": { "openAPIV3Schema": { "type": "object", "properties": {
                "spec": { "type": "object", "properties": { "size": { "type": "integer", "minimum": 1 } } },
                "status": { "type": "object", "properties": { "phase": { "type": "string" }, "observedSize": { "type": "integer" } } }
              } } }
            }]
          }
        }
        """)!);
}
