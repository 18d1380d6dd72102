using System.Runtime.CompilerServices;
using ClusterTrail.Verification.Stores;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification.Chains;

/// <summary>Reads digests in a given order; the next ones are fetched while one is checked.</summary>
/// <remarks>Guarantee: what is fetched ahead is bounded, also where somebody put large objects among the digests.</remarks>
sealed class DigestSequence(IArchiveStore store, DigestCatalog catalog, DigestReader reader)
{
    const long MostBytesAhead = 4 << 20;

    readonly Queue<(Task<byte[]?> Fetched, long Bytes)> ahead = [];
    long bytesAhead;

    public async IAsyncEnumerable<(int Position, DigestReading Reading)> ReadAsync(
        IReadOnlyList<(int Position, bool IsChecked)> wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = 0;
        foreach (var (position, isChecked) in wanted)
        {
            while (next < wanted.Count && HasRoom(catalog.Entries[wanted[next].Position]))
                Fetch(catalog.Entries[wanted[next++].Position], cancellationToken);
            var (fetched, bytes) = ahead.Dequeue();
            bytesAhead -= bytes;
            await Task.WhenAny(fetched);
            cancellationToken.ThrowIfCancellationRequested();
            yield return (position, reader.Read(catalog.Entries[position], isChecked, () => fetched.GetAwaiter().GetResult()));
        }
    }

    bool HasRoom(DigestEntry entry) =>
        ahead.Count == 0 || (ahead.Count < store.Concurrency && bytesAhead.AddSafely(entry.Bytes) <= MostBytesAhead);

    void Fetch(DigestEntry entry, CancellationToken cancellationToken)
    {
        ahead.Enqueue((reader.FetchAsync(entry, cancellationToken), entry.Bytes));
        bytesAhead = bytesAhead.AddSafely(entry.Bytes);
    }
}
