using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Export;

/// <summary>Records with values at the edges, in an export and in an archive.</summary>
public sealed class OddRecordsTests : IDisposable
{
    readonly ArchiveFolder archive = new();
    readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        archive.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("10:00", "2026-03-01T12:00:00Z")]
    [InlineData("1.5", "2026-03-01T12:00:00Z")]
    [InlineData("11/22/2026", "2026-03-01T12:00:00Z")]
    [InlineData("9999-12-31T23:59:59-01:00", "2026-03-01T12:00:00Z")]
    public async Task ATimeIsThatOfTheRecordOrOfItsBatch(string written, string time)
    {
        archive.Add(Some.Batch(), Some.Zstd(Record(written, "prod", "main")));
        var exported = await CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);

        Assert.Equal(0, exported.ExitCode);
        foreach (var location in (string[])[archive.Path, folder.Path])
        {
            var outcome = await CommandLine.RunAsync("query", location, "SELECT time FROM events", "-o", "json");

            Assert.Equal((0, "", $"{{\"time\":\"{time}\"}}\n"), (outcome.ExitCode, outcome.Error, outcome.Output));
        }

        var since = await CommandLine.RunAsync(
            "query", folder.Path, "SELECT count(*) AS n FROM events", "-o", "json", "--since", "2025-01-01");
        Assert.Equal((0, $"{{\"n\":{(time.StartsWith('0') ? 0 : 1)}}}\n"), (since.ExitCode, since.Output));
    }

    [Theory]
    [InlineData("null", "NULL", "cluster=%6Eull/trail=%4EULL/")]
    [InlineData("Null", "nullable", "cluster=%4Eull/trail=nullable/")]
    public async Task ANameThatEnginesTakeForNullIsAName(string cluster, string trail, string folders)
    {
        archive.Add(Some.Batch(), Some.Zstd(Record("2026-03-01T12:00:01Z", cluster, trail)));
        await CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);
        var again = await CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);
        var ddl = await CommandLine.RunAsync("export", "--to", folder.Path, "--ddl", "duckdb");
        var view = $"CREATE SCHEMA lake; USE lake; {ddl.Output}; SELECT cluster, trail FROM lake.events";

        var byQuery = await CommandLine.RunAsync("query", folder.Path, "SELECT cluster, trail FROM events", "-o", "json");
        var ofTrail = await CommandLine.RunAsync(
            "query", folder.Path, "SELECT cluster, trail FROM events", "-o", "json", "--cluster", cluster, "--trail", trail);
        var byDdl = await CommandLine.RunAsync("query", archive.Path, "--until", "2020-01-01", view, "-o", "json");

        var expected = $"{{\"cluster\":\"{cluster}\",\"trail\":\"{trail}\"}}\n";
        Assert.Equal($"Exported 0 objects in 0 files to {folder.Path}; 1 was exported before.\n", again.Error);
        Assert.StartsWith(
            folder.Join(folders), Assert.Single(Directory.GetFiles(folder.Path, "part-*", SearchOption.AllDirectories)),
            StringComparison.Ordinal);
        Assert.Equal([expected, expected, expected], [byQuery.Output, ofTrail.Output, byDdl.Output]);
    }

    [Theory]
    [InlineData(0.01, 0.5)]
    [InlineData(0.5, 0.99)]
    [InlineData(0.99, 1)]
    [InlineData(0, 1)]
    public async Task ADamagedFileOfAnExportIsNoFaultOfTheStatement(double from, double to)
    {
        var records = Enumerable.Range(0, 500).Select(at => Record("2026-03-01T12:00:01Z", "prod", "main", at));
        archive.Add(Some.Batch(), Some.Zstd([.. records]));
        await CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);
        var part = Assert.Single(Directory.GetFiles(folder.Path, "part-*", SearchOption.AllDirectories));
        var content = await File.ReadAllBytesAsync(part, TestContext.Current.CancellationToken);
        content.AsSpan((int)(content.Length * from)..(int)(content.Length * to)).Fill(0xff);
        await File.WriteAllBytesAsync(part, content, TestContext.Current.CancellationToken);

        var outcome = await CommandLine.RunAsync("query", folder.Path, "SELECT * FROM events", "-o", "json");

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith($"kubectl trail: {part} is damaged; export to another place again: ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("LINE", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("DuckDBException", outcome.Error, StringComparison.Ordinal);
    }

    static string Record(string time, string cluster, string trail, int id = 0) =>
        $$"""{"eventID":"{{id * 7919}}","eventTime":"{{time}}","clusterName":"{{cluster}}","trail":"{{trail}}"}""";
}
