using System.Collections.Concurrent;
using ClusterTrail.Agent.Sinks;

namespace ClusterTrail.Testing;

/// <summary>A sink in memory that keeps what was put, in order, and fails as scripted.</summary>
sealed class InMemorySink : ISink
{
    readonly ConcurrentQueue<SinkException> failures = new();
    readonly Dictionary<string, byte[]> objects = [];
    readonly List<string> puts = [];
    readonly Lock gate = new();
    (int Puts, bool IsStored, SinkException Failure)? outage;

    public string Description => "memory";

    /// <summary>What is stored, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Objects
    {
        get
        {
            lock (gate)
                return new Dictionary<string, byte[]>(objects);
        }
    }

    /// <summary>The names of all puts that were confirmed, repeated ones included, in the order they came.</summary>
    public IReadOnlyList<string> Puts
    {
        get
        {
            lock (gate)
                return [.. puts];
        }
    }

    /// <summary>Has the next put fail with this; several wait for their turn.</summary>
    public void FailNext(SinkException failure) => failures.Enqueue(failure);

    /// <summary>After so many puts has every one fail, until <see cref="Recover"/>.</summary>
    /// <param name="isStored">Whether the object is stored all the same: its confirmation is what gets lost.</param>
    public void FailAfter(int puts, bool isStored, SinkException failure) => outage = (puts, isStored, failure);

    public void Recover() => outage = null;

    public Task PutAsync(SealedObject sealedObject, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (failures.TryDequeue(out var failure))
            throw failure;

        var isDown = outage is { Puts: <= 0 };
        lock (gate)
        {
            if (outage is { } running)
                outage = running with { Puts = running.Puts - 1 };
            if (isDown && !outage!.Value.IsStored)
                throw outage.Value.Failure;
            objects.TryAdd(sealedObject.Name, sealedObject.Content.ToArray());
            puts.Add(sealedObject.Name);
        }

        return isDown ? throw outage!.Value.Failure : Task.CompletedTask;
    }
}
