using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>By how much what API servers made and what agents read differ, as the operator proved it.</summary>
public sealed record DigestCounts
{
    public const int LongestReason = 64;

    /// <summary>Since when both sides are counted without a restart.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How many events since then were made and not read.</summary>
    public required long MissingAtLeast { get; init; }

    public required long MissingAtMost { get; init; }

    /// <summary>How many were missing before then, and are told still.</summary>
    public required long EarlierMissing { get; init; }

    /// <summary>How many more events were read than made.</summary>
    public required long SurplusAtLeast { get; init; }

    /// <summary>When the newest of these differences was found; null if there is none.</summary>
    public DateTimeOffset? FoundAt { get; init; }

    /// <summary>The likeliest reason, a word for people and filters; null if there is no difference.</summary>
    public string? Reason { get; init; }

    /// <summary>How many are missing in all, at least.</summary>
    public long Missing => MissingAtLeast + EarlierMissing;

    /// <summary>How many are missing in all, at most.</summary>
    public long MostMissing => MissingAtMost + EarlierMissing;

    internal (string Member, string Allowed)? Fault =>
        Out(MissingAtLeast) ? Number("missingAtLeast")
            : Out(MissingAtMost) || MissingAtMost < MissingAtLeast ? ("missingAtMost", "an integer from missingAtLeast to 2^53 - 1")
            : Out(EarlierMissing) ? Number("earlierMissing")
            : Out(SurplusAtLeast) ? Number("surplusAtLeast")
            : FoundAt is null == (Missing + SurplusAtLeast > 0) ? ("foundAt", "present when something differs, and absent otherwise")
            : FoundAt is null != Reason is null ? ("reason", "present when foundAt is, and absent otherwise")
            : Reason is { Length: 0 or > LongestReason } ? ("reason", $"a text of 1 to {LongestReason} characters")
            : null;

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["since"] = SignedTime.Text(Since),
            ["missingAtLeast"] = MissingAtLeast,
            ["missingAtMost"] = MissingAtMost,
            ["earlierMissing"] = EarlierMissing,
            ["surplusAtLeast"] = SurplusAtLeast,
        };
        if (FoundAt is { } found)
        {
            json["foundAt"] = SignedTime.Text(found);
        }

        if (Reason is not null)
        {
            json["reason"] = Reason;
        }

        return json;
    }

    internal static DigestCounts Read(Members members) => new()
    {
        Since = members.Time("since"),
        MissingAtLeast = members.Count("missingAtLeast"),
        MissingAtMost = members.Count("missingAtMost"),
        EarlierMissing = members.Count("earlierMissing"),
        SurplusAtLeast = members.Count("surplusAtLeast"),
        FoundAt = members.TimeOrNull("foundAt"),
        Reason = members.TextOrNull("reason"),
    };

    static bool Out(long number) => number is < 0 or > CanonicalJson.LargestInteger;

    static (string Member, string Allowed) Number(string member) => (member, "an integer from 0 to 2^53 - 1");
}
