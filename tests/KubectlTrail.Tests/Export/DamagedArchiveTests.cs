using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Export;

/// <summary>What cannot be read whole is no part of an export, until it can.</summary>
public sealed class DamagedArchiveTests : IDisposable
{
    readonly ArchiveFolder archive = new();
    readonly TemporaryFolder folder = new();

    public DamagedArchiveTests() => archive.Add(Some.Batch(), Some.Zstd(Record("whole")));

    public void Dispose()
    {
        archive.Dispose();
        folder.Dispose();
    }

    public static TheoryData<byte[]> Damages => new(
        [],
        Some.Zstd(Record("first"), Record("second"))[..^3],
        Some.Zstd(Record("first"), "no JSON"));

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task EachRunTriesADamagedObjectAgainUntilItIsWhole(byte[] content)
    {
        archive.Add(Some.Batch(sequence: 2), content);

        for (var run = 0; run < 2; run++)
        {
            var damaged = await ExportAsync();

            Assert.Equal(1, damaged.ExitCode);
            Assert.EndsWith(
                run == 0 ? $"Exported 1 object in 1 file to {folder.Path}; 0 were exported before.\n"
                    : $"Exported 0 objects in 0 files to {folder.Path}; 1 was exported before.\n",
                damaged.Error, StringComparison.Ordinal);
            Assert.Equal(1, damaged.Error.Split(" is damaged: ").Length - 1);
            Assert.Equal("{\"id\":\"whole\"}\n", await IdsAsync());
        }

        archive.Add(Some.Batch(sequence: 2), Some.Zstd(Record("first"), Record("second")));
        var whole = await ExportAsync();

        Assert.Equal((0, $"Exported 1 object in 1 file to {folder.Path}; 1 was exported before.\n"), (whole.ExitCode, whole.Error));
        Assert.Equal("{\"id\":\"first\"}\n{\"id\":\"second\"}\n{\"id\":\"whole\"}\n", await IdsAsync());
    }

    static string Record(string id) => $$"""{"eventID":"{{id}}","eventTime":"2026-03-01T12:00:01Z","clusterName":"prod","trail":"main"}""";

    Task<Outcome> ExportAsync() => CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);

    async Task<string> IdsAsync() =>
        (await CommandLine.RunAsync("query", folder.Path, "SELECT id FROM events ORDER BY id", "-o", "json")).Output;
}
