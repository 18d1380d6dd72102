using System.Text;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Kubectl.Tests;

/// <summary>An archive in a temporary folder.</summary>
sealed class ArchiveFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("clustertrail-archive-").FullName;

    internal string Add(BatchName name, byte[] content) => AddFile(name.ToString(), content);

    internal string AddFile(string name, byte[] content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    internal string AddKey(KeyPair pair, string name = "auditor.key.pem") => AddFile(name, Encoding.ASCII.GetBytes(pair.PrivatePem));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
