using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Integrity;

/// <summary>Losses that a digest repeats: the digest that said them first may be lost itself.</summary>
static class CarriedLosses
{
    /// <summary>How many are repeated at most: the newest.</summary>
    const int Most = 1000;

    /// <summary>Those that the next digest repeats.</summary>
    /// <param name="sequence">The next digest.</param>
    /// <param name="isWaiting">Whether a digest is on its way to the sink.</param>
    /// <param name="lost">The digests that are lost.</param>
    public static IReadOnlyList<CarriedLoss> Repeated(
        ChainState? before, long sequence, Func<long, bool> isWaiting, IReadOnlyCollection<LostDigest> lost) =>
    [
        .. from loss in before?.Carried ?? []
           let isLost = lost.Any(digest => digest.Sequence == loss.Since)
           where isLost || isWaiting(loss.Since)
           select isLost ? loss with { Since = sequence } : loss,
    ];

    /// <summary>All that are to be carried on.</summary>
    public static IReadOnlyList<CarriedLoss> After(
        IReadOnlyList<CarriedLoss> repeated, long sequence, IEnumerable<LostBatches> batches, IEnumerable<LostDigest> digests) =>
    [
        .. repeated.Concat(batches.Select(range => new CarriedLoss(sequence, range, null)))
            .Concat(digests.Select(digest => new CarriedLoss(sequence, null, digest))).TakeLast(Most),
    ];
}
