namespace ClusterTrail.Agent.Spool;

/// <summary>A sealed batch on local disk: what ordering and delivery need of it, and no more, since there may be very many.</summary>
/// <param name="Bytes">What it takes of the disk.</param>
/// <param name="IsNamedByTime">False: an older agent wrote it.</param>
sealed record SpooledBatch(string Folder, string Source, long Sequence, DateTimeOffset SealedAt, long Bytes, bool IsNamedByTime)
{
    // No source can have such a name.
    const string Digests = "_digests-";

    /// <summary>What key records have in place of a source. No chain is called so, and none speaks of them.</summary>
    public const string KeyRecords = Digests + "records";

    /// <summary>What the digests of a chain have in place of a source.</summary>
    public static string DigestsOf(string chainId) => Digests + chainId;

    public static bool IsDigest(string source) => source.StartsWith(Digests, StringComparison.Ordinal);

    /// <summary>The oldest first, and those of one source by their numbers when their times agree.</summary>
    public static IComparer<SpooledBatch> Order { get; } = Comparer<SpooledBatch>.Create((one, other) =>
        one.SealedAt.CompareTo(other.SealedAt) is not 0 and var byTime ? byTime
        : one.Sequence.CompareTo(other.Sequence) is not 0 and var byNumber ? byNumber
        : string.CompareOrdinal(one.Source, other.Source));

    // Counting less than the disk does would let a spool of small batches outgrow its limit, and memory.
    const long BlockBytes = 4096;

    /// <summary>What a file of this length takes of a disk.</summary>
    public static long OnDisk(long length) => (length + BlockBytes - 1) / BlockBytes * BlockBytes;

    public string Path => System.IO.Path.Combine(Folder, SpoolName.Of(Source, Sequence, IsNamedByTime ? SealedAt : null));
}
