namespace ClusterTrail.History.Reading;

/// <summary>What a location holds.</summary>
/// <param name="Objects">In the order of time.</param>
/// <param name="Skipped">What is there and is not read, and why.</param>
sealed record Listing(IReadOnlyList<ArchiveObject> Objects, IReadOnlyList<ObjectException> Skipped)
{
    internal static Listing Of(IEnumerable<ArchiveObject> objects, IEnumerable<ObjectException> skipped) =>
        new([.. objects.Order()], [.. skipped.OrderBy(one => one.Name, StringComparer.Ordinal)]);

    /// <summary>Of an archive: what agents do not name like this is none of its batches, whoever put it there.</summary>
    internal static Listing OfArchive(IEnumerable<ArchiveObject> objects, IEnumerable<ObjectException> skipped)
    {
        var byName = objects.ToLookup(one => one.Batch is not null);
        return Of(byName[true], skipped.Concat(byName[false].Select(one => new ObjectException(
            ExitCode.Unreadable, one.Name, "is not read: no agent names an object of an archive like this", "Name",
            "find out who put it there; to read it, give it as a location of its own", null))));
    }
}
