using System.Text.Json;

namespace ClusterTrail.Operator.Model;

/// <summary>Peers of a NetworkPolicy, as the command line has them.</summary>
static class NetworkPeers
{
    /// <summary>Whether it is a list of objects that is not empty: an empty list would let in everyone.</summary>
    public static bool IsValid(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
                && list.EnumerateArray().All(peer => peer.ValueKind == JsonValueKind.Object && peer.EnumerateObject().Any());
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
