using System.Runtime.InteropServices;

namespace ClusterTrail.History.Reading;

/// <summary>Reads the records of an object, past whatever cannot be read.</summary>
sealed class ObjectReader(Opener opener)
{
    /// <summary>Without a key the encrypted objects are named once, and not one by one.</summary>
    internal IReadOnlyList<ArchiveObject> Openable(IReadOnlyList<ArchiveObject> objects, Action<TrailException> report)
    {
        if (opener.HasKey || objects.FirstOrDefault(o => o.IsEncrypted) is not { } first)
            return objects;
        var openable = objects.Where(o => !o.IsEncrypted).ToList();
        var others = objects.Count - openable.Count - 1;
        report(new(
            ExitCode.CannotDecrypt, $"{first.Name}{(others == 0 ? " is" : $" and {others} more are")} encrypted; {Opener.NoKey}."));
        return openable;
    }

    /// <param name="location">Where it is.</param>
    /// <param name="archiveObject">The object.</param>
    /// <param name="take">Takes a record, which is valid until it returns; false if it is no JSON object.</param>
    /// <param name="report">What cannot be read. Of kinds that many objects may share, <see cref="ObjectException"/>.</param>
    /// <param name="cancellationToken">It is looked at with each record.</param>
    internal async Task ReadAsync(
        ILocation location, ArchiveObject archiveObject, Func<ReadOnlyMemory<byte>, bool> take, Action<TrailException> report,
        CancellationToken cancellationToken)
    {
        try
        {
            using var stored = await location.OpenAsync(archiveObject, cancellationToken);
            using Stream body = archiveObject.IsEncrypted ? Plain(opener.Open(archiveObject.Name, stored)) : stored;
            Read(archiveObject, body, take, report, cancellationToken);
        }
        catch (TrailException e)
        {
            report(e);
        }
        catch (DamagedException e)
        {
            report(new(ExitCode.Unreadable, $"{archiveObject.Name} is damaged: {e.Message}.", e));
        }
        catch (OutOfMemoryException e)
        {
            report(new(ExitCode.Unreadable, $"{archiveObject.Name} cannot be read: there is not enough memory for it.", e));
        }
    }

    static MemoryStream Plain(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var array) ? new(array.Array!, array.Offset, array.Count) : new(body.ToArray());

    static void Read(
        ArchiveObject archiveObject, Stream body, Func<ReadOnlyMemory<byte>, bool> take, Action<TrailException> report,
        CancellationToken cancellationToken)
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
                else if (!take(line.Text))
                    notJson.Add(number);
            }
        }
        finally
        {
            var limit = InputTooLargeException.Size(Limits.RecordBytes);
            if (tooLong.Count > 0)
                report(Damage($"{archiveObject.Name}: {tooLong.Say($"longer than {limit}, which no record is,")}."));
            if (notJson.Count > 0)
                report(Damage($"{archiveObject.Name} is damaged: {notJson.Say("not JSON")}."));
        }
    }

    static TrailException Damage(string sentence) => new(ExitCode.Unreadable, sentence);
}
