using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>What is remembered of the lines of one file, in their order.</summary>
/// <remarks>Nothing is allocated for a line, and nothing written for one: words are brought to disk before the checkpoint that counts
/// them.</remarks>
sealed class LineJournal(ILineStore store, FileId file, long saved)
{
    const int CopiedAtOnce = 4096;

    ulong[] pending = new ulong[64];
    int waiting;

    /// <summary>How many words it has.</summary>
    public long Count => saved + waiting;

    public void Add(LineEntry entry)
    {
        Reserve(LineEntry.MaxWords);
        waiting += entry.Write(pending.AsSpan(waiting));
    }

    /// <summary>Begins with the first words of another one.</summary>
    public void CopyFrom(LineJournal other, long words)
    {
        for (var copied = 0L; copied < words;)
        {
            var most = (int)Math.Min(words - copied, CopiedAtOnce);
            Reserve(most);
            var read = other.Read(copied, pending.AsSpan(waiting, most));
            waiting += read;
            copied += read > 0 ? read : throw new IOException($"The lines of {file} cannot be read.");
        }
    }

    /// <summary>Whether the first words of both are the same.</summary>
    public bool BeginsAs(LineJournal other, long words)
    {
        if (Count < words || other.Count < words)
        {
            return false;
        }

        Span<ulong> mine = stackalloc ulong[256];
        Span<ulong> its = stackalloc ulong[256];
        for (var compared = 0L; compared < words;)
        {
            var most = (int)Math.Min(words - compared, mine.Length);
            var read = Math.Min(Read(compared, mine[..most]), other.Read(compared, its[..most]));
            if (read == 0 || !mine[..read].SequenceEqual(its[..read]))
            {
                return false;
            }

            compared += read;
        }

        return true;
    }

    /// <summary>Brings to disk what is not there yet.</summary>
    public void Flush()
    {
        if (waiting == 0)
        {
            // Nothing came since the last time: of a file that was read there is nothing to keep in memory.
            pending = [];
            return;
        }

        store.Write(file, saved, pending.AsSpan(0, waiting));
        saved += waiting;
        waiting = 0;
    }

    /// <summary>Reads words from this one on; fewer when there are no more.</summary>
    public int Read(long first, Span<ulong> words)
    {
        if (first >= saved)
        {
            var rest = pending.AsSpan(0, waiting)[(int)Math.Min(first - saved, waiting)..];
            rest = rest[..Math.Min(rest.Length, words.Length)];
            rest.CopyTo(words);
            return rest.Length;
        }

        return store.Read(file, first, words[..(int)Math.Min(words.Length, saved - first)]);
    }

    void Reserve(int words)
    {
        if (waiting + words > pending.Length)
        {
            Array.Resize(ref pending, Math.Max(pending.Length * 2, waiting + words));
        }
    }
}
