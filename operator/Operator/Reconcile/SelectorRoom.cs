using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>What is left of one Trail's room for TrailSelectors while they are judged, the oldest first.</summary>
/// <remarks>One that does not fit leaves its place to younger ones that do.</remarks>
sealed class SelectorRoom(SelectorQuota quota, string trail)
{
    const string OfNamespace = "NamespaceQuotaExceeded";
    const string OfTrail = "NoRoom";

    readonly Dictionary<string, (int Count, int Bytes)> namespaces = [];
    int count;
    int bytes;

    public static bool IsOver(Rejection refused) => refused.Reason is OfNamespace or OfTrail;

    /// <returns>Why there is no room for it; null if it has taken its place.</returns>
    public Rejection? Take(KeptSelector selector)
    {
        var name = selector.Metadata.NamespaceProperty!;
        var taken = namespaces.GetValueOrDefault(name);
        if (taken.Count >= quota.PerNamespace || taken.Bytes + selector.Bytes > quota.BytesPerNamespace)
        {
            return new(
                OfNamespace,
                $"Trail {trail} accepts {quota.PerNamespace} TrailSelectors and {quota.BytesPerNamespace} bytes of rules from each "
                    + $"namespace, and {name} has more; older ones have precedence. "
                    + "Use fewer or shorter rules, or ask an admin to add them to the Trail.");
        }

        if (count >= quota.PerTrail || bytes + selector.Bytes > quota.BytesPerTrail)
        {
            return new(
                OfTrail,
                $"The TrailSelectors of Trail {trail} together are more than {quota.PerTrail}, or larger than {quota.BytesPerTrail} bytes; "
                    + "older ones have precedence. Use fewer rules, or move them to the Trail.");
        }

        namespaces[name] = (taken.Count + 1, taken.Bytes + selector.Bytes);
        (count, bytes) = (count + 1, bytes + selector.Bytes);
        return null;
    }
}
