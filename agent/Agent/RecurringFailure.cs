namespace ClusterTrail.Agent;

/// <summary>What stands in a loop's way again and again, and whether the log has it already.</summary>
sealed class RecurringFailure(TimeProvider time)
{
    // Files are tried every few seconds: a failure that occurs again after this time is the same failure.
    static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    string? message;
    long occurredAt;

    /// <summary>Whether it stands in the way now.</summary>
    public bool IsOngoing { get; private set; }

    /// <summary>Notes it; true when it is to be logged, once for as long as it lasts or comes back soon.</summary>
    public bool Occurred(string what)
    {
        var isNews = what != message || time.GetElapsedTime(occurredAt) > Memory;
        (message, occurredAt, IsOngoing) = (what, time.GetTimestamp(), true);
        return isNews;
    }

    public void Cleared() => IsOngoing = false;
}
