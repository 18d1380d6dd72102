using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>The operator's word that a key signs no digest any more that was sealed later than this.</summary>
public sealed record KeyRetirement
{
    public const string Kind = "KeyRetirement";

    public required ChainOwner Owner { get; init; }

    public required string KeyId { get; init; }

    public required DateTimeOffset RetiredAt { get; init; }

    /// <summary>For people: why.</summary>
    public required string Why { get; init; }

    /// <summary>The id of the key that signs this record.</summary>
    public required string OperatorKeyId { get; init; }

    public JsonObject ToJson()
    {
        var json = SignedContent.Of(Kind, Owner);
        json["keyId"] = KeyId;
        json["retiredAt"] = SignedTime.Text(RetiredAt);
        json["why"] = Why;
        json["operatorKeyId"] = OperatorKeyId;
        return json;
    }

    /// <summary>Reads the content; who signed it is for the caller to check.</summary>
    /// <exception cref="DigestException">It is not that of a retirement.</exception>
    public static KeyRetirement Read(SignedObject signed) => SignedContent.Read(signed, Kind, (members, owner) => new KeyRetirement
    {
        Owner = owner,
        KeyId = members.Sha256("keyId"),
        RetiredAt = members.Time("retiredAt"),
        Why = members.Text("why"),
        OperatorKeyId = members.Sha256("operatorKeyId"),
    });

    public KeyRecordName NameOf(SignedObject signed) => Name(Owner, RetiredAt, KeyId, signed);

    internal static KeyRecordName Name(ChainOwner owner, DateTimeOffset time, string keyId, SignedObject signed) => new()
    {
        Cluster = owner.Cluster,
        Trail = owner.Trail,
        Node = owner.Node,
        Time = SignedTime.Cut(time),
        Chain = owner.Chain,
        KeyId = keyId[..KeyRecordName.KeyIdDigits],
        Hash = signed.Hash,
    };
}
