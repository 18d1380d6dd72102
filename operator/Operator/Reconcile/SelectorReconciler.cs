using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Watching;
using ClusterTrail.Trails;
using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Says in a TrailSelector's status whether its Trail takes it up, and why not.</summary>
sealed class SelectorReconciler(ICluster cluster, KnownCluster known, TimeProvider time)
{
    const string Accepted = "Accepted";

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (known.Selectors.Find(key) is not { Metadata.DeletionTimestamp: null } selector)
            return null;
        var trail = selector.Spec.Trail;
        var refused = Attachments.Of(trail, known).FirstOrDefault(attachment => attachment.Selector.Key == key).Refused;
        var next = new SelectorTrail { Name = trail, Conditions = [Condition(selector, trail, refused)] };
        if (selector.Status?.Trails is not [var only] || !Same(only, next))
            await cluster.ApplyStatusAsync(Manifest(selector, next), cancellationToken);
        return null;
    }

    V1Condition Condition(TrailSelector selector, string trail, Problem? refused)
    {
        var status = refused is null ? "True" : "False";
        var before = selector.Status?.Trails?.FirstOrDefault(other => other.Name == trail)?.Conditions?.FirstOrDefault(condition => condition.Type == Accepted);
        var now = time.GetUtcNow();
        return new()
        {
            Type = Accepted,
            Status = status,
            Reason = refused?.Reason ?? "Attached",
            Message = refused?.Message ?? $"Trail {trail} records the events that these rules select.",
            LastTransitionTime = before?.Status == status
                ? before.LastTransitionTime
                : now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)).UtcDateTime,
            ObservedGeneration = selector.Metadata.Generation,
        };
    }

    static bool Same(SelectorTrail one, SelectorTrail other) => JsonNode.DeepEquals(Json(one), Json(other));

    static JsonNode? Json(SelectorTrail trail) => JsonSerializer.SerializeToNode(trail, KubernetesJson.Options);

    static JsonResource Manifest(TrailSelector selector, SelectorTrail trail) => new(ResourceType.Of<TrailSelector>(), new()
    {
        ["metadata"] = new JsonObject { ["name"] = selector.Metadata.Name, ["namespace"] = selector.Metadata.NamespaceProperty, ["uid"] = selector.Metadata.Uid },
        ["status"] = new JsonObject { ["trails"] = new JsonArray(Json(trail)) },
    });
}
