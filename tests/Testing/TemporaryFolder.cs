namespace ClusterTrail.Testing;

/// <summary>A folder that is gone after the test.</summary>
/// <param name="within">Where it is made, if there is such a folder.</param>
public sealed class TemporaryFolder(string within = "") : IDisposable
{
    public string Path { get; } = Directory.Exists(within)
        ? Directory.CreateDirectory(System.IO.Path.Combine(within, $"clustertrail-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("clustertrail-").FullName;

    public string Join(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
