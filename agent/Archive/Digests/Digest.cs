using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>What an agent says of a period: which batches it sealed, what it could not record, and which digest came before.</summary>
public sealed partial record Digest
{
    public const string Kind = "Digest";

    /// <summary>How many hexadecimal digits a chain's id has.</summary>
    public const int ChainIdDigits = 32;

    public required ChainOwner Owner { get; init; }

    /// <summary>Random; a new one when the agent lost its state.</summary>
    public required string ChainId { get; init; }

    /// <summary>The digest's number in its chain, from 1, without holes.</summary>
    public required long Sequence { get; init; }

    public required DigestReason Reason { get; init; }

    /// <summary>Only of <see cref="DigestReason.Stop"/>.</summary>
    public StopCause? Stop { get; init; }

    /// <summary>The <see cref="Until"/> of the digest before; of the first one when the chain began.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When it was sealed. Before <see cref="From"/> where the clock was set back.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>By when the next one is sealed, if the agent runs; null of <see cref="DigestReason.Stop"/>.</summary>
    public DateTimeOffset? NextBy { get; init; }

    /// <summary>Null of the first one.</summary>
    public DigestLink? Previous { get; init; }

    /// <summary>The key that signs this one.</summary>
    public required VerifyingKey Key { get; init; }

    /// <summary>The key that signs the next one, if it is another.</summary>
    public VerifyingKey? NextKey { get; init; }

    public required string AgentVersion { get; init; }

    public required ConfigurationHashes Configuration { get; init; }

    public required IReadOnlyList<DigestObject> Objects { get; init; }

    public required IReadOnlyList<DigestSource> Sources { get; init; }

    public required IReadOnlyList<WaitingBatches> Waiting { get; init; }

    public required IReadOnlyList<WaitingDigests> WaitingDigests { get; init; }

    public required IReadOnlyList<LostBatches> Lost { get; init; }

    public required IReadOnlyList<LostDigest> LostDigests { get; init; }

    public required DigestSpool Spool { get; init; }

    /// <summary>What the operator said in the period; null: it said nothing, or compares nothing.</summary>
    public DigestCompleteness? Completeness { get; init; }

    /// <summary>What it is called in the archive once it is signed.</summary>
    public DigestName NameOf(SignedObject signed) => new()
    {
        Cluster = Owner.Cluster,
        Trail = Owner.Trail,
        Node = Owner.Node,
        SealedAt = SignedTime.Cut(Until),
        Chain = Owner.Chain,
        Sequence = Sequence,
        Hash = signed.Hash,
    };

    public JsonObject ToJson()
    {
        var json = SignedContent.Of(Kind, Owner);
        json["chainId"] = ChainId;
        json["sequence"] = Sequence;
        json["reason"] = Reason.ToString();
        json["from"] = SignedTime.Text(From);
        json["until"] = SignedTime.Text(Until);
        json["keyId"] = Key.Id;
        json["publicKey"] = Key.Base64;
        json["agentVersion"] = AgentVersion;
        json["configuration"] = Configuration.ToJson();
        json["objects"] = new JsonArray([.. Objects.Select(one => one.ToJson())]);
        json["sources"] = new JsonArray([.. Sources.Select(source => source.ToJson())]);
        json["waiting"] = new JsonArray([.. Waiting.Select(range => range.ToJson())]);
        json["waitingDigests"] = new JsonArray([.. WaitingDigests.Select(range => range.ToJson())]);
        json["lost"] = new JsonArray([.. Lost.Select(range => range.ToJson())]);
        json["lostDigests"] = new JsonArray([.. LostDigests.Select(one => one.ToJson())]);
        json["spool"] = Spool.ToJson();
        AddOptional(json);
        return json;
    }

    void AddOptional(JsonObject json)
    {
        if (Stop is { } stop)
        {
            json["stop"] = stop.ToString();
        }

        if (NextBy is { } nextBy)
        {
            json["nextBy"] = SignedTime.Text(nextBy);
        }

        if (Previous is { } previous)
        {
            json["previous"] = previous.ToJson();
        }

        if (NextKey is { } nextKey)
        {
            json["nextKey"] = AnnouncedKey.ToJson(nextKey);
        }

        if (Completeness is { } said)
        {
            json["version"] = SignedContent.CompletenessVersion;
            json["completeness"] = said.ToJson();
        }
    }
}
