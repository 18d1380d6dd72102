namespace ClusterTrail.History.Reading;

/// <summary>What a location holds.</summary>
/// <param name="Objects">In the order of time.</param>
/// <param name="Skipped">What is there and is not read, and why.</param>
sealed record Listing(IReadOnlyList<ArchiveObject> Objects, IReadOnlyList<ObjectException> Skipped);
