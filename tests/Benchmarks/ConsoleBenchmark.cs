using System.Diagnostics;
using System.Globalization;
using System.Text;
using ClusterTrail.Archive;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Lake.Export;
using ClusterTrail.Lake.Query;
using ClusterTrail.WebConsole;

namespace ClusterTrail.Benchmarks;

/// <summary>
/// How long the console takes for each of its pages, from the request to the last byte: of an export, and of the archive in memory.
/// </summary>
static class ConsoleBenchmark
{
    const int DaysOfRecords = 7;
    const int Times = 15;
    const int RecordsOfABatch = 20_000;
    const double MedianMilliseconds = 300;

    static readonly DateTime First = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    static readonly (string Name, string Address)[] Pages =
    [
        ("history", "/"), ("history_filtered", "/?user=user-7&resource=secrets"), ("history_pattern", "/?name=*object-1*"),
        ("history_page", "/?older=2026-03-03T00:00:00Z~"), ("record", "/record?id=id-00050001&near=2026-03-01T08:00:00Z"),
        ("record_anywhere", "/record?id=id-00050001"), ("people", "/people"),
        ("person", "/person?user=user-7"), ("findings", "/findings"), ("objects", "/objects"),
        ("object", "/object?resource=secrets&namespace=ns-1&name=object-1"),
    ];

    public static async Task<int> RunAsync(int records)
    {
        var folder = Directory.CreateTempSubdirectory("clustertrail-console-bench-");
        try
        {
            var (archive, export) = (Path.Combine(folder.FullName, "archive"), Path.Combine(folder.FullName, "export"));
            Write(archive, records);
            Report.Figure("console.records", records, "records");
            await ExportAsync(archive, export);
            var ofExport = await MeasureAsync("console", export);
            return await MeasureAsync("console.archive", archive) && ofExport ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task ExportAsync(string archive, string export)
    {
        using var target = new FolderTarget(export);
        var settings = new ExportSettings(ExportSettings.CurrentVersion, ExportSchema.Clustertrail, ExportFormat.Parquet);
        var exporting = new ArchiveExport(Source(new LocalFolder(archive)), target, settings, DatabaseOptions.Default);
        await exporting.RunAsync(TimeRange.All, default);
    }

    static ArchiveSource Source(ILocation location) => new(location, new(new(null)), ObjectScope.All, new Silent());

    static async Task<bool> MeasureAsync(string name, string location)
    {
        var since = Stopwatch.GetTimestamp();
        using var database = await new EventLocation(location, new(null, null, false, null)).OpenAsync(
            Source, ObjectScope.All, TimeRange.All, DatabaseOptions.Default, default);
        Report.Figure($"{name}.open_s", Stopwatch.GetElapsedTime(since).TotalSeconds, "s");
        await using var server = await ConsolePages.ServeAsync(new("bench", database, TimeRange.All, []), 0, default);
        using var client = new HttpClient { BaseAddress = server.Url };
        (await client.GetAsync(server.FirstUrl)).EnsureSuccessStatusCode();
        return await MeasureAsync(name, client);
    }

    static async Task<bool> MeasureAsync(string prefix, HttpClient client)
    {
        var report = new Report();
        foreach (var (name, address) in Pages)
        {
            var times = new List<double>();
            for (var at = 0; at < Times; at++)
            {
                var since = Stopwatch.GetTimestamp();
                await client.GetByteArrayAsync(new Uri(address, UriKind.Relative));
                times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            }

            times.Sort();
            report.AtMost($"{prefix}.{name}_p50", times[Times / 2], "ms", MedianMilliseconds);
            Report.Figure($"{prefix}.{name}_max", times[^1], "ms");
        }

        return report.AllWithinLimits;
    }

    static void Write(string folder, int records)
    {
        var random = new Random(1);
        var text = new StringBuilder();
        using var compressor = new ZstdSharp.Compressor();
        for (var (at, batch) = (0, 1); at < records; batch++)
        {
            var name = new BatchName
            {
                Cluster = "prod",
                Trail = "main",
                FirstEvent = TimeOf(at, records),
                Node = "cp-1",
                Source = "apiserver",
                Sequence = batch,
                Hash = "0123456789abcdef",
                Codec = Codec.Zstd,
                Encrypted = false,
            };
            text.Clear();
            for (var end = Math.Min(records, at + RecordsOfABatch); at < end; at++)
                text.Append(Record(random, at, records)).Append('\n');
            var path = Path.Combine(folder, name.ToString());
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, compressor.Wrap(Encoding.UTF8.GetBytes(text.ToString())).ToArray());
        }
    }

    static DateTime TimeOf(int at, int records) => First.AddSeconds((double)at / records * DaysOfRecords * 86_400);

    // About as large as a record at level Metadata.
    static string Record(Random random, int at, int records)
    {
        var time = TimeOf(at, records).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var user = random.Next(3) > 0 ? $"system:serviceaccount:ns-{random.Next(40)}:app" : $"user-{random.Next(200)}";
        var verb = Pick(random, "get", "list", "watch", "update", "patch");
        var resource = Pick(random, "pods", "secrets", "configmaps", "leases");
        var its = $"\"resource\":\"{resource}\",\"namespace\":\"ns-{random.Next(40)}\",\"name\":\"object-{random.Next(500)}\"";
        var isFinding = random.Next(500) == 0;
        var more = isFinding
            ? $"\"objectRef\":{{{its}}},\"insightDetails\":{{\"rule\":\"rule-{random.Next(20)}\",\"severity\":\"high\","
                + $"\"description\":\"d\",\"eventIDs\":[\"id-{at - 1:D8}\"]}}"
            : $"\"event\":{{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Metadata\",\"auditID\":\"{Guid.NewGuid()}\","
                + $"\"stage\":\"ResponseComplete\",\"requestURI\":\"/api/v1/namespaces/ns/{resource}/object?timeout=30s\","
                + $"\"verb\":\"{verb}\","
                + $"\"user\":{{\"username\":\"{user}\",\"groups\":[\"system:authenticated\",\"system:serviceaccounts\"]}},"
                + $"\"sourceIPs\":[\"10.0.0.1\"],\"userAgent\":\"kubectl/v1.36.0 (linux/amd64) kubernetes/abcdef0\",\"objectRef\":{{{its},"
                + "\"apiVersion\":\"v1\"},\"responseStatus\":{\"metadata\":{},\"code\":200},"
                + "\"annotations\":{\"authorization.k8s.io/decision\":\"allow\",\"authorization.k8s.io/reason\":\"RBAC: allowed\"}}";
        return $"{{\"eventVersion\":\"1.0\",\"eventID\":\"id-{at:D8}\",\"eventTime\":\"{time}\","
            + $"\"eventCategory\":\"{(isFinding ? "Insight" : "Management")}\",\"eventName\":\"{verb} {resource}\",\"readOnly\":true,"
            + $"\"userIdentity\":{{\"type\":\"User\",\"userName\":\"{user}\"}},"
            + $"\"sourceIPAddress\":\"10.{random.Next(4)}.{random.Next(250)}.7\","
            + $"\"clusterName\":\"prod\",\"nodeName\":\"cp-1\",\"trail\":\"main\",{more}}}";
    }

    static string Pick(Random random, params ReadOnlySpan<string> texts) => texts[random.Next(texts.Length)];

    sealed class Silent : ISearchObserver
    {
        public void Found(long objects)
        {
        }

        public void Done()
        {
        }

        public void Report(TrailException problem) => throw problem;
    }
}
