using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Export;

public sealed class RowGroupsTests
{
    [Theory]
    [InlineData(12_000, 2048)]
    [InlineData(1, 5000)]
    public async Task WhoWantsOneRecordDoesNotReadAHundredMegabytes(int bytes, int rows)
    {
        using var archive = new ArchiveFolder();
        using var folder = new TemporaryFolder();
        var body = new string('x', bytes);
        archive.Add(Some.Batch(), Some.Zstd([.. Enumerable.Range(0, 5000).Select(at => $$"""
            {"eventID":"{{at}}{{body}}","eventTime":"2026-03-01T12:00:00Z","clusterName":"prod","trail":"main"}
            """)]));

        await CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);

        var part = Assert.Single(Directory.GetFiles(folder.Path, "part-*", SearchOption.AllDirectories));
        var groups = await CommandLine.RunAsync(
            "query", folder.Path, $"SELECT max(row_group_num_rows) AS n FROM parquet_metadata('{part}')", "-o", "json");
        Assert.Equal($"{{\"n\":{rows}}}\n", groups.Output);
    }
}
