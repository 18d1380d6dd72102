using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Chains;

/// <summary>How far a chain is after a report of its agent. Pure.</summary>
/// <remarks>Guarantee: neither the newest digest nor the newest that is confirmed ever moves back.</remarks>
static class ChainMoves
{
    /// <summary>A chain that is met for the first time.</summary>
    public static KnownChain Begun(ChainOwnerKey owner, IntegrityStatus report, string enrolledBy, DateTimeOffset enrolledAt)
    {
        var confirmed = Of(report.Confirmed);
        return new()
        {
            Cluster = owner.Cluster,
            Node = owner.Node,
            Chain = owner.Chain,
            ChainId = report.ChainId!,
            KeyId = report.KeyId!,
            Sequence = report.Sequence,
            Sha256 = report.Sha256,
            Until = report.Until,
            NextBy = report.NextBy,
            Confirmed = confirmed,
            WaitingSince = confirmed?.Sequence < report.Sequence ? report.Until : null,
            EnrolledBy = enrolledBy,
            EnrolledAt = enrolledAt,
        };
    }

    /// <summary>The same chain, after what its agent says now; one that went back or forked stays where it was last whole.</summary>
    public static KnownChain Moved(KnownChain known, IntegrityStatus report)
    {
        if (known.MovedBack is not null)
            return known;
        // A key that differs within a chain was announced by the one before. If it was not, verifiers find that.
        var moved = report.Sequence <= known.Sequence ? known : known with
        {
            KeyId = report.KeyId!,
            Sequence = report.Sequence,
            Sha256 = report.Sha256,
            Until = report.Until,
            NextBy = report.NextBy,
        };
        var confirmed = Confirmed(known, report);
        var isFurther = confirmed?.Sequence > known.Confirmed?.Sequence;
        return moved with
        {
            Confirmed = confirmed,
            WaitingSince = !(confirmed?.Sequence < moved.Sequence) ? null
                : known.WaitingSince is null || isFurther ? moved.Until : known.WaitingSince,
        };
    }

    /// <summary>Whether the agent took something back, or says that another digest has a number.</summary>
    public static bool IsBack(KnownChain known, IntegrityStatus report)
    {
        return report.Sequence < Math.Max(known.Sequence, known.Head.Sequence)
            || IsOther(new(known.Sequence, known.Sha256)) || IsOther(known.Head);

        bool IsOther(KnownDigest digest) => digest.Sha256 is not null
            && ((report.Sequence == digest.Sequence && report.Sha256 != digest.Sha256)
                || (report.Confirmed?.Sequence == digest.Sequence && report.Confirmed.Sha256 != digest.Sha256));
    }

    /// <summary>The head that a report names; without a hash: none.</summary>
    public static KnownDigest HeadOf(IntegrityStatus report) =>
        Of(report.Confirmed) ?? new(report.Sequence, report.Sha256, report.Until);

    // The head of an agent that was updated is that of the older one until the sink has confirmed more.
    static KnownDigest? Confirmed(KnownChain known, IntegrityStatus report) =>
        Of(report.Confirmed) is not { } confirmed ? null
            : confirmed.Sequence > known.Head.Sequence ? confirmed : known.Head;

    static KnownDigest? Of(ConfirmedStatus? confirmed) =>
        confirmed is null ? null : new(confirmed.Sequence, confirmed.Sha256, confirmed.Until);
}
