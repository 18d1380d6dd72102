namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>
/// How long a container that ended waits: not at all the first time, then 10 s and twice as long each time up to 5 minutes. After it ran
/// for 10 minutes, this begins anew.
/// </summary>
sealed class RestartBackOff
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    TimeSpan next;
    DateTimeOffset restartedAt;

    /// <summary>How long it waits now; nothing if it may start.</summary>
    public TimeSpan? Wait(DateTimeOffset endedAt, DateTimeOffset now) => !BeginsAnew(endedAt) && now < endedAt + next ? next : null;

    public void Restarted(DateTimeOffset endedAt, DateTimeOffset now)
    {
        next = BeginsAnew(endedAt) ? First : TimeSpan.FromTicks(Math.Min(Longest.Ticks, next.Ticks * 2));
        restartedAt = now;
    }

    bool BeginsAnew(DateTimeOffset endedAt) => next == TimeSpan.Zero || endedAt - restartedAt > 2 * Longest;
}
