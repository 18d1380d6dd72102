using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>Batches of a source that the sink had not confirmed when the digest was sealed.</summary>
/// <param name="From">The number of the first.</param>
/// <param name="To">The number of the last; null: all that this digest and earlier ones name from there on.</param>
public sealed record WaitingBatches(string Source, long From, long? To)
{
    public bool Contains(string source, long sequence) => source == Source && sequence >= From && sequence <= (To ?? long.MaxValue);

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["source"] = Source, ["from"] = From };
        if (To is { } to)
        {
            json["to"] = to;
        }

        return json;
    }

    internal static WaitingBatches Read(Members members) =>
        new(members.Text("source"), members.Count("from"), members.CountOrNull("to"));
}
