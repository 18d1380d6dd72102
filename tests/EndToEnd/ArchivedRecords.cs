using System.Text.Json;
using ClusterTrail.Archive;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>What an archive holds.</summary>
static class ArchivedRecords
{
    public static List<JsonElement> OfFolder(string archive) => [.. Directory
        .EnumerateFiles(archive, "*", SearchOption.AllDirectories)
        .Where(path => Enum.GetValues<Codec>().Any(codec => path.EndsWith(codec.Ending(), StringComparison.Ordinal)))
        .SelectMany(path => Of(File.ReadAllBytes(path)))];

    public static async Task<List<JsonElement>> OfBucketAsync(S3Server server, string bucket)
    {
        var records = new List<JsonElement>();
        await foreach (var stored in server.Client.Paginators.ListObjectsV2(new() { BucketName = bucket }).S3Objects)
        {
            if (BatchName.TryParse(stored.Key, out _))
            {
                records.AddRange(Of(await server.ReadAsync(bucket, stored.Key)));
            }
        }

        return records;
    }

    public static IEnumerable<JsonElement> Of(byte[] stored) => PlainBatch.LinesOf(stored).Select(
        line => JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 1024 }).RootElement);

    /// <summary>Every event is there once, byte for byte, and nothing else is.</summary>
    public static void MustBeExactly(IReadOnlyList<string> written, IReadOnlyList<JsonElement> records)
    {
        var twice = records.GroupBy(record => record.GetProperty("eventID").GetString()).Where(same => same.Count() > 1)
            .Select(same => same.Key).ToList();
        Assert.True(twice.Count == 0, $"{twice.Count} eventIDs twice, such as {twice.FirstOrDefault()}");
        var events = records.Select(Event).Order(StringComparer.Ordinal).ToList();
        var lost = written.Except(events).ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} of {written.Count} lost, such as {lost.FirstOrDefault()}");
        Assert.Equal(written.Order(StringComparer.Ordinal), events);
    }

    /// <summary>Every event is there once, byte for byte, but for what a power cut took before it was read: that may be missing.</summary>
    public static void MustBeAllBut(IReadOnlySet<string> cut, IReadOnlyList<string> written, IReadOnlyList<JsonElement> records)
    {
        // What a power cut tore is a record too, of what it is.
        var events = records.Where(record => record.TryGetProperty("event", out _)).Select(Event).Where(written.ToHashSet().Contains)
            .ToList();
        var twice = events.GroupBy(line => line).Where(same => same.Count() > 1).Select(same => same.Key).ToList();
        Assert.True(twice.Count == 0, $"{twice.Count} events twice, such as {twice.FirstOrDefault()}");
        var lost = written.Except(cut).Except(events).ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} of {written.Count} lost, such as {lost.FirstOrDefault()}");
    }

    static string Event(JsonElement record) => record.TryGetProperty("event", out var audit)
        ? audit.GetRawText()
        : throw new InvalidOperationException($"not an event: {record.GetRawText()}");
}
