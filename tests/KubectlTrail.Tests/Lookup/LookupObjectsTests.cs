using ClusterTrail.Kubectl.Tests.Reading;
using static ClusterTrail.Kubectl.Tests.Lookup.LookupRecords;

namespace ClusterTrail.Kubectl.Tests.Lookup;

/// <summary>Which objects of an archive are read.</summary>
public sealed class LookupObjectsTests : IDisposable
{
    readonly ArchiveFolder archive = new();

    public LookupObjectsTests()
    {
        archive.Add(Some.Batch(), Some.Zstd(SecretRead, Exec, Finding, Refused));
        archive.Add(Some.Batch(node: "worker-1"), Some.Zstd(Process));
    }

    public void Dispose() => archive.Dispose();

    [Fact]
    public async Task AnObjectThatNoAgentNamesIsToldAndNotRead()
    {
        var planted = archive.AddFile("events/cluster=prod/planted.ndjson.zst", Some.Zstd(SecretRead));

        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "json", "--user", "ann");
        var alone = await CommandLine.RunAsync("lookup", planted, "-o", "json", "--user", "ann");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(["s-1"], Ids(outcome));
        Assert.Equal(
            $"kubectl trail: {planted} is not read: no agent names an object of an archive like this; find out who put it there; "
                + "to read it, give it as a location of its own.\n",
            outcome.Error);
        Assert.Equal((0, 1), (alone.ExitCode, alone.Lines.Length));
    }

    [Fact]
    public async Task ABatchThatBeganWeeksBeforeIsFound()
    {
        archive.Add(Some.Batch(Some.Time.AddDays(-20), node: "cp-2"), Some.Zstd(SecretRead.Replace("s-1", "late", StringComparison.Ordinal)));

        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "json", "--user", "ann", "--since", "2026-03-01");

        Assert.Equal(["late", "s-1"], Ids(outcome).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ARecordIsLookedForUntilItIsFound()
    {
        await using var s3 = await FakeS3.StartAsync();
        for (var day = 0; day < 40; day++)
        {
            s3[$"{Some.Batch(Some.Time.AddDays(day), sequence: day + 1)}"] = Some.Zstd(
                SecretRead.Replace("2026-03-01T12", $"{Some.Time.AddDays(day):yyyy-MM-ddTHH}", StringComparison.Ordinal)
                    .Replace("s-1", $"s-{day}", StringComparison.Ordinal));
        }

        var outcome = await CommandLine.RunAsync(
            "lookup", "s3://bucket", "--endpoint", s3.Url, "--path-style", "-o", "json", "--around", "s-39");

        Assert.Equal(["s-39"], Ids(outcome));
        Assert.InRange(s3.Got.Count, 1, 20);
    }
}
