using System.Diagnostics;
using ClusterTrail.Contract;

namespace ClusterTrail.Testing;

/// <summary>An access key in files, mounted and replaced as the kubelet does it: by swapping a link to a folder.</summary>
public sealed class CredentialFiles : IDisposable
{
    readonly TemporaryFolder folder = new();
    int versions;

    public CredentialFiles(string accessKeyId, string secretAccessKey)
    {
        Replace(accessKeyId, secretAccessKey);
        File.CreateSymbolicLink(folder.Join("id"), "..data/id");
        File.CreateSymbolicLink(folder.Join("secret"), "..data/secret");
    }

    public StaticCredentialsConfiguration Paths => new()
    {
        AccessKeyIdPath = folder.Join("id"),
        SecretAccessKeyPath = folder.Join("secret"),
    };

    public void Replace(string accessKeyId, string secretAccessKey)
    {
        var version = Directory.CreateDirectory(folder.Join($"..{++versions}")).FullName;
        File.WriteAllText(Path.Combine(version, "id"), accessKeyId + "\n");
        File.WriteAllText(Path.Combine(version, "secret"), secretAccessKey);
        File.CreateSymbolicLink(folder.Join("..data_tmp"), version);
        // The class library renames no link to a folder.
        using var rename = Process.Start("mv", ["-T", folder.Join("..data_tmp"), folder.Join("..data")]);
        rename.WaitForExit();
    }

    public void Dispose() => folder.Dispose();
}
