using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Integrity;

/// <summary>What was read of a source in a time.</summary>
sealed record PeriodCounts
{
    /// <summary>How many gaps a digest lists of a source; of more it says how many.</summary>
    public const int MostGaps = 100;

    public static PeriodCounts None { get; } = new();

    public long Events { get; init; }

    public long Truncated { get; init; }

    public long Oversized { get; init; }

    public long Unparsable { get; init; }

    public IReadOnlyList<DigestGap> Gaps { get; init; } = [];

    public long MoreGaps { get; init; }

    public bool IsNothing => Events == 0 && Gaps.Count == 0 && MoreGaps == 0;

    public PeriodCounts With(DigestGap gap) =>
        Gaps.Count < MostGaps ? this with { Gaps = [.. Gaps, gap] } : this with { MoreGaps = MoreGaps + 1 };

    public PeriodCounts And(PeriodCounts other)
    {
        var room = Math.Min(MostGaps - Gaps.Count, other.Gaps.Count);
        return new()
        {
            Events = Events + other.Events,
            Truncated = Truncated + other.Truncated,
            Oversized = Oversized + other.Oversized,
            Unparsable = Unparsable + other.Unparsable,
            Gaps = [.. Gaps, .. other.Gaps.Take(room)],
            MoreGaps = MoreGaps + other.MoreGaps + other.Gaps.Count - room,
        };
    }
}
