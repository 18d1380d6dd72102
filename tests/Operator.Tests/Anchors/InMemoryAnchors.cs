using ClusterTrail.Operator.Anchors;

namespace ClusterTrail.Operator.Tests.Anchors;

/// <summary>A store of anchors in memory.</summary>
sealed class InMemoryAnchors : IAnchorStore
{
    readonly Lock gate = new();
    int tag;

    public Dictionary<string, (byte[] Bytes, string Tag)> Objects { get; } = [];

    public string Description => "memory";

    public string? Fails { get; set; }

    public Action? OnRead { get; set; }

    public int Reads { get; private set; }

    public int Writes { get; private set; }

    public Task<(byte[] Bytes, string Tag)?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            Check();
            Reads++;
            (byte[], string)? found = Objects.TryGetValue(name, out var there) ? there : null;
            OnRead?.Invoke();
            return Task.FromResult(found);
        }
    }

    public Task<string> WriteAsync(string name, byte[] bytes, string? before, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            Check();
            if ((Objects.TryGetValue(name, out var there) ? there.Tag : null) != before)
                throw new AnchorException(AnchorException.Conflict, "Somebody else has written.");
            Writes++;
            Objects[name] = (bytes, $"{++tag}");
            return Task.FromResult($"{tag}");
        }
    }

    public void Dispose()
    {
    }

    void Check()
    {
        if (Fails is { } code)
            throw new AnchorException(code, "As the test says.");
    }
}
