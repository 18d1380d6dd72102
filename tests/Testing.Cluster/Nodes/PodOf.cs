using System.Globalization;
using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes;

/// <summary>Facts that are read off a pod.</summary>
static class PodOf
{
    /// <summary>
    /// Holds a deleted pod until its kubelet lets it go. A real kubelet needs none: it deletes with a grace period of 0, which
    /// <see cref="Kubernetes.ICluster"/> cannot say.
    /// </summary>
    public const string Finalizer = "testing.clustertrail.io/kubelet";

    public const string Hash = "controller-revision-hash";

    public static bool IsOurs(Seen pod) => pod.Metadata.Finalizers?.Contains(Finalizer) == true;

    /// <summary>The node it runs on; nothing before it is scheduled.</summary>
    public static string? Node(Seen pod) => (string?)pod.Spec?["nodeName"];

    /// <summary>The node it was made for.</summary>
    public static string Target(Seen pod) =>
        Node(pod) ?? (string)Affinity(pod)["nodeSelectorTerms"]![0]!["matchFields"]![0]!["values"]![0]!;

    public static bool IsOwnedBy(Seen pod, Seen owner) =>
        pod.Metadata.OwnerReferences?.Any(reference => reference.Uid == owner.Uid) == true;

    public static bool IsReady(Seen pod) => ReadySince(pod) is not null;

    public static bool IsAvailable(Seen pod, TimeSpan after, DateTimeOffset now) => ReadySince(pod) is { } since && since + after <= now;

    static DateTimeOffset? ReadySince(Seen pod)
    {
        var ready = pod.Status?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == "Ready");
        return (string?)ready?["status"] == "True"
            ? DateTimeOffset.Parse((string)ready!["lastTransitionTime"]!, CultureInfo.InvariantCulture)
            : null;
    }

    static JsonNode Affinity(Seen pod) => pod.Spec!["affinity"]!["nodeAffinity"]!["requiredDuringSchedulingIgnoredDuringExecution"]!;
}
