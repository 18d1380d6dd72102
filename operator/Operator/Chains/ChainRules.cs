using System.Globalization;
using System.Text;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Chains;

/// <summary>What follows for a chain from what its agent says of it. Pure, but for the signatures.</summary>
/// <param name="Trail">The Trail's name.</param>
/// <param name="Key">The operator's.</param>
/// <param name="Now">The operator's time.</param>
sealed record ChainRules(string Trail, SigningKey Key, DateTimeOffset Now)
{
    /// <summary>
    /// How long the cluster may lack a node before its agent's keys are retired. A control-plane node that is repaired keeps its object.
    /// </summary>
    public static TimeSpan RetireAfter { get; } = TimeSpan.FromDays(1);

    /// <summary>How soon after an enrolment the agent may begin another chain. Otherwise it could fill the archive with records.</summary>
    public static TimeSpan ReplaceAfter { get; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many records of an agent may wait for the archive before another chain of it is enrolled. Otherwise an agent that stores none
    /// could fill the ConfigMap that it shares with others.
    /// </summary>
    public const int MostPending = 16;

    /// <summary>
    /// How many keys of operators are remembered of a chain. Otherwise a key that changes often would fill its ConfigMap.
    /// </summary>
    public const int MostOperatorKeys = 3;

    /// <summary>
    /// How many chains of an agent are remembered. An agent that begins more than these, one each <see cref="ReplaceAfter"/>, is in the Events.
    /// </summary>
    public const int MostFormerChains = 16;

    /// <summary>What is known after this report.</summary>
    /// <param name="before">What was known.</param>
    /// <param name="owner">Whose chain it is.</param>
    /// <param name="report">Names a chain and its key, and was checked at the door.</param>
    /// <param name="isReported">Whether an agent has reported the head to this operator that is kept.</param>
    public (KnownChain After, ChainNews News) Take(
        KnownChain? before, ChainOwnerKey owner, IntegrityStatus report, bool isReported = true)
    {
        if (before is null)
            return (Enrolled(null, owner, report, null), ChainNews.Enrolled);
        if (before.ChainId != report.ChainId && before.FormerChains.Contains(report.ChainId!))
        {
            return before.MovedBack is not null
                ? (before, ChainNews.None)
                : (before with { MovedBack = new(report.Sequence, report.Sha256, Now) }, ChainNews.MovedBack);
        }

        if (before.ChainId != report.ChainId)
        {
            var kept = Stored(before, report.Records ?? []);
            var mustWait = (Now - kept.EnrolledAt).Duration() < ReplaceAfter || kept.Pending.Count >= MostPending;
            return mustWait ? (kept, ChainNews.None)
                : (Enrolled(kept, owner, report, FormerHead(kept, isReported)), ChainNews.Replaced);
        }

        var after = Stored(before, report.Records ?? []) with { GoneSince = null };
        if (after.IsRetired || after.EnrolledBy != Key.Public.Id)
            return (Enrolled(after, owner, report, after.FormerHead), ChainNews.Enrolled);
        // An earlier version did not remember it.
        if (after.OperatorKeys.Count == 0)
            after = after with { OperatorKeys = [Key.Public.Base64] };
        if (after.MovedBack is null && ChainMoves.IsBack(after, report))
        {
            return (after with { MovedBack = new(report.Sequence, report.Sha256, Now) }, ChainNews.MovedBack);
        }

        // A chain that forked stays where it was last whole.
        return (after.MovedBack is not null ? after : ChainMoves.Moved(after, report), ChainNews.None);
    }

    /// <summary>What is known after the cluster has, or lacks, the node.</summary>
    /// <returns>Null when nothing is worth keeping of it.</returns>
    public (KnownChain? After, ChainNews News) Miss(KnownChain before)
    {
        if (before.GoneSince is not { } since)
            return (before with { GoneSince = Now }, ChainNews.None);
        if (before.IsRetired)
            return (before.Pending.Count == 0 ? null : before, ChainNews.None);
        return Now - since < RetireAfter ? (before, ChainNews.None) : (Retired(before), ChainNews.Retired);
    }

    /// <summary>The same without the records that agents say are stored.</summary>
    public static KnownChain Stored(KnownChain chain, IReadOnlyCollection<string> stored) =>
        chain.Pending.Any(record => stored.Contains(record.Sha256))
            ? chain with { Pending = [.. chain.Pending.Where(record => !stored.Contains(record.Sha256))] }
            : chain;

    // Somebody may have written a head into the ConfigMap that no agent ever had: where the agent contradicts it, it is not signed.
    static ChainHead? FormerHead(KnownChain before, bool isReported) =>
        before.Head is { Sha256: { } sha256 } head && (isReported || before.MovedBack is null)
            ? new(before.ChainId, head.Sequence, sha256) : null;

    KnownChain Enrolled(KnownChain? before, ChainOwnerKey owner, IntegrityStatus report, ChainHead? formerHead)
    {
        var isOther = before is not null && before.ChainId != report.ChainId;
        var enrolment = new KeyEnrolment
        {
            Owner = OwnerOf(owner),
            Key = VerifyingKey.FromBase64(report.PublicKey!),
            EnrolledAt = Now,
            OperatorKeyId = Key.Public.Id,
            FormerHead = isOther ? formerHead : null,
        };
        // The agent may have lost its chain and kept its key.
        var replaced = isOther && !before!.IsRetired && before.KeyId != report.KeyId
            ? Retirement(before, "The agent began another chain with another key.") : null;
        var known = isOther || before is null
            ? ChainMoves.Begun(owner, report, Key.Public.Id, Now)
            : ChainMoves.Moved(before, report) with { KeyId = report.KeyId!, IsRetired = false };
        return known with
        {
            EnrolledBy = Key.Public.Id,
            EnrolledAt = Now,
            OperatorKeys = [.. (before?.OperatorKeys ?? []).Prepend(Key.Public.Base64).Distinct().Take(MostOperatorKeys)],
            FormerHead = formerHead,
            FormerChains = isOther
                ? [.. before!.FormerChains.Prepend(before.ChainId).Take(MostFormerChains)]
                : before?.FormerChains ?? [],
            MovedBack = isOther ? null : before?.MovedBack,
            Pending =
            [
                .. before?.Pending ?? [],
                .. replaced is null ? [] : new[] { replaced },
                Record(SignedObject.Sign(enrolment.ToJson(), Key)),
            ],
        };
    }

    KnownChain Retired(KnownChain chain) => chain with
    {
        IsRetired = true,
        Pending =
        [
            .. chain.Pending,
            Retirement(
                chain,
                string.Create(
                    CultureInfo.InvariantCulture, $"The cluster has no such node since {chain.GoneSince:yyyy-MM-ddTHH:mm:ssZ}.")),
        ],
    };

    PendingRecord Retirement(KnownChain chain, string why) => Record(SignedObject.Sign(
        new KeyRetirement
        {
            Owner = OwnerOf(chain.Key),
            KeyId = chain.KeyId,
            RetiredAt = Now,
            Why = why,
            OperatorKeyId = Key.Public.Id,
        }.ToJson(),
        Key));

    ChainOwner OwnerOf(ChainOwnerKey owner) => new(owner.Cluster, Trail, owner.Node, owner.Chain);

    static PendingRecord Record(SignedObject signed) => new(signed.Sha256, Encoding.UTF8.GetString(signed.Bytes.Span));
}

/// <summary>What happened to a chain that people should hear of.</summary>
enum ChainNews
{
    None,

    /// <summary>Its key was met for the first time, or enrolled anew by another key of the operator.</summary>
    Enrolled,

    /// <summary>The agent lost its state and began another chain.</summary>
    Replaced,

    MovedBack,

    /// <summary>Its node is gone from the cluster.</summary>
    Retired,
}
