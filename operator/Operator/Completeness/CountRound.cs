namespace ClusterTrail.Operator.Completeness;

/// <summary>How many events were made and how many were read, at nearly the same time.</summary>
/// <param name="Server">Which API servers, since when each runs: another text is another count.</param>
/// <param name="Agent">Which agents, since when each counts.</param>
/// <param name="MadeBefore">Made so long before that all of them can have been read.</param>
/// <param name="Read">How many lines were read then.</param>
/// <param name="MadeAfter">Made by a moment later: nothing else can have been read.</param>
/// <param name="Causes">What may explain that some are missing, as counters.</param>
sealed record CountRound(string Server, string Agent, long MadeBefore, long Read, long MadeAfter, LossCauses Causes, DateTimeOffset At)
{
    /// <summary>By how many more events were made than read: a constant, as long as none is missing.</summary>
    public Bounds Offset => new(MadeBefore - Read, MadeAfter - Read);
}

/// <summary>What is counted of losses whose reason is known.</summary>
/// <param name="NotLogged">What API servers could not write to their logs.</param>
/// <param name="NotSent">What they dropped before it was sent.</param>
/// <param name="Gaps">How many parts of logs agents found to be gone.</param>
readonly record struct LossCauses(long NotLogged, long NotSent, long Gaps);
