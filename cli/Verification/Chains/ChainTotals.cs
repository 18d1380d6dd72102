using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification.Chains;

/// <summary>What the digests of a chain say in the period that is verified.</summary>
sealed class ChainTotals
{
    public long Digests { get; private set; }

    public long Objects { get; private set; }

    public long Bytes { get; private set; }

    public long Records { get; private set; }

    public ReadTotals Read { get; private set; } = ReadTotals.None;

    public DateTimeOffset? From { get; private set; }

    public DateTimeOffset? Until { get; private set; }

    public long FirstSequence { get; private set; }

    public void Add(Digest digest)
    {
        if (Digests++ == 0)
            (From, FirstSequence) = (digest.From, digest.Sequence);
        Until = digest.Until;
        Objects += digest.Objects.Count;
        Bytes = Bytes.AddSafely(digest.Objects.SumSafely(one => one.Bytes));
        Read = Read.And(digest);
        Records = Records.AddSafely(digest.Objects.SumSafely(one => one.Records));
    }
}
