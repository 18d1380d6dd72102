namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>Lets so many through each second, and as many at once as it saved up.</summary>
sealed class TokenBucket(int perSecond, int most, TimeProvider time)
{
    double tokens = most;
    long filledAt = time.GetTimestamp();

    public bool TryTake()
    {
        if (tokens < 1)
        {
            Fill();
        }

        if (tokens < 1)
        {
            return false;
        }

        tokens--;
        return true;
    }

    void Fill()
    {
        var now = time.GetTimestamp();
        tokens = Math.Min(most, tokens + (time.GetElapsedTime(filledAt, now).TotalSeconds * perSecond));
        filledAt = now;
    }
}
