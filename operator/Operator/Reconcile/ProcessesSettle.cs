using System.Collections.Concurrent;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>For how long agents stay able to record processes when nothing asks for them any more.</summary>
/// <remarks>
/// Whether agents can is part of how their pods are made: a change restarts all of them. So a TrailSelector that asks, and asks no more, and
/// asks again, restarts agents once and not each time: meanwhile they record the processes of no namespace. A new operator begins to
/// wait anew.
/// </remarks>
sealed class ProcessesSettle(TimeProvider time)
{
    /// <summary>How long nothing must have asked.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    readonly ConcurrentDictionary<string, DateTimeOffset> unaskedSince = new();

    /// <summary>Until when agents stay able to; null if they are to be as what is asked for says.</summary>
    /// <param name="trail">With the status that was found last: its condition says whether agents are able to.</param>
    /// <param name="isAsked">Whether anything asks for processes.</param>
    public DateTimeOffset? Until(Trail trail, bool isAsked)
    {
        var uid = trail.Metadata.Uid ?? "";
        if (isAsked || trail.Status?.Conditions?.Any(condition => condition.Type == ProcessEventsCondition.Type) != true)
        {
            unaskedSince.TryRemove(uid, out _);
            return null;
        }

        var until = unaskedSince.GetOrAdd(uid, _ => time.GetUtcNow()) + Longest;
        return time.GetUtcNow() < until ? until : null;
    }
}
