using System.Diagnostics;
using System.Globalization;
using System.Text;
using ClusterTrail.Archive.Sealing;
using ZstdSharp;

namespace ClusterTrail.Kubectl.Tests;

/// <summary>What only a process can show of a hostile archive: the memory that it takes, and signals.</summary>
public sealed class HostileProcessTests : IDisposable
{
    const int MiB = 1 << 20;

    static readonly string Program = Path.Combine(AppContext.BaseDirectory, "kubectl-trail.dll");

    readonly ArchiveFolder archive = new();

    public void Dispose() => archive.Dispose();

    [Theory]
    [InlineData("json")]
    [InlineData("table")]
    public async Task ALineLongerThanARecordIsSkipped(string format)
    {
        var file = AddInflated("{\"a\":[0", ",0", 250 * MiB, "]}\n");

        await CatAsync(format, peakMiB: 400, error => Assert.Equal(
            $"kubectl trail: {file}: line 1 is longer than 80 MiB, which no record is, and skipped.\n", error));
    }

    [Theory]
    [InlineData("json", "{\"a\":[0", ",0", "]}\n")]
    [InlineData("table", "{\"a\":[0", ",0", "]}\n")]
    [InlineData("table", "{\"userIdentity\":{\"userName\":\"", "😀", "\"}}\n")]
    [InlineData("table", "{\"eventName\":", "1", "}\n")]
    public async Task TheLongestRecordTakesItsSizeAndNoMore(string format, string first, string repeated, string last)
    {
        AddInflated(first, repeated, 79 * MiB, last);

        await CatAsync(format, peakMiB: 450, Assert.Empty);
    }

    [Fact]
    public async Task ManyRowsAreNotKept()
    {
        AddInflated("", Some.Record() + "\n", 300 * MiB, "");

        await CatAsync("table", peakMiB: 200, Assert.Empty);
    }

    [Fact]
    public async Task AnEncryptedObjectIsHeldOnce()
    {
        var (pair, noise) = (KeyPair.GenerateP256(), new byte[140 * MiB]);
        var file = archive.Add(Some.Batch(encrypted: true), new Envelope([Recipient.FromPem(pair.PublicPem)]).Seal(noise));

        await CatAsync(
            "table", peakMiB: 250, error => Assert.Equal($"kubectl trail: {file} is damaged: it does not begin as zstd does.\n", error),
            "--key", archive.AddKey(pair));
    }

    [Fact]
    public async Task AnEncryptedObjectLargerThanAnyIsNotTakenIn()
    {
        var file = archive.Add(Some.Batch(encrypted: true), []);
        using (var sparse = File.OpenWrite(file))
            sparse.SetLength(3L << 30);

        await CatAsync("table", peakMiB: 300, error => Assert.Equal(
            $"kubectl trail: {file} cannot be decrypted: it is larger than 160 MiB, and agents write smaller objects.\n", error),
            "--key", archive.AddKey(KeyPair.GenerateP256()));
    }

    [Fact]
    public async Task WithTooLittleMemoryTheObjectIsNamed()
    {
        var file = AddInflated("{\"a\":[0", ",0", 70 * MiB, "]}\n");

        using var process = Start("DOTNET_GCHeapHardLimit=0x3000000 exec \"$@\"", "cat", archive.Path);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal($"kubectl trail: {file} cannot be read: there is not enough memory for it.\n", error);
    }

    [Fact]
    public async Task ASecondSignalEndsItAtOnce()
    {
        AddRows();

        // Whoever runs the tests in the background may ignore interrupts, and so would it.
        using var process = Start("exec env --default-signal=INT \"$@\"", "cat", archive.Path);
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        // Its output is not read, so that it cannot end by itself; and after the grace period it would end with 130.
        await SignalAsync(process, "-INT");
        await SignalAsync(process, "-TERM");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(143, process.ExitCode);
        Assert.Empty(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AnInterruptEndsWhatWaitsForAPipe()
    {
        var pipe = Path.Combine(archive.Path, "pipe");
        using (var make = Process.Start("mkfifo", [pipe]))
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);

        using var process = Start("exec env --default-signal=INT \"$@\"", "explain", pipe);
        // It opens when the reader does, and then writes nothing.
        using var writer = StartScript("exec 3>\"$1\"; echo; read", "bash", pipe);
        await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        await SignalAsync(process, "-INT");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        writer.StandardInput.Close();
        Assert.Equal(130, process.ExitCode);
        Assert.Empty(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Prints a hostile object and then so many rows that the process waits for us when it is through with the object.</summary>
    async Task CatAsync(string format, int peakMiB, Action<string> checkError, params string[] more)
    {
        AddRows();
        var limit = peakMiB * (long)MiB;

        using var process = Start($"DOTNET_GCHeapHardLimit=0x{limit:x} exec \"$@\"", ["cat", archive.Path, "-o", format, .. more]);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var found = await DrainAsync(process.StandardOutput, "after");
        var peak = PeakMemory(process);
        await DrainAsync(process.StandardOutput, null);

        checkError(await error);
        Assert.True(found);
        Assert.InRange(peak, 1, limit);
    }

    // The greatest that ever was resident, as Linux counts it.
    static long PeakMemory(Process process)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").Single(one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }

    static async Task<bool> DrainAsync(StreamReader output, string? until)
    {
        while (await output.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (until is not null && line.Length < 2000 && line.Contains(until, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    void AddRows() => archive.Add(Some.Batch(sequence: 2), Some.Zstd([.. Enumerable.Repeat(Some.Record("after"), 20_000)]));

    string AddInflated(string first, string repeated, int bytes, string last)
    {
        using var compressed = new MemoryStream();
        using (var zstd = new CompressionStream(compressed, level: 1, leaveOpen: true))
        {
            var part = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, MiB / Encoding.UTF8.GetByteCount(repeated))));
            zstd.Write(Encoding.UTF8.GetBytes(first));
            for (var written = 0; written < bytes; written += part.Length)
                zstd.Write(part);
            zstd.Write(Encoding.UTF8.GetBytes(last));
        }

        return archive.Add(Some.Batch(), compressed.ToArray());
    }

    static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    static Process Start(string script, params string[] arguments) => StartScript(script, ["bash", "dotnet", Program, .. arguments]);

    static Process StartScript(string script, params string[] arguments) => Process.Start(
        new ProcessStartInfo("bash", ["-c", script, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
