using System.Collections.Concurrent;

namespace ClusterTrail.Operator.Events;

/// <summary>How many Events of one Trail may be written: some at once, and then one now and again.</summary>
sealed class EventPace(TimeProvider time)
{
    const int AtOnce = 25;
    static readonly TimeSpan Each = TimeSpan.FromSeconds(15);

    // From when on the Trail has all its places again.
    readonly ConcurrentDictionary<string, DateTimeOffset> rested = new();

    /// <returns>Whether another may be written now, which then counts.</returns>
    public bool TryTake(string trail)
    {
        var now = time.GetUtcNow();
        var isTaken = false;
        rested.AddOrUpdate(trail, _ => Take(now), (_, until) => Take(until > now ? until : now));
        foreach (var other in rested.Where(other => other.Value < now).Select(other => other.Key).ToList())
            rested.TryRemove(other, out _);
        return isTaken;

        DateTimeOffset Take(DateTimeOffset until)
        {
            isTaken = until - now <= Each * (AtOnce - 1);
            return isTaken ? until + Each : until;
        }
    }
}
