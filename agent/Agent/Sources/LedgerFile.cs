using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>What is known of one file of the log, read or only seen.</summary>
sealed class LedgerFile(FileId id, FileId root)
{
    public FileId Id => id;

    /// <summary>The hash of its first line.</summary>
    public FileId Root => root;

    /// <summary>The first byte not read.</summary>
    public long Offset { get; set; }

    /// <summary>The length it was seen to have.</summary>
    public long Length { get; set; }

    /// <summary>Whether it was rotated and read to its end.</summary>
    public bool IsFinished { get; set; }

    public Proof? Proof { get; set; }

    /// <summary>
    /// How it begins, while little or nothing of it was read: files that begin with the same header are told apart by it. Null later on.
    /// </summary>
    public Proof? Head { get; set; }

    /// <summary>The lines before the offset; null when they are not known.</summary>
    public LineJournal? Journal { get; set; }

    public uint? Crc { get; set; }

    /// <summary>The inode of the file that it was read from last.</summary>
    public ulong? Inode { get; set; }

    public DateTimeOffset? FirstEvent { get; set; }

    public DateTimeOffset? LastEvent { get; set; }

    public string? Name { get; set; }

    /// <summary>When its content was changed last, in nanoseconds since 1970: a compression keeps it.</summary>
    public long? Modified { get; set; }

    public bool IsSkipped { get; set; }

    /// <summary>Whether it was found just now, and nobody has looked yet whether anything lies before it.</summary>
    public bool IsNew { get; set; }

    /// <summary>Whether it stands for a file that could not be read so far, and is known by its inode only.</summary>
    public bool IsUnreadable => IsOfInode(id);

    /// <summary>What stands for a file of which nothing could be read.</summary>
    public static FileId OfInode(FileNumber number) => new(0, number.Inode);

    public static LedgerFile Parse(FileProgress progress, ILineStore lines)
    {
        var id = FileId.Parse(progress.File);
        return new(id, progress.Root is { } root ? FileId.Parse(root) : id)
        {
            Offset = progress.Offset,
            Length = progress.Length,
            IsFinished = progress.Finished,
            Proof = Sources.Proof.Parse(progress.Proof),
            Head = Sources.Proof.Parse(progress.Head),
            Journal = progress.Lines is { } count && lines.Count(id) >= count ? new(lines, id, count) : null,
            Crc = progress.Crc,
            Inode = progress.Inode,
            FirstEvent = progress.FirstEvent,
            LastEvent = progress.LastEvent,
            Name = progress.Name,
            Modified = progress.Modified,
            IsSkipped = progress.Skipped is true,
            IsNew = progress.Unchecked is true,
        };
    }

    public FileProgress ToProgress() => new(id.ToString(), Offset, Length, IsFinished)
    {
        Root = root == id ? null : root.ToString(),
        Proof = Proof?.ToString(),
        Head = Head?.ToString(),
        Lines = Journal?.Count,
        Crc = Crc,
        Inode = Inode,
        FirstEvent = FirstEvent,
        LastEvent = LastEvent,
        Name = Name,
        Modified = Modified,
        Skipped = IsSkipped ? true : null,
        Unchecked = IsNew ? true : null,
    };

    static bool IsOfInode(FileId id) => id.High == 0;
}
