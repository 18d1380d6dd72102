using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ClusterTrail.Kubectl.Tests.Cat;

/// <summary>Folders that someone else could write to.</summary>
public sealed class HostileFolderTests : IDisposable
{
    readonly ArchiveFolder archive = new();

    public void Dispose() => archive.Dispose();

    [Fact]
    public async Task ALinkBackIsNotFollowed()
    {
        var folder = Path.GetDirectoryName(archive.Add(Some.Batch(), Some.Zstd(Some.Record())))!;
        File.CreateSymbolicLink(Path.Combine(folder, "a"), ".");
        File.CreateSymbolicLink(Path.Combine(folder, "b"), ".");

        var outcome = await CommandLine.RunAsync("cat", archive.Path);

        Assert.Equal((1, $"{Some.Record()}\n"), (outcome.ExitCode, outcome.Output));
        Assert.Equal(
            $"kubectl trail: {folder}/a and 1 more cannot be read: symbolic links in an archive are not followed; "
                + "give what a link points to as a location of its own.\n",
            outcome.Error);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("folder/stolen.ndjson.zst")]
    public async Task ALinkOutIsNotFollowed(string target)
    {
        using var elsewhere = new ArchiveFolder();
        elsewhere.AddFile("folder/stolen.ndjson.zst", Some.Zstd(Some.Record("stolen")));
        archive.Add(Some.Batch(), Some.Zstd(Some.Record()));
        var link = Path.Combine(archive.Path, "events", "link.ndjson.zst");
        File.CreateSymbolicLink(link, Path.Combine(elsewhere.Path, target));

        var outcome = await CommandLine.RunAsync("cat", archive.Path);

        Assert.Equal((1, $"{Some.Record()}\n"), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith($"kubectl trail: {link} cannot be read: symbolic links", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventsIsNotFollowedEither()
    {
        using var elsewhere = new ArchiveFolder();
        elsewhere.AddFile("stolen.ndjson.zst", Some.Zstd(Some.Record("stolen")));
        File.CreateSymbolicLink(Path.Combine(archive.Path, "events"), elsewhere.Path);

        var outcome = await CommandLine.RunAsync("cat", archive.Path);

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("symbolic links", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALocationMayBeALink()
    {
        archive.Add(Some.Batch(), Some.Zstd(Some.Record()));
        using var elsewhere = new ArchiveFolder();
        var link = Path.Combine(elsewhere.Path, "link");
        File.CreateSymbolicLink(link, Path.Combine(archive.Path, "events"));

        var outcome = await CommandLine.RunAsync("cat", link);

        Assert.Equal((0, $"{Some.Record()}\n", ""), (outcome.ExitCode, outcome.Output, outcome.Error));
    }

    [Fact]
    public async Task APipeIsNoObject()
    {
        archive.Add(Some.Batch(), Some.Zstd(Some.Record()));
        var pipe = MakePipe(Some.Batch(sequence: 2).ToString());

        var ofFolder = await CommandLine.RunAsync("cat", archive.Path);
        var ofPipe = await CommandLine.RunAsync("cat", pipe);
        var decrypted = await CommandLine.RunAsync("decrypt", pipe, "-o", Path.Combine(archive.Path, "out"));

        var sentence = $"kubectl trail: {pipe} cannot be read: '{pipe}' is not a regular file.\n";
        Assert.Equal((1, $"{Some.Record()}\n", sentence), (ofFolder.ExitCode, ofFolder.Output, ofFolder.Error));
        Assert.Equal((1, sentence), (ofPipe.ExitCode, ofPipe.Error));
        Assert.Equal((2, sentence), (decrypted.ExitCode, decrypted.Error));
    }

    [Fact]
    public async Task APipeBesideRulesIsNoTest()
    {
        var rules = archive.AddFile("rules.yaml", "rules: []"u8.ToArray());
        var pipe = MakePipe("pipe.tests.yaml");

        var outcome = await CommandLine.RunAsync("detections", "test", rules);

        Assert.Equal((2, $"kubectl trail: {pipe} cannot be read: '{pipe}' is not a regular file.\n"), (outcome.ExitCode, outcome.Error));
    }

    [Theory]
    [InlineData("larger than 1 MiB", "cat", "s3://bucket", "--ca", "/dev/zero", "--endpoint", "http://127.0.0.1:1")]
    [InlineData("larger than 1 MiB", "cat", ".", "--key", "/dev/zero")]
    [InlineData("larger than 32 MiB", "render", "-f", "/dev/zero")]
    [InlineData("larger than 32 MiB", "policy", "-f", "/dev/zero")]
    [InlineData("larger than 32 MiB", "explain", "none", "-f", "/dev/zero")]
    [InlineData("larger than 32 MiB", "explain", "none", "--rules", "/dev/zero")]
    [InlineData("larger than 32 MiB", "detections", "test", "/dev/zero")]
    [InlineData("larger than 80 MiB", "explain", "/dev/zero")]
    [InlineData("not a regular file", "decrypt", "/dev/zero", "-o", "none")]
    public async Task AnEndlessFileIsOneSentence(string reason, params string[] arguments)
    {
        var outcome = await CommandLine.RunAsync(arguments);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Matches($"^kubectl trail: [^\n]*/dev/zero cannot be [^\n]*{Regex.Escape(reason)}[^\n]*[.]\n$", outcome.Error);
    }

    string MakePipe(string name)
    {
        var pipe = Path.Combine(archive.Path, name);
        using var process = Process.Start("mkfifo", [pipe]);
        process.WaitForExit();
        return pipe;
    }
}
