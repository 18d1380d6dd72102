using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources.Journal;

/// <summary>Which segments of a journal there are, and how long they are. For all threads, but for <see cref="Recover"/>.</summary>
sealed class JournalSegments(JournalFolder folder)
{
    readonly Lock gate = new();
    readonly SortedDictionary<long, long> lengths = folder.List();

    /// <summary>Their numbers, oldest first.</summary>
    public IReadOnlyList<long> Numbers
    {
        get
        {
            lock (gate)
                return [.. lengths.Keys];
        }
    }

    /// <summary>What these and later ones take.</summary>
    public long BytesFrom(long number)
    {
        lock (gate)
        {
            var bytes = 0L;
            foreach (var (other, length) in lengths)
                bytes += other >= number ? length : 0;
            return bytes;
        }
    }

    public void SetLength(JournalEnd end)
    {
        lock (gate)
            lengths[end.Segment] = end.Length;
    }

    /// <exception cref="IOException">It is still there.</exception>
    public void Delete(long number)
    {
        File.Delete(folder.PathOf(number));
        lock (gate)
            lengths.Remove(number);
    }

    /// <summary>Opens the newest segment. What it ends with and was never confirmed is cut off: nobody has read it.</summary>
    /// <param name="known">Takes the groups that were received.</param>
    public (SafeFileHandle Live, JournalEnd End) Recover(KnownGroups known)
    {
        DropTorn();
        // What was received before the newest segment is saved when that is begun; one of them may be damaged.
        var asked = folder.TryLoadKnown(known) ? lengths.Keys.TakeLast(2) : lengths.Keys;
        foreach (var number in asked.ToList())
        {
            var file = File.OpenHandle(folder.PathOf(number), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            using var reader = DiskLogFile.Open(folder.PathOf(number))!;
            var length = JournalSegment.IdOf(reader, number, out var from) is null ? 0 : JournalSegment.Recover(file, from, known);
            if (length > 0 && number == lengths.Keys.Last())
            {
                RandomAccess.SetLength(file, length);
                lengths[number] = length;
                return (file, new(number, length));
            }

            file.Dispose();
        }

        // A damaged one stays, and is reported when its turn comes.
        return Begin(lengths.Keys.LastOrDefault() + 1);
    }

    // A crash left it before it had a first line: nothing was in it.
    void DropTorn()
    {
        var newest = lengths.Keys.LastOrDefault();
        if (newest == 0 || lengths[newest] >= JournalLine.MostHeaderBytes)
            return;
        using var reader = DiskLogFile.Open(folder.PathOf(newest));
        if (reader is null || JournalSegment.IdOf(reader, newest, out _) is null)
        {
            File.Delete(folder.PathOf(newest));
            lengths.Remove(newest);
        }
    }

    /// <summary>Makes a segment, which is on disk when it returns.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    public (SafeFileHandle Live, JournalEnd End) Begin(long number)
    {
        var file = File.OpenHandle(
            folder.PathOf(number), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            var header = JournalLine.Header(number, Guid.NewGuid());
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            RandomAccess.Write(file, header, 0);
            RandomAccess.FlushToDisk(file);
            folder.Flush();
            lock (gate)
                lengths[number] = header.Length;
            return (file, new(number, header.Length));
        }
        catch
        {
            file.Dispose();
            File.Delete(folder.PathOf(number));
            throw;
        }
    }
}
