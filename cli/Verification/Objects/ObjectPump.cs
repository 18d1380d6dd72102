using System.Threading.Channels;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Objects;

/// <summary>Compares objects, several at once, while the digests that name them are still read.</summary>
/// <param name="gate">How many at once, of all nodes.</param>
sealed class ObjectPump(IArchiveStore store, SemaphoreSlim gate, Action<NamedBatch, ObjectResult> done)
{
    const int Waiting = 256;

    readonly Channel<NamedBatch> channel = Channel.CreateBounded<NamedBatch>(Waiting);
    Task working = Task.CompletedTask;

    public void Start(CancellationToken cancellationToken) => working = Parallel.ForEachAsync(
        channel.Reader.ReadAllAsync(cancellationToken),
        new ParallelOptions { MaxDegreeOfParallelism = store.Concurrency, CancellationToken = cancellationToken },
        CheckAsync);

    public ValueTask AddAsync(NamedBatch batch, CancellationToken cancellationToken) => channel.Writer.WriteAsync(batch, cancellationToken);

    /// <summary>Waits for what was added.</summary>
    public Task FinishAsync()
    {
        channel.Writer.TryComplete();
        return working;
    }

    async ValueTask CheckAsync(NamedBatch batch, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            done(batch, await ObjectHasher.CheckAsync(store, batch.Object, cancellationToken));
        }
        finally
        {
            gate.Release();
        }
    }
}
