namespace ClusterTrail.Operator.Model;

/// <summary>How much of TrailSelectors the operator takes up. The oldest keep their place.</summary>
/// <remarks>
/// All of it, at its limits, fits into the memory that the chart gives: <see cref="MostRead"/> objects without their rules, of at most
/// 1.5 kB each, <see cref="HeldBytes"/> of rules, and a Trail's rules at a time while its ConfigMap is made.
/// </remarks>
sealed record SelectorQuota
{
    /// <summary>How many TrailSelectors of one namespace a Trail takes up.</summary>
    public int PerNamespace { get; init; } = 100;

    /// <summary>How many bytes their rules may have, as agents get them.</summary>
    public int BytesPerNamespace { get; init; } = 200_000;

    /// <summary>How many TrailSelectors a Trail takes up.</summary>
    public int PerTrail { get; init; } = 5_000;

    /// <summary>What the rules may take of the agents' ConfigMap, whose limit is 1 MiB.</summary>
    public int BytesPerTrail { get; init; } = 800_000;

    /// <summary>How many TrailSelectors of one namespace are read at all.</summary>
    public int ReadPerNamespace { get; init; } = 2_000;

    /// <summary>How many TrailSelectors of all namespaces are read at all.</summary>
    public int MostRead { get; init; } = 30_000;

    /// <summary>How many bytes of rules stay in memory. Those of others are read again when they are needed.</summary>
    public int HeldBytes { get; init; } = 24 << 20;
}
