namespace ClusterTrail.History.Reading;

/// <summary>How much of an archive is taken into memory, whoever wrote it. What an agent writes is smaller.</summary>
static class Limits
{
    /// <summary>A record: an event has 64 MiB at most, and a little stands around it.</summary>
    internal const int RecordBytes = 80 << 20;

    /// <summary>
    /// An encrypted object, which must be authenticated as a whole: a batch closes at 64 MiB at most, with its last record.
    /// </summary>
    internal const int EncryptedBytes = 160 << 20;

    /// <summary>A plain object, which is read piece by piece. No store takes more in one put.</summary>
    internal const long PlainBytes = 5L << 30;

    /// <summary>The objects of one location: their names are kept to sort them, half a KiB each.</summary>
    internal const int Objects = 2_000_000;
}
