using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>A public key with its id, as signed objects give it.</summary>
static class AnnouncedKey
{
    internal static JsonObject ToJson(VerifyingKey key) => new() { ["keyId"] = key.Id, ["publicKey"] = key.Base64 };

    internal static VerifyingKey ReadKey(Members members)
    {
        var key = members.Key("publicKey");
        return members.Sha256("keyId") == key.Id ? key : throw members.Wrong("keyId", members.Text("keyId"), $"{key.Id}, as publicKey says");
    }
}
