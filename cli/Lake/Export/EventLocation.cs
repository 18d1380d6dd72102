using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Lake.Export;

/// <summary>A LOCATION with records: an archive, or an export of one.</summary>
/// <param name="Text">As on the command line.</param>
/// <param name="S3">How buckets are reached.</param>
sealed record EventLocation(string Text, S3Options S3)
{
    /// <summary>Makes the records of a time the table <c>events</c>.</summary>
    /// <param name="archive">How an archive is read; not asked for if it is an export.</param>
    /// <param name="scope">Which part.</param>
    /// <param name="range">Which records.</param>
    /// <param name="options">How much memory it may take.</param>
    /// <param name="cancellationToken">It ends at once.</param>
    /// <exception cref="TrailException">There is neither, or it needs more memory.</exception>
    internal async Task<EventDatabase> OpenAsync(
        Func<ILocation, ArchiveSource> archive, ObjectScope scope, TimeRange range, DatabaseOptions options,
        CancellationToken cancellationToken) =>
        await ExportedEvents.FindAsync(Text, S3, cancellationToken) is { } export
            ? await ExportedEvents.OpenAsync(export, scope, range, options, cancellationToken)
            : await EventDatabase.OpenAsync(archive(Location.Parse(Text, S3)), range, options, cancellationToken);
}
