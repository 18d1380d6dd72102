using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>The digest before.</summary>
/// <param name="Name">What it is called in the archive, below the prefix.</param>
/// <param name="Sha256">Of its stored bytes.</param>
public sealed record DigestLink(string Name, string Sha256)
{
    internal JsonObject ToJson() => new() { ["name"] = Name, ["sha256"] = Sha256 };

    internal static DigestLink Read(Members members) => new(members.Text("name"), members.Sha256("sha256"));
}
