using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>A batch that the archive must contain.</summary>
public sealed record DigestObject
{
    /// <summary>What it is called in the archive, below the prefix.</summary>
    public required string Name { get; init; }

    /// <summary>Of the bytes as they are stored.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How many bytes are stored.</summary>
    public required long Bytes { get; init; }

    public required long Records { get; init; }

    public required string Source { get; init; }

    public required long Sequence { get; init; }

    public required DateTimeOffset FirstEventTime { get; init; }

    public required DateTimeOffset LastEventTime { get; init; }

    /// <summary>Where the line of the first record begins in the source.</summary>
    public required string FirstPosition { get; init; }

    /// <summary>Where the line of the last record begins in the source.</summary>
    public required string LastPosition { get; init; }

    internal JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["sha256"] = Sha256,
        ["bytes"] = Bytes,
        ["records"] = Records,
        ["source"] = Source,
        ["sequence"] = Sequence,
        ["firstEventTime"] = SignedTime.Text(FirstEventTime),
        ["lastEventTime"] = SignedTime.Text(LastEventTime),
        ["firstPosition"] = FirstPosition,
        ["lastPosition"] = LastPosition,
    };

    /// <summary>Reads one, of this owner: what its name says must agree.</summary>
    internal static DigestObject Read(Members members, ChainOwner owner)
    {
        var read = new DigestObject
        {
            Name = members.Text("name"),
            Sha256 = members.Sha256("sha256"),
            Bytes = members.Count("bytes"),
            Records = members.Count("records"),
            Source = members.Text("source"),
            Sequence = members.Count("sequence"),
            FirstEventTime = members.Time("firstEventTime"),
            LastEventTime = members.Time("lastEventTime"),
            FirstPosition = members.Text("firstPosition"),
            LastPosition = members.Text("lastPosition"),
        };
        return read.IsNamedRightly(owner)
            ? read
            : throw members.Wrong("name", read.Name, "the name of a batch of the digest's own node, as its other members say");
    }

    bool IsNamedRightly(ChainOwner owner) =>
        BatchName.TryParse(Name, out var batch)
        && batch.ToString() == Name
        && (batch.Cluster, batch.Trail, batch.Node) == (owner.Cluster, owner.Trail, owner.Node)
        && (batch.Source, batch.Sequence) == (Source, Sequence)
        && batch.Hash == Sha256[..BatchName.HashDigits]
        && batch.FirstEvent == FirstEventTime;
}
