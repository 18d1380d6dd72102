namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>What was in a part of a feed.</summary>
/// <param name="Events">Audit events, cut ones included.</param>
/// <param name="Cut">Events that the cloud cut.</param>
/// <param name="Other">Entries of something else; they are not recorded.</param>
/// <param name="Unreadable">Texts that are not what the format says; they are recorded as they are.</param>
readonly record struct FeedCounts(long Events, long Cut, long Other, long Unreadable)
{
    public static FeedCounts operator +(FeedCounts a, FeedCounts b) =>
        new(a.Events + b.Events, a.Cut + b.Cut, a.Other + b.Other, a.Unreadable + b.Unreadable);
}
