using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Cat;

/// <summary>Prints the records of whole locations, past whatever cannot be read.</summary>
sealed class ArchivePrinter(ObjectReader reader, IRecordPrinter printer, ProblemLog problems, Progress progress)
{
    readonly LikeProblems alike = new(problems);

    internal async Task PrintAsync(ILocation location, CancellationToken cancellationToken)
    {
        try
        {
            var listing = await location.ListAsync(ObjectScope.All, cancellationToken);
            foreach (var skipped in listing.Skipped)
                alike.Add(skipped);
            var objects = reader.Openable(listing.Objects, alike.Add);
            progress.Found(objects.Count);
            foreach (var archiveObject in objects)
            {
                await PrintAsync(location, archiveObject, cancellationToken);
                progress.Done();
            }
        }
        catch (TrailException e)
        {
            problems.Report(e.ExitCode, e.Message);
        }
        finally
        {
            alike.Report();
        }
    }

    async Task PrintAsync(ILocation location, ArchiveObject archiveObject, CancellationToken cancellationToken)
    {
        try
        {
            await reader.ReadAsync(location, archiveObject, printer.TryPrint, alike.Add, cancellationToken);
        }
        finally
        {
            printer.Flush();
        }
    }
}
