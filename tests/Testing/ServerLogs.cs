namespace ClusterTrail.Testing;

/// <summary>The folder of one server's logs. It is gone with the server, unless it was to be kept.</summary>
public sealed class ServerLogs(string server) : IDisposable
{
    const int TailLines = 20;

    volatile bool kept;

    public string Path { get; } = Directory.CreateTempSubdirectory($"clustertrail-logs-{server}-").FullName;

    public string Join(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The folder outlives the server.</summary>
    public void Keep() => kept = true;

    /// <summary>The last lines of every log, for a message.</summary>
    public string Tail() => string.Join('\n', Directory.EnumerateFiles(Path).Order().Select(Tail));

    public void Dispose()
    {
        if (!kept)
            Directory.Delete(Path, recursive: true);
    }

    static string Tail(string log) =>
        $"The end of {log}:\n{string.Join('\n', File.ReadLines(log).TakeLast(TailLines))}";
}
