namespace ClusterTrail.History.Search;

/// <summary>What is looked for.</summary>
/// <param name="Range">When it happened.</param>
/// <param name="Test">What must hold; null for all records.</param>
/// <param name="IsNewestFirst">The order.</param>
/// <param name="Limit">How many at most; 0 is all.</param>
sealed record SearchQuery(TimeRange Range, RecordTest? Test, bool IsNewestFirst, int Limit = 0)
{
    /// <summary>Whether what is found comes at once, in whatever order.</summary>
    internal bool IsOfAnyOrder { get; init; }
}
