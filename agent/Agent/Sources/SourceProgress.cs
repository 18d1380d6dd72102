namespace ClusterTrail.Agent.Sources;

/// <summary>How far a source was read: what a checkpoint keeps of it.</summary>
sealed record SourceProgress
{
    public static SourceProgress Empty { get; } = new();

    /// <summary>The files seen, in the order in which they were found.</summary>
    public IReadOnlyList<FileProgress> Files { get; init; } = [];

    /// <summary>The identity of the youngest file: what is found after it must be shown to follow it.</summary>
    public string? Newest { get; init; }

    /// <summary>What is known to be lost and not yet told in a digest.</summary>
    public IReadOnlyList<Gap> Gaps { get; init; } = [];
}

/// <summary>How far one file was read.</summary>
/// <param name="File">The file's identity.</param>
/// <param name="Offset">The first byte not read.</param>
/// <param name="Length">The length it was last seen to have.</param>
/// <param name="Finished">Whether it was rotated and read to its end.</param>
sealed record FileProgress(string File, long Offset, long Length, bool Finished)
{
    /// <summary>The hash of its first line, when that is not its identity: another file begins with the same line.</summary>
    public string? Root { get; init; }

    /// <summary>What vouches for the bytes before the offset.</summary>
    public string? Proof { get; init; }

    /// <summary>What it begins with, while less than that was read of it.</summary>
    public string? Head { get; init; }

    /// <summary>How many words are remembered of the lines before the offset; null when they are not.</summary>
    public long? Lines { get; init; }

    /// <summary>The CRC-32 of the bytes before the offset, when it is known.</summary>
    public uint? Crc { get; init; }

    /// <summary>The inode of the file that it was read from last.</summary>
    public ulong? Inode { get; init; }

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

    /// <summary>True for a file that could not be read when a source began at its log's end: what it had then is not read.</summary>
    public bool? Skipped { get; init; }
}

/// <summary>A stretch of a source that can no longer be read. It goes on to the beginning of what was read next.</summary>
/// <param name="File">The file's identity.</param>
/// <param name="Offset">The first byte lost.</param>
/// <param name="Bytes">How many bytes are known to be lost; null when nobody can know.</param>
/// <param name="Reason">Vanished, Damaged, Unseen or Unsupported.</param>
/// <param name="FoundAt">When it was noticed.</param>
/// <param name="Detail">What people should know of it: files, times, a remedy.</param>
sealed record Gap(string File, long Offset, long? Bytes, string Reason, DateTimeOffset FoundAt, string? Detail = null);
