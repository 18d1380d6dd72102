using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>Digests of the chain that the sink had not confirmed when this one was sealed.</summary>
/// <param name="From">The number of the first.</param>
/// <param name="To">The number of the last; null: all before this one from there on.</param>
public sealed record WaitingDigests(long From, long? To)
{
    public bool Contains(long sequence) => sequence >= From && sequence <= (To ?? long.MaxValue);

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["from"] = From };
        if (To is { } to)
        {
            json["to"] = to;
        }

        return json;
    }

    internal static WaitingDigests Read(Members members) => new(members.Count("from"), members.CountOrNull("to"));
}
