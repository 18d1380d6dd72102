using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Lake.Events;
using ClusterTrail.Lake.Export;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Archives;

/// <summary>The archive, or the export of one, that a command names, with its range and keys.</summary>
/// <param name="arguments">The command line, with the options of <see cref="RangeOptions"/>, S3 and KMS.</param>
/// <param name="text">What it names.</param>
sealed class OpenedArchive(ParseResult arguments, string text, SearchProgress progress)
{
    internal TimeRange Range { get; } = RangeOptions.Range(arguments, new(TimeProvider.System.GetUtcNow()));

    /// <summary>The table of its events.</summary>
    /// <param name="columns">Those that will be asked for; null is all.</param>
    /// <param name="options">How much memory it may take.</param>
    /// <param name="isVerified">Whether the command line says if the archive is verified, see <see cref="VerifiedLocation"/>.</param>
    /// <param name="cancellationToken">It ends at once.</param>
    /// <exception cref="TrailException">There is no archive, or it needs more memory.</exception>
    internal async Task<EventDatabase> EventsAsync(
        IReadOnlySet<EventColumn>? columns, DatabaseOptions options, bool isVerified, CancellationToken cancellationToken)
    {
        try
        {
            var (scope, s3) = (RangeOptions.Scope(arguments, Range), S3Arguments.Of(arguments));
            var verified = isVerified ? await VerifiedLocation.OpenAsync(arguments, text, Range, progress, cancellationToken) : null;
            using var opener = KmsOptions.Opener(arguments);
            return await new EventLocation(text, s3).OpenAsync(
                location => new(verified ?? location, new(opener), scope, progress)
                {
                    Columns = columns ?? TableColumn.Every,
                    LooksBack = verified is null,
                },
                scope, Range, options, cancellationToken);
        }
        finally
        {
            progress.Flush();
        }
    }
}
