using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Model;

/// <summary>How many of the events that API servers made were read.</summary>
/// <param name="Counts">One of each API server whose agent is known, else one of all.</param>
/// <param name="Problem">Why not all can be compared now; null if they can.</param>
sealed record CompletenessView(IReadOnlyList<TrailCompleteness> Counts, string? Problem = null)
{
    /// <summary>Since when there was a problem at each look.</summary>
    public DateTimeOffset? ProblemSince { get; init; }

    /// <summary>Why a node, or the sum of all, cannot be compared now, and since when.</summary>
    public IReadOnlyDictionary<string, (string Why, DateTimeOffset Since)> NotCompared { get; init; } =
        new Dictionary<string, (string, DateTimeOffset)>();

    /// <summary>When each was compared last, by this operator.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> ComparedAt { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>The name where it is not known which agent reads whose events: then the sums are compared.</summary>
    public const string All = "all";

    /// <summary>Whether a Trail's events can be compared: others come from elsewhere, and hours later.</summary>
    public static bool Compares(Trail trail) =>
        trail.Spec is { Logging: true, Sources.ApiServer.Type: ApiServerSourceType.LogFile or ApiServerSourceType.Webhook }
            && trail.Metadata.DeletionTimestamp is null;
}
