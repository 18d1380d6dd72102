using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>What the operator said last of how what API servers made compares with what agents read: docs/decisions/0042.</summary>
/// <remarks>The agent signs that it was told so, and not that it is so.</remarks>
/// <param name="At">When the operator compared last; null: not since it started.</param>
/// <param name="OfAll">Whether the numbers are those of all API servers together, and not of the one on this node.</param>
/// <param name="Counts">Null: nothing was ever compared.</param>
/// <param name="NotCompared">Why nothing can be compared now; null if it can.</param>
public sealed record DigestCompleteness(DateTimeOffset? At, bool OfAll, DigestCounts? Counts, DigestNotCompared? NotCompared)
{
    /// <summary>The member that is not as it must be, and what is allowed; null if there is none.</summary>
    public (string Member, string Allowed)? Fault => this switch
    {
        { Counts: null, NotCompared: null } => ("counts", "present where there is no notCompared"),
        { At: not null, Counts: null } => ("at", "absent where there are no counts"),
        { Counts.Fault: { } fault } => ($"counts.{fault.Member}", fault.Allowed),
        { NotCompared.Reason.Length: 0 or > DigestNotCompared.LongestReason } =>
            ("notCompared.reason", $"a text of 1 to {DigestNotCompared.LongestReason} characters"),
        _ => null,
    };

    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        if (At is { } at)
        {
            json["at"] = SignedTime.Text(at);
        }

        if (OfAll)
        {
            json["ofAll"] = true;
        }

        if (Counts is { } counts)
        {
            json["counts"] = counts.ToJson();
        }

        if (NotCompared is { } not)
        {
            json["notCompared"] = new JsonObject { ["reason"] = not.Reason, ["since"] = SignedTime.Text(not.Since) };
        }

        return json;
    }

    internal static DigestCompleteness Read(Members members)
    {
        var said = new DigestCompleteness(
            members.TimeOrNull("at"), members.Flag("ofAll"), members.ObjectOrNull("counts", DigestCounts.Read),
            members.ObjectOrNull("notCompared", one => new DigestNotCompared(one.Text("reason"), one.Time("since"))));
        return said.Fault is var (member, allowed) ? throw members.Against(member, allowed) : said;
    }
}

/// <summary>Why nothing can be compared.</summary>
/// <param name="Reason">A sentence, for people.</param>
/// <param name="Since">Since when that is so.</param>
public sealed record DigestNotCompared(string Reason, DateTimeOffset Since)
{
    public const int LongestReason = 500;
}
