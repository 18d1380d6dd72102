using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Lake.Events;
using ClusterTrail.Lake.Export;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>The archive, or the export of one, that a command names, with its range and keys.</summary>
/// <param name="arguments">The command line, with the options of <see cref="RangeOptions"/>, S3 and KMS.</param>
/// <param name="location">What it names.</param>
/// <param name="key">The file of a private key; null if none is given.</param>
sealed class OpenedArchive(ParseResult arguments, string location, string? key, SearchProgress progress)
{
    internal TimeRange Range { get; } = RangeOptions.Range(arguments, new(TimeProvider.System.GetUtcNow()));

    /// <summary>The table of its events.</summary>
    /// <param name="columns">Those that will be asked for; null is all.</param>
    /// <exception cref="TrailException">There is no archive, or it needs more memory.</exception>
    internal async Task<EventDatabase> EventsAsync(
        IReadOnlySet<EventColumn>? columns, DatabaseOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var scope = RangeOptions.Scope(arguments, Range);
            if (ExportedEvents.IsExport(location))
                return await ExportedEvents.OpenAsync(location, scope, Range, options, cancellationToken);
            using var opener = KmsOptions.Opener(arguments, key);
            var source = new ArchiveSource(Location.Parse(location, S3Arguments.Of(arguments)), new(opener), scope, progress);
            source = columns is null ? source : source with { Columns = columns };
            return await EventDatabase.OpenAsync(source, Range, options, cancellationToken);
        }
        finally
        {
            progress.Flush();
        }
    }
}
