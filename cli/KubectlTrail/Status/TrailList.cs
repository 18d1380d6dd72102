using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Kubectl.Status;

/// <summary>Trails in a line each, and below them the trees of those that are not Ready, and what is wrong with the others. Pure.</summary>
static class TrailList
{
    static readonly string?[] Titles = ["TRAIL", "READY", "REASON", "AGENTS", "LAG", "DELIVERED", "LAST DELIVERY"];

    internal static IReadOnlyList<string> Lines(IReadOnlyList<Trail> trails, DateTimeOffset now, int? width = null) =>
    [
        .. trails.Count == 0 ? [] : Columns.Align([Titles, .. trails.Select(trail => Cells(trail, now))]),
        .. trails.Select(trail => Readiness.IsReady(trail, now) ? TrailTree.Faults(trail, now) : TrailTree.Of(trail, now))
            .SelectMany(details => details?.Lines(width).Prepend("") ?? []),
    ];

    static string?[] Cells(Trail trail, DateTimeOffset now)
    {
        var (status, ready) = (trail.Status, Readiness.ConditionOf(trail));
        var unknown = Readiness.IsOld(trail, now) ? "StatusIsOld" : Readiness.IsOutdated(trail) ? "SpecNotSeen" : null;
        return
        [
            trail.Metadata.Name,
            unknown is null ? ready?.Status ?? "Unknown" : "Unknown",
            unknown ?? ready?.Reason ?? "NoStatus",
            status?.Agents is { } agents ? $"{agents.Ready}/{agents.Desired}" : Quantity.Unknown,
            status?.Lag ?? Quantity.Unknown,
            Quantity.Count(status?.DeliveredEvents),
            Quantity.Age(status?.LastDeliveryTime, now),
        ];
    }
}
