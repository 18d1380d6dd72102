using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;

namespace ClusterTrail.Kubectl.Lookup;

/// <summary>What a command line asks for.</summary>
sealed record LookupRequest
{
    internal required SearchQuery Query { get; init; }

    internal required ObjectScope Scope { get; init; }

    /// <summary>How many records; 0 is all.</summary>
    internal required int Limit { get; init; }

    /// <summary>The eventID of the record around which is looked; null for none.</summary>
    internal required string? Around { get; init; }

    internal required TimeSpan Window { get; init; }

    internal required bool Follows { get; init; }
}
