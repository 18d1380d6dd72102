using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Lines that were read, one after the other, from the first byte of a file of the log on.</summary>
/// <remarks>
/// It belongs to no file for good: whichever file has these lines goes on behind the last of them, be it renamed, copied, compressed or
/// cut. A file that has other lines from some place on has a <see cref="LedgerFile"/> of its own, with the lines that both share.
/// </remarks>
sealed class LedgerFile(FileId id, FileId root, LineJournal journal)
{
    long proven;

    public FileId Id => id;

    /// <summary>The hash of its first line.</summary>
    public FileId Root => root;

    /// <summary>The first byte whose lines are remembered one by one: what is before it was skipped, or is known by its proof
    /// only.</summary>
    public long Base { get; private set; }

    /// <summary>What vouches for the bytes before <see cref="Base"/>; null when only the first line does, as older agents had it.</summary>
    public Proof? BaseProof { get; private set; }

    /// <summary>The first byte not read.</summary>
    public long Offset { get; private set; }

    /// <summary>What vouches for the bytes before <see cref="Offset"/>.</summary>
    public Proof? Proof { get; private set; }

    /// <summary>The lines between <see cref="Base"/> and <see cref="Offset"/>.</summary>
    public LineJournal Journal { get; private set; } = journal;

    public uint? Crc { get; private set; }

    public DateTimeOffset? FirstEvent { get; set; }

    public DateTimeOffset? LastEvent { get; set; }

    /// <summary>The name it had when it was seen last, without a compression's ending; null for the live name.</summary>
    public string? Name { get; set; }

    /// <summary>When its content was changed last, in nanoseconds since 1970: a compression keeps it.</summary>
    public long? Modified { get; set; }

    /// <summary>Whether it was found just now, and nobody has looked yet whether anything lies before it.</summary>
    public bool IsNew { get; set; }

    /// <summary>Reads what a checkpoint has of it; null when its lines are lost and nothing vouches for them.</summary>
    public static LedgerFile? Parse(FileProgress progress, ILineStore lines)
    {
        var id = FileId.Parse(progress.File);
        var proof = Sources.Proof.Parse(progress.Proof);
        var hasLines = progress.Lines is { } count && lines.Count(id) >= count;
        if (!hasLines && progress.Lines is not null && proof is null && progress.Offset > 0)
        {
            return null;
        }

        return new(id, progress.Root is { } root ? FileId.Parse(root) : id, new(lines, id, hasLines ? progress.Lines!.Value : 0))
        {
            Base = hasLines ? progress.Base ?? 0 : progress.Offset,
            BaseProof = hasLines ? Sources.Proof.Parse(progress.BaseProof) : proof,
            Offset = progress.Offset,
            proven = progress.Offset,
            Proof = proof,
            Crc = progress.Crc,
            FirstEvent = progress.FirstEvent,
            LastEvent = progress.LastEvent,
            Name = progress.Name,
            Modified = progress.Modified,
            IsNew = progress.Unchecked is true,
        };
    }

    public FileProgress ToProgress() => new(id.ToString(), Offset)
    {
        Root = root == id ? null : root.ToString(),
        Base = Base > 0 ? Base : null,
        BaseProof = BaseProof?.ToString(),
        Proof = Proof?.ToString(),
        Lines = Journal.Count,
        Crc = Crc,
        FirstEvent = FirstEvent,
        LastEvent = LastEvent,
        Name = Name,
        Modified = Modified,
        Unchecked = IsNew ? true : null,
    };

    /// <summary>Adds a line that follows on all before.</summary>
    public void Append(LineEntry line)
    {
        Journal.Add(line);
        Offset += line.Length;
    }

    /// <summary>Notes what vouches for all lines so far.</summary>
    public void Prove(ReadOnlySpan<byte> stretch, uint? crc)
    {
        if (proven != Offset)
        {
            (Proof, Crc, proven) = (Sources.Proof.Of(stretch), crc, Offset);
            LastEvent = EventTimes.Last(stretch) ?? LastEvent;
        }
    }

    /// <summary>Begins behind bytes that are not read.</summary>
    public void Skip(long offset, Proof? before) => (Base, BaseProof, Offset, Proof, proven) = (offset, before, offset, before, offset);

    /// <summary>Takes over the lines of another one, up to where this one leaves it.</summary>
    public void BeginAs(LedgerFile other, long words, long offset)
    {
        (Base, BaseProof, Offset) = (other.Base, other.BaseProof, offset);
        Journal.CopyFrom(other.Journal, words);
    }

    /// <summary>Forgets the lines one by one: they are known by the proof. False when there is none.</summary>
    public bool TryDropLines(ILineStore lines)
    {
        if (Proof is null)
        {
            return false;
        }

        if (Journal.Count > 0)
        {
            (Base, BaseProof, Journal) = (Offset, Proof, new(lines, id, 0));
            lines.Remove(id);
        }

        return true;
    }
}
