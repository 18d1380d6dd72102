using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Says in a TrailSelector's status whether its Trail takes it up, and why not.</summary>
sealed class SelectorReconciler(ICluster cluster, ClusterCache cache, bool workloads, TimeProvider time)
{
    const string Accepted = "Accepted";

    /// <summary>What makes it look at a TrailSelector: itself, and another verdict of its Trail.</summary>
    public static void Watch(ClusterCache cache, Attachments attachments, WorkQueue<ObjectKey> queue)
    {
        cache.Selectors.OnChange(change => queue.Add(change.Key));
        attachments.OnJudged(queue.Add);
    }

    /// <summary>Whether it was created, deleted, or adds something else than before.</summary>
    public static bool HasNewSpec(Change<TrailSelector> change) =>
        change.Before is null || change.After is null || change.Before.Metadata.Generation != change.After.Metadata.Generation;

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        // One that is not judged yet comes again when it is.
        if (cache.Selectors.Find(key) is not KeptSelector { Metadata.DeletionTimestamp: null, Verdict: { Refused: var refused } } selector)
            return null;
        var trail = selector.Spec.Trail;
        var next = new SelectorTrail { Name = trail, Conditions = [Condition(selector, trail, refused)] };
        if (selector.Status?.Trails is not [var only] || !Same(only, next))
            await cluster.ApplyStatusAsync(Manifest(selector, next), cancellationToken);
        return null;
    }

    V1Condition Condition(TrailSelector selector, string trail, Rejection? refused)
    {
        var status = refused is null ? "True" : "False";
        var before = selector.Status?.Trails?.FirstOrDefault(other => other.Name == trail)?.Conditions?.FirstOrDefault(
            condition => condition.Type == Accepted);
        var now = time.GetUtcNow();
        return new()
        {
            Type = Accepted,
            Status = status,
            Reason = refused?.Reason ?? "Attached",
            Message = refused?.Message ?? Accepts(selector, trail),
            LastTransitionTime = before?.Status == status
                ? before.LastTransitionTime
                : now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)).UtcDateTime,
            ObservedGeneration = selector.Metadata.Generation,
        };
    }

    string Accepts(TrailSelector selector, string trail) => $"Trail {trail} records the events that these rules select."
        + (workloads || selector is not KeptSelector { HasWorkloads: true } ? ""
            : " It records nothing of spec.workloads, because the operator was installed without workloads: an admin can set the chart's "
                + "value workloads.enabled.");

    static bool Same(SelectorTrail one, SelectorTrail other) => JsonNode.DeepEquals(Json(one), Json(other));

    static JsonNode? Json(SelectorTrail trail) => JsonSerializer.SerializeToNode(trail, KubernetesJson.Options);

    static JsonResource Manifest(TrailSelector selector, SelectorTrail trail) => new(ResourceType.Of<TrailSelector>(), new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = selector.Metadata.Name,
            ["namespace"] = selector.Metadata.NamespaceProperty,
            ["uid"] = selector.Metadata.Uid,
        },
        ["status"] = new JsonObject { ["trails"] = new JsonArray(Json(trail)) },
    });
}
