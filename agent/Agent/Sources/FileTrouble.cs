namespace ClusterTrail.Agent.Sources;

/// <summary>What keeps one file from being read, and when to try again: ever more rarely, up to once a minute.</summary>
sealed class FileTrouble(TimeProvider time)
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    TimeSpan pause;
    long metAt;

    /// <summary>What people should know; null while there is none.</summary>
    public string? Message { get; private set; }

    /// <summary>Whether it is too early to try again.</summary>
    public bool MustWait => Message is not null && time.GetElapsedTime(metAt) < pause;

    public void Met(string message)
    {
        pause = Message is null ? First : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, Longest.Ticks));
        (Message, metAt) = (message, time.GetTimestamp());
    }

    public void Passed() => Message = null;
}
