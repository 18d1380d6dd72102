using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>What a source was like in the period of a digest.</summary>
public sealed record DigestSource
{
    public required string Name { get; init; }

    /// <summary>The number of the batch that comes next: all before it are named by this digest, by an earlier one, or are lost.</summary>
    public required long NextSequence { get; init; }

    /// <summary>The numbers of the source's batches started over in the period: the agent lost the source's state.</summary>
    public bool Restarted { get; init; }

    /// <summary>How many events were read, recorded or not.</summary>
    public required long Events { get; init; }

    /// <summary>How many records do not have all of their event, because it was too large.</summary>
    public required long Truncated { get; init; }

    /// <summary>How many lines were longer than <c>maxEventBytes</c>.</summary>
    public required long Oversized { get; init; }

    /// <summary>How many lines were no events, and were recorded as they are.</summary>
    public required long Unparsable { get; init; }

    public required IReadOnlyList<DigestGap> Gaps { get; init; }

    /// <summary>How many gaps there are besides.</summary>
    public long MoreGaps { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["nextSequence"] = NextSequence,
            ["events"] = Events,
            ["truncated"] = Truncated,
            ["oversized"] = Oversized,
            ["unparsable"] = Unparsable,
            ["gaps"] = new JsonArray([.. Gaps.Select(gap => gap.ToJson())]),
        };
        if (Restarted)
        {
            json["restarted"] = true;
        }

        if (MoreGaps > 0)
        {
            json["moreGaps"] = MoreGaps;
        }

        return json;
    }

    internal static DigestSource Read(Members members) => new()
    {
        Name = members.Text("name"),
        NextSequence = members.Count("nextSequence"),
        Restarted = members.Flag("restarted"),
        Events = members.Count("events"),
        Truncated = members.Count("truncated"),
        Oversized = members.Count("oversized"),
        Unparsable = members.Count("unparsable"),
        Gaps = members.List("gaps", DigestGap.Read),
        MoreGaps = members.CountOrNull("moreGaps") ?? 0,
    };
}
