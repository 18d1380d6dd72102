using static ClusterTrail.Kubectl.Tests.Lookup.LookupRecords;

namespace ClusterTrail.Kubectl.Tests.Lookup;

/// <summary>A lookup in an export.</summary>
public sealed class LookupExportTests : IDisposable
{
    readonly ArchiveFolder archive = new();

    public LookupExportTests()
    {
        archive.Add(Some.Batch(), Some.Zstd(SecretRead, Exec, Finding, Refused));
        archive.Add(Some.Batch(node: "worker-1"), Some.Zstd(Process));
    }

    public void Dispose() => archive.Dispose();

    [Theory]
    [InlineData("", "--user", "ann")]
    [InlineData("", "--source-ip", "fd00:0:0::1")]
    [InlineData("", "--event-id", "e-1")]
    [InlineData("", "--around", "e-1")]
    [InlineData("", "--session", "bob", "--since", "2026-03-01")]
    [InlineData("", "--since", "2026-03-01T12:00:03Z")]
    [InlineData("", "--node", "worker-1")]
    [InlineData("", "--cluster", "prod", "--limit", "2")]
    [InlineData("No record was found.\n", "--trail", "other")]
    public async Task AnExportIsSearchedAsTheArchiveIs(string said, params string[] options)
    {
        using var export = new ArchiveFolder();
        await CommandLine.RunAsync("export", archive.Path, "--to", export.Path);

        var ofArchive = await CommandLine.RunAsync(["lookup", archive.Path, "-o", "json", .. options]);
        var ofExport = await CommandLine.RunAsync(["lookup", export.Path, "-o", "json", .. options]);

        Assert.Equal((ofArchive.ExitCode, ofArchive.Error), (ofExport.ExitCode, ofExport.Error));
        Assert.Equal(Ids(ofArchive).Order(StringComparer.Ordinal), Ids(ofExport).Order(StringComparer.Ordinal));
        Assert.True(said == ofExport.Error || ofExport.Lines.Length > 0);
    }

    [Fact]
    public async Task AnExportCannotBeFollowedAndHasNoDigests()
    {
        using var export = new ArchiveFolder();
        await CommandLine.RunAsync("export", archive.Path, "--to", export.Path);

        var followed = await CommandLine.RunAsync("lookup", export.Path, "--follow");

        Assert.Equal(
            (2, $"kubectl trail: {export.Path} is an export, in which nothing arrives by itself; follow the archive, or omit --follow.\n"),
            (followed.ExitCode, followed.Error));
    }
}
