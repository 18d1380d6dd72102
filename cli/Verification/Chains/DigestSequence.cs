using System.Runtime.CompilerServices;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Chains;

/// <summary>Reads digests in a given order; the next ones are fetched while one is checked.</summary>
sealed class DigestSequence(IArchiveStore store, DigestCatalog catalog, DigestReader reader)
{
    public async IAsyncEnumerable<(int Position, DigestReading Reading)> ReadAsync(
        IReadOnlyList<(int Position, bool IsChecked)> wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ahead = new Queue<Task<byte[]?>>();
        var next = 0;
        foreach (var (position, isChecked) in wanted)
        {
            while (next < wanted.Count && ahead.Count < store.Concurrency)
                ahead.Enqueue(reader.FetchAsync(catalog.NameOf(catalog.Entries[wanted[next++].Position]), cancellationToken));
            var fetched = ahead.Dequeue();
            await Task.WhenAny(fetched);
            cancellationToken.ThrowIfCancellationRequested();
            yield return (position, reader.Read(catalog.Entries[position], isChecked, () => fetched.GetAwaiter().GetResult()));
        }
    }
}
