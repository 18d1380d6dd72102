using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing.Nodes.Controllers;

/// <summary>Chooses which pods of an older template make way, so that never more are away than maxUnavailable says.</summary>
static class RollingUpdate
{
    public static IEnumerable<Seen> Replaced(Seen daemonSet, IReadOnlyList<DaemonNode> nodes, DateTimeOffset now)
    {
        if ((string?)daemonSet.Spec!["updateStrategy"]?["type"] == "OnDelete")
            return [];
        var after = DaemonSetStatusOf.MinReady(daemonSet);
        var hash = PodTemplate.Hash(daemonSet);
        var away = 0;
        var (free, waiting) = (new List<Seen>(), new List<Seen>());
        foreach (var node in nodes.Where(node => node.ShouldRun || node.ShouldStay))
        {
            var newest = node.Pods.FirstOrDefault(pod => !pod.IsDeleted && pod.LabelMap.GetValueOrDefault(PodOf.Hash) == hash);
            var older = node.Pods.FirstOrDefault(pod => pod != newest);
            if (newest is not null || older is null)
            {
                away += newest is not null && PodOf.IsAvailable(newest, after, now) ? 0 : 1;
            }
            else if (older.IsDeleted || !PodOf.IsAvailable(older, after, now))
            {
                // One that is away anyway makes way at once.
                away++;
                if (!older.IsDeleted)
                    free.Add(older);
            }
            else
            {
                waiting.Add(older);
            }
        }

        return [.. free, .. waiting.Take(Math.Max(0, MaxUnavailable(daemonSet, nodes.Count(node => node.ShouldRun)) - away))];
    }

    static int MaxUnavailable(Seen daemonSet, int desired) => daemonSet.Spec!["updateStrategy"]?["rollingUpdate"]?["maxUnavailable"] switch
    {
        JsonValue share when share.TryGetValue<string>(out var text) && text.EndsWith('%') =>
            (int)Math.Ceiling(desired * int.Parse(text[..^1], System.Globalization.CultureInfo.InvariantCulture) / 100.0),
        JsonValue count when count.TryGetValue<int>(out var most) => most,
        _ => 1,
    };
}
