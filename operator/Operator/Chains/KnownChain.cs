using System.Text.Json.Serialization;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Chains;

/// <summary>What the operator keeps of an agent's chain of digests.</summary>
sealed record KnownChain
{
    public required string Cluster { get; init; }

    public required string Node { get; init; }

    public required string Chain { get; init; }

    public required string ChainId { get; init; }

    /// <summary>The key that signs now.</summary>
    public required string KeyId { get; init; }

    /// <summary>The number of the newest digest that the agent has sealed; 0 before the first.</summary>
    public required long Sequence { get; init; }

    public string? Sha256 { get; init; }

    public DateTimeOffset? Until { get; init; }

    public DateTimeOffset? NextBy { get; init; }

    /// <summary>The newest digest that the sink has confirmed; null: the agent is an older one, and does not say.</summary>
    public KnownDigest? Confirmed { get; init; }

    /// <summary>
    /// When the oldest digest was sealed, as far as the operator knows, that the sink has not confirmed; null: it has all.
    /// </summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>The operator's key that signed the enrolment.</summary>
    public required string EnrolledBy { get; init; }

    public required DateTimeOffset EnrolledAt { get; init; }

    /// <summary>
    /// The public keys of the operators that enrolled it, the newest first: what one of them signed of it outside of the archive counts.
    /// </summary>
    public IReadOnlyList<string> OperatorKeys { get; init; } = [];

    /// <summary>Where the chain was, as far as it is known, that the agent had before this one.</summary>
    public ChainHead? FormerHead { get; init; }

    /// <summary>The chains that the agent had before, the newest first: one that comes back has gone back.</summary>
    public IReadOnlyList<string> FormerChains { get; init; } = [];

    /// <summary>Set when the chain was seen to go back or to fork. Only a chain that is new ends this.</summary>
    public MovedBack? MovedBack { get; init; }

    /// <summary>Since when the cluster does not have the node.</summary>
    public DateTimeOffset? GoneSince { get; init; }

    public bool IsRetired { get; init; }

    /// <summary>Signed records that the archive does not have yet, oldest first.</summary>
    public IReadOnlyList<PendingRecord> Pending { get; init; } = [];

    /// <summary>The digest that the archive must have. Without a hash: there is none.</summary>
    [JsonIgnore]
    public KnownDigest Head => Confirmed ?? new(Sequence, Sha256, Until);

    [JsonIgnore]
    public ChainOwnerKey Key => new(Cluster, Node, Chain);
}

/// <summary>Whose chain it is, within a Trail.</summary>
readonly record struct ChainOwnerKey(string Cluster, string Node, string Chain);

/// <summary>A key record as it is to be stored.</summary>
/// <param name="Text">Its two lines.</param>
sealed record PendingRecord(string Sha256, string Text);
