using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes;

/// <summary>Writes Events as kubelets and controllers do: the same one again only counts, and many alike become one.</summary>
/// <remarks>
/// Read as events.k8s.io/v1, those of kubelets and of the controller manager have no eventTime: their times and counts are in the
/// deprecated
/// fields. The scheduler writes the new kind. Caveat: a real kubelet also drops Events beyond 25 at once of one object.
/// </remarks>
sealed class EventRecorder(Clients clients, TimeProvider time)
{
    const int MostAlike = 10;

    readonly ConcurrentDictionary<Alike, Written> reported = new();

    public Task NormalAsync(Source source, Seen regarding, string reason, string note, CancellationToken cancellationToken) =>
        TellAsync(source, regarding, "Normal", reason, note, cancellationToken);

    public Task WarnAsync(Source source, Seen regarding, string reason, string note, CancellationToken cancellationToken) =>
        TellAsync(source, regarding, "Warning", reason, note, cancellationToken);

    Task TellAsync(Source source, Seen regarding, string type, string reason, string note, CancellationToken cancellationToken)
    {
        var alike = reported.Keys.Count(key => (key.Uid, key.Type, key.Reason) == (regarding.Uid, type, reason) && key.Note != note);
        if (alike >= MostAlike && !reported.ContainsKey(new(regarding.Uid, type, reason, note)))
            return WriteAsync(
                source, regarding, new(regarding.Uid, type, reason, "*"), $"(combined from similar events): {note}", cancellationToken);
        return WriteAsync(source, regarding, new(regarding.Uid, type, reason, note), note, cancellationToken);
    }

    async Task WriteAsync(Source source, Seen regarding, Alike key, string note, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var seen = reported.AddOrUpdate(
            key,
            _ => new($"{regarding.Metadata.Name}.{Guid.NewGuid():N}"[..^16], now, 1),
            (_, before) => before with { Count = before.Count + 1 });
        var json = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = seen.Name, ["namespace"] = regarding.Metadata.NamespaceProperty ?? "default" },
            ["type"] = key.Type,
            ["reason"] = key.Reason,
            ["note"] = note,
            ["regarding"] = Regarding(source, regarding),
            ["reportingController"] = source.Component,
            ["reportingInstance"] = source.Instance,
        };
        foreach (var (name, value) in source.IsNewKind ? Series(source, seen, now) : Counted(source, seen, now))
            json[name] = value?.DeepClone();
        await clients.ApplyAsync(source.Part, ResourceType.Of<Eventsv1Event>(), json, cancellationToken);
    }

    static JsonObject Counted(Source source, Written seen, DateTimeOffset now) => new()
    {
        ["deprecatedSource"] = new JsonObject { ["component"] = source.Component, ["host"] = source.Host },
        ["deprecatedFirstTimestamp"] = Texts.Time(seen.First),
        ["deprecatedLastTimestamp"] = Texts.Time(now),
        ["deprecatedCount"] = seen.Count,
    };

    static JsonObject Series(Source source, Written seen, DateTimeOffset now)
    {
        var json = new JsonObject { ["eventTime"] = Texts.MicroTime(seen.First), ["action"] = source.Action };
        if (seen.Count > 1)
            json["series"] = new JsonObject { ["count"] = seen.Count, ["lastObservedTime"] = Texts.MicroTime(now) };
        return json;
    }

    static JsonObject Regarding(Source source, Seen regarding)
    {
        var type = source.Regards;
        var json = new JsonObject
        {
            ["apiVersion"] = type.ApiVersion,
            ["kind"] = type.Kind,
            ["name"] = regarding.Metadata.Name,
            ["uid"] = regarding.Uid,
        };
        if (regarding.Metadata.NamespaceProperty is { } @namespace)
            json["namespace"] = @namespace;
        if (source.Container is { } container)
            json["fieldPath"] = $"spec.containers{{{container}}}";
        return json;
    }

    /// <summary>What makes two Events the same.</summary>
    sealed record Alike(string Uid, string Type, string Reason, string Note);

    sealed record Written(string Name, DateTimeOffset First, int Count);
}
