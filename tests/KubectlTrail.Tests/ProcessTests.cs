using System.Diagnostics;
using System.Globalization;
using System.Text;
using ClusterTrail.Archive;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests;

/// <summary>The built program, where only a process can tell: pipes, signals, exit codes.</summary>
public sealed class ProcessTests : IDisposable
{
    const int ManyObjects = 400;

    static readonly string Program = Path.Combine(AppContext.BaseDirectory, "kubectl-trail.dll");
    readonly ArchiveFolder archive = new();

    public void Dispose() => archive.Dispose();

    [Fact]
    public async Task RecordsGoToTheOutputAndTheExitCodeIsZero()
    {
        archive.Add(Some.Batch(), Some.Zstd(Some.Record()));

        using var process = Start("exec \"$@\"", "cat", archive.Path);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Some.Record() + "\n", output);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task AnErrorIsOneSentenceWithoutAStackTrace()
    {
        using var process = Start("exec \"$@\"", "cat", "no-such-file");
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, process.ExitCode);
        Assert.Matches("^kubectl trail: no-such-file does not exist; [^\n]+[.]\n$", error);
    }

    [Fact]
    public async Task ATrailComesFromTheStandardInput()
    {
        using var process = Start($"exec \"$@\" <{Repository.PathOf("docs", "samples", "trail-minimal.yaml")}", "render", "-f", "-");
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("---\napiVersion: v1\nkind: ServiceAccount\n", output, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData(Codec.Zstd)]
    [InlineData(Codec.Gzip)]
    public async Task CompressedRecordsComeFromAPipeWithoutAName(Codec codec)
    {
        var record = $$"""{"eventVersion":"1.0","event":{{Encoding.UTF8.GetString(AuditLine.Of())}}}""";
        var file = archive.AddFile("records", Some.Compressed(codec, record, record));

        using var process = Start($"cat {file} | \"$@\"", "explain", "-", "--summary");
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, process.ExitCode);
        Assert.StartsWith("2 events, 2 recorded\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("table")]
    public async Task AClosedPipeEndsQuietlyAndEarly(string format)
    {
        AddMany();

        using var process = Start("\"$@\" | head -n 1; echo ${PIPESTATUS[0]}", "cat", archive.Path, "-o", format);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, output.TrimEnd('\n').Split('\n').Length);
        Assert.EndsWith("\n0\n", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [Fact]
    public async Task TwoCommandsShareOneFile()
    {
        var file = archive.Add(Some.Batch(), Some.Zstd(Some.Record()));
        var both = Path.Combine(archive.Path, "both");

        using var process = Start($"{{ \"$@\"; \"$@\"; }} > {both}", "cat", file);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal($"{Some.Record()}\n{Some.Record()}\n", await File.ReadAllTextAsync(both, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AFullDiskIsTold()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here to play the full disk.");
        var file = archive.Add(Some.Batch(), Some.Zstd(Some.Record()));

        using var process = Start("\"$@\" > /dev/full", "cat", file);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("kubectl trail: The output cannot be written: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingCredentialsAreOneSentence()
    {
        const string WithoutCredentials =
            "exec env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY AWS_EC2_METADATA_DISABLED=true HOME=/nonexistent \"$@\"";

        using var process = Start(WithoutCredentials, "cat", "s3://bucket", "--endpoint", "http://127.0.0.1:1");
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.Equal("kubectl trail: s3://bucket/events/ cannot be listed: Failed to resolve AWS credentials.\n", error);
    }

    [Fact]
    public async Task AnInterruptEndsItWithWholeLines()
    {
        AddMany();

        using var process = Start("exec env --default-signal=INT \"$@\"", "cat", archive.Path);
        var first = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        using var interrupt = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        // Its output is not read until then, so that it cannot have finished before the signal.
        await interrupt.WaitForExitAsync(TestContext.Current.CancellationToken);
        var rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, process.ExitCode);
        Assert.StartsWith("{", first, StringComparison.Ordinal);
        Assert.EndsWith("}}\n", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInterruptEndsAQueryWithoutEnd()
    {
        archive.Add(Some.Batch(), Some.Zstd(Some.Record()));

        using var process = Start(
            "exec env --default-signal=INT \"$@\"",
            "query", archive.Path, "SELECT a.range AS n FROM range(10000000) a, range(10000000) b", "-o", "json");
        var first = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        using var interrupt = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((130, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)));
        Assert.StartsWith("{\"n\":", first, StringComparison.Ordinal);
    }

    void AddMany()
    {
        var gzip = Some.Zstd([.. Enumerable.Repeat(Some.Record(), 2_000)]);
        for (var i = 0; i < ManyObjects; i++)
            archive.Add(Some.Batch(sequence: i), gzip);
    }

    static Process Start(string script, params string[] arguments) => Process.Start(
        new ProcessStartInfo("bash", ["-c", script, "bash", "dotnet", Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
