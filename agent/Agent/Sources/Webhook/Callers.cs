using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>Which API servers sent events since the agent started.</summary>
sealed class Callers(TimeProvider time)
{
    const int Most = 64;

    readonly Lock gate = new();
    readonly Dictionary<(string Name, string Address), CallerStatus> callers = [];

    /// <summary>The latest first.</summary>
    public IReadOnlyList<CallerStatus> All
    {
        get
        {
            lock (gate)
                return [.. callers.Values.OrderByDescending(caller => caller.LastAt)];
        }
    }

    /// <param name="newest">When the newest event happened that it sent; null when it has no time.</param>
    public void Note(string name, string address, int events, DateTimeOffset? newest)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            var before = callers.GetValueOrDefault((name, address));
            if (before is null && callers.Count >= Most)
                callers.Remove(callers.MinBy(caller => caller.Value.LastAt).Key);
            callers[(name, address)] = new()
            {
                Name = name,
                Address = address,
                LastAt = now,
                Events = (before?.Events ?? 0) + events,
                LagSeconds = newest is { } at ? Math.Max(0, (now - at).TotalSeconds) : null,
            };
        }
    }
}
