using System.Globalization;
using ClusterTrail.Agent.Files;
using ClusterTrail.Contract;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>Keeps on disk what cannot be read twice, as a log that <see cref="LogFollower"/> reads.</summary>
/// <remarks>
/// Guarantees: it takes at most its limit; what goes away for that before it was read is a gap of the source. A failed write can be
/// repeated:
/// the same bytes go to the same place. Caveat: it is not synced, so a power cut takes its last seconds.
/// </remarks>
sealed class ProcessJournal(string folder, long maxBytes, TimeProvider time, Action ensureHeld) : IDisposable
{
    const string Name = "processes";
    const int Segments = 8;

    readonly string livePath = Path.Combine(folder, $"{Name}.log");
    readonly string runningPath = Path.Combine(folder, "running");
    SafeFileHandle? live;
    long length;

    /// <summary>How the source reads it.</summary>
    public static LogFileConfiguration Log(string folder) => new()
    {
        Path = Path.Combine(folder, $"{Name}.log"),
        RotatedPattern = $"{Name}-*.log",
        // Only one agent writes, and it ends every line; after a rotation it never writes to that file again.
        LateWriterSeconds = 1,
    };

    /// <summary>When an agent was last known to run; null before the first.</summary>
    public DateTimeOffset? LastRunning => File.Exists(runningPath) ? File.GetLastWriteTimeUtc(runningPath) : null;

    public bool IsOpen => live is not null;

    /// <summary>Remembers that the agent runs.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void NoteRunning()
    {
        ensureHeld();
        DurableDirectory.Create(folder);
        using var marker = File.OpenHandle(runningPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        File.SetLastWriteTimeUtc(marker, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>Appends whole lines.</summary>
    /// <exception cref="IOException">They are not all written: the same lines are to be given again.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        ensureHeld();
        if (live is not null && length > 0 && length + lines.Length > maxBytes / Segments)
        {
            Rotate();
        }

        live ??= Open();
        RandomAccess.Write(live, lines, length);
        length += lines.Length;
    }

    public void Dispose() => live?.Dispose();

    SafeFileHandle Open()
    {
        DurableDirectory.Create(folder);
        var handle = File.OpenHandle(livePath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            length = RandomAccess.GetLength(handle);
            EndTornLine(handle);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    // A crash, or a disk that was full, left half a line: it is a record of its own, and what follows is whole.
    void EndTornLine(SafeFileHandle handle)
    {
        Span<byte> last = stackalloc byte[1];
        if (length > 0 && RandomAccess.Read(handle, last, length - 1) == 1 && last[0] != (byte)'\n')
        {
            RandomAccess.Write(handle, "\n"u8, length);
            length++;
        }
    }

    void Rotate()
    {
        var at = time.GetUtcNow();
        string rotated;
        do
        {
            rotated = Path.Combine(folder, $"{Name}-{at.ToString("yyyy-MM-ddTHH-mm-ss.fff", CultureInfo.InvariantCulture)}.log");
            at = at.AddMilliseconds(1);
        }
        while (File.Exists(rotated));

        File.Move(livePath, rotated);
        live!.Dispose();
        live = null;
        length = 0;
        DropOldest();
    }

    // Together with the next live file they stay within the limit.
    void DropOldest()
    {
        var files = new DirectoryInfo(folder).GetFiles($"{Name}-*.log").OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        var allowed = maxBytes - (maxBytes / Segments);
        for (var at = 0; at < files.Count && files.Skip(at).Sum(file => file.Length) > allowed; at++)
        {
            files[at].Delete();
        }
    }
}
