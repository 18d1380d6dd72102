using ClusterTrail.Contract;

namespace ClusterTrail.Testing;

/// <summary>A folder with all that one agent works on: log, state, archive.</summary>
public sealed class AgentFolder : IDisposable
{
    readonly TemporaryFolder folder = new();

    public AgentFolder()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LogPath)!);
    }

    public string Root => folder.Path;

    public string LogPath => Path.Combine(Root, "log", "audit.log");

    public string ArchivePath => Path.Combine(Root, "archive");

    public string StatePath => Path.Combine(Root, "state");

    public AgentConfiguration Configuration => new()
    {
        ClusterName = "test",
        NodeName = "node-1",
        Trail = "main",
        StateDirectory = StatePath,
        Sources =
        [
            new()
            {
                Name = "apiserver",
                Type = SourceType.LogFile,
                LogFile = new() { Path = LogPath, PollIntervalMilliseconds = 20, RotationQuietMilliseconds = 300 },
            },
        ],
        Batch = new() { MaxAgeSeconds = 1 },
        Sink = new() { Type = SinkType.Directory, Directory = new() { Path = ArchivePath } },
        Telemetry = new() { Listen = "127.0.0.1:0" },
    };

    public void Dispose() => folder.Dispose();
}
