using System.Security.Cryptography;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Agent.Batching;

/// <summary>Encrypts, hashes and names a batch: from then on it is never changed.</summary>
/// <param name="envelope">Who may open it; null leaves it as it was compressed.</param>
sealed class Sealer(Origin origin, Envelope? envelope, TimeProvider time)
{
    public Origin Origin => origin;

    public SealedBatch Seal(OpenBatch batch, string source, long sequence, SourceProgress end)
    {
        var plain = batch.Close();
        var content = envelope?.Seal(plain) ?? plain.ToArray();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var name = new BatchName
        {
            Cluster = origin.ClusterName,
            Trail = origin.Trail,
            FirstEvent = batch.FirstEvent,
            Node = origin.NodeName,
            Source = source,
            Sequence = sequence,
            Hash = sha256[..BatchName.HashDigits],
            Codec = batch.Codec,
            Encrypted = envelope is not null,
        };
        var header = new SpoolHeader
        {
            Name = name.ToString(),
            Source = source,
            Sequence = sequence,
            Events = batch.Events,
            RecordBytes = batch.RecordBytes,
            FirstEvent = batch.FirstEvent,
            LastEvent = batch.LastEvent,
            Sha256 = sha256,
            PlainSha256 = Convert.ToHexStringLower(SHA256.HashData(plain)),
            FirstPosition = batch.First.ToString(),
            LastPosition = batch.Last.ToString(),
            SealedAt = time.GetUtcNow(),
        };
        return new(header, content, end);
    }
}
