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

    public Task PutAsync(SealedObject sealedObject, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (failures.TryDequeue(out var failure))
            throw failure;

        lock (gate)
        {
            objects.TryAdd(sealedObject.Name, sealedObject.Content.ToArray());
            puts.Add(sealedObject.Name);
        }

        return Task.CompletedTask;
    }
}
