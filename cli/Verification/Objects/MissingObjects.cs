namespace ClusterTrail.Verification.Objects;

/// <summary>Objects that digests name and that are not there, until it is known what that means.</summary>
/// <remarks>Several threads may add.</remarks>
sealed class MissingObjects
{
    // Each takes half a KiB. An archive without its objects has all of them.
    const int Most = 50_000;

    readonly List<NamedBatch> batches = [];

    /// <summary>How many there are besides.</summary>
    public long More { get; private set; }

    public void Add(NamedBatch batch)
    {
        lock (batches)
        {
            if (batches.Count < Most)
                batches.Add(batch);
            else
                More++;
        }
    }

    public IReadOnlyList<NamedBatch> Batches => batches;

    /// <summary>The one with this content; it is not missing any more.</summary>
    public NamedBatch? Take(string sha256)
    {
        var at = batches.FindIndex(batch => batch.Object.Sha256 == sha256);
        if (at < 0)
            return null;
        var found = batches[at];
        batches.RemoveAt(at);
        return found;
    }
}
