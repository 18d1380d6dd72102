using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>What is remembered of the lines of one file, from its first byte to the last line given out.</summary>
/// <remarks>Nothing is allocated for a line, and nothing written for one: words are brought to disk before the checkpoint that counts them.</remarks>
sealed class LineJournal(ILineStore store, FileId file, long saved)
{
    ulong[] pending = new ulong[64];
    int waiting;

    /// <summary>How many words it has.</summary>
    public long Count => saved + waiting;

    public ulong Seed => store.Seed;

    public void Add(LineEntry entry)
    {
        if (waiting + LineEntry.MaxWords > pending.Length)
        {
            Array.Resize(ref pending, pending.Length * 2);
        }

        waiting += entry.Write(pending.AsSpan(waiting));
    }

    /// <summary>Says whose lines these are, when that is known only now.</summary>
    public LineJournal For(FileId owner)
    {
        file = owner;
        return this;
    }

    /// <summary>Brings to disk what is not there yet.</summary>
    public void Flush()
    {
        if (waiting > 0)
        {
            store.Write(file, saved, pending.AsSpan(0, waiting));
            saved += waiting;
            waiting = 0;
        }
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
}
