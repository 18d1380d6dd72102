using System.IO.Compression;
using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>A log on the real disk, or on another volume, and a follower of it.</summary>
sealed class DiskLog : IDisposable
{
    readonly TemporaryFolder folder;
    LogFollower? follower;

    public DiskLog(string volume = "")
    {
        folder = new(volume);
        Configuration = new() { Path = folder.Join("log/audit.log"), RotationQuietMilliseconds = 1000 };
        Directory.CreateDirectory(folder.Join("log"));
    }

    public LogFileConfiguration Configuration { get; set; }

    public ManualTime Time { get; } = new();

    /// <summary>What happens once, right after the follower looked at the live name: the process was stopped there.</summary>
    public Action? AfterLook { get; set; }

    public string Live => Configuration.Path;

    public List<Gap> Gaps { get; } = [];

    /// <summary>The sizes of oversized lines read.</summary>
    public List<Oversized> Oversized { get; } = [];

    /// <summary>What could not be read, each time that it was tried.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>What was said to be left unread.</summary>
    public List<string> Unread { get; } = [];

    /// <summary>How many NUL bytes stood in place of lines.</summary>
    public List<long> Nuls { get; } = [];

    public SourceProgress Progress => follower!.TakeProgress();

    public SourceView View => follower!.View;

    public string Join(string name) => folder.Join($"log/{name}");

    public void Append(string text) => AppendTo(Live, text);

    public static void AppendTo(string path, string text)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.Write(Encoding.UTF8.GetBytes(text));
    }

    public void Rotate(string to, string newText = "")
    {
        File.Move(Live, Join(to));
        File.WriteAllText(Live, newText);
    }

    public static byte[] Gzip(string text)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }

    public void Compress(string name)
    {
        File.WriteAllBytes(Join(name) + ".gz", Gzip(File.ReadAllText(Join(name))));
        File.Delete(Join(name));
    }

    /// <summary>All lines there are now, separated by spaces.</summary>
    public string Read()
    {
        follower ??= NewFollower(null);
        return string.Join(' ', ReadLines());
    }

    /// <summary>All lines there are when files were quiet for long.</summary>
    public string ReadSettled()
    {
        var lines = new List<string> { Read() };
        for (var round = 0; round < 4; round++)
        {
            Time.Advance(TimeSpan.FromSeconds(6));
            lines.Add(Read());
        }

        return string.Join(' ', lines.Where(line => line.Length > 0));
    }

    public string ReadOne()
    {
        follower ??= NewFollower(null);
        return follower!.TryRead(out var line) ? Encoding.UTF8.GetString(line.Text) : "";
    }

    /// <summary>A new process with the checkpoint of the one before.</summary>
    public void Restart()
    {
        var progress = follower?.TakeProgress();
        follower?.Dispose();
        follower = NewFollower(progress);
    }

    /// <summary>A new process with a checkpoint as agents wrote it that knew a file by its first line only.</summary>
    public void Upgrade()
    {
        var files = follower!.TakeProgress().Files.Select(file => new FileProgress(file.File, file.Offset, file.Offset, Finished: false));
        follower.Dispose();
        Directory.Delete(folder.Join("lines"), recursive: true);
        follower = NewFollower(new() { Files = [.. files] });
    }

    public void Dispose()
    {
        follower?.Dispose();
        folder.Dispose();
    }

    /// <summary>As often as a follower looks while it may not read.</summary>
    public void Watch()
    {
        follower ??= NewFollower(null);
        follower.Watch();
    }

    LogFollower NewFollower(SourceProgress? progress) => new(
        new StoppingFiles(new DiskLogFiles(Configuration), this), new DiskLineStore(folder.Join("lines")), Configuration, progress,
        new(Gaps.Add, Failures.Add, Unread.Add), Time);

    List<string> ReadLines()
    {
        var lines = new List<string>();
        while (follower!.TryRead(out var line))
        {
            if (line.Nuls > 0)
            {
                Nuls.Add(line.Nuls);
                continue;
            }

            lines.Add(Encoding.UTF8.GetString(line.Text));
            if (line.Oversized is { } oversized)
            {
                Oversized.Add(oversized);
            }
        }

        return lines;
    }

    sealed class StoppingFiles(ILogFiles files, DiskLog log) : ILogFiles
    {
        public IReadOnlyList<FolderEntry> List() => files.List();

        public bool HasFolder() => files.HasFolder();

        public FileStatus? Live()
        {
            var live = files.Live();
            var (happens, _) = (log.AfterLook, log.AfterLook = null);
            happens?.Invoke();
            return live;
        }

        public ILogFile? Open(string path) => files.Open(path);
    }
}
