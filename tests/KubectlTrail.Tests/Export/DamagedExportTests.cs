using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Export;

/// <summary>Files of an export that the disk spoiled.</summary>
public sealed class DamagedExportTests : IDisposable
{
    const string EveryColumn = "SELECT count(hash(COLUMNS(*))) FROM events";

    readonly ArchiveFolder archive = new();
    readonly TemporaryFolder folder = new();

    public DamagedExportTests()
    {
        for (var day = 1; day <= 2; day++)
        {
            archive.Add(
                Some.Batch(Some.Time.AddDays(day), sequence: day),
                Some.Zstd([.. Enumerable.Range(0, 500).Select(at => Record($"day-{day}-{at}", day))]));
        }
    }

    public void Dispose()
    {
        archive.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task AQueryFailsWithTheNameOfTheFile()
    {
        var damaged = Path.GetRelativePath(folder.Path, await ExportAndDamageAsync());

        var outcome = await CommandLine.RunAsync("query", folder.Path, EveryColumn);
        var ofOther = await CommandLine.RunAsync("query", folder.Path, EveryColumn, "--until", "2026-03-03");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith(
            $"kubectl trail: {folder.Path}/{damaged} is damaged; export to another place again: ", outcome.Error, StringComparison.Ordinal);
        Assert.InRange(outcome.Error.Length, 0, 1000);
        Assert.Equal(0, ofOther.ExitCode);
    }

    [Fact]
    public async Task ALookupNamesTheFileAndShowsTheRest()
    {
        var damaged = await ExportAndDamageAsync();

        var outcome = await CommandLine.RunAsync("lookup", folder.Path, "-o", "json", "--limit", "0");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($"{folder.Path}/{Path.GetRelativePath(folder.Path, damaged)}", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(500, outcome.Lines.Count(line => line.Contains("day-1-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WhateverByteChangesItIsAnAnswerOrASentenceAboutTheFile()
    {
        await CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);
        var file = Files()[^1];
        var whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var random = new Random(5);
        for (var round = 0; round < 25; round++)
        {
            var damaged = whole.ToArray();
            for (var at = random.Next(4, damaged.Length - 8); at < damaged.Length - 8; at += damaged.Length / (1 + random.Next(3)))
                damaged[at] ^= (byte)random.Next(1, 256);
            await File.WriteAllBytesAsync(file, damaged, TestContext.Current.CancellationToken);

            var outcome = await CommandLine.RunAsync("query", folder.Path, EveryColumn);

            Assert.True(
                outcome.ExitCode == 0
                    || (outcome.ExitCode == 1 && outcome.Error.Contains(Path.GetFileName(file), StringComparison.Ordinal)),
                $"round {round}: {outcome.ExitCode} {outcome.Error}");
        }
    }

    async Task<string> ExportAndDamageAsync()
    {
        await CommandLine.RunAsync("export", archive.Path, "--to", folder.Path);
        var file = Files()[^1];
        var content = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        content.AsSpan(4, content.Length / 2).Fill(0xaa);
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        return file;
    }

    IReadOnlyList<string> Files() =>
        [.. Directory.GetFiles(folder.Path, "part-*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    static string Record(string id, int day) => $$"""
        {"eventID":"{{id}}","eventTime":"2026-03-{{day + 1:D2}}T12:00:01Z","eventName":"get pods","clusterName":"prod","trail":"main"}
        """;
}
