using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Export;

/// <summary>No export hides an archive: neither by mistake, nor where somebody plants one.</summary>
public sealed class ArchiveTracesTests : IDisposable
{
    const string Marker = """{"schemaVersion":1,"schema":"clustertrail","format":"parquet"}""";

    readonly ArchiveFolder archive = new();
    readonly TemporaryFolder folder = new();

    public ArchiveTracesTests() => archive.Add(Some.Batch(), Some.Zstd(Some.Record()));

    public void Dispose()
    {
        archive.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("", "events/")]
    [InlineData("events/cluster=prod", "trail=main/date=2026-03-01/node=cp-1/120000000-apiserver-00000001-0123456789abcdef.ndjson.zst")]
    public async Task APlantedExportAnswersNoQuestion(string part, string trace)
    {
        archive.AddFile(Path.Combine(part, "_clustertrail/export.json"), [.. Marker.Select(character => (byte)character)]);
        var location = Path.Combine(archive.Path, part);

        var outcome = await CommandLine.RunAsync("query", location, "SELECT count(*) FROM events");

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(
            $"{location} has _clustertrail/export.json, as exports have, and {trace}, as archives have. If it is an archive, ",
            outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnArchiveOfWhichOnlyTheDigestsAreThereIsOne()
    {
        await CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);
        Directory.CreateDirectory(folder.Join("digests"));

        var outcome = await CommandLine.RunAsync("query", folder.Path, "SELECT count(*) FROM events");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("and digests/, as archives have", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is the archive, or in it; export to another place.")]
    [InlineData("events/lake", "is the archive, or in it; export to another place.")]
    [InlineData("events", "has cluster=prod/trail=main/date=2026-03-01/node=cp-1/")]
    public async Task NothingIsExportedIntoTheArchive(string part, string reason)
    {
        var outcome = await CommandLine.RunAsync("export", archive.Path, "--to", Path.Combine(archive.Path, part));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(archive.Path, "*", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(Path.Combine(archive.Path, part, "_clustertrail")));
    }

    [Fact]
    public async Task AnExportMayStandInTheFolderOfAnother()
    {
        await CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);
        await CommandLine.RunAsync("export", archive.Path, "--to", folder.Join("lines"), "--format", "ndjson");

        var query = await CommandLine.RunAsync("query", folder.Path, "SELECT count(*) AS n FROM events", "-o", "json");
        var again = await CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);

        Assert.Equal((0, "{\"n\":1}\n", 0), (query.ExitCode, query.Output, again.ExitCode));
    }

    [Fact]
    public async Task NothingIsExportedIntoAnotherArchive()
    {
        Directory.CreateDirectory(folder.Join("events"));

        var outcome = await CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);

        Assert.Equal(
            (2, $"kubectl trail: --to {folder.Path} has events/, as archives have; export to a place that is empty or an export.\n"),
            (outcome.ExitCode, outcome.Error));
        Assert.False(Directory.Exists(folder.Join("_clustertrail")));
    }
}
