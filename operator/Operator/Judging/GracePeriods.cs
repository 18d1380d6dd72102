namespace ClusterTrail.Operator.Judging;

/// <summary>
/// How long something may last before it is a problem. Together with the time between two polls, most are below a minute.
/// </summary>
static class GracePeriods
{
    /// <summary>For an agent that is replaced: it stops, delivers what it holds, and another starts.</summary>
    public static TimeSpan Restart { get; } = TimeSpan.FromSeconds(45);

    /// <summary>For a pod that starts. Kubelets report what a pod lacks immediately, even if it is created a second later.</summary>
    public static TimeSpan Start { get; } = TimeSpan.FromSeconds(30);

    /// <summary>For a container that has ended by an error and runs again: until then it counts as crashing.</summary>
    public static TimeSpan Crash { get; } = TimeSpan.FromMinutes(2);

    /// <summary>For labels of pods that an agent waits for: they are sent at the next poll.</summary>
    public static TimeSpan Labels { get; } = TimeSpan.FromMinutes(1);

    /// <summary>For a sink: one attempt that fails is retried immediately.</summary>
    public static TimeSpan Attempts { get; } = TimeSpan.FromSeconds(10);
}
