using System.IO.Compression;
using System.Text;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>Writes real audit events to a file as kube-apiserver does, each with an auditID of its own, and rotates it as lumberjack
/// does.</summary>
sealed class RotatingLog(string path, int seed) : IDisposable
{
    static readonly IReadOnlyList<ReadOnlyMemory<byte>> Events = [.. AuditLog.Lines().Where(line => line.Length < 20_000)];

    readonly Random random = new(seed);
    readonly List<string> rotated = [];
    readonly SemaphoreSlim gate = new(1);
    FileStream file = Create(path);
    bool isTorn;

    /// <summary>The events written so far, in order.</summary>
    public List<string> Written { get; } = [];

    /// <summary>Events that a power cut took from the file, or tore: an agent may have read them before.</summary>
    public HashSet<string> Cut { get; } = [];

    /// <summary>Writes some events, sometimes in two pieces, and sometimes rotates or compresses.</summary>
    public async Task WriteSomeAsync(int most)
    {
        await gate.WaitAsync();
        try
        {
            await WriteUnlockedAsync(most);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Leaves of the live file what a power cut does: any earlier length, its end perhaps as NULs. The writer starts
    /// again.</summary>
    public async Task CutPowerAsync()
    {
        await gate.WaitAsync();
        try
        {
            CutPower();
        }
        finally
        {
            gate.Release();
        }
    }

    async Task WriteUnlockedAsync(int most)
    {
        for (var count = random.Next(1, most); count > 0; count--)
        {
            await WriteAsync(NextEvent());
        }

        switch (random.Next(12))
        {
            case 0: Rotate(); break;
            case 1: Compress(); break;
        }
    }

    public void Rotate()
    {
        file.Dispose();
        var name = Path.Combine(Path.GetDirectoryName(path)!, $"audit-{DateTime.UtcNow:yyyy-MM-ddTHH-mm-ss.fff}.log");
        if (!File.Exists(name))
        {
            File.Move(path, name);
            rotated.Add(name);
        }

        file = Create(path);
    }

    public void Dispose()
    {
        file.Dispose();
        gate.Dispose();
    }

    // Most of what was written is on disk after some seconds; what is not goes from the end.
    void CutPower()
    {
        file.Dispose();
        using (var live = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            var kept = live.Length - random.NextInt64(Math.Min(live.Length, 1 << random.Next(18)) + 1);
            var nuls = random.Next(3) == 0 ? random.NextInt64(live.Length - kept + 1) : 0;
            NoteCut(live, kept);
            live.SetLength(kept);
            live.SetLength(kept + nuls);
            isTorn = nuls == 0 && kept > 0 && !EndsALine(live, kept);
        }

        file = Create(path);
    }

    void NoteCut(FileStream live, long kept)
    {
        var text = new byte[live.Length];
        live.ReadExactly(text);
        var lastEnd = text.AsSpan(0, (int)kept).LastIndexOf((byte)'\n') + 1;
        // NULs of an earlier power cut may stand between what that tore and the event behind it.
        Cut.UnionWith(Encoding.UTF8.GetString(text.AsSpan(lastEnd)).Split('\n', '\0'));
    }

    static bool EndsALine(FileStream live, long kept)
    {
        live.Position = kept - 1;
        return live.ReadByte() is '\n' or 0;
    }

    async Task WriteAsync(string line)
    {
        Written.Add(line);
        if (isTorn)
        {
            // It goes on where the power cut tore a line, as kube-apiserver does.
            isTorn = false;
            Cut.Add(line);
        }

        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        var cut = random.Next(5) == 0 ? random.Next(bytes.Length) : 0;
        if (cut > 0)
        {
            file.Write(bytes.AsSpan(0, cut));
            await Task.Delay(random.Next(3));
        }

        file.Write(bytes.AsSpan(cut));
    }

    void Compress()
    {
        if (rotated.Count == 0)
        {
            return;
        }

        var oldest = rotated[0];
        rotated.RemoveAt(0);
        using (var plain = File.OpenRead(oldest))
        using (var gzip = new GZipStream(File.Create(oldest + ".gz"), CompressionLevel.Fastest))
        {
            plain.CopyTo(gzip);
        }

        File.Delete(oldest);
    }

    string NextEvent()
    {
        var line = Encoding.UTF8.GetString(Events[random.Next(Events.Count)].Span).TrimEnd('\n');
        var id = line.IndexOf("\"auditID\":\"", StringComparison.Ordinal) + "\"auditID\":\"".Length;
        return $"{line[..id]}00000000-0000-0000-0000-{Written.Count:D12}{line[(id + 36)..]}";
    }

    static FileStream Create(string path) =>
        new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
