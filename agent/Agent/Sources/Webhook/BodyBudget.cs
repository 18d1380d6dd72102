namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>How many bytes of requests may be in memory at once, of all that are being received.</summary>
sealed class BodyBudget(long bytes)
{
    long left = bytes;

    public bool TryTake(long more)
    {
        if (Interlocked.Add(ref left, -more) >= 0)
            return true;
        Interlocked.Add(ref left, more);
        return false;
    }

    public void Return(long taken) => Interlocked.Add(ref left, taken);
}
