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
    public (KnownChain After, ChainNews News) Take(KnownChain? before, ChainOwnerKey owner, IntegrityStatus report)
    {
        if (before is null)
            return (Enrolled(null, owner, report), ChainNews.Enrolled);
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
            return mustWait ? (kept, ChainNews.None) : (Enrolled(kept, owner, report), ChainNews.Replaced);
        }

        var after = Stored(before, report.Records ?? []) with { GoneSince = null };
        if (after.IsRetired || after.EnrolledBy != Key.Public.Id)
            return (Enrolled(after, owner, report), ChainNews.Enrolled);
        // An earlier version did not remember it.
        if (after.OperatorKeys.Count == 0)
            after = after with { OperatorKeys = [Key.Public.Base64] };
        if (after.MovedBack is null && IsBack(after, report))
        {
            return (after with { MovedBack = new(report.Sequence, report.Sha256, Now) }, ChainNews.MovedBack);
        }

        // A chain that forked stays where it was last whole.
        return after.MovedBack is not null || report.Sequence <= after.Sequence ? (after, ChainNews.None)
            : (Moved(after, report), ChainNews.None);
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

    static bool IsBack(KnownChain known, IntegrityStatus report) =>
        report.Sequence < known.Sequence
            || (report.Sequence == known.Sequence && known.Sha256 is not null && report.Sha256 != known.Sha256);

    // A key that differs within a chain was announced by the one before. If it was not, verifiers find that.
    static KnownChain Moved(KnownChain known, IntegrityStatus report) => known with
    {
        KeyId = report.KeyId!,
        Sequence = report.Sequence,
        Sha256 = report.Sha256,
        Until = report.Until,
        NextBy = report.NextBy,
    };

    KnownChain Enrolled(KnownChain? before, ChainOwnerKey owner, IntegrityStatus report)
    {
        var isOther = before is not null && before.ChainId != report.ChainId;
        var enrolment = new KeyEnrolment
        {
            Owner = OwnerOf(owner),
            Key = VerifyingKey.FromBase64(report.PublicKey!),
            EnrolledAt = Now,
            OperatorKeyId = Key.Public.Id,
            FormerHead = isOther && before is { Sha256: { } sha256 } ? new(before.ChainId, before.Sequence, sha256) : null,
        };
        // The agent may have lost its chain and kept its key.
        var replaced = isOther && !before!.IsRetired && before.KeyId != report.KeyId
            ? Retirement(before, "The agent began another chain with another key.") : null;
        return new()
        {
            Cluster = owner.Cluster,
            Node = owner.Node,
            Chain = owner.Chain,
            ChainId = report.ChainId!,
            KeyId = report.KeyId!,
            Sequence = isOther ? report.Sequence : Math.Max(report.Sequence, before?.Sequence ?? 0),
            Sha256 = isOther || before is null || report.Sequence > before.Sequence ? report.Sha256 : before.Sha256,
            Until = isOther || before is null || report.Sequence > before.Sequence ? report.Until : before.Until,
            NextBy = isOther || before is null || report.Sequence > before.Sequence ? report.NextBy : before.NextBy,
            EnrolledBy = Key.Public.Id,
            EnrolledAt = Now,
            OperatorKeys = [.. (before?.OperatorKeys ?? []).Prepend(Key.Public.Base64).Distinct().Take(MostOperatorKeys)],
            FormerHead = isOther ? enrolment.FormerHead : before?.FormerHead,
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
