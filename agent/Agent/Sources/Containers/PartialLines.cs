namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>The lines in pieces of all logs that have no end yet. What is kept of them together is bounded.</summary>
/// <remarks>
/// Guarantee: beyond the bound, the line that began first keeps only its beginning. It is given out when it ends, with its true length.
/// </remarks>
sealed class PartialLines(int maxBytes, int maxLineBytes)
{
    readonly LinkedList<PartialLine> byAge = [];

    /// <summary>The memory that they take.</summary>
    public long Bytes { get; private set; }

    public PartialLine New() => new(this, maxLineBytes);

    /// <summary>Notes that a line takes so much more memory, or less.</summary>
    public void Resized(int change) => Bytes += change;

    public void Begin(LinkedListNode<PartialLine> line)
    {
        if (line.List is null)
        {
            byAge.AddLast(line);
        }
    }

    public void End(LinkedListNode<PartialLine> line)
    {
        if (line.List is not null)
        {
            byAge.Remove(line);
        }
    }

    public void Bound()
    {
        while (Bytes > maxBytes && byAge.First is { } oldest)
        {
            byAge.Remove(oldest);
            oldest.Value.Cut();
        }
    }
}
