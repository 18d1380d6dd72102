using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>A public key with its id, as signed objects give it.</summary>
static class AnnouncedKey
{
    internal static JsonObject ToJson(VerifyingKey key) => new() { ["keyId"] = key.Id, ["publicKey"] = key.Base64 };

    internal static VerifyingKey ReadKey(Members members)
    {
        var key = members.Key("publicKey");
        var id = members.Sha256("keyId");
        return id == key.Id ? key : throw members.Wrong("keyId", id, $"{key.Id}, as publicKey says");
    }
}
