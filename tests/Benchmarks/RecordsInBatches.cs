using System.Text;
using System.Text.Json;
using ClusterTrail.Agent.Records;
using ClusterTrail.Contract;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>The records of a log, cut as the agent cuts them.</summary>
sealed record RecordsInBatches(string Name, long LogBytes, IReadOnlyList<IReadOnlyList<byte[]>> Batches)
{
    const int LeastListBytes = 60_000;
    const int Sizes = 7;

    public static RecordsInBatches OfRealLog() => Of("log", RealLog.Lines);

    /// <summary>Requests whose answers are lists: of the bodies of the real log, 60 to 420 kB in each.</summary>
    public static RecordsInBatches OfLargeBodies() => Of("bodies", [.. LargeBodies()]);

    static RecordsInBatches Of(string name, IReadOnlyList<byte[]> lines)
    {
        var (index, writer) = (new JsonIndex(), new RecordWriter(new("bench", "node-1", "main")));
        using var record = new RecordBuffer();
        var batches = new List<IReadOnlyList<byte[]>>();
        var (batch, bytes) = (new List<byte[]>(), 0L);
        foreach (var line in lines)
        {
            if (!AuditEvent.TryParse(line, index, out var audit, out var reason))
                throw new InvalidDataException(reason);
            writer.Write(audit, AuditLevel.RequestResponse, default, record);
            batch.Add(record.Written.ToArray());
            bytes += record.Written.Length;
            if (bytes >= new BatchConfiguration().MaxBytes)
            {
                batches.Add(batch);
                (batch, bytes) = ([], 0);
            }
        }

        batches.Add(batch);
        return new(name, lines.Sum(line => line.Length + 1L), batches);
    }

    static IEnumerable<byte[]> LargeBodies()
    {
        var (items, bytes, made) = (new List<string>(), 0, 0);
        foreach (var line in RealLog.Lines)
        {
            using var audit = JsonDocument.Parse(line);
            var root = audit.RootElement;
            if (!root.TryGetProperty("responseObject", out var body) && !root.TryGetProperty("requestObject", out body))
                continue;
            items.Add(body.GetRawText());
            bytes += items[^1].Length;
            if (bytes < LeastListBytes * (1 + made % Sizes))
                continue;
            yield return Encoding.UTF8.GetBytes(ListOf(root, items));
            (items, bytes, made) = ([], 0, made + 1);
        }
    }

    static string ListOf(JsonElement audit, List<string> items)
    {
        var members = audit.EnumerateObject().Where(member => member.Name is not ("requestObject" or "responseObject"))
            .Select(member => $"\"{member.Name}\":{member.Value.GetRawText()}");
        return $"{{{string.Join(',', members)},"
            + $"\"responseObject\":{{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[{string.Join(',', items)}]}}}}";
    }
}
