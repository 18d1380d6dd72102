namespace ClusterTrail.Agent.Sources.Journal;

/// <summary>Events that a journal should have.</summary>
/// <param name="Events">How many; 0 when nobody knows.</param>
/// <param name="Since">When the first of them came.</param>
/// <param name="Until">When the last of them came.</param>
/// <param name="Reason">A word.</param>
sealed record LostEvents(long Events, long Bytes, DateTimeOffset Since, DateTimeOffset Until, string Reason)
{
    /// <summary>For people.</summary>
    public string Description =>
        $"{(Events == 0 ? "An unknown number of" : Events)} events that came between {Since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} and "
        + $"{Until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} are not recorded: {Why}.";

    string Why => Reason switch
    {
        "Crash" => "they were in memory when the agent was killed",
        "QueueFull" =>
            "there was no room for them in memory while the journal was full or slow, or an internal error; the metrics say which",
        _ => Reason,
    };
}
