namespace ClusterTrail.Agent.Sources;

/// <summary>How far a source was read: what a checkpoint keeps of it.</summary>
sealed record SourceProgress
{
    public static SourceProgress Empty { get; } = new();

    /// <summary>The files begun, oldest first.</summary>
    public IReadOnlyList<FileProgress> Files { get; init; } = [];

    /// <summary>What is known to be lost and not yet told in a digest.</summary>
    public IReadOnlyList<Gap> Gaps { get; init; } = [];
}

/// <summary>How far one file was read.</summary>
/// <param name="File">The file's identity.</param>
/// <param name="Offset">The first byte not read.</param>
/// <param name="Length">The length it was last seen to have.</param>
/// <param name="Finished">Whether it was rotated and read to its end.</param>
sealed record FileProgress(string File, long Offset, long Length, bool Finished);

/// <summary>A stretch of a source that can no longer be read.</summary>
/// <param name="File">The file's identity.</param>
/// <param name="Offset">The first byte lost.</param>
/// <param name="Bytes">How many bytes are known to be lost; null when the file's end was never seen.</param>
/// <param name="Reason">Vanished or Damaged.</param>
/// <param name="FoundAt">When it was noticed.</param>
sealed record Gap(string File, long Offset, long? Bytes, string Reason, DateTimeOffset FoundAt);
