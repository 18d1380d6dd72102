namespace ClusterTrail.Testing.Nodes.Controllers;

/// <summary>When a DaemonSet whose pods were refused is tried again: after 5 ms, and twice as long each time up to 1000 s.</summary>
sealed class CreateBackOff(TimeProvider time)
{
    static readonly TimeSpan First = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(1000);

    int failures;
    long? generation;
    DateTimeOffset next;

    /// <summary>A changed DaemonSet is tried at once.</summary>
    public bool IsDue(Seen daemonSet) => daemonSet.Metadata.Generation != generation || time.GetUtcNow() >= next;

    public void Failed(Seen daemonSet)
    {
        generation = daemonSet.Metadata.Generation;
        next = time.GetUtcNow() + TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(failures++, 18)));
    }

    public void Succeeded() => (failures, next) = (0, default);
}
