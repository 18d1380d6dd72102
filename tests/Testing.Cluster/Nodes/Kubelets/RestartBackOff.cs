namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>
/// How long a container that ended waits: not at all the first time, then 10 s and twice as long each time up to 5 minutes.
/// </summary>
sealed class RestartBackOff
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    TimeSpan next;
    DateTimeOffset updatedAt;

    /// <summary>How long it waits now; nothing if it may start.</summary>
    public TimeSpan? Wait(DateTimeOffset endedAt, DateTimeOffset now) => next > TimeSpan.Zero && now < endedAt + next ? next : null;

    /// <summary>It starts again. One that ran for 10 minutes begins anew.</summary>
    public void Restarted(DateTimeOffset endedAt, DateTimeOffset now)
    {
        next = next == TimeSpan.Zero || endedAt - updatedAt > 2 * Longest ? First : TimeSpan.FromTicks(
            Math.Min(Longest.Ticks, next.Ticks * 2));
        updatedAt = now;
    }
}
