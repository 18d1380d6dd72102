namespace ClusterTrail.Rules.Insights;

/// <summary>An unusual stretch of a rate begins or ends.</summary>
sealed record RateInsight
{
    public required RateSubject Subject { get; init; }

    public required RateMeasure Measure { get; init; }

    /// <summary>Why the stretch ended; None when it begins.</summary>
    public required StretchEnd End { get; init; }

    /// <summary>Events a minute as they are usual, and as they were, in the mean of the stretch so far.</summary>
    public required double Baseline { get; init; }
    public required double Observed { get; init; }

    /// <summary>The highest minute.</summary>
    public required double Peak { get; init; }

    public double Ratio => Observed / Baseline;

    /// <summary>When the first and the last event can have been: whole minutes.</summary>
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>Those with most events since the stretch became visible; the most frequent first.</summary>
    public required IReadOnlyList<Contribution> Users { get; init; }
    public required IReadOnlyList<Contribution> UserAgents { get; init; }
}
