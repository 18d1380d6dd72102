using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract.Detections;

/// <summary>The AND of its parts; a part that is empty matches everything. Its first seven parts are those of a selector rule.</summary>
public sealed record Match
{
    public IReadOnlyList<string> Users { get; init; } = [];

    public IReadOnlyList<string> UserGroups { get; init; } = [];

    public IReadOnlyList<string> Verbs { get; init; } = [];

    public IReadOnlyList<GroupResources> Resources { get; init; } = [];

    public IReadOnlyList<string> Namespaces { get; init; } = [];

    public IReadOnlyList<string> NonResourceURLs { get; init; } = [];

    public IReadOnlyList<MatchCondition> Fields { get; init; } = [];

    /// <summary>Any of these holds.</summary>
    public IReadOnlyList<Match> Any { get; init; } = [];

    /// <summary>All of these hold.</summary>
    public IReadOnlyList<Match> All { get; init; } = [];

    /// <summary>None of these holds.</summary>
    public IReadOnlyList<Match> None { get; init; } = [];
}

/// <summary>A condition on the values at a path, or on each item there.</summary>
public sealed record MatchCondition
{
    public required string Path { get; init; }

    /// <summary>Given unless there is <see cref="Where"/>.</summary>
    public FieldOperator? Operator { get; init; }

    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Conditions that hold of one and the same item at the path; their own paths start there.</summary>
    public IReadOnlyList<MatchCondition> Where { get; init; } = [];
}
