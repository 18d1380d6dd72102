using System.Security.Cryptography;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Tests.Spool;

/// <summary>Batches to spool.</summary>
static class SomeSpool
{
    public static SourceProgress Progress(long offset) => new() { Files = [new(new FileId(1, 2).ToString(), offset, offset + 10, Finished: false)] };

    public static SpoolHeader Header(long sequence, ReadOnlySpan<byte> content, string source = "apiserver") => new()
    {
        Name = $"events/{source}-{sequence}.ndjson.gz",
        Source = source,
        Sequence = sequence,
        Events = 3,
        RecordBytes = 300,
        FirstEvent = DateTimeOffset.UnixEpoch,
        LastEvent = DateTimeOffset.UnixEpoch,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
        PlainSha256 = "",
        FirstPosition = "",
        LastPosition = "",
        SealedAt = DateTimeOffset.UnixEpoch.AddSeconds(sequence),
        End = Progress(sequence * 100),
    };

    public static SpooledBatch Add(this BatchSpool spool, long sequence, string source = "apiserver") =>
        spool.Add(Header(sequence, Content(sequence), source), Content(sequence));

    public static byte[] Content(long sequence) => [.. Enumerable.Range(0, 500).Select(at => (byte)(at * sequence))];
}
