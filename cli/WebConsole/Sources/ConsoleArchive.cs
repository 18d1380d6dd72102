using ClusterTrail.History.Search;
using ClusterTrail.Lake.Query;
using ClusterTrail.WebConsole.Queries;

namespace ClusterTrail.WebConsole.Sources;

/// <summary>What the pages are about.</summary>
/// <param name="Location">Where the archive is, for people.</param>
/// <param name="Database">The records of the time that was asked for.</param>
/// <param name="Range">That time.</param>
/// <param name="Problems">What could not be read, a sentence each.</param>
sealed record ConsoleArchive(string Location, EventDatabase Database, TimeRange Range, IReadOnlyList<string> Problems)
{
    ArchiveExtent? extent;

    internal EventQuestions Events { get; } = new(Database);

    /// <summary>How integrity is shown.</summary>
    internal IntegrityCheck Integrity { get; init; } = IntegrityCheck.None;

    /// <summary>Finds the objects that may have a record.</summary>
    internal ObjectIndex Objects { get; init; } = ObjectIndex.None;

    /// <summary>Asks the cluster how its Trails are; null if no cluster is known.</summary>
    internal Func<CancellationToken, Task<TrailsStatus>>? Trails { get; init; }

    /// <summary>Read once: the records do not change.</summary>
    internal ArchiveExtent Extent(CancellationToken cancellationToken) => extent ??= ArchiveExtent.Read(Events, cancellationToken);
}
