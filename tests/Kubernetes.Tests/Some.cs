using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using k8s.Models;

namespace ClusterTrail.Kubernetes.Tests;

/// <summary>Things that tests need and whose details do not matter.</summary>
static class Some
{
    static int names;

    /// <summary>Long enough for what must come, so that only what never comes fails.</summary>
    public static TimeSpan Timeout => TimeSpan.FromSeconds(30);

    public static KubernetesMetrics Metrics() => new(new Meter(KubernetesMetrics.MeterName));

    /// <summary>A key that nobody else uses, also in a cluster that outlives the test.</summary>
    public static ObjectKey Key(string prefix = "some") =>
        new("default", $"{prefix}-{Guid.NewGuid().ToString("N")[..8]}-{Interlocked.Increment(ref names)}");

    public static JsonResource ConfigMapOf(ObjectKey key, params (string Name, string Value)[] data) => new(ResourceType.Of<V1ConfigMap>(), new()
    {
        ["metadata"] = MetadataOf(key),
        ["data"] = new JsonObject(data.Select(entry => KeyValuePair.Create(entry.Name, (JsonNode?)entry.Value))),
    });

    public static JsonResource WidgetOf(ObjectKey key, int size) => new(ResourceType.Of<Widget>(), new()
    {
        ["metadata"] = MetadataOf(key),
        ["spec"] = new JsonObject { ["size"] = size },
    });

    public static JsonResource Labelled(this JsonResource resource, string name, string value)
    {
        resource.Json["metadata"]!["labels"] = new JsonObject { [name] = value };
        return resource;
    }

    public static JsonObject MetadataOf(ObjectKey key) => new() { ["namespace"] = key.Namespace, ["name"] = key.Name };

    public static async Task<T> NextAsync<T>(this ChannelReader<T> reader) => await reader.ReadAsync().AsTask().WaitAsync(Timeout);

    public static async Task<T> NextAsync<T>(this IAsyncEnumerator<T> events) =>
        await events.MoveNextAsync().AsTask()
            .WaitAsync(Timeout) ? events.Current : throw new InvalidOperationException("The watch has ended.");
}
