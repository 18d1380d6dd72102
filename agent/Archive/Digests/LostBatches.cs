using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>Batches of a source that will not come, or that no digest names: the agent says so itself.</summary>
/// <param name="From">The number of the first.</param>
/// <param name="To">The number of the last.</param>
/// <param name="Reason">One of the words of the specification, for people and filters.</param>
public sealed record LostBatches(string Source, long From, long To, string Reason)
{
    /// <summary>The spooled batch was damaged on the node's disk.</summary>
    public const string Damaged = "Damaged";

    /// <summary>The agent's list of what it sealed does not have them: they may be in the archive, and nothing proves it.</summary>
    public const string NotListed = "NotListed";

    public bool Contains(string source, long sequence) => source == Source && sequence >= From && sequence <= To;

    internal JsonObject ToJson() => new() { ["source"] = Source, ["from"] = From, ["to"] = To, ["reason"] = Reason };

    internal static LostBatches Read(Members members) =>
        new(members.Text("source"), members.Count("from"), members.Count("to"), members.Text("reason"));
}
