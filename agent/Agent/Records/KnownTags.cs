using System.Text;
using System.Text.Json;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Records;

/// <summary>The labels that records get, as the operator last sent them: items of <c>resourceTags</c>, written once.</summary>
sealed class KnownTags
{
    static readonly Dictionary<byte[], byte[]> Nothing = new(BytesComparer.Instance);

    readonly Dictionary<byte[], byte[]>.AlternateLookup<ReadOnlySpan<byte>> ofNamespaces;
    readonly Dictionary<byte[], byte[]>.AlternateLookup<ReadOnlySpan<byte>> ofPods;

    KnownTags(Dictionary<byte[], byte[]> namespaces, Dictionary<byte[], byte[]> pods)
    {
        (Namespaces, Pods) = (namespaces.Count, pods.Count);
        (ofNamespaces, ofPods) = (
            namespaces.GetAlternateLookup<ReadOnlySpan<byte>>(), pods.GetAlternateLookup<ReadOnlySpan<byte>>());
    }

    public static KnownTags None { get; } = new(Nothing, Nothing);

    public int Namespaces { get; }

    /// <summary>How many pods, also those without a controller.</summary>
    public int Pods { get; }

    /// <param name="handover">What the operator sent, maybe before the Trail was changed.</param>
    /// <param name="asked">What the Trail asks for now: no record gets another label.</param>
    public static KnownTags Of(LabelsHandover handover, EnrichmentConfiguration asked)
    {
        var namespaces = new Dictionary<byte[], byte[]>(BytesComparer.Instance);
        var pods = new Dictionary<byte[], byte[]>(BytesComparer.Instance);
        foreach (var one in handover.Namespaces ?? [])
        {
            namespaces[Encoding.UTF8.GetBytes(one.Name)] = Item("namespaces", null, one.Name, one.Labels, asked.NamespaceLabels);
        }

        foreach (var owned in handover.Owners ?? [])
        {
            var item = owned.Owner is { } owner
                ? Item(owner.Resource, owner.Namespace, owner.Name, owner.Labels, asked.OwnerLabels)
                : [];
            foreach (var uid in owned.Pods)
            {
                pods[Encoding.UTF8.GetBytes(uid)] = item;
            }
        }

        return new(namespaces, pods);
    }

    /// <summary>The item of a namespace.</summary>
    /// <returns>Whether it is known.</returns>
    public bool TryNamespace(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> item)
    {
        var isKnown = ofNamespaces.TryGetValue(name, out var written);
        item = written;
        return isKnown;
    }

    /// <summary>The item of what controls a pod; empty if nothing does.</summary>
    /// <returns>Whether the pod is known.</returns>
    public bool TryOwner(ReadOnlySpan<byte> podUid, out ReadOnlySpan<byte> item)
    {
        var isKnown = ofPods.TryGetValue(podUid, out var written);
        item = written;
        return isKnown;
    }

    // One that has none of the labels has empty tags: so it differs from one that is not known.
    static byte[] Item(
        string resource, string? within, string name, IReadOnlyDictionary<string, string> labels, IReadOnlyList<string>? asked)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("resource", resource);
            if (within is not null)
            {
                json.WriteString("namespace", within);
            }

            json.WriteString("name", name);
            json.WriteStartObject("tags");
            foreach (var key in (asked ?? []).Where(labels.ContainsKey).Distinct().Order(StringComparer.Ordinal))
            {
                json.WriteString(key, labels[key]);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return text.ToArray();
    }
}
