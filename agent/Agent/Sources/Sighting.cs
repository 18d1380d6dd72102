using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>A file that was seen, and is not known to be read to its end: what distinguishes it from others, and how far it was
/// read.</summary>
sealed class Sighting
{
    public ulong Inode { get; set; }

    public long Born { get; set; }

    public FileId File { get; set; }

    /// <summary>The first byte not read.</summary>
    public long Offset { get; set; }

    /// <summary>How many bytes of plain text it had; 0 when nobody can say.</summary>
    public long Size { get; set; }

    public FileId? Root { get; set; }

    public Proof? Head { get; set; }

    /// <summary>What stood before its end.</summary>
    public Proof? Tail { get; set; }

    /// <summary>The CRC-32 of its plain text, if it is a gzip file.</summary>
    public uint? Crc { get; set; }

    public string? Name { get; set; }

    public long? Modified { get; set; }

    /// <summary>Whether it had the live name, and so may have grown since.</summary>
    public bool IsLive => Name is null;

    /// <summary>Why it is not to be read; null when it is.</summary>
    public SightingMark? Mark { get; set; }

    /// <summary>Whether nothing distinguishes it from others but its inode.</summary>
    public bool IsBlind => Head is null && Tail is null && Crc is null && Inode != 0;

    public static Sighting Parse(SeenFile seen) => new()
    {
        Inode = seen.Inode,
        Born = seen.Born ?? 0,
        File = FileId.Parse(seen.File),
        Offset = seen.Offset,
        Size = seen.Size,
        Root = seen.Root is { } root ? FileId.Parse(root) : null,
        Head = Proof.Parse(seen.Head),
        Tail = Proof.Parse(seen.Tail),
        Crc = seen.Crc,
        Name = seen.Name,
        Modified = seen.Modified,
        Mark = Enum.TryParse<SightingMark>(seen.Mark, out var mark) ? mark : null,
    };

    /// <summary>What an older agent knew of a file that it had not read to its end.</summary>
    public static Sighting Of(FileProgress old) => new()
    {
        File = FileId.Parse(old.File),
        Root = FileId.Parse(old.Root ?? old.File),
        Offset = old.Offset,
        Size = old.Offset,
        Tail = Proof.Parse(old.Proof),
        Name = old.Name,
        Modified = old.Modified,
    };

    public SeenFile ToProgress() => new(Inode, File.ToString(), Offset, Size)
    {
        Born = Born == 0 ? null : Born,
        Root = Root?.ToString(),
        Head = Head?.ToString(),
        Tail = Tail?.ToString(),
        Crc = Crc,
        Name = Name,
        Modified = Modified,
        Mark = Mark?.ToString(),
    };

    /// <summary>Notes what a file looks like now, as far as it can be read.</summary>
    public void Look(ILogFile text, long size)
    {
        var isOther = size != Size;
        Size = size;
        if (Head is null || (Head.Value.Bytes < LineReader.HistoryBytes && isOther))
        {
            Head = Prove(text, Math.Min(size, LineReader.HistoryBytes)) ?? Head;
        }

        if (Tail is null || isOther)
        {
            Tail = Prove(text, size);
        }
    }

    /// <summary>Whether a file has all that was seen of this one.</summary>
    /// <param name="text">Its plain text.</param>
    public bool IsIn(ILogFile text)
    {
        if (Head is { } head && !head.Holds(text, head.Bytes))
        {
            return false;
        }

        return Crc is { } crc ? CrcOf(text) == crc
            : Tail is { } tail ? tail.Holds(text, Size)
            : Size == 0 || text.Read(new byte[1], Size - 1) > 0;
    }

    /// <summary>Whether a file with this number is this one, whatever is in it now: inode numbers are used again.</summary>
    public bool IsOf(FileNumber number) => number.Inode == Inode && number.Born == Born;

    /// <summary>Whether a file that cannot be read, or could not be then, is this one as far as anybody can say.</summary>
    public bool MayBe(Content content) =>
        IsOf(content.Number) && content.Status.Size >= Size && (Born != 0 || content.Status.Modified == Modified);

    /// <summary>Whether a file is what was noted of it, be there more of it by now.</summary>
    /// <param name="text">Its plain text.</param>
    public bool IsSame(Content content, ILogFile text) => IsBlind ? MayBe(content)
        // A compressed one may have been in the making: then neither its size nor its sum was known, but how it begins.
        : content.Format is not null && this is { Head: { } head, Tail: null } ? head.Holds(text, head.Bytes)
        : IsIn(text);

    /// <summary>Whether a file that is not to be read is still this one.</summary>
    public bool IsStill(Content content) => IsOf(content.Number) && (Name == content.PlainName || Modified == content.Status.Modified);

    public void NoteName(Content content) => (Name, Modified) = (content.PlainName, content.Status.Modified);

    /// <summary>Notes which known file it is, and how far it was read.</summary>
    /// <param name="known">Null while that is not known: then its beginning stands for it, as another one may have the same first
    /// line.</param>
    public void Place(LedgerFile? known, long offset) => (File, Offset) = known is not null
        ? (known.Id, offset)
        : (Head is { } head ? new FileId(0, (ulong)head.Hash) : StandIn(), 0);

    public string Describe(LedgerFile? known) => IsBlind && Offset == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Name ?? "The live file"} could never be read.")
        : Offset > 0 && known?.LastEvent is { } last ? $"The last event read of it happened at {last:O}." : "Nothing of it was read.";

    // Inode numbers are used again, and what stands for one file must not stand for the next: a gap is reported once.
    FileId StandIn()
    {
        Span<byte> text = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(text, Inode);
        BinaryPrimitives.WriteInt64LittleEndian(text[sizeof(ulong)..], Born != 0 ? Born : Modified ?? 0);
        return new(0, XxHash3.HashToUInt64(text));
    }

    static Proof? Prove(ILogFile text, long before)
    {
        try
        {
            return Proof.Before(text, before);
        }
        catch (IOException)
        {
            // A bad block: then only the rest says which file it was.
            return null;
        }
    }

    uint? CrcOf(ILogFile text)
    {
        var crc = new Crc32();
        var buffer = new byte[1 << 16];
        for (var at = 0L; at < Size;)
        {
            var read = text.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, Size - at)), at);
            if (read == 0)
            {
                return null;
            }

            crc.Append(buffer.AsSpan(0, read));
            at += read;
        }

        return crc.GetCurrentHashAsUInt32();
    }
}
