using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Archive;

namespace ClusterTrail.Testing;

/// <summary>Sealed objects with names as the archive has them.</summary>
static class SealedObjects
{
    public static SealedObject Holding(string text, bool encrypted = false, Codec codec = Codec.Zstd) =>
        Holding(Encoding.UTF8.GetBytes(text), encrypted, codec);

    public static SealedObject Holding(byte[] content, bool encrypted = false, Codec codec = Codec.Zstd)
    {
        var hash = SHA256.HashData(content);
        var name = new BatchName
        {
            Cluster = "prod",
            Trail = "audit",
            FirstEvent = DateTimeOffset.UnixEpoch,
            Node = "node-1",
            Source = "apiserver",
            Sequence = 7,
            Hash = Convert.ToHexStringLower(hash)[..BatchName.HashDigits],
            Codec = codec,
            Encrypted = encrypted,
        };
        return new(name.ToString(), content, hash);
    }
}
