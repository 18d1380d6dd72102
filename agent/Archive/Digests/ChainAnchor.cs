using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>
/// The operator's word how far a chain was: one object a chain, outside of the archive, which is replaced as the chain grows.
/// </summary>
/// <remarks>A chain that begins anew has another id, and so another object: that of the former chain stays.</remarks>
public sealed record ChainAnchor
{
    public const string Kind = "ChainAnchor";

    /// <summary>The folder of all of them, below the root of the place where anchors are.</summary>
    public const string Folder = "anchors/";

    // A week: more would only be there to keep a head from being called stale.
    const long MostIntervalSeconds = 7 * 24 * 3600;

    public required ChainOwner Owner { get; init; }

    public required ChainHead Head { get; init; }

    /// <summary>When the head's digest was sealed.</summary>
    public required DateTimeOffset Until { get; init; }

    public required DateTimeOffset AnchoredAt { get; init; }

    /// <summary>How often the operator anchors a chain that grows.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>The head of the chain that the owner had before, as far as the operator knows.</summary>
    public ChainHead? FormerHead { get; init; }

    /// <summary>The id of the key that signs the anchor.</summary>
    public required string OperatorKeyId { get; init; }

    /// <summary>What the object is called, below the root.</summary>
    public static string NameOf(ChainOwner owner, string chainId) =>
        $"{Folder}cluster={owner.Cluster}/trail={owner.Trail}/node={owner.Node}/{owner.Chain}-{chainId}.json";

    public JsonObject ToJson()
    {
        var json = SignedContent.Of(Kind, Owner);
        json["head"] = Head.ToJson();
        json["until"] = SignedTime.Text(Until);
        json["anchoredAt"] = SignedTime.Text(AnchoredAt);
        json["intervalSeconds"] = (long)Interval.TotalSeconds;
        json["operatorKeyId"] = OperatorKeyId;
        if (FormerHead is { } former)
        {
            json["formerHead"] = former.ToJson();
        }

        return json;
    }

    /// <summary>Reads the content; who signed it is for the caller to check.</summary>
    /// <exception cref="DigestException">It is not that of an anchor.</exception>
    public static ChainAnchor Read(SignedObject signed) => SignedContent.Read(signed, Kind, (members, owner) => new ChainAnchor
    {
        Owner = owner,
        Head = members.Object("head", ChainHead.Read),
        Until = members.Time("until"),
        AnchoredAt = members.Time("anchoredAt"),
        Interval = TimeSpan.FromSeconds(members.CountUpTo("intervalSeconds", MostIntervalSeconds)),
        FormerHead = members.ObjectOrNull("formerHead", ChainHead.Read),
        OperatorKeyId = members.Sha256("operatorKeyId"),
    });
}
