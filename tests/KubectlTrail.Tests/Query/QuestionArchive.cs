using System.Text.Json;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Kubectl.Tests.Query;

/// <summary>The records of tests/data/questions in an encrypted archive of two nodes, a batch an hour.</summary>
sealed class QuestionArchive : IDisposable
{
    readonly ArchiveFolder folder = new();
    readonly KeyPair pair = KeyPair.GenerateP256();

    internal QuestionArchive()
    {
        KeyPath = folder.AddKey(pair);
        var hours =
            from line in File.ReadLines(Repository.PathOf("tests", "data", "questions", "records.ndjson"))
            let record = JsonDocument.Parse(line).RootElement
            let time = record.GetProperty("eventTime").GetDateTimeOffset()
            group (Line: line, Time: time) by (Node: record.GetProperty("nodeName").GetString()!, Hour: time.Ticks / TimeSpan.TicksPerHour);
        foreach (var (at, hour) in hours.Index())
            Add(hour.First().Time, hour.Key.Node, at + 1, [.. hour.Select(record => record.Line)]);
    }

    internal string Path => folder.Path;

    internal string KeyPath { get; }

    internal void Add(DateTimeOffset time, string node, long sequence, params string[] lines) =>
        folder.Add(Some.Batch(time, node, sequence, encrypted: true), Some.Sealed(pair, lines));

    public void Dispose() => folder.Dispose();
}
