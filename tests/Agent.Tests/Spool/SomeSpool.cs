using System.Security.Cryptography;
using System.Text.Json;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Tests.Spool;

/// <summary>Batches to spool.</summary>
static class SomeSpool
{
    public static SourceProgress Progress(long offset) =>
        new() { Files = [new(new FileId(1, 2).ToString(), offset, offset + 10, Finished: false)] };

    public static SpoolHeader Header(long sequence, ReadOnlySpan<byte> content, string source = "apiserver") => new()
    {
        Name = $"events/{source}-{sequence}.ndjson.zst",
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
    };

    public static SpooledBatch Add(this BatchSpool spool, long sequence, string source = "apiserver") =>
        spool.Add(Header(sequence, Content(sequence), source), Content(sequence), Progress(sequence * 100));

    /// <summary>A file as agents before version 2 wrote it: the progress is in the header, and the name tells no time.</summary>
    public static string AddOld(string folder, long sequence, string source = "apiserver")
    {
        var path = Path.Combine(folder, $"{source}-{sequence:D10}.batch");
        var header = Header(sequence, Content(sequence), source) with { End = Progress(sequence * 100) };
        CheckedFile.Write(path, "spool", 1, JsonSerializer.SerializeToUtf8Bytes(header, SpoolJson.Default.SpoolHeader), Content(sequence));
        return path;
    }

    /// <summary>Makes all files of a spool those that an agent before version 2 would have left.</summary>
    public static void MakeOld(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.batch").Where(path => Path.GetFileName(path).Count(one => one == '.') > 1))
        {
            var ((header, content), end) = (SpoolFile.Read(path, new()), SpoolFile.ReadEnd(path));
            header = header with { ContentBytes = null, ProgressSha256 = null, End = end ?? SourceProgress.Empty };
            var old = Path.Combine(folder, SpoolName.Of(header.Source, header.Sequence, null));
            CheckedFile.Write(old, "spool", 1, JsonSerializer.SerializeToUtf8Bytes(header, SpoolJson.Default.SpoolHeader), content.Span);
            File.SetLastWriteTimeUtc(old, header.SealedAt.UtcDateTime);
            File.Delete(path);
        }
    }

    public static byte[] Content(long sequence) => [.. Enumerable.Range(0, 500).Select(at => (byte)(at * sequence))];
}
