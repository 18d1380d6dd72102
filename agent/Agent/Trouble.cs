namespace ClusterTrail.Agent;

/// <summary>What stands in a loop's way again and again, and whether the log has it already.</summary>
sealed class Trouble(TimeProvider time)
{
    // Files are looked at anew every few seconds: what is met again after so long is the same trouble.
    static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    string? message;
    long metAt;

    /// <summary>Whether it stands in the way now.</summary>
    public bool Lasts { get; private set; }

    /// <summary>Notes it; true when it is to be logged, once for as long as it lasts or comes back soon.</summary>
    public bool Met(string what)
    {
        var isNews = what != message || time.GetElapsedTime(metAt) > Memory;
        (message, metAt, Lasts) = (what, time.GetTimestamp(), true);
        return isNews;
    }

    public void Passed() => Lasts = false;
}
