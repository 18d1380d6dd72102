using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>A part of a source that disappeared before the agent read it.</summary>
/// <param name="File">The file's identity, as in positions.</param>
/// <param name="Offset">The first byte that is missing.</param>
/// <param name="Bytes">How many are missing; null when nobody knows.</param>
public sealed record DigestGap(string File, long Offset, long? Bytes, string Reason)
{
    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["file"] = File, ["offset"] = Offset, ["reason"] = Reason };
        if (Bytes is { } bytes)
        {
            json["bytes"] = bytes;
        }

        return json;
    }

    internal static DigestGap Read(Members members) =>
        new(members.Text("file"), members.Count("offset"), members.CountOrNull("bytes"), members.Text("reason"));
}
