namespace ClusterTrail.Agent.Sources;

/// <summary>How far a source was read: what a checkpoint keeps of it.</summary>
sealed record SourceProgress
{
    public static SourceProgress Empty { get; } = new();

    /// <summary>What was read, in the order in which it was found.</summary>
    public IReadOnlyList<FileProgress> Files { get; init; } = [];

    /// <summary>What was seen and not yet read to its end.</summary>
    public IReadOnlyList<SeenFile> Seen { get; init; } = [];

    /// <summary>The identity of the youngest file: what is found after it must be shown to follow it.</summary>
    public string? Newest { get; init; }

    /// <summary>How far the logs of containers were read; null of other sources.</summary>
    public IReadOnlyList<ContainerProgress>? Containers { get; init; }

    /// <summary>What is known to be lost and not yet named in a digest.</summary>
    public IReadOnlyList<Gap> Gaps { get; init; } = [];

    /// <summary>How many lines were read before; null when an older agent wrote it.</summary>
    public LineCount? Count { get; init; }
}

/// <summary>How many lines were read up to a position, whatever was killed meanwhile.</summary>
/// <param name="Since">When the count began, at nothing. Another time is another count.</param>
sealed record LineCount(long Lines, DateTimeOffset Since);

/// <summary>How far one file was read.</summary>
/// <param name="File">The file's identity.</param>
/// <param name="Offset">The first byte not read.</param>
/// <param name="Length">The length it was last seen to have. Written by older agents only, as is <paramref name="Finished"/>.</param>
/// <param name="Finished">Whether it was rotated and read to its end.</param>
sealed record FileProgress(string File, long Offset, long? Length = null, bool? Finished = null)
{
    /// <summary>The hash of its first line, when that is not its identity: another file begins with the same line.</summary>
    public string? Root { get; init; }

    /// <summary>The first byte whose lines are remembered; null for the file's first.</summary>
    public long? Base { get; init; }

    /// <summary>What vouches for the bytes before <see cref="Base"/>.</summary>
    public string? BaseProof { get; init; }

    /// <summary>What vouches for the bytes before the offset.</summary>
    public string? Proof { get; init; }

    /// <summary>How many words are remembered of the lines before the offset.</summary>
    public long? Lines { get; init; }

    /// <summary>The CRC-32 of the bytes before the offset, when it is known.</summary>
    public uint? Crc { get; init; }

    /// <summary>When its first event happened.</summary>
    public DateTimeOffset? FirstEvent { get; init; }

    /// <summary>When the last event before the offset happened.</summary>
    public DateTimeOffset? LastEvent { get; init; }

    /// <summary>The name it had when it was seen last, without a compression's ending; null for the live name.</summary>
    public string? Name { get; init; }

    /// <summary>When its content was changed last, in nanoseconds since 1970.</summary>
    public long? Modified { get; init; }

    /// <summary>True for a file of which it is not shown yet that it follows the one before.</summary>
    public bool? Unchecked { get; init; }
}

/// <summary>A file that was seen: should it go away without being found elsewhere, what was not read of it is a gap.</summary>
/// <param name="Inode">Its inode number then.</param>
/// <param name="File">The identity of what was read of it; else of what stands for it.</param>
/// <param name="Offset">The first byte not read.</param>
/// <param name="Size">How many bytes of plain text it was seen to have.</param>
sealed record SeenFile(ulong Inode, string File, long Offset, long Size)
{
    /// <summary>When it was made, in nanoseconds since 1970, if the file system records it.</summary>
    public long? Born { get; init; }

    /// <summary>The hash of its first line, when it could be read.</summary>
    public string? Root { get; init; }

    /// <summary>What it begins with.</summary>
    public string? Head { get; init; }

    /// <summary>What stands before its end.</summary>
    public string? Tail { get; init; }

    /// <summary>The CRC-32 of its plain text, if it is a gzip file.</summary>
    public uint? Crc { get; init; }

    /// <summary>Its name, without a compression's ending; null for the live name.</summary>
    public string? Name { get; init; }

    /// <summary>When its content was changed last, in nanoseconds since 1970.</summary>
    public long? Modified { get; init; }

    /// <summary>Skipped, when a source began at its log's end; Told, when it is known that it cannot be read; null for what is to be
    /// read.</summary>
    public string? Mark { get; init; }
}

/// <summary>A stretch of a source that can no longer be read. It goes on to the beginning of what was read next.</summary>
/// <param name="File">The file's identity.</param>
/// <param name="Offset">The first byte lost.</param>
/// <param name="Bytes">How many bytes are known to be lost; null when nobody can know.</param>
/// <param name="Reason">Vanished, Damaged, Unseen, Unsupported or Lost.</param>
/// <param name="FoundAt">When it was noticed.</param>
/// <param name="Detail">What people should know of it: files, times, a remedy.</param>
sealed record Gap(string File, long Offset, long? Bytes, string Reason, DateTimeOffset FoundAt, string? Detail = null);
