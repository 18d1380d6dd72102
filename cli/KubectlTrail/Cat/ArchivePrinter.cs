using ClusterTrail.Archive;
using ClusterTrail.Kubectl.Reading;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Cat;

/// <summary>Prints the records of whole locations, past whatever cannot be read.</summary>
sealed class ArchivePrinter(Opener opener, IRecordPrinter printer, ProblemLog problems, Progress progress)
{
    readonly LikeProblems alike = new(problems);

    internal async Task PrintAsync(ILocation location, CancellationToken cancellationToken)
    {
        try
        {
            var objects = Openable(await location.ListAsync(cancellationToken));
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

    /// <summary>Without a key the encrypted objects are named once and not one by one.</summary>
    IReadOnlyList<ArchiveObject> Openable(IReadOnlyList<ArchiveObject> objects)
    {
        if (opener.HasKey || objects.FirstOrDefault(o => o.IsEncrypted) is not { } first)
            return objects;
        var openable = objects.Where(o => !o.IsEncrypted).ToList();
        var others = objects.Count - openable.Count - 1;
        problems.Report(
            ExitCode.CannotDecrypt, $"{first.Name}{(others == 0 ? " is" : $" and {others} more are")} encrypted; {Opener.NoKey}.");
        return openable;
    }

    async Task PrintAsync(ILocation location, ArchiveObject archiveObject, CancellationToken cancellationToken)
    {
        try
        {
            var stored = await location.ReadAsync(archiveObject, cancellationToken);
            var body = archiveObject.IsEncrypted ? opener.Open(archiveObject.Name, stored) : stored;
            PrintRecords(body, archiveObject.Codec, cancellationToken);
        }
        catch (ObjectException e)
        {
            alike.Add(e);
        }
        catch (TrailException e)
        {
            problems.Report(e.ExitCode, e.Message);
        }
        catch (DamagedException e)
        {
            problems.Report(ExitCode.Unreadable, $"{archiveObject.Name} is damaged: {e.Message}.");
        }
        finally
        {
            printer.Flush();
        }
    }

    void PrintRecords(byte[] body, Codec codec, CancellationToken cancellationToken)
    {
        var (line, firstBad, bad) = (0, 0, 0);
        foreach (var record in Records.Read(body, codec))
        {
            cancellationToken.ThrowIfCancellationRequested();
            line++;
            if (printer.TryPrint(record))
                continue;
            bad++;
            firstBad = firstBad == 0 ? line : firstBad;
        }

        if (bad > 0)
            throw new DamagedException($"line {firstBad}{(bad == 1 ? " is" : $" and {bad - 1} more are")} not JSON and skipped");
    }
}
