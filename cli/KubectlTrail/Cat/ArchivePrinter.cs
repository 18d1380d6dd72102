using System.Runtime.InteropServices;
using ClusterTrail.History.Reading;
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
            var listing = await location.ListAsync(cancellationToken);
            foreach (var skipped in listing.Skipped)
                alike.Add(skipped);
            var objects = Openable(listing.Objects);
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
            using var stored = await location.OpenAsync(archiveObject, cancellationToken);
            using Stream body = archiveObject.IsEncrypted ? Plain(opener.Open(archiveObject.Name, stored)) : stored;
            PrintRecords(archiveObject, body, cancellationToken);
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
        catch (OutOfMemoryException)
        {
            problems.Report(ExitCode.Unreadable, $"{archiveObject.Name} cannot be read: there is not enough memory for it.");
        }
        finally
        {
            printer.Flush();
        }
    }

    static MemoryStream Plain(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var array) ? new(array.Array!, array.Offset, array.Count) : new(body.ToArray());

    void PrintRecords(ArchiveObject archiveObject, Stream body, CancellationToken cancellationToken)
    {
        var (number, notJson, tooLong) = (0L, new SkippedLines(), new SkippedLines());
        try
        {
            foreach (var line in Records.Read(body, archiveObject.Codec))
            {
                cancellationToken.ThrowIfCancellationRequested();
                number++;
                if (line.IsTooLong)
                    tooLong.Add(number);
                else if (!printer.TryPrint(line.Text))
                    notJson.Add(number);
            }
        }
        finally
        {
            Report(archiveObject, notJson, tooLong);
        }
    }

    void Report(ArchiveObject archiveObject, SkippedLines notJson, SkippedLines tooLong)
    {
        var limit = InputTooLargeException.Size(Limits.RecordBytes);
        if (tooLong.Count > 0)
            problems.Report(ExitCode.Unreadable, $"{archiveObject.Name}: {tooLong.Say($"longer than {limit}, which no record is,")}.");
        if (notJson.Count > 0)
            problems.Report(ExitCode.Unreadable, $"{archiveObject.Name} is damaged: {notJson.Say("not JSON")}.");
    }
}
