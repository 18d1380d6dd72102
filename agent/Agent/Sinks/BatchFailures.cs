namespace ClusterTrail.Agent.Sinks;

/// <summary>How one batch failed while the sink took others.</summary>
/// <remarks>
/// A failure counts only when the sink has taken another batch since the failure before: so a sink that takes nothing never looks like a
/// bad batch.
/// </remarks>
sealed class BatchFailures
{
    static readonly TimeSpan[] RetryAfter =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(60)];

    long? takenAtFailure;
    int strikes;

    /// <summary>How many attempts have failed.</summary>
    public int Attempts { get; private set; }

    public string Code { get; private set; } = "";

    /// <summary>Since when the batch is set aside; null while it is not.</summary>
    public DateTimeOffset? AsideSince { get; private set; }

    /// <summary>When a batch that is set aside is tried again.</summary>
    public DateTimeOffset Due { get; private set; }

    /// <summary>Notes a failure; true when it counts against the batch.</summary>
    /// <param name="taken">How many batches the sink has taken.</param>
    public bool Failed(string code, FailureScope scope, long taken, DateTimeOffset now)
    {
        var counts = taken > takenAtFailure;
        (takenAtFailure, Code) = (taken, code);
        Attempts++;
        strikes += counts ? 1 : 0;
        if (AsideSince is null && strikes >= Limit(scope))
        {
            (AsideSince, strikes) = (now, 1);
        }

        if (AsideSince is not null)
        {
            Due = now + RetryAfter[Math.Clamp(strikes - 1, 0, RetryAfter.Length - 1)];
        }

        return counts;
    }

    // A busy sink fails many batches, each a few times, and takes them in the end.
    static int Limit(FailureScope scope) => scope switch
    {
        FailureScope.Batch => 1,
        FailureScope.Sink => 10,
        _ => 3,
    };
}
