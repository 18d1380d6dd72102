using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>The operator's word that a key is that of an agent.</summary>
public sealed record KeyEnrolment
{
    public const string Kind = "KeyEnrolment";

    public required ChainOwner Owner { get; init; }

    public required VerifyingKey Key { get; init; }

    public required DateTimeOffset EnrolledAt { get; init; }

    /// <summary>The id of the key that signs this record.</summary>
    public required string OperatorKeyId { get; init; }

    /// <summary>The head of the chain that the owner had under another key, as far as the operator knows.</summary>
    public ChainHead? FormerHead { get; init; }

    public JsonObject ToJson()
    {
        var json = SignedContent.Of(Kind, Owner);
        json["keyId"] = Key.Id;
        json["publicKey"] = Key.Base64;
        json["enrolledAt"] = SignedTime.Text(EnrolledAt);
        json["operatorKeyId"] = OperatorKeyId;
        if (FormerHead is { } head)
        {
            json["formerHead"] = head.ToJson();
        }

        return json;
    }

    /// <summary>Reads the content; who signed it is for the caller to check.</summary>
    /// <exception cref="DigestException">It is not that of an enrolment.</exception>
    public static KeyEnrolment Read(SignedObject signed) => SignedContent.Read(signed, Kind, (members, owner) => new KeyEnrolment
    {
        Owner = owner,
        Key = AnnouncedKey.ReadKey(members),
        EnrolledAt = members.Time("enrolledAt"),
        OperatorKeyId = members.Sha256("operatorKeyId"),
        FormerHead = members.ObjectOrNull("formerHead", ChainHead.Read),
    });

    public KeyRecordName NameOf(SignedObject signed) => KeyRetirement.Name(Owner, EnrolledAt, Key.Id, signed);
}
