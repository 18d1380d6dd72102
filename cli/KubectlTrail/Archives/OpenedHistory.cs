using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Lake.Export;

namespace ClusterTrail.Kubectl.Archives;

/// <summary>The archive, or the export of one, that a command names, to be searched record by record.</summary>
static class OpenedHistory
{
    /// <param name="arguments">The command line, with the options of S3 and <see cref="VerifiedLocation"/>.</param>
    /// <param name="text">What it names.</param>
    /// <param name="opener">Has the keys; the caller keeps it.</param>
    /// <exception cref="TrailException">There is no archive.</exception>
    internal static async Task<IHistory> OpenAsync(
        ParseResult arguments, string text, (TimeRange Range, string? Node) asked, Opener opener, SearchProgress progress,
        CancellationToken cancellationToken)
    {
        var s3 = S3Arguments.Of(arguments);
        if (await VerifiedLocation.OpenAsync(arguments, text, asked.Range, progress, cancellationToken) is { } verified)
            return new ArchiveHistory(verified, new(opener), looksBack: false);
        return await ExportedEvents.FindAsync(text, s3, cancellationToken) is { } export
            ? await ExportedHistory.OpenAsync(export, asked.Node, asked.Range, cancellationToken)
            : new ArchiveHistory(Location.Parse(text, s3), new(opener));
    }
}
