namespace ClusterTrail.Agent.Sinks;

/// <summary>Ever longer pauses up to a limit, and never in step with those of others.</summary>
sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    int pauses;

    public TimeSpan Next()
    {
        var full = Math.Min(longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(pauses++, 30)));
        return TimeSpan.FromSeconds(full * (1 + random.NextDouble()) / 2);
    }

    public void Reset() => pauses = 0;
}
